"""Conditional answers: a page that did not change is not sent again.

Every public page depends on its address, on the knowledge and on the code. So
its ETag is made of the knowledge version, which rises in the transaction of
each published change, and of a digest of code and templates. Whole answers are
kept under it: see ``comparisons.web.kept``.

An editor's page leads to the editors' desk and may show drafts, so it has no
ETag and nobody stores it.
"""

import hashlib
import re
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache, wraps
from typing import NamedTuple

from django.conf import settings
from django.http import Http404, HttpResponseNotModified
from django.utils.cache import patch_cache_control
from django.utils.http import http_date, parse_etags

from comparisons.choices import Action
from comparisons.editing.workflow import may
from comparisons.history.past import as_of, set_of_version
from comparisons.models import KnowledgeVersion
from comparisons.public import drafts_shown

DAY = timedelta(days=1)
VERSION = re.compile(r"[0-9]{1,15}")
# The parameters that ask any page of the knowledge for another state of it.
STATES = ("at", "preview")


@cache
def release():
    """Return a digest of all that pages are made of besides the knowledge."""
    digest = hashlib.sha256()
    for folder in ("advisor", "comparisons", "config", "static", "templates"):
        for path in sorted((settings.BASE_DIR / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".css", ".js", ".svg"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


class Edition(NamedTuple):
    """What tells all public pages of one moment from those of another."""

    etag: str
    last_modified: str
    # The number of the knowledge, and the day on which it was raised to it.
    version: int
    day: date

    @classmethod
    def current(cls):
        """Return that of this moment; asks the database once."""
        return _edition(*KnowledgeVersion.read(), release())

    def is_known_to(self, request):
        """Whether ``request`` says that it comes from somebody who has the page."""
        if known := request.META.get("HTTP_IF_NONE_MATCH"):
            # A proxy that packs no longer may have taken the mark of a weak one.
            return not {self.etag, self.etag.removeprefix("W/")}.isdisjoint(
                parse_etags(known)
            )
        # Django's comparison of dates would take any later one.
        return request.META.get("HTTP_IF_MODIFIED_SINCE") == self.last_modified


@lru_cache(maxsize=2)
def _edition(number, stamp, raised_on, release):
    # The ETag is weak because one page is sent in several encodings.
    etag = f'W/"{number}-{float(stamp).hex()}-{release}"'
    # Two publications in one second have different dates all the same: it is the
    # day before the last one, and its seconds count the versions.
    day = datetime.fromisoformat(str(raised_on)).replace(tzinfo=UTC)
    moment = day - DAY + timedelta(seconds=number % DAY.total_seconds())
    return Edition(etag, http_date(moment.timestamp()), number, day.date())


def knowledge_page(view, *, has_versions=False):
    """Answer 304 while nothing changed that ``view`` could show.

    A signed-in editor gets a fresh page; templates find the account as
    ``request.editor``. With ``has_versions``, ``?preview=1`` shows drafts to it, and
    ``?at=`` shows everybody the page as it stood at a version of the knowledge.
    """
    if has_versions:
        view = _in_the_past(view)

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        # A visitor without a session costs no query here.
        if request.user.is_staff and may(request.user, Action.PREVIEW):
            request.editor = request.user
            request.has_preview = has_versions and "at" not in request.GET
            request.is_preview = (
                request.has_preview and request.GET.get("preview") == "1"
            )
            request.edition = Edition.current()
            return _fresh(view, request, *args, **kwargs)
        # Asked before the page is made, which may then be newer and never older.
        edition = getattr(request, "edition", None) or Edition.current()
        request.edition = edition
        if edition.is_known_to(request):
            response = HttpResponseNotModified()
        else:
            response = view(request, *args, **kwargs)
        if response.status_code in (200, 304):
            response.edition = edition
            response["ETag"] = edition.etag
            response["Last-Modified"] = edition.last_modified
        # Browsers may keep the page but ask each time whether it still holds.
        patch_cache_control(response, no_cache=True)
        return response

    return wrapped


def _in_the_past(view):
    """Return ``view``, which shows the knowledge as it stood at ``?at=<version>``.

    Templates find the Edition of then as ``request.edition``, and that the address
    names it as ``request.is_dated``.
    """

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        asked = request.GET.get("at")
        if asked is None:
            return view(request, *args, **kwargs)
        now = request.edition
        # A number with more digits is no version, and too large for a database.
        number = int(asked) if VERSION.fullmatch(asked) else 0
        is_past = number != now.version
        last = set_of_version(number) if is_past else None
        if is_past and (last is None or number > now.version):
            raise Http404("There is no such version.")
        day = last.created_at.date() if last else now.day
        request.edition = now._replace(version=number, day=day)
        request.is_dated = True
        with as_of(last) if last else nullcontext():
            response = view(request, *args, **kwargs)
            if hasattr(response, "render"):
                response.render()
        response["X-Robots-Tag"] = "noindex"
        return response

    return wrapped


def _fresh(view, request, *args, **kwargs):
    """Return an answer that nobody may store, rendered while drafts are shown."""
    with drafts_shown() if request.is_preview else nullcontext():
        response = view(request, *args, **kwargs)
        if hasattr(response, "render"):
            response.render()
    patch_cache_control(response, no_store=True, private=True)
    return response


def unlisted(response):
    """Keep ``response`` out of search engines and of shared caches."""
    response["X-Robots-Tag"] = "noindex"
    patch_cache_control(response, private=True, no_cache=True)
    return response
