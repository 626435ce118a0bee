"""Shapes that the pages of the desk draw again and again."""

from django import template
from django.utils.html import format_html, format_html_join

register = template.Library()


@register.simple_tag
def headings(*names):
    """Return the head of a table, with a column for each of ``names``."""
    cells = format_html_join("", '<th scope="col">{}</th>', ([name] for name in names))
    return format_html("<thead><tr>{}</tr></thead>", cells)
