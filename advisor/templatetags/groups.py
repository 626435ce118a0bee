"""How the result of a group is drawn."""

from django import template

register = template.Library()


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
                # Along a picture of 100 units.
                "place": 100 * theme["weight"] / most,
                "places": [100 * weight / most for weight in weights],
            }
            for theme, weights in rows
        ],
    }
