"""How a level is drawn: its glyph, its word and, for screen readers, no glyph."""

from django import template

register = template.Library()


@register.inclusion_tag("comparisons/_level.html")
def level(answer):
    """Draw a level: ``{% level cell.level %}``."""
    return {"level": answer}
