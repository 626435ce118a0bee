"""Rows that turned out to be one, made one without losing what hung on them.

``Merge`` works out what becomes of everything that points at the rows that go,
and does it. What points there is found in the models, so a relation that is
added later is not forgotten. The rules:

- A row that points at what goes points at what is kept from then on.
- Where that breaks a unique key (both frameworks have a finding on routing),
  the two rows are merged by the same rules, and the kept one's answer stays.
- Citations stay, all of them. A passage speaks for or against the answer that
  stays by the level that it asserts; if it asserts none, it gives context.
- Empty fields are filled, notes are joined; what else differs stays as the kept
  row has it and is reported, and the history holds the other.
- Nothing becomes public by being merged: what readers did not see before, and
  answers that differ, wait for review.
- What related two that are one now (knowing one helps with the other) goes.
- Of two comparisons of the same frameworks one is retired, and so is one of
  which all frameworks are one now.
"""

from django.db import IntegrityError

from comparisons.choices import Action, ChangeKind
from comparisons.editing.locks import lock_all
from comparisons.editing.workflow import require
from comparisons.history.recording import change_set
from comparisons.merging.merge import Merge, MergeRefused
from comparisons.merging.report import Report, words
from comparisons.models import Extension, Framework, Source
from comparisons.triggers import explain

MERGEABLE = (Source, Extension, Framework)


def merge(kept, *going, editor=None, reason="", shown=None):
    """Merge the rows ``going`` into ``kept`` and return the Report.

    All of it is one recorded set, which can be undone. ``shown`` is the stamp of
    the report that the editor agreed to.

    Raises:
        PermissionDenied: the editor may not change what is kept, or delete the rest.
        MergeRefused: the rows are not several of one kind, readers would lose
            sight of something, or something else would happen than was shown.
        DoesNotExist: one of them was deleted meanwhile.
    """
    _refuse_what_is_not_several(kept, going)
    try:
        with change_set(editor=editor, reason=reason, kind=ChangeKind.MERGE):
            # In one order, so that no two editors wait for each other.
            stored = {row.pk: row for row in lock_all([kept, *going])}
            if len(stored) <= len(going):
                raise type(kept).DoesNotExist
            there = [stored[row.pk] for row in going]
            if editor:
                require(editor, Action.CHANGE, stored[kept.pk])
                for row in there:
                    require(editor, Action.DELETE, row)
            merging = Merge(stored[kept.pk], there, hold=True)
            if shown not in (None, merging.report.stamp()):
                raise MergeRefused("Something was changed meanwhile. Look again.")
            merging.run()
    except IntegrityError as error:
        raise MergeRefused(explain(error)) from error
    return merging.report


def _refuse_what_is_not_several(kept, going):
    model = type(kept)
    if model not in MERGEABLE or any(type(row) is not model for row in going):
        raise MergeRefused("Only sources, extensions or frameworks can be merged.")
    if not going or len({row.pk for row in [kept, *going]}) <= len(going):
        raise MergeRefused("Choose two or more, each of them once.")
