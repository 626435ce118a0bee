"""What takes long to work out: once for each state of the knowledge.

A thread of its own works it out, for one asker after the other, so that no request
holds a worker. Whoever asks waits a moment, unless it took longer than that last time;
then gets what was known last, which the page says (``older_ones``), and the page asks
again by itself. Only where nothing was ever known there is nothing to show
(``NotYet``). ``@desk`` answers both.
"""

import sys
import time
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from threading import Lock

from django.conf import settings
from django.db import connections

from comparisons.models import ChangeSet
from comparisons.web.caching import Edition

# Seconds: of a page that shows it, and of one that has more to show.
WAIT, MOMENT = 1.0, 0.1
# Seconds by which a page that does not wait for it is ahead, with all of a processor.
AHEAD = 0.3
# Seconds after which a thread that computes lets another go on. A page lets go of the
# interpreter at each query, and would wait for ten times as long each time.
SWITCH = 0.0005

_at_work = ThreadPoolExecutor(
    max_workers=1,
    thread_name_prefix="computed",
    initializer=partial(sys.setswitchinterval, SWITCH),
)
# What was given out though it is of an earlier state, while somebody wants to know.
_older: ContextVar[list] = ContextVar("older")


class NotYet(Exception):
    """It is still being worked out, and was never known."""


@contextmanager
def older_ones():
    """Yield the list of what is asked inside and answered as it was known last."""
    token = _older.set([])
    try:
        yield _older.get()
    finally:
        _older.reset(token)


def present_state():
    """Return what tells the knowledge of this moment, drafts included, from others."""
    last_change = ChangeSet.objects.order_by("-pk").values_list("pk").first()
    return Edition.current(), last_change


class Computed:
    """A function of the knowledge and of what it is called with, worked out once.

    It may see drafts: each recorded change counts, besides what readers see. Who asks
    for several such things finds out the present ``state`` once.
    """

    def __init__(self, work):
        self._work = work
        self._lock = Lock()
        self._key = self._result = None
        # In a list, because it may be nothing.
        self._known = []
        # Seconds that it took last.
        self._took = 0.0

    def __call__(self, *args, state=None, wait=None):
        """Return the result for the knowledge of this moment, or the last one known.

        Waits for the present one ``wait`` seconds, and not at all if it takes longer.

        Raises:
            NotYet: nothing was ever known.
        """
        if not settings.BACKGROUND:
            return self._work(*args)
        wait = WAIT if wait is None else wait
        # Asked first: what is worked out then may be newer and never older.
        key = state or present_state(), args
        with self._lock:
            if key != self._key:
                if self._result:
                    self._result.cancel()
                ahead = 0 if self._took < wait else AHEAD
                self._key, self._result = key, _at_work.submit(self._run, args, ahead)
                self._result.add_done_callback(self._keep)
            result = self._result
        try:
            return result.result(wait if self._took < wait else 0)
        except (TimeoutError, CancelledError):
            # The knowledge may have changed, and somebody asked for the newer state.
            if not self._known:
                raise NotYet from None
            _older.get([]).append(self)
            return self._known[0]
        except Exception:
            # The next one tries again.
            self._key = None
            raise

    def _keep(self, result):
        if not result.cancelled() and not result.exception():
            self._known = [result.result()]

    def _run(self, args, ahead):
        time.sleep(ahead)
        began = time.monotonic()
        try:
            return self._work(*args)
        finally:
            self._took = time.monotonic() - began
            connections.close_all()
