"""How the track record is drawn."""

from django import template

from advisor.templatetags.advice import certainty_label, percent

register = template.Library()

NO_BREAK = "\N{NO-BREAK SPACE}"


@register.inclusion_tag("advisor/_rate.html")
def rate(rate):
    """Draw how many of how many, and the interval: ``{% rate figures.met %}``."""
    low, high = rate.interval
    return {
        "rate": rate,
        "share": _percent(rate.share),
        "low": round(low * 100),
        "high": _percent(high),
    }


@register.filter
def with_interval(rate):
    """Write a share with its interval: ``{{ figures.met|with_interval }}``."""
    low, high = rate.interval
    return f"{_percent(rate.share)}, between {_percent(low)} and {_percent(high)}"


@register.inclusion_tag("advisor/_comparison.html")
def comparison(comparison, names):
    """Draw one recommendation and what the advisor says: ``{% comparison … names %}``.

    ``names`` are those of the frameworks.
    """
    recommended = sorted(comparison.recommendation.recommended)
    return {
        "said": comparison.recommendation,
        "recommended": " or ".join(names.get(slug, slug) for slug in recommended),
        "first": names.get(comparison.first, comparison.first),
        "certainty": comparison.certainty,
        "place": comparison.place,
        "of": len(comparison.places),
    }


@register.inclusion_tag("advisor/_judgements.html")
def judgements(rows, caption, names=None):
    """Draw what readers said: ``{% judgements rows "By what came first" names %}``.

    ``names`` are those of the frameworks; without, rows are told apart by how sure.
    """
    return {
        "caption": caption,
        "rows": [row | {"name": _judged(row["subject"], names)} for row in rows],
    }


def _judged(subject, names):
    if names is None:
        return certainty_label(subject) or "Not said, or nothing else was left"
    return names.get(subject, subject)


def _percent(share):
    return percent(share).replace(" ", NO_BREAK)
