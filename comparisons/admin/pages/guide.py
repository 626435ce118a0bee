"""The editors' guide: pages of ``docs/``, read where the work is done."""

import re
from functools import cache
from pathlib import PurePath

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

from comparisons.admin.bases.desk import desk, desk_page

DOCS = settings.BASE_DIR / "docs"
# The pages of ``docs/`` that are for editors, in reading order.
GUIDES = {
    "first-correction": "Your first correction",
    "rights": "Who may do what",
    "import-export": "Import and export",
    "signing-in": "Signing in",
}
PICTURE = re.compile(r"[a-z0-9-]+\.png")


@desk()
@require_safe
def guide(request, slug):
    """One page of the guide."""
    if slug not in GUIDES:
        raise Http404("The guide has no such page.")
    return desk_page(
        request, "guide", GUIDES[slug], text=mark_safe(_text(slug)), opens=slug
    )


@desk()
@require_safe
def picture(request, slug, name):
    """A picture of such a page."""
    path = DOCS / name
    if slug not in GUIDES or not PICTURE.fullmatch(name) or not path.is_file():
        raise Http404("The guide has no such picture.")
    return HttpResponse(path.read_bytes(), content_type="image/png")


@cache
def _text(slug):
    """Return the page without its heading, which is the title, as HTML."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse((DOCS / f"{slug}.md").read_text())
    _lead_here(tokens)
    return parser.renderer.render(tokens[3:], parser.options, {})


def _lead_here(tokens):
    """Have links between pages of ``docs/`` lead to the pages of the guide."""
    for token in tokens:
        _lead_here(token.children or [])
        linked = PurePath(str(token.attrGet("href") or ""))
        if linked.suffix == ".md" and linked.stem in GUIDES:
            token.attrSet("href", reverse("desk:guide", args=[linked.stem]))
