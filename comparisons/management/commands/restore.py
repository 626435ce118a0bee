from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from comparisons.backups import BackupError, restore


class Command(BaseCommand):
    help = (
        "Reads a file that `backup` wrote into an empty database of the same kind. "
        "Run `migrate` afterwards if the program is newer than the file."
    )
    # Nothing of the database can be checked before it is there.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file, **options):
        try:
            restore(file)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Restored {file}.")
