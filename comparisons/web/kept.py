"""Public pages are made once for each version of the knowledge, and kept whole.

The first reader of an address has its page made; the answer is kept with its
headers and its compressed body, and given to the next readers before sessions,
messages or a template are touched. Each time the database is asked, by one query,
which version the knowledge has now, and only an answer of that very version is
given: nobody ever gets an older page than they have seen, whatever other workers
do meanwhile.

Whoever has a session passes by: an editor's page shows more. An answer that sets a
cookie is not kept, and every form with a CSRF token does. The cache holds a fixed
number of pages; addresses with a query, which anybody can make up, have room of
their own, so that they never drive out the others.

Of those who find a page outdated at the same moment one makes it, and the others wait
for it a moment; otherwise each publication would have it made by every thread at once.

While the database does not answer, pages of the last version that this worker
knew go on, and say how old they are: its own, or what another worker left in the
cache that all share (``CACHE_URL``).

Each worker keeps its own pages: asking Redis takes twice as long as all the rest of
the answer, and it may hang. It is told each page once, and asked where a worker's own
is outdated, or in an outage.
Django's cache middleware knows seconds and not versions, and makes an entry for each
reader's cookies; django-cacheops keeps rows, the cheap part, and does not notice what
SQL changes.
"""

import gzip
import re
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from threading import Lock
from time import monotonic
from typing import NamedTuple

import brotli
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse, HttpResponseNotModified
from django.middleware.gzip import GZipMiddleware
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from comparisons.web.caching import Edition, release
from comparisons.web.outages import OUTAGES

# How to compress and to decompress, the better one first. At quality 4 brotli takes
# half as long as at 5, which makes a page a seventeenth smaller.
ENCODINGS = {
    "br": (lambda content: brotli.compress(content, quality=4), brotli.decompress),
    "gzip": (lambda content: gzip.compress(content, 5, mtime=0), gzip.decompress),
}
ACCEPTED = re.compile(r"\b(?:br|gzip)\b")
# What belongs to one body alone.
OF_THE_BODY = {"Content-Encoding", "Content-Length"}
# Seconds for which nobody asks a database again that did not answer.
PAUSE = 1.0
# The same for a cache that did not.
LONG_PAUSE = 10.0
# Seconds for which a reader waits while another has the same page made.
TURN = 1.0
# Each page has one of these by its address; two pages may share one.
TURNS = [Lock() for _ in range(64)]
MAIN = re.compile(rb"<main\b[^>]*>")
# Characters; pages are not kept under more.
LONGEST_QUERY = 1000


@dataclass
class KeptPage:
    """An answer: its edition, when it was made, its headers, its body by encoding."""

    edition: Edition
    at: datetime
    headers: dict
    bodies: dict

    @classmethod
    def of(cls, response, encoding):
        patch_vary_headers(response, ["Accept-Encoding"])
        headers = {
            name: value for name, value in response.items() if name not in OF_THE_BODY
        }
        compress, _ = ENCODINGS[encoding]
        bodies = {encoding: compress(response.content)}
        return cls(response.edition, timezone.now(), headers, bodies)

    def content(self):
        """Return the body as it was before compression."""
        encoding, body = next(iter(self.bodies.items()))
        _, decompress = ENCODINGS[encoding]
        return decompress(body)


class Place(NamedTuple):
    """Where the page of an address is kept."""

    cache: str
    key: str

    def read(self):
        return caches[self.cache].get(self.key)

    def keep(self, page):
        caches[self.cache].set(self.key, page)

    def share(self, page):
        """Leave ``page`` to all workers, unless anybody could make up its address."""
        if self.cache == "pages":
            SHARED.ask(lambda cache: cache.set(f"{release()}-{self.key}", page))

    def shared(self):
        """Return what some worker left, None if nothing or another's release."""
        if self.cache != "pages":
            return None
        return SHARED.ask(lambda cache: cache.get(f"{release()}-{self.key}"))

    def take_over(self, edition):
        """Keep and return what another worker left, if it is of ``edition``."""
        page = self.shared()
        if page is None or page.edition != edition:
            return None
        self.keep(page)
        return page


class KeptPages(GZipMiddleware):
    """Keeps public pages and gives them out; compresses other answers as Django does.

    Stands before all that a kept page can do without.
    """

    def __call__(self, request):
        with ExitStack() as request.turn:
            return super().__call__(request)

    def process_request(self, request):
        request.place = _place(request)
        page = request.place and request.place.read()
        if not page:
            return None
        request.edition = KNOWN.ask()
        if request.edition is None:
            return _as_it_was(page) if page.edition == KNOWN.edition else None
        if page.edition != request.edition and self._waits_its_turn(request):
            page, request.edition = request.place.read() or page, KNOWN.ask()
        if page.edition != request.edition:
            page = request.place.take_over(request.edition)
        return page and _answer(page, request)

    def _waits_its_turn(self, request):
        """Let ``request`` make its page when no other does; return whether one did."""
        # Requests of an event loop share a thread, in which waiting ends nothing.
        if self.async_mode:
            return False
        turn = TURNS[int(request.place.key, 16) % len(TURNS)]
        is_first = turn.acquire(blocking=False)
        if is_first or turn.acquire(timeout=TURN):
            request.turn.callback(turn.release)
        return not is_first

    def process_response(self, request, response):
        if hasattr(response, "is_outage") and request.place:
            page = request.place.shared()
            return _as_it_was(page) if page and KNOWN.allows(page) else response
        is_page = response.status_code == 200 and hasattr(response, "edition")
        if not is_page or response.cookies or request.place is None:
            return super().process_response(request, response)
        KNOWN.heard(response.edition)
        page = KeptPage.of(response, _accepted(request) or "gzip")
        request.place.keep(page)
        request.place.share(page)
        return _answer(page, request)


def _answer(page, request):
    if page.edition.is_known_to(request):
        return HttpResponseNotModified(headers=page.headers)
    response = HttpResponse(headers=page.headers)
    encoding = _accepted(request)
    if encoding is None:
        body = page.content()
    else:
        if encoding not in page.bodies:
            compress, _ = ENCODINGS[encoding]
            page.bodies[encoding] = compress(page.content())
            request.place.keep(page)
        body = page.bodies[encoding]
        response["Content-Encoding"] = encoding
    response["Content-Length"] = str(len(body))
    if request.method == "GET":
        response.content = body
    return response


def _place(request):
    """Return the place of the page that ``request`` asks for; None if it has none."""
    query = request.META.get("QUERY_STRING", "")
    if (
        request.method not in ("GET", "HEAD")
        or settings.SESSION_COOKIE_NAME in request.COOKIES
        or len(query) > LONGEST_QUERY
    ):
        return None
    # Feeds and canonical links name the site as the reader does.
    address = [request.scheme, request.META.get("HTTP_HOST"), request.path]
    if query:
        address += sorted(request.GET.lists())
    key = blake2b(repr(address).encode(), digest_size=16).hexdigest()
    return Place("queries" if query else "pages", key)


def _accepted(request):
    """Return the best encoding that the client understands, None if there is none."""
    accepted = ACCEPTED.findall(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    return next((name for name in ENCODINGS if name in accepted), None)


@dataclass
class Known:
    """What this worker heard last of the version, and when it asks again."""

    edition: Edition | None = None
    at: datetime | None = None
    ask_after: float = 0

    def ask(self):
        """Return the edition of this moment; None while the database is away.

        A connection that was left open may be dead, so another one is tried. After
        that nobody waits for a database that hangs until ``PAUSE`` is over.
        """
        if monotonic() < self.ask_after:
            return None
        # The question is its own test of a connection that was left open.
        connection.health_check_done = True
        began = monotonic()
        for _ in range(2):
            try:
                return self.heard(Edition.current())
            except OUTAGES:
                connection.close()
                if monotonic() - began > PAUSE:
                    break
        self.ask_after = monotonic() + PAUSE
        return None

    def heard(self, edition):
        """Return ``edition``, which the database has just named."""
        self.edition, self.at = edition, timezone.now()
        return edition

    def allows(self, page):
        """Whether ``page`` is of the last version; one that others heard later is."""
        if self.edition is None or page.edition.version > self.edition.version:
            self.edition, self.at = page.edition, page.at
        return page.edition == self.edition


class Shared:
    """The cache that all workers share, left alone for a while when it fails."""

    ask_after = 0.0

    def ask(self, act):
        """Return what ``act`` returns, given the cache; None if that fails."""
        if monotonic() < self.ask_after:
            return None
        try:
            return act(caches["shared"])
        # Each cache backend has failures of its own.
        except Exception:
            self.ask_after = monotonic() + LONG_PAUSE
            return None


KNOWN = Known()
SHARED = Shared()


def _as_it_was(page):
    """Return ``page`` with a line that says how old it may be."""
    response = HttpResponse(page.content(), headers=page.headers)
    del response["ETag"], response["Last-Modified"]
    response["Cache-Control"] = "no-store"
    notice = (
        '<p class="outage" role="status">The knowledge base does not answer just now. '
        f"This page is as it was at {KNOWN.at:%H:%M} UTC on {KNOWN.at:%-d %B %Y}.</p>"
    )
    main = MAIN.search(response.content)
    if main:
        before, after = response.content[: main.end()], response.content[main.end() :]
        response.content = before + notice.encode() + after
    return response
