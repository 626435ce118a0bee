"""Who works it off: one thread at a time, with a pause after each step."""

import logging
import time
from threading import Thread

from django.conf import settings
from django.db import connections, transaction

from comparisons.models.works import AT_WORK, Work, WorkState
from comparisons.web.outages import OUTAGES
from comparisons.work.kinds import KINDS

logger = logging.getLogger(__name__)

# Seconds that a page waits: what is quick needs no page of its own.
MOMENT = 1.0
# Seconds between two steps, in which others write: SQLite's writers ask again for
# their turn after a tenth of one.
PAUSE = 0.15
# So many of an editor's works are kept, the latest.
MOST_KEPT = 20
BROKE = "It broke off, and the log of the site says why. Nothing more was stored."


def start(kind, editor, title, *, given=None, content=b""):
    """Order a piece of work and return it, done already if it was quick."""
    work = Work.objects.create(
        kind=kind,
        editor=editor,
        title=title[:300],
        given=given or {},
        content=content,
    )
    old = editor.works.exclude(state__in=AT_WORK).values_list("pk", flat=True)
    Work.objects.filter(pk__in=list(old[MOST_KEPT:])).delete()
    return go_on(work)


def go_on(work):
    """Have a thread work on it, if nobody does; return how it stands in a moment."""
    if not settings.BACKGROUND:
        drive(work)
        return work
    thread = Thread(target=_drive_alone, args=[work.pk], daemon=True)
    transaction.on_commit(thread.start)
    if thread.ident:
        thread.join(MOMENT)
        work.refresh_from_db()
    return work


def drive(work):
    """Work on it to its end, unless it is another one's, cancelled or taken over."""
    if not work.claim():
        return
    try:
        for done, of in KINDS[work.kind](work):
            _pause()
            if not work.beat(done, of):
                break
    except OUTAGES:
        # Nobody can note that now; it is found without a sign of life.
        logger.warning("Work %s waits for the database.", work.pk)
    except Exception:
        logger.exception("Work %s broke off.", work.pk)
        work.end(WorkState.FAILED, **{**work.told, "message": BROKE})
    work.refresh_from_db()


def _pause():
    if settings.BACKGROUND:
        time.sleep(PAUSE)


def _drive_alone(pk):
    try:
        drive(Work.objects.get(pk=pk))
    finally:
        connections.close_all()
