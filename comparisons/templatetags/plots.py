"""How themes are drawn: composed here, because a comparison has a mark for each of
some twenty spans, and a template takes ten times as long for them.
"""

from html import escape

from django import template
from django.utils.safestring import mark_safe

register = template.Library()

SHAPES = (
    "M-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0",
    "M-2.7-2.7h5.4v5.4h-5.4z",
    "M0-3.7l3.7 3.7-3.7 3.7-3.7-3.7z",
)


@register.simple_tag
def plot_mark(number, x=0):
    """Draw the mark of one framework: ``{% plot_mark forloop.counter %}``."""
    return mark_safe(
        f'<path class="mark-{number}" transform="translate({x} 4)"'
        f' d="{SHAPES[number - 1]}" />'
    )


@register.simple_tag
def plot_rows(lines):
    """Draw each theme as a line with its marks: ``{% plot_rows lines %}``."""
    drawn = []
    for line in lines:
        spans = "".join(_span(*each) for each in enumerate(line.spans, start=1))
        told = "".join(f"<td>{span}</td>" for span in line.spans)
        drawn.append(
            f'<tr><th scope="row">{escape(line.name)}</th>'
            '<td><svg viewBox="-4 0 108 8" aria-hidden="true">'
            f'<path d="M0 4h100M0 2v4M50 2v4M100 2v4" />{spans}</svg></td>{told}</tr>'
        )
    return mark_safe("".join(drawn))


def _span(number, span):
    mark = plot_mark(number, span.middle)
    if span.low == span.high:
        return mark
    return f'<path d="M{span.low} 4H{span.high}" class="wide" />{mark}'
