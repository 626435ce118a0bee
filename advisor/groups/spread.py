"""What the members of a group want, side by side, for their page."""

from typing import Any

# How long the scale is on which the members' weights are drawn.
WIDTH = 160


def who_wants_what(result: dict[str, Any]) -> dict[str, Any]:
    """Return the group of a stored ``result``, with each theme's weights as places."""
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
        "vetoes": [each for each in group["must_haves"] if each.get("decides")],
        "most": most,
        "themes": [
            {
                **theme,
                "weights": weights,
                "lowest": min(weights),
                "highest": max(weights),
                "place": WIDTH * theme["weight"] / most,
                "places": [WIDTH * weight / most for weight in weights],
            }
            for theme, weights in rows
        ],
    }
