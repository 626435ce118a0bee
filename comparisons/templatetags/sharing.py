"""What a page tells those who pass its address on."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from comparisons.pages.citing import Reference

register = template.Library()


@register.simple_block_tag
def shared(content):
    """Repeat a title for programs that show a preview of the page.

    ``{% shared %}<title>{% block title %}…{% endblock title %}</title>{% endshared %}``
    """
    # The template has escaped it already.
    words = content.removeprefix("<title>").removesuffix("</title>")
    title = mark_safe(" ".join(words.split()))
    return format_html(
        '<title>{}</title>\n    <meta property="og:title" content="{}">',
        title,
        mark_safe(title.removesuffix(" · Framewise")),
    )


@register.inclusion_tag("includes/_foot.html", takes_context=True)
def foot(context, title, changed_at=None):
    """Say how the page is cited and taken away: ``{% foot framework.name %}``.

    ``changed_at`` is the moment of its last change, where the page does not tell it.
    """
    request = context["request"]
    return {
        "reference": Reference(
            title=title,
            address=f"{request.scheme}://{request.get_host()}{request.path}",
            version=request.edition.version,
            day=request.edition.day,
        ),
        "stem": request.path.rstrip("/"),
        "changed_at": changed_at,
        "is_dated": getattr(request, "is_dated", False),
        # Of a draft there is nothing to cite.
        "is_preview": getattr(request, "is_preview", False),
    }
