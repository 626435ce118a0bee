"""Conditional answers: a page that did not change is not sent again.

Every public page depends on its address, on the knowledge and on the code. So
its ETag is made of the knowledge version, which rises in the transaction of
each published change, and of a digest of code and templates.
"""

import hashlib
from functools import cache, wraps

from django.conf import settings
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition

from .models import KnowledgeVersion


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


def knowledge_page(view):
    """Answer 304 while nothing changed that ``view`` could show."""
    conditional = condition(etag_func=knowledge_etag)(view)

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        response = conditional(request, *args, **kwargs)
        # Browsers may keep the page but ask each time whether it still holds.
        patch_cache_control(response, no_cache=True)
        return response

    return wrapped
