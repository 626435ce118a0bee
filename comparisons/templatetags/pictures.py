"""How pictures of many parts are drawn: composed here, as the matrix is."""

from django import template
from django.utils.html import escape, format_html_join
from django.utils.safestring import mark_safe

from comparisons.choices import Witness
from comparisons.pages.field import HEIGHT

register = template.Library()

# The marks of the frameworks on a line, in their order.
MARKS = (
    "M-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0",
    "M-2.7-2.7h5.4v5.4h-5.4z",
    "M0-3.7l3.7 3.7-3.7 3.7-3.7-3.7z",
)


@register.simple_tag
def field_heads(sections, features):
    """Name the sections above the bars: ``{% field_heads field.sections features %}``.

    Each leads to its place on the page at ``features``.
    """
    head = (
        '<a href="{}#group-{}" aria-label="{}"><rect x="{}" width="{}" height="26"/>'
        '<text x="{}" y="17">{}</text></a><path d="M{} 25h{}"/>'
    )
    return format_html_join(
        "",
        head,
        (
            (features, each.slug, each.name, each.left, each.width)
            + (each.left, each.short_name, each.left, each.width)
            for each in sections
        ),
    )


@register.simple_tag
def field_strips(strips, width):
    """Draw the bars of frameworks: ``{% field_strips strips field.width %}``."""
    drawn = []
    for strip in strips:
        framework = strip.framework
        drawn.append(
            f'<a href="{framework.get_absolute_url()}">{escape(framework.name)}</a>'
            f'<svg viewBox="0 0 {width} {HEIGHT}" preserveAspectRatio="none"'
            ' aria-hidden="true">'
        )
        drawn += [f'<path class="{name}" d="{path}"/>' for name, path in strip.paths]
        drawn.append("</svg>")
    return mark_safe("".join(drawn))


@register.simple_tag
def field_numbers(strips):
    """Tell the same in rows of a table: ``{% field_numbers strips %}``."""
    drawn = []
    for strip in strips:
        drawn.append(f'<tr><th scope="row">{escape(strip.framework.name)}</th>')
        drawn += [f'<td class="number">{number}</td>' for number in strip.good]
        drawn.append("</tr>")
    return mark_safe("".join(drawn))


@register.simple_tag
def witnesses(taken):
    """Draw a mark for each passage: ``{% witnesses {Witness: number of them} %}``."""
    marks = "".join(
        f'<b class="{witness.value}">{witness.glyph * taken[witness]}</b>'
        for witness in Witness
        if taken[witness]
    )
    label = f"{sum(taken.values())} passages:"
    return mark_safe(
        f'<span class="witnesses" role="img" aria-label="{label}">{marks}</span>'
    )


@register.simple_tag
def plot_key(number):
    """Draw the mark of the framework with this ``number``: ``{% plot_key 1 %}``."""
    mark = _mark(number, 0)
    return mark_safe(f'<svg viewBox="-4 0 8 8" aria-hidden="true">{mark}</svg>')


@register.simple_tag
def plot_rows(lines):
    """Draw each theme as a line, with its numbers: ``{% plot_rows page.themes %}``."""
    drawn = []
    for line in lines:
        drawn.append(
            f'<tr><th scope="row">{escape(line.name)}</th><td><svg viewBox='
            '"-4 0 108 8" aria-hidden="true"><path d="M0 4h100M0 2v4M50 2v4M100 2v4"/>'
        )
        for number, span in enumerate(line.spans, start=1):
            if span.low != span.high:
                drawn.append(f'<path d="M{span.low} 4H{span.high}" class="wide"/>')
            drawn.append(_mark(number, span.middle))
        drawn.append("</svg></td>")
        drawn += [f"<td>{span}</td>" for span in line.spans]
        drawn.append("</tr>")
    return mark_safe("".join(drawn))


def _mark(number, x):
    return (
        f'<path class="mark-{number}" transform="translate({x:g} 4)"'
        f' d="{MARKS[number - 1]}"/>'
    )


@register.simple_tag
def dispute_rows(map, address):
    """Draw how much is disputed where: ``{% dispute_rows map address %}``.

    Each spot leads to the disagreements that it counts, on the list at ``address``.
    """
    drawn = []
    for (slug, name), counts in map.rows:
        section = f"{address}?section={slug}"
        drawn.append(f'<tr><th scope="row"><a href="{section}">{escape(name)}</a></th>')
        for (framework, called), count in zip(map.frameworks, counts, strict=True):
            if not count:
                drawn.append('<td><span class="visually-hidden">None</span></td>')
                continue
            drawn.append(
                f'<td><a class="spot spot-{min(count.bit_length(), 4)}"'
                f' href="{section}&amp;framework={framework}">{count}<span'
                f' class="visually-hidden"> on {escape(name)} in {escape(called)}'
                "</span></a></td>"
            )
        drawn.append("</tr>")
    return mark_safe("".join(drawn))
