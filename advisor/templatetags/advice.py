"""How a stored result is drawn."""

from django import template
from django.template.defaultfilters import floatformat
from django.utils.http import urlencode

register = template.Library()

# How many frameworks get a card of their own; the others fold.
CARDS = 3
# The most changes that are listed one by one.
MOST_CHANGES = 40


@register.inclusion_tag("advisor/_score_bar.html")
def score_bar(standing, *, is_labelled=True):
    """Draw a score with its interval: ``{% score_bar standing %}``.

    Where the numbers stand beside it, ``is_labelled=False`` keeps it silent.
    """
    low, high = floatformat(standing["low"]), floatformat(standing["high"])
    between = (
        f", between {low} and {high}" if standing["low"] < standing["high"] else ""
    )
    return {
        "standing": standing,
        "label": f"{standing['score']} of 100 points{between}",
        "is_labelled": is_labelled,
    }


@register.inclusion_tag("advisor/_ranking.html")
def ranking(result):
    """Draw the first as cards, and all places: ``{% ranking result %}``."""
    standings = result["ranking"]
    return {
        "cards": standings[:CARDS],
        "others": standings[CARDS:],
        "draws": result["draws"],
        "left_out": result["others"],
    }


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


@register.inclusion_tag("advisor/_how_sure.html")
def how_sure(result, *, drawn_around="yours"):
    """Say how sure the first place is: ``{% how_sure result %}``.

    The weights were ``drawn_around`` those of whom the page is for.
    """
    standings = result["ranking"]
    names = {standing["framework"]: standing["name"] for standing in standings}
    by_share = sorted(standings, key=lambda standing: -standing["first_share"])
    possible = [s["name"] for s in standings if s["is_possible_winner"]]
    return {
        "draws": result["draws"],
        "drawn_around": drawn_around,
        "shares": [s for s in by_share if s["first_share"] >= 0.005],
        "leaders": [names[slug] for slug in result["leaders"]],
        "necessary": names.get(result["necessary_winner"]),
        "possible": possible,
        "doubt": result["doubt"],
    }


@register.inclusion_tag("advisor/_changes.html")
def what_changed(changes):
    """List what changed: ``{% what_changed changes %}``."""
    return {
        "changes": changes,
        "causes": changes.causes[:MOST_CHANGES],
        "more": len(changes.causes[MOST_CHANGES:]),
    }


@register.inclusion_tag("advisor/_hidden_answers.html")
def hidden_answers(answers, *, without=()):
    """Post ``answers`` again, but for some questions.

    ``{% hidden_answers answers without=result.what_if.questions %}``
    """
    left_out = {question["question"] for question in without}
    return {
        "pairs": [
            (question, value)
            for question, values in answers.items()
            if question not in left_out
            for value in values
        ]
    }


@register.filter
def what_if_data(result):
    """Return what static/js/whatif.js reads: ``{{ result|what_if_data }}``."""
    what_if = result["what_if"]
    return {
        "points": what_if["points"],
        "added": {
            question["question"]: {
                option["value"]: option["adds"] for option in question["options"]
            }
            for question in what_if["questions"]
        },
        "frameworks": [
            {
                "slug": standing["framework"],
                "name": standing["name"],
                "tier": standing["tier"],
                "values": what_if["values"][standing["framework"]],
            }
            for standing in result["ranking"]
        ],
    }


@register.filter
def certainty_label(certainty):
    """Name how sure the first place is: ``{{ result.certainty|certainty_label }}``."""
    return (certainty or "").replace("_", " ").capitalize()


@register.filter
def percent(share):
    """Write a share as a whole percentage: ``{{ 0.714|percent }}`` is 71 %."""
    return f"{round(share * 100)} %"


@register.simple_tag
def answers_query(answers):
    """Return answers as a query string that fills the form in again."""
    return f"?{urlencode(answers, doseq=True)}" if answers else ""


@register.simple_tag
def skipped(echo):
    """Return the topics without an answer: ``{% skipped echo as topics %}``."""
    return [
        said.get("topic", said["text"]).rstrip("?")
        for said in echo
        if not said["answers"]
    ]
