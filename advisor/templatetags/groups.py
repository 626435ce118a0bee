"""How the result of a group is drawn."""

from django import template

register = template.Library()

# How long the scale of a spread is drawn.
WIDTH = 160


@register.inclusion_tag("advisor/_who_wants_what.html")
def who_wants_what(result):
    """Show what each member wants: ``{% who_wants_what result %}``."""
    group = result["group"]
    weighing = [member for member in group["members"] if member["weights"]]
    rows = [
        (theme, [member["weights"].get(theme["slug"], 0) for member in weighing])
        for theme in result["themes"]
    ]
    most = max((max(weights) for _, weights in rows), default=1)
    return {
        **group,
        "weighing": weighing,
        "most": most,
        "themes": [
            {
                "name": theme["name"],
                "weight": theme["weight"],
                "weights": weights,
                "lowest": min(weights),
                "highest": max(weights),
                "place": WIDTH * theme["weight"] / most,
                "places": [WIDTH * weight / most for weight in weights],
            }
            for theme, weights in rows
        ],
    }
