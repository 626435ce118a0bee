"""Conditional answers: a page that did not change is not sent again.

Every public page depends on its address, on the knowledge and on the code. So
its ETag is made of the knowledge version, which rises in the transaction of
each published change, and of a digest of code and templates.

An editor's page leads to the editors' desk and may show drafts, so it has no
ETag and nobody stores it.
"""

import hashlib
from contextlib import nullcontext
from functools import cache, wraps

from django.conf import settings
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition

from comparisons.choices import Action
from comparisons.editing.workflow import may
from comparisons.models import KnowledgeVersion
from comparisons.querysets import drafts_shown


@cache
def release():
    """Return a digest of all that pages are made of besides the knowledge."""
    digest = hashlib.sha256()
    for folder in ("advisor", "comparisons", "config", "static", "templates"):
        for path in sorted((settings.BASE_DIR / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".css", ".js", ".svg"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def knowledge_etag(request, *args, **kwargs):
    """Return the ETag of every public page at this moment."""
    return f'"{KnowledgeVersion.current()}-{release()}"'


def knowledge_page(view, *, has_preview=False):
    """Answer 304 while nothing changed that ``view`` could show.

    A signed-in editor gets a fresh page; templates find the account as
    ``request.editor``. With ``has_preview``, ``?preview=1`` shows drafts to it.
    """
    conditional = condition(etag_func=knowledge_etag)(view)

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        # A visitor without a session costs no query here.
        if request.user.is_staff and may(request.user, Action.PREVIEW):
            request.editor = request.user
            request.has_preview = has_preview
            request.is_preview = has_preview and request.GET.get("preview") == "1"
            return _fresh(view, request, *args, **kwargs)
        response = conditional(request, *args, **kwargs)
        # Browsers may keep the page but ask each time whether it still holds.
        patch_cache_control(response, no_cache=True)
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
