"""What takes long to work out: once for each state of the knowledge, and never stale.

A thread of its own works it out, for one asker after the other, so that no request
holds a worker. Whoever asks waits a moment; who would wait longer gets a page that asks
again by itself (``NotYet``, which ``@desk`` answers).
"""

from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from django.conf import settings
from django.db import connections

from comparisons.models import ChangeSet
from comparisons.web.caching import Edition

# Seconds.
WAIT = 1.5

_at_work = ThreadPoolExecutor(max_workers=1, thread_name_prefix="computed")


class NotYet(Exception):
    """It is still being worked out."""


class Computed:
    """A function of the knowledge and of what it is called with, worked out once.

    It may see drafts: each recorded change counts, besides what readers see.
    """

    def __init__(self, work):
        self._work = work
        self._lock = Lock()
        self._key = self._result = None

    def __call__(self, *args):
        """Return the result for the knowledge of this moment.

        Raises:
            NotYet: it takes longer than a page should.
        """
        if settings.TESTING:
            # A test has one connection, in a transaction.
            return self._work(*args)
        # Asked first: what is worked out then may be newer and never older.
        last_change = ChangeSet.objects.order_by("-pk").values_list("pk").first()
        key = (Edition.current(), last_change, args)
        with self._lock:
            if key != self._key:
                if self._result:
                    self._result.cancel()
                self._key, self._result = key, _at_work.submit(self._run, args)
            result = self._result
        try:
            return result.result(WAIT)
        except TimeoutError:
            raise NotYet from None
        except Exception:
            # The next one tries again.
            self._key = None
            raise

    def _run(self, args):
        try:
            return self._work(*args)
        finally:
            connections.close_all()
