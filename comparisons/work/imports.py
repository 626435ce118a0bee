"""A file of rows: compared, then imported once its editor has confirmed that."""

from django.apps import apps

from comparisons.choices import ChangeKind
from comparisons.models.works import WorkState
from comparisons.spreadsheets import TABLES, files
from comparisons.work.storing import worked_out_and_stored

# No more rows are shown on one page; all of them are imported.
MOST_SHOWN = 200


def import_file(work):
    """Compare the file; if that is confirmed, import all of it or nothing."""
    yield from worked_out_and_stored(work, lambda: _Import(work))


class _Import:
    def __init__(self, work):
        self.work = work
        self.is_confirmed = work.given.get("is_confirmed", False)
        self.rows = files.read(bytes(work.content))
        self.table = TABLES[apps.get_model(work.given["model"])](work.editor)
        title, why = f"Import of {work.given['file']}", work.given.get("reason")
        reason = f"{title}: {why}" if why else title
        self.said = {"reason": reason[:300], "kind": ChangeKind.IMPORT}

    def __iter__(self):
        return self.table.load(self.rows, is_confirmed=self.is_confirmed)

    @property
    def outcome(self):
        return None if self.table.problems else self.table.outcome

    def end(self, changes):
        is_open = self.table.changes and not self.table.problems
        asks = is_open and not self.is_confirmed
        return self.work.end(
            WorkState.READY if asks else WorkState.DONE, **self._told()
        )

    def _told(self):
        changes, problems = self.table.changes, self.table.problems
        return {
            "is_stored": self.outcome is not None,
            "added": sum(row.is_new for row in changes),
            "changed": sum(not row.is_new for row in changes),
            "problems": len(problems),
            "shown_problems": [
                {
                    "number": problem.row.number,
                    "name": problem.row.name,
                    "column": problem.column,
                    "message": problem.message,
                    "given": str(problem.given),
                    "stored": problem.stored,
                }
                for problem in problems[:MOST_SHOWN]
            ],
            "shown_changes": [
                {
                    "number": row.number,
                    "name": row.name,
                    "is_new": row.is_new,
                    "differences": row.differences,
                }
                for row in ([] if problems else changes[:MOST_SHOWN])
            ],
        }
