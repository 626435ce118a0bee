from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from comparisons.backups import BackupError, backup


class Command(BaseCommand):
    help = (
        "Writes the whole database to a new file while the site serves. The file "
        "holds accounts and what readers wrote: keep it as safe as the database."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file, **options):
        try:
            backup(file)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Wrote {file}, {file.stat().st_size:,} bytes.")
