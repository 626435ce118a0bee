"""How a code sample is drawn: coloured on the server, by classes only."""

from django import template
from django.utils.safestring import mark_safe
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

register = template.Library()


@register.inclusion_tag("comparisons/_code.html")
def code(sample):
    """Draw a sample's code: ``{% code sample %}``."""
    # Pygments escapes the code; what it adds are spans with classes.
    coloured = highlight(sample.code, PythonLexer(), HtmlFormatter(nowrap=True))
    return {"sample": sample, "coloured": mark_safe(coloured)}
