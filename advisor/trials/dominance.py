"""Why a framework is never first: who is at least as good in every criterion."""

from collections.abc import Mapping
from math import fsum

from advisor.questionnaire.candidates import Bounds
from advisor.ranking.order import GUARD, UNKNOWN

# How many criteria a sentence names.
NAMED = 3


def what_dominates(
    own: str,
    names: Mapping[str, str],
    criteria: Mapping[str, Mapping[str, float]],
    bounds: Bounds,
) -> str:
    """Return a sentence about the framework ``own``, one of ``names``.

    ``criteria`` hold, by name, the shares of their features. What is unknown counts
    for the framework and against the others.
    """
    # Criteria in which it could be better than the other one.
    better = {
        other: [
            name
            for name, shares in criteria.items()
            if _value(bounds[own], shares, 1) > _value(bounds[other], shares, 0) + GUARD
        ]
        for other in names
        if other != own
    }
    if not better:
        return "It is never first."
    closest = min(better, key=lambda other: len(better[other]))
    name = names[closest]
    if not better[closest]:
        return f"It is never first: {name} is at least as good in every criterion."
    where = ", ".join(better[closest][:NAMED])
    rest = len(better[closest]) - NAMED
    behind = f"{where} and {rest} more" if rest > 0 else where
    return (
        f"It is never first: {name} comes closest and could be behind only in {behind}."
    )


def _value(bounds, shares, end):
    """Return the lowest value of a criterion, or the highest for an ``end`` of 1."""
    values = (
        share * bounds.get(feature, UNKNOWN)[end] for feature, share in shares.items()
    )
    return fsum(values) / fsum(shares.values())
