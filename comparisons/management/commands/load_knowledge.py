from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from comparisons.history.recording import record_present_state
from comparisons.knowledge import loading
from comparisons.knowledge.parts import KnowledgeError


class Command(BaseCommand):
    help = (
        "Fills an empty knowledge base from fixtures/. With --update it shows "
        "what the files would change and, with --yes, changes it; a record that "
        "an editor changed since it was loaded is never touched."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "folder", nargs="?", type=Path, default=settings.KNOWLEDGE_DIR
        )
        parser.add_argument(
            "--update", action="store_true", help="show what the files would change"
        )
        parser.add_argument(
            "--yes", action="store_true", help="with --update: make the changes"
        )

    def handle(self, *, folder, update, yes, **options):
        try:
            if update:
                self.update(folder, yes=yes)
            elif loading.is_empty():
                records = loading.read_records(folder)
                loading.load(records)
                with connection.cursor() as cursor:
                    # A database that does not know how much it holds takes long ways.
                    cursor.execute("ANALYZE")
                self.stdout.write(f"Loaded {len(records)} records from {folder}.")
            else:
                # Knowledge from before changes were recorded has no history.
                record_present_state(reason="As it stood when recording began")
                self.stdout.write("There is knowledge already; it stays as it is.")
        except KnowledgeError as error:
            raise CommandError(str(error)) from error

    def update(self, folder, *, yes):
        changes = loading.compare(folder)
        for change, record, present in changes:
            self.stdout.write(f"{change}: {record.label}")
            if present is not None:
                for name, before, after in _differences(present, record.form()):
                    self.stdout.write(f"  {name}: {before!r} → {after!r}")
        wanted = [
            record for change, record, _ in changes if change is not loading.Change.KEPT
        ]
        with transaction.atomic():
            # Shown or done, a record that breaks a promise is refused.
            loading.load(wanted)
            transaction.set_rollback(not yes)
        if yes:
            self.stdout.write(f"Changed {len(wanted)} records.")
        else:
            self.stdout.write(
                f"{len(wanted)} records would change. Add --yes to change them."
            )


def _differences(present, written):
    for name in {**present, **written}:
        before, after = present.get(name), written.get(name)
        if not loading.same(before, after):
            yield name, before, after
