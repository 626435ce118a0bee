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
    for the framework and against the others. Several may stand in its way: the closest
    rival, and those who are at least as good where that one could be behind.
    """
    # Criteria in which it could be better than the other one.
    better = {
        other: {
            name
            for name, shares in criteria.items()
            if _value(bounds[own], shares, 1) > _value(bounds[other], shares, 0) + GUARD
        }
        for other in names
        if other != own
    }
    said, left = [], set(criteria)
    while better and left:
        closest = min(better, key=lambda other: len(better[other] & left))
        if better[closest] >= left:
            break
        left &= better.pop(closest)
        said.append(
            names[closest] + (f", but for {_some(criteria, left)}" if left else "")
        )
    if not said:
        return "It is never first."
    ahead = "; there ".join(said)
    return f"It is never first: at least as good in every criterion is {ahead}."


def _some(criteria, left):
    """Return the first of the criteria that are ``left``, and how many more."""
    named = [name for name in criteria if name in left]
    rest = len(named) - NAMED
    return ", ".join(named[:NAMED]) + (f" and {rest} more" if rest > 0 else "")


def _value(bounds, shares, end):
    """Return the lowest value of a criterion, or the highest for an ``end`` of 1."""
    values = (
        share * bounds.get(feature, UNKNOWN)[end] for feature, share in shares.items()
    )
    return fsum(values) / fsum(shares.values())
