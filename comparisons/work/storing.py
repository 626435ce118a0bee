"""Rehearsed to the end, then stored at once: what imports and bulk actions share."""

from django.db import IntegrityError, transaction

from comparisons.history.rehearsing import Overtaken, store
from comparisons.models.works import WorkState

# So often it is rehearsed if others are in the way; then it is given up.
MOST_TRIES = 3
OVERTAKEN = (
    "Nothing was stored: others kept changing the same rows meanwhile. Try again."
)


class Stopped(Exception):
    """The work was cancelled, or taken over by another process."""


def rehearsed_and_stored(work, rehearsal, **said):
    """Rehearse by ``rehearsal``, then store; yield how far it is.

    ``rehearsal()`` returns an object that rehearses: iterated, it yields how far it
    is, then has what is ``rehearsed``, None if nothing is to be stored, and ``told``.
    The work ends in the transaction that stores, so that happens once, and not after
    it was cancelled.
    """
    for _ in range(MOST_TRIES):
        tried = rehearsal()
        yield from tried
        try:
            with transaction.atomic():
                if not work.end(tried.state, **tried.told):
                    raise Stopped
                if tried.rehearsed is not None:
                    store(tried.rehearsed, editor=work.editor, **said)
        except Stopped:
            return
        except (Overtaken, IntegrityError):
            continue
        return
    work.end(WorkState.FAILED, message=OVERTAKEN)
