"""Sets of changes taken back, as far as nothing built on them and the editor may."""

from functools import partial

from comparisons.editing.workflow import refusals_to_undo
from comparisons.history.undoing import Undoing
from comparisons.models import ChangedObject, ChangeSet
from comparisons.models.works import WorkState
from comparisons.work.rows import MOST_NAMED
from comparisons.work.storing import worked_out_and_stored


def undo_sets(work):
    """Take back what can be; tell what was left, and why."""
    yield from worked_out_and_stored(work, lambda: _Undoing(work))


def way_back(change_sets, editor):
    """Return what ``editor`` may take back of ``change_sets``, and what may stay."""
    return Undoing(change_sets, partial(refusals_to_undo, editor))


class _Undoing:
    outcome = None

    def __init__(self, work):
        self.work = work
        self.sets = list(ChangeSet.objects.filter(pk__in=work.given["sets"]))

    def __iter__(self):
        of = ChangedObject.objects.filter(change_set__in=self.sets).count()
        yield 0, of
        self.undoing = way_back(self.sets, self.work.editor)
        self.outcome = self.undoing.outcome()
        self.said = self.undoing.said | {"reason": self.work.given["reason"]}
        yield of, of

    def end(self, changes):
        left = [str(each) for each in self.undoing.obstacles]
        return self.work.end(
            WorkState.DONE,
            changes=changes and changes.pk,
            left=left[:MOST_NAMED],
            others=len(left[MOST_NAMED:]),
        )
