"""Sets of changes taken back, as far as nothing built on them and the editor may."""

from functools import partial
from itertools import accumulate

from comparisons.editing.workflow import refusals_to_undo
from comparisons.history.undoing import Undoing
from comparisons.models import ChangeSet
from comparisons.work.rows import MOST_NAMED, MOST_OBJECTS
from comparisons.work.storing import end_part, in_parts


def undo_sets(work):
    """Take back what can be, the latest first; tell what was left, and why."""
    yield from in_parts(work, "sets", _Undoing)


def way_back(change_sets, editor):
    """Return what ``editor`` may take back of ``change_sets``, and what may stay."""
    return Undoing(change_sets, partial(refusals_to_undo, editor))


class _Undoing:
    """The way back from the latest sets that are left, as many as make one again."""

    outcome = None

    def __init__(self, work):
        self.work = work
        sets = ChangeSet.objects.filter(pk__in=work.given["sets"])
        sets = list(sets.order_by("-pk"))
        sums = accumulate(each.number for each in sets)
        fitting = sum(number <= MOST_OBJECTS for number in sums)
        # The first one, however large.
        self.sets, self.later = sets[: fitting or 1], sets[fitting or 1 :]

    def __iter__(self):
        done = self.work.given.get("done", 0)
        of = done + len(self.sets) + len(self.later)
        yield done, of
        self.undoing = way_back(self.sets, self.work.editor)
        self.outcome = self.undoing.outcome()
        self.said = self.undoing.said | {"reason": self.work.given["reason"]}
        yield done + len(self.sets), of

    def end(self, changes):
        told = self.work.told or {"changes": None, "parts": 0, "left": [], "others": 0}
        left = told["left"] + [str(each) for each in self.undoing.obstacles]
        told = {
            "changes": changes.pk if changes else told["changes"],
            "parts": told["parts"] + bool(changes),
            "left": left[:MOST_NAMED],
            "others": told["others"] + len(left[MOST_NAMED:]),
        }
        return end_part(self.work, "sets", [each.pk for each in self.later], told)
