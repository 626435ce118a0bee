"""How a stored result is drawn."""

from django import template
from django.urls import reverse
from django.utils.http import urlencode

from comparisons.models.frameworks import comparison_slug

register = template.Library()

# How many places are in view; the others fold.
OPEN_PLACES = 5
# The most changes that are listed one by one.
MOST_CHANGES = 40


@register.simple_tag
def compare_first_two(result):
    """Return where the first two are compared: ``{% compare_first_two result %}``."""
    slug = comparison_slug(each["framework"] for each in result["ranking"][:2])
    return reverse("comparisons:compare", args=[slug])


@register.inclusion_tag("advisor/_ranking.html")
def ranking(result):
    """Draw all places, the later ones folded: ``{% ranking result %}``."""
    standings = result["ranking"]
    return {
        "first": standings[:OPEN_PLACES],
        "others": standings[OPEN_PLACES:],
        "left_out": result["others"],
    }


@register.inclusion_tag("advisor/_points.html")
def points_by_theme(result):
    """Draw the points per theme and finding: ``{% points_by_theme result %}``."""
    standings = result["ranking"]
    findings = {theme["slug"]: [] for theme in result["themes"]}
    # Every framework is judged by the same findings, in the same order.
    for parts in zip(*(each["contributions"] for each in standings), strict=True):
        of_each = [part["points"] for part in parts]
        findings[parts[0]["theme"]].append({**parts[0], "points_of_each": of_each})
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
                "findings": findings[theme["slug"]],
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
    """Return what static/js/whatif.js reads: ``{{ result|what_if_data }}``.

    A value of which everything is known stands alone, not as lowest and highest.
    """
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
                "values": {
                    theme: [low] if low == high else [low, high, coverage]
                    for theme, (low, high, coverage) in what_if["values"][
                        standing["framework"]
                    ].items()
                },
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
