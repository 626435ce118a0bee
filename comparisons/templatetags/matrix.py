"""How a matrix is drawn: its rows are composed here, because a page has hundreds of
cells, and a template takes five times as long for them.

All that comes from the database is escaped where it is read from the row. HTML lets
table cells and rows end by themselves, and a slug or an address stand without
quotation marks, which spares a tenth of the page.
"""

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import mark_safe

from comparisons.choices import Level, counted_levels
from comparisons.editing.admin_urls import row_address
from comparisons.templatetags.editing import state_mark

register = template.Library()

SIGNS = {level: f"<i>{level.glyph}</i> {level.short_label}" for level in Level}
WORDS = {level: level.short_label.lower() for level in Level}
# Where six columns share a telephone, long words break at a soft hyphen.
BREAKABLE = {
    "Official": "Offi\u00adcial",
    "Package": "Pack\u00adage",
    "Possible": "Pos\u00adsible",
    "Unknown": "Un\u00adknown",
}
NARROW_SIGNS = {
    level: f"<i>{level.glyph}</i> {BREAKABLE.get(level.short_label, level.short_label)}"
    for level in Level
}


@register.simple_tag(takes_context=True)
def matrix_rows(
    context, matrix, *, anchor="row-", notes=False, field=None, changed=None
):
    """Draw the groups and rows of a matrix: ``{% matrix_rows page.matrix %}``.

    ``anchor`` is put before the slug of a feature to make the id of its row.
    ``field`` maps slugs of features to the levels of all frameworks there, which
    are drawn beside the row, and ``changed`` to the day on which the row changed.
    """
    query = _state_asked(context)
    is_editor = getattr(context["request"], "editor", None) is not None
    columns = [
        (framework.get_absolute_url(), escape(framework.name))
        for framework in matrix.frameworks
    ]
    signs = NARROW_SIGNS if len(columns) > 3 else SIGNS
    # Reversing an address takes as long as drawing a row.
    features = reverse("comparisons:feature-list")
    width = len(columns) + 1 + (field is not None)
    drawn = []
    for group in matrix.groups:
        drawn.append(_group(group, width, len(columns)))
        for row in group.rows:
            name = escape(row.name)
            drawn.append(
                f"<tr id={anchor}{row.slug}{' class=differs' * row.differs}>"
                f"<th scope=row><a href={features}{row.slug}/>{name}</a>"
                f"{state_mark(row.status)}"
                f"{_changed((changed or {}).get(row.slug))}"
            )
            for cell, (address, framework) in zip(row.cells, columns, strict=True):
                link = f"{address}{row.slug}/{query}"
                drawn.append(_cell(cell, link, f"{framework}, {name}", signs, notes))
            if is_editor and len(columns) == 1:
                drawn.append(_edit(matrix.frameworks[0].slug, row.slug, name))
            if field is not None:
                drawn.append(_field(field.get(row.slug), row.cells[0].level, name))
    return mark_safe("".join(drawn))


@register.simple_tag
def legend(matrix):
    """Tell the signs that occur, and how much is known: ``{% legend matrix %}``."""
    told = [f"{level.glyph} {level.label.lower()}" for level in matrix.levels]
    if told and matrix.unknown_count:
        told[-1] += ", which is not “no”"
    if matrix.contested_count:
        told.append("≠ sources disagree")
    if matrix.own_word_count:
        told.append("† only the project’s own pages say so")
    if any(cell.figure for cell in matrix.cells):
        told.append("shares and times compare with the same without a framework")
    told.append(
        "a bar marks rows that differ"
        if len(matrix.frameworks) > 1
        else "small bars count all frameworks from the worst level to the best"
    )
    counted = f"{matrix.known_count} of {len(matrix.cells)} answered"
    if day := matrix.oldest_check:
        counted += f", oldest check {day:%-d %b %Y}"
    return format_html(
        '<p class="legend quiet">{} · {}.</p>', " · ".join(told), counted
    )


@register.simple_tag
def told_levels(levels, slug):
    """Tell how many frameworks are at each level of a feature, the best first."""
    return " · ".join(counted_levels(levels.get(slug, {})))


@register.simple_tag(takes_context=True)
def filter_links(context, links, bare):
    """Draw filters of a matrix: ``{% filter_links filters.rows request.path %}``.

    ``bare`` is the address of the page that shows everything.
    """
    state = _state_asked(context)
    further = state.replace("?", "&")
    return format_html_join(
        " ",
        '<a href="{}#matrix"{}>{}</a>',
        (
            (
                link.query + further if link.query else bare + state,
                mark_safe(' aria-current="true"') if link.is_chosen else "",
                link.label,
            )
            for link in links
        ),
    )


def _state_asked(context):
    """Return the query of a preview, which leads on to others, or of a past version."""
    request = context["request"]
    if getattr(request, "is_preview", False):
        return "?preview=1"
    if getattr(request, "is_dated", False):
        return f"?at={request.edition.version}"
    return ""


def _group(group, width, columns):
    count = len(group.rows)
    counted = f"{count} row{'s' * (count != 1)}"
    if columns > 1:
        counted += f", {group.difference_count} differ"
    return (
        f'<tbody><tr class="group" id="group-{group.slug}">'
        f'<th scope="rowgroup" colspan="{width}">{escape(group.name)}'
        f" <small>{counted}</small>"
    )


def _cell(cell, address, name, signs, notes):
    level = cell.level
    label, shown = f"{name}: {WORDS[level]}", signs[level]
    if cell.is_contested:
        shown += " <b>≠</b>"
    if cell.is_own_word:
        shown += " †"
    if cell.provider:
        provider = escape(cell.provider)
        label += f" {provider}"
        shown += f" <small>{provider}</small>"
    if cell.figure:
        text, length = escape(cell.figure.text), cell.figure.length
        label += f" {text}"
        shown += (
            f' <small>{text}</small><svg viewBox="0 0 100 4" preserveAspectRatio="none"'
            f' aria-hidden="true"><path d="M0 2h{length}"/></svg>'
        )
    if cell.is_contested:
        label += ", contested"
    if cell.is_own_word:
        label += ", own word"
    drawn = f'<td><a href={address} aria-label="{label}">{shown}</a>'
    drawn += state_mark(cell.status)
    if notes and cell.note:
        drawn += f"<p>{escape(cell.note)}"
    return drawn


def _field(levels, ours, name):
    """Draw how many frameworks are at each level, worst first, and mark ``ours``."""
    if not levels:
        return "<td>"
    kind = next(level.kind for level in levels if level.kind)
    most = max(levels.values())
    bars = {
        level: f"M{8 * place + 3} 12v-{round(11 * levels[level] / most)}"
        for place, level in enumerate(reversed(kind.levels))
        if levels[level]
    }
    words = ", ".join(f"{levels[level]} {WORDS[level]}" for level in levels)
    return (
        f'<td><svg class="field" viewBox="0 0 40 12" role="img" aria-label="{name},'
        f' all frameworks: {words}"><path d="{"".join(bars.values())}"/>'
        f'<path class="ours" d="{bars.get(ours, "")}"/></svg>'
    )


def _changed(day):
    return f" <small>changed {day:%-d %b %Y}</small>" if day else ""


def _edit(framework, feature, name):
    return (
        f' <a class="edit-link" href="{escape(row_address(framework, feature))}">Edit'
        f'<span class="visually-hidden"> {name}</span></a>'
    )
