"""Why a framework is never first: who is at least as good in every criterion."""

from collections.abc import Sequence

import numpy as np

from advisor.ranking.order import GUARD

# How many criteria a sentence names.
NAMED = 3


def what_dominates(
    own: int, frameworks: Sequence[str], criteria: Sequence[str], values
):
    """Return a sentence about the framework at the index ``own``.

    ``values`` holds the lowest and the highest value, criterion × framework × 2.
    What is unknown counts for the framework and against the others.
    """
    others = [index for index in range(len(frameworks)) if index != own]
    if not others:
        return "It is never first."
    # Criteria in which it could be better than the other one.
    better = {
        index: np.flatnonzero(values[:, own, 1] > values[:, index, 0] + GUARD)
        for index in others
    }
    closest = min(others, key=lambda index: (len(better[index]), index))
    name = frameworks[closest]
    if not len(better[closest]):
        return f"It is never first: {name} is at least as good in every criterion."
    where = ", ".join(criteria[row] for row in better[closest][:NAMED])
    rest = len(better[closest]) - NAMED
    behind = f"{where} and {rest} more" if rest > 0 else where
    together = [frameworks[index] for index in _covering(better, len(criteria))]
    covered = (
        f"In every criterion one of {', '.join(together)} is at least as good."
        if together
        else "It is the best in some criterion, but never in enough of them."
    )
    return (
        f"It is never first: {name} comes closest and could be behind only in "
        f"{behind}. {covered}"
    )


def _covering(better, size):
    """Return few frameworks of which one is at least as good in each criterion."""
    left, chosen = set(range(size)), []
    while left:
        gain = {index: len(left.difference(rows)) for index, rows in better.items()}
        best = max(gain, key=gain.get)
        if not gain[best]:
            return []
        chosen.append(best)
        left.intersection_update(better[best].tolist())
    return chosen
