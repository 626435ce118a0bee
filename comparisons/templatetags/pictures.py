"""How the pictures of the home page are drawn: composed here, as the matrix is."""

from django import template
from django.utils.html import escape, format_html_join
from django.utils.safestring import mark_safe

from comparisons.choices import Witness
from comparisons.pages.field import HEIGHT

register = template.Library()


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
