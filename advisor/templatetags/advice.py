"""How a stored result is drawn."""

from django import template
from django.utils.http import urlencode

register = template.Library()


@register.inclusion_tag("advisor/_score_bar.html")
def score_bar(standing):
    """Draw a score with its interval: ``{% score_bar standing %}``."""
    return {"standing": standing, "spread": standing["high"] - standing["low"]}


@register.inclusion_tag("advisor/_profile.html")
def theme_profile(result):
    """Draw the points per theme: ``{% theme_profile result %}``."""
    standings = result["ranking"]
    return {
        "standings": standings,
        "rows": [
            {
                "theme": theme,
                "most": theme["weight"] * 100,
                "points": [
                    {
                        "points": standing["by_theme"][theme["slug"]],
                        "share": standing["by_theme"][theme["slug"]] / theme["weight"],
                    }
                    for standing in standings
                ],
            }
            for theme in result["themes"]
        ],
    }


@register.filter
def percent(share):
    """Write a share as a whole percentage: ``{{ 0.714|percent }}`` is 71 %."""
    return f"{round(share * 100)} %"


@register.simple_tag
def answers_query(answers):
    """Return answers as a query string that fills the form in again."""
    return f"?{urlencode(answers, doseq=True)}" if answers else ""
