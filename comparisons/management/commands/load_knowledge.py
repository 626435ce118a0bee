from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from comparisons.history.recording import record_present_state
from comparisons.knowledge import loading
from comparisons.knowledge.parts import KnowledgeError
from comparisons.models import ChangedObject


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
                _count_what_it_holds()
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


def _count_what_it_holds():
    """Let the database count its rows: it takes long ways where it does not know."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "sqlite":
            # It counts no more by itself. All of it came in one set, and no later one
            # will hold so much: from these figures it would read the whole each time.
            table = ChangedObject._meta.db_table
            cursor.execute("DELETE FROM sqlite_stat1 WHERE tbl = %s", [table])


def _differences(present, written):
    for name in {**present, **written}:
        before, after = present.get(name), written.get(name)
        if not loading.same(before, after):
            yield name, before, after
