"""How a code sample is drawn: coloured on the server, by classes only."""

from functools import lru_cache

from django import template
from django.utils.safestring import mark_safe
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

register = template.Library()

# Samples; each is coloured once, which takes longer than the rest of its page.
MOST_KEPT = 300


@register.inclusion_tag("comparisons/_code.html")
def code(sample):
    """Draw a sample's code: ``{% code sample %}``."""
    return {"sample": sample, "coloured": _coloured(sample.code)}


@lru_cache(MOST_KEPT)
def _coloured(text):
    # Pygments escapes the code; what it adds are spans with classes.
    return mark_safe(highlight(text, PythonLexer(), HtmlFormatter(nowrap=True)))
