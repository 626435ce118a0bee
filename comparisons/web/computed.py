"""What takes long to work out: once for each state of the knowledge, and never stale.

A thread of its own works it out, for one asker after the other, so that no request
holds a worker. Whoever asks waits a moment; who would wait longer gets a page that asks
again by itself (``NotYet``, which ``@desk`` answers). A page that only counts it asks
``at_once``, and takes what was known last until the present is.
"""

from concurrent.futures import CancelledError, ThreadPoolExecutor
from threading import Lock

from django.conf import settings
from django.db import connections

from comparisons.models import ChangeSet
from comparisons.web.caching import Edition

# Seconds: of a page that shows it, and of one that has more to show.
WAIT, MOMENT = 1.5, 0.1

_at_work = ThreadPoolExecutor(max_workers=1, thread_name_prefix="computed")


class NotYet(Exception):
    """It is still being worked out."""


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

    def __call__(self, *args, state=None):
        """Return the result for the knowledge of this moment.

        Raises:
            NotYet: it takes longer than a page should.
        """
        return self._ask(args, state, WAIT)

    def at_once(self, *args, state=None):
        """Return it, or what was known last if this moment's takes any time.

        Raises:
            NotYet: nothing was ever known.
        """
        try:
            return self._ask(args, state, MOMENT)
        except NotYet:
            if self._known:
                return self._known[0]
            raise

    def _ask(self, args, state, seconds):
        if settings.TESTING:
            # A test has one connection, in a transaction.
            return self._work(*args)
        # Asked first: what is worked out then may be newer and never older.
        key = state or present_state(), args
        with self._lock:
            if key != self._key:
                if self._result:
                    self._result.cancel()
                self._key, self._result = key, _at_work.submit(self._run, args)
                self._result.add_done_callback(self._keep)
            result = self._result
        try:
            return result.result(seconds)
        except (TimeoutError, CancelledError):
            # The knowledge may have changed, and somebody asked for the newer state.
            raise NotYet from None
        except Exception:
            # The next one tries again.
            self._key = None
            raise

    def _keep(self, result):
        if not result.cancelled() and not result.exception():
            self._known = [result.result()]

    def _run(self, args):
        try:
            return self._work(*args)
        finally:
            connections.close_all()
