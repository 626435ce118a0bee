"""What a page tells those who pass its address on."""

from django import template
from django.utils.html import format_html

register = template.Library()


@register.simple_block_tag
def shared(content):
    """Repeat a title for programs that show a preview of the page.

    ``{% shared %}<title>{% block title %}…{% endblock title %}</title>{% endshared %}``
    """
    words = content.removeprefix("<title>").removesuffix("</title>")
    return format_html(
        '{}\n    <meta property="og:title" content="{}">',
        content,
        words.removesuffix(" · Framewise"),
    )
