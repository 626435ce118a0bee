"""How statements lead to their sources."""

import re

from django import template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import mark_safe

from comparisons.choices import Agreement, Level
from comparisons.models import Citation
from comparisons.models.sources import section_address
from comparisons.pages.footnotes import MARK
from comparisons.suggestions import deciding
from comparisons.templatetags.editing import edit_link, state

register = template.Library()

_MARKS = re.compile(rf"(?:\s*{MARK.pattern})+")
_CODE = re.compile(r"`([^`]+)`")
# Numbers of notes at one place stay on one line.
NEXT_TO = "\u00a0"
# Of a statement that is no answer.
WE_SAY = "We state it."


@register.simple_tag(takes_context=True)
def prose(context, text, footnotes=None, page=""):
    """Draw a paragraph: ``{% prose text page.footnotes %}``.

    What stands in backticks is code. Marks of passages become the numbers that they
    have in ``footnotes``, which lead to the notes on ``page``. A note on this page
    leads back to the first of them.
    """
    numbers = footnotes.numbers if footnotes else {}
    drawn = context.render_context.setdefault("footnotes", set())

    def draw(found):
        notes = [numbers[key] for key in MARK.findall(found[0]) if key in numbers]
        links = []
        for note in notes:
            place = "" if page or note in drawn else f' id="r{note}"'
            links.append(f'<a{place} href="{page}#n{note}">{note}</a>')
            drawn.add(note)
        return f"<sup>{NEXT_TO.join(links)}</sup>" if links else ""

    return mark_safe(_MARKS.sub(draw, _CODE.sub(r"<code>\1</code>", escape(text))))


@register.simple_tag
def pros_and_cons(statements, anchors=False):
    """List pros or cons, each a link to its passages: ``{% pros_and_cons side %}``.

    With ``anchors`` each can be led to by its slug.
    """
    if not statements:
        return mark_safe('<ul><li class="quiet">Nothing recorded.</ul>')
    items = format_html_join(
        "",
        '<li{}><a href="{}">{}</a>{}</li>',
        (
            (
                format_html(' id="{}"', statement.slug) if anchors else "",
                statement.address,
                statement.text,
                state(statement),
            )
            for statement in statements
        ),
    )
    return format_html("<ul>{}</ul>", items)


@register.simple_tag
def ways(links):
    """Lead to each (address, name) in a row: ``{% ways question.about %}``."""
    return format_html_join(" · ", '<a href="{}">{}</a>', links)


@register.simple_tag
def verdicts(lines):
    """List when to choose a framework, each with its reasons: ``{% verdicts lines %}``.

    The reasons stand on the page of sources below this one.
    """
    line = (
        '<li id="{}">{} <a class="why" href="sources/#{}">why'
        '<span class="visually-hidden">: {}</span></a>'
    )
    items = ((each.slug, each.when, each.slug, each.when) for each in lines)
    return format_html("<ul>{}</ul>", format_html_join("", line, items))


@register.simple_tag
def locator(citation, gone_at=None):
    """Name the place of a passage: ``{% locator citation passage.gone_at %}``.

    It leads there, unless its page was gone at ``gone_at``.
    """
    return _located(citation, citation.source, gone_at)


def _located(passage, source, gone_at):
    if gone_at or not (passage.fragment and source.url):
        return escape(passage.locator)
    return format_html(
        '<a href="{}" rel="noopener nofollow">{}</a>',
        section_address(source.url, passage.fragment),
        passage.locator,
    )


@register.simple_tag(takes_context=True)
def cited_rows(context, cited, source):
    """Draw what a source says beside what we say: ``{% cited_rows cited source %}``.

    Composed here, because a source may have two hundred passages.
    """
    drawn = []
    for each in cited:
        answer = (
            f'<td rowspan="{len(each.passages)}">{escape(each.answer or WE_SAY)}</td>'
        )
        drawn.append(
            f'<tbody><tr><th colspan="2" scope="rowgroup"><a href="'
            f'{escape(each.statement.get_absolute_url())}">{escape(each.statement)}</a>'
        )
        for passage in each.passages:
            drawn.append(
                f'<tr id="{passage.key}"><td class="stance-{passage.stance}">'
                f"{_asserted(passage)}{escape(passage.says)} "
                f'<span class="quiet">{_located(passage, source, source.gone_at)}, '
                f"read {passage.accessed_date:%-d %b %Y}</span> "
                f"{_edit(context, passage)}</td>{answer}"
            )
            answer = ""
    return mark_safe("".join(drawn))


def _edit(context, passage):
    if not getattr(context["request"], "editor", None):
        return ""
    return edit_link(context, Citation(pk=passage.pk, key=passage.key))


def _asserted(passage):
    level = f"<strong>{Level(passage.level).label}.</strong> " if passage.level else ""
    if passage.agreement != Agreement.DIFFERS:
        return level
    return f'{level}<strong class="contested-mark">Differs.</strong> '


@register.inclusion_tag("comparisons/_passages.html")
def passages(citations):
    """List what passages say: ``{% passages finding.citations.all %}``."""
    return {"citations": citations}


@register.simple_tag
def suggest_url(target):
    """Return where readers correct something: ``{% suggest_url statement %}``."""
    return deciding.form_address(target)
