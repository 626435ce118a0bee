"""Worked out to the end, then stored at once: what imports, bulk and undo share."""

from django.db import IntegrityError, transaction

from comparisons.history.outcomes import Overtaken, store
from comparisons.models.works import WorkState

# So often it is worked out if others are in the way; then it is given up.
MOST_ATTEMPTS = 3
OVERTAKEN = (
    "Nothing more was stored: others kept changing the same rows meanwhile. Try again."
)


class Stopped(Exception):
    """The work was cancelled, or taken over by another process."""


def in_parts(work, kept, kind):
    """Work off all that is given under ``kept``; each ``kind(work)`` does a part."""
    while (yield from worked_out_and_stored(work, lambda: kind(work))):
        if not work.given[kept]:
            break


def end_part(work, kept, left, told):
    """Tell what was done so far and keep what is ``left``; return whether it counts."""
    done = work.given.get("done", 0) + len(work.given[kept]) - len(left)
    work.given, work.told = work.given | {kept: left, "done": done}, told
    if left:
        return work.hold(told=told, given=work.given)
    return work.end(WorkState.DONE, **told)


def worked_out_and_stored(work, attempt):
    """Work it out by ``attempt()``, then store; yield how far it is.

    ``attempt()`` returns an object that, iterated, yields how far it is. It has an
    ``outcome`` then, None if nothing is to be stored, is ``said`` to be so, and tells
    the work at its ``end()``. That is in the transaction that stores, so it happens
    once, and not after the work was cancelled. Returns whether it did.
    """
    for _ in range(MOST_ATTEMPTS):
        tried = attempt()
        yield from tried
        try:
            with transaction.atomic():
                changes = None
                if tried.outcome is not None:
                    changes = store(tried.outcome, editor=work.editor, **tried.said)
                if not tried.end(changes):
                    raise Stopped
        except Stopped:
            return False
        except (Overtaken, IntegrityError):
            work.refresh_from_db(fields=["given", "told"])
            continue
        return True
    work.end(WorkState.FAILED, **{**work.told, "message": OVERTAKEN})
    return False
