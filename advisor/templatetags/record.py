"""How the track record is drawn."""

from django import template

from advisor.templatetags.advice import certainty_label, percent

register = template.Library()


@register.inclusion_tag("advisor/_rate.html")
def rate(rate):
    """Draw how many of how many, and the interval: ``{% rate figures.met %}``."""
    low, high = rate.interval
    return {"rate": rate, "low": low, "high": high}


@register.filter
def with_interval(rate):
    """Write a share with its interval: ``{{ figures.met|with_interval }}``."""
    low, high = rate.interval
    return f"{percent(rate.share)}, between {percent(low)} and {percent(high)}"


@register.inclusion_tag("advisor/_comparison.html")
def comparison(comparison, names):
    """Draw one recommendation and what the advisor says: ``{% comparison … names %}``.

    ``names`` are those of the frameworks.
    """
    said = comparison.recommendation

    def named(slugs):
        return " or ".join(names.get(slug, slug) for slug in sorted(slugs))

    return {
        "said": said,
        "recommended": named(said.recommended),
        "acceptable": named(said.acceptable),
        "warned_against": named(said.warned_against),
        "first": names.get(comparison.first, comparison.first),
        "certainty": comparison.certainty,
        "place": comparison.place,
        "of": len(comparison.places),
    }


@register.inclusion_tag("advisor/_judgements.html")
def judgements(rows, caption, names):
    """Draw what readers said: ``{% judgements rows "By what came first" names %}``.

    ``names`` are those of the frameworks; a label needs none.
    """
    return {
        "caption": caption,
        "rows": [
            row | {"name": names.get(row["subject"]) or certainty_label(row["subject"])}
            for row in rows
        ],
    }
