"""Who would come first for many sets of answers at once.

The order is that of ``order``, worked out as arrays over frameworks and answers, for
whoever asks about dozens of answers and needs no more than the first place of each.
Plain numbers in, plain dataclasses out.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np

from advisor.ranking.order import GUARD, LEVEL, Candidate, Requirement, weighted_sum

# How a must-have stands: met, not verified, failed.
VERDICTS = {True: 1, None: 0, False: -1}


class Case(Protocol):
    """What one set of answers weighs, by theme and by feature, and what it requires."""

    @property
    def points(self) -> Mapping[str, float]: ...

    @property
    def shares(self) -> Mapping[str, Mapping[str, float]]: ...

    @property
    def requirements(self) -> Sequence[Requirement]: ...


@dataclass(frozen=True, kw_only=True)
class FirstPlace:
    """The slugs of those that share it, in order, and their lead in points.

    Nobody does where nothing counts or nothing is left; who is alone leads by 100.
    """

    leaders: Sequence[str] = ()
    lead: float = 100.0


def first_places(
    candidates: Sequence[Candidate], cases: Sequence[Case]
) -> list[FirstPlace]:
    """Return the first place in each of ``cases``, as ``rank`` would give it."""
    if not (candidates and cases):
        return [FirstPlace() for _ in cases]
    by_name = sorted(candidates, key=lambda each: (each.name, each.slug))
    lows, coverage, scores = _sums(by_name, cases)
    tiers = _tiers(by_name, cases)
    # Rounded, so that the order of summation cannot decide a tie.
    keys = [-np.round(sums, 9) for sums in (lows, coverage, scores)]
    order = np.lexsort((*keys, -tiers), axis=0)
    return [
        _first_place(by_name, order[:, column], scores[:, column], tiers[:, column])
        if any(case.points.values())
        else FirstPlace()
        for column, case in enumerate(cases)
    ]


def _first_place(candidates, order, scores, tiers):
    left = order[tiers[order] >= 0]
    if not len(left):
        return FirstPlace()
    first, *others = left
    is_level = (scores[first] - scores < LEVEL - GUARD) & (tiers == tiers[first])
    return FirstPlace(
        leaders=[candidates[row].slug for row in left if is_level[row]],
        lead=float(scores[first] - scores[others[0]]) if others else 100.0,
    )


def _tiers(candidates, cases):
    """Return the worst verdict on what is required (candidate × case)."""

    @cache
    def verdicts(requirement):
        return [VERDICTS[each.verdict(requirement)] for each in candidates]

    tiers = np.ones((len(cases), len(candidates)), int)
    for row, case in zip(tiers, cases, strict=True):
        for requirement in case.requirements:
            np.minimum(row, verdicts(requirement), out=row)
    return tiers.T


def _sums(candidates, cases):
    """Return the lowest scores, the coverage and the scores (candidate × case).

    A theme has one value in all cases that split it in the same way.
    """
    splits: dict[tuple[tuple[str, float], ...], int] = {}
    cells = []
    for column, case in enumerate(cases):
        total = math.fsum(case.points.values())
        for theme, given in case.points.items():
            if given:
                row = splits.setdefault(tuple(case.shares[theme].items()), len(splits))
                cells.append((row, column, given / total))
    weights = np.zeros((len(splits), len(cases)))
    for row, column, weight in cells:
        weights[row, column] += weight
    features = dict.fromkeys(feature for split in splits for feature, _ in split)
    rows = {feature: row for row, feature in enumerate(features)}
    shares = np.zeros((len(rows), len(splits)))
    for split, column in splits.items():
        total = math.fsum(share for _, share in split)
        for feature, share in split:
            shares[rows[feature], column] = share / total
    bounds = np.array([[each.bounds_on(name) for name in rows] for each in candidates])
    low, high = np.moveaxis(bounds.reshape(len(candidates), len(rows), 2), 2, 0)
    return [
        scale * weighted_sum(weighted_sum(values, shares), weights)
        for scale, values in ((100, low), (1, low == high), (100, (low + high) / 2))
    ]
