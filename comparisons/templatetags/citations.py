"""How statements lead to their sources."""

from django import template

from comparisons.suggestions import deciding

register = template.Library()


@register.inclusion_tag("comparisons/_footnotes.html")
def footnotes(notes):
    """Draw footnote numbers: ``{% footnotes cell.footnotes %}``."""
    return {"notes": notes}


@register.inclusion_tag("comparisons/_bibliography.html")
def bibliography(entries):
    """List a page's sources: ``{% bibliography page.bibliography %}``."""
    return {"bibliography": entries}


@register.inclusion_tag("comparisons/_passages.html")
def passages(citations):
    """List what passages say: ``{% passages finding.citations.all %}``."""
    return {"citations": citations}


@register.simple_tag
def suggest_url(target):
    """Return where readers correct something: ``{% suggest_url statement %}``."""
    return deciding.form_address(target)
