"""Many rows of a list moved to another state, or deleted: as many as may be."""

from django.apps import apps
from django.contrib.admin.utils import model_ngettext
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import ProtectedError

from comparisons.choices import Action, Status
from comparisons.editing.locks import lock_all
from comparisons.editing.seen import stamps, who_changed
from comparisons.editing.workflow import MOVES, in_words, move, require
from comparisons.history.deleting import Deletion
from comparisons.history.outcomes import Outcome
from comparisons.history.rehearsing import in_steps, rehearse
from comparisons.work.storing import end_part, in_parts

# So many of those that were refused are named.
MOST_NAMED = 100
# One set has no more rows, or objects that go or come back: storing it takes a quarter
# of a second of a processor, in which nobody else can save.
MOST_ROWS, MOST_OBJECTS = 300, 150


def move_rows(work):
    """Move each row that may be moved and nobody changed since, and name the others."""
    yield from in_parts(work, "rows", _Moves)


def delete_rows(work):
    """Delete each that may go and nobody changed since, with what hangs on it."""
    yield from in_parts(work, "rows", _Deletions)


class _Rows:
    """What is done with the next part of the rows of a work.

    ``given`` are (key, stamp of the row as it was shown) of those that are left. What
    is done at once is one set of changes.
    """

    def __init__(self, work):
        self.work = work
        self.model = apps.get_model(work.given["model"])
        self.part = work.given["rows"][:MOST_ROWS]
        self.said = {"reason": work.given["reason"]}
        self.done = 0
        self.refused = []
        # How many were tried, and the keys of those for which this set has no room.
        self.tried, self.later = 0, set()

    def __iter__(self):
        before = self.work.given.get("done", 0)
        of = before + len(self.work.given["rows"])
        for tried, _ in in_steps([[row] for row in self.part], self.try_part):
            self.tried = tried
            yield before + tried, of
            if self.later:
                break

    def rows(self, part):
        """Return the stored rows of ``part`` that are as they were shown."""
        seen = dict(part)
        rows = lock_all(self.model._base_manager.filter(pk__in=seen))
        now = stamps(rows)
        for row in rows:
            if now[row.pk] == seen[row.pk]:
                yield row
            else:
                self.refuse(row, who_changed(self.model, row.pk))

    def refuse(self, row, why):
        self.refused.append([str(row), why])

    def end(self, changes):
        """Tell the work what was done with this part; it ends with the last one."""
        work, given = self.work, self.work.given
        told = work.told or {"done": 0, "refused": [], "others": 0}
        named = told["refused"] + self.refused
        done = told["done"] + self.done
        told = {
            "to": self.to,
            "done": done,
            "noun": model_ngettext(self.model._meta, done),
            "refused": named[:MOST_NAMED],
            "others": told["others"] + len(named[MOST_NAMED:]),
        }
        left = [pair for pair in given["rows"] if pair[0] in self.later]
        left += given["rows"][self.tried :]
        return end_part(work, "rows", left, told)


class _Moves(_Rows):
    def __init__(self, work):
        super().__init__(work)
        self.status = Status(MOVES[Action(work.given["action"])][0])
        self.to = self.status.label.lower()
        self.outcome = Outcome()

    def try_part(self, part):
        rehearse(lambda: self._move(part), self.outcome)

    def _move(self, part):
        for row in self.rows(part):
            try:
                move(row, self.status, self.work.editor)
            except (PermissionDenied, ValidationError) as error:
                self.refuse(row, in_words(error))
            else:
                self.done += 1


class _Deletions(_Rows):
    to = "deleted"

    def __init__(self, work):
        super().__init__(work)
        self.deletion = Deletion()

    @property
    def outcome(self):
        return self.deletion.outcome()

    def try_part(self, part):
        for row in self.rows(part):
            try:
                going = self.deletion.with_all(row)
                for each in going:
                    require(self.work.editor, Action.DELETE, each)
            except ProtectedError as error:
                needed = ", ".join(sorted(map(str, error.protected_objects))[:3])
                self.refuse(row, f"It is still needed by {needed}.")
            except PermissionDenied as error:
                self.refuse(row, str(error))
            else:
                number = self.deletion.number
                if number and number + len(going) > MOST_OBJECTS:
                    self.later.add(row.pk)
                else:
                    self.deletion.add(going)
                    self.done += 1
