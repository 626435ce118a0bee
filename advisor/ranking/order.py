"""The ranking: an additive value model on fixed, published scales.

Weights come from the visitor's points, values from the level of each finding.
A framework's score is the weighted sum of its values; an unknown fact counts
as an interval and widens the score instead of vanishing. Must-haves give no
points: they sort frameworks into tiers. Nothing else touches the order, and a
framework's score does not depend on which others are listed.

Plain numbers in, plain dataclasses out: no request, no HTML, no database.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from operator import attrgetter

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
# The lowest and the highest possible value of a feature, each 0 to 1.
Bounds = tuple[float, float]

# A value that nothing is known about: anything between worst and best.
UNKNOWN = (0.0, 1.0)
# Shown scores round half up; the guard keeps 64.4999…9 from falling to 64.
GUARD = 1e-9
# Who is less than so many points behind is level: no answer is as exact as that.
LEVEL = 1.0
# Below this share of known weight a score is called too little known.
ENOUGH_KNOWN = 0.6


class Tier(StrEnum):
    """How a framework stands to the must-haves."""

    FITS = "fits"
    UNVERIFIED = "unverified"
    EXCLUDED = "excluded"


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One feature inside one theme. The weights of all criteria sum to 1."""

    feature: str
    theme: str
    weight: float


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """A must-have: the feature's value has to reach ``threshold`` (0 to 1)."""

    feature: str
    threshold: float

    def verdict(self, bounds: Bounds) -> bool | None:
        """Return True, False, or None where the value is not known well enough."""
        low, high = bounds
        if low >= self.threshold:
            return True
        return False if high < self.threshold else None


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A framework: its lowest and highest possible value per feature, 0 to 1.

    A feature that is missing from ``bounds`` is unknown. ``provided`` is what a
    must-have finds instead, where it cannot rely on what gives the value.
    """

    slug: str
    name: str
    bounds: Mapping[str, Bounds] = field(default_factory=dict)
    provided: Mapping[str, Bounds] = field(default_factory=dict)

    def bounds_on(self, feature: str) -> Bounds:
        return self.bounds.get(feature, UNKNOWN)

    def verdict(self, requirement: Requirement) -> bool | None:
        """Whether ``requirement`` is met: True, False, or None if not verified."""
        feature = requirement.feature
        return requirement.verdict(
            self.provided.get(feature) or self.bounds_on(feature)
        )


@dataclass(frozen=True, kw_only=True)
class Contribution:
    """What one criterion gives a framework. Points are on the scale 0 to 100."""

    criterion: Criterion
    low: float
    high: float

    @property
    def value(self) -> float:
        """The middle of what is possible; the value itself where it is known."""
        return (self.low + self.high) / 2

    @property
    def points(self) -> float:
        return 100 * self.criterion.weight * self.value

    @property
    def lost(self) -> float:
        """The points that a perfect framework would have on top."""
        return 100 * self.criterion.weight - self.points

    @property
    def spread(self) -> float:
        """The points that learning the fact could move: 0 where it is known."""
        return 100 * self.criterion.weight * (self.high - self.low)

    @property
    def is_known(self) -> bool:
        return self.low == self.high


@dataclass(kw_only=True)
class Standing:
    """One framework's place, with everything that put it there.

    ``score`` is the weighted sum before rounding, ``low`` and ``high`` what it
    can become once all is known, each 0 to 100. ``coverage`` is the share of
    the weight that rests on known facts, 0 to 1.
    """

    candidate: Candidate
    criteria: Sequence[Criterion]
    score: float
    low: float
    high: float
    coverage: float
    failed: Sequence[Requirement] = ()
    unverified: Sequence[Requirement] = ()
    rank: int = 0

    @cached_property
    def contributions(self) -> list[Contribution]:
        """What each criterion gives, in the order of the criteria."""
        return [
            Contribution(criterion=criterion, low=low, high=high)
            for criterion in self.criteria
            for low, high in [self.candidate.bounds_on(criterion.feature)]
        ]

    @property
    def shown_score(self) -> int:
        return shown(self.score)

    @property
    def tier(self) -> Tier:
        if self.failed:
            return Tier.EXCLUDED
        return Tier.UNVERIFIED if self.unverified else Tier.FITS

    @property
    def is_too_little_known(self) -> bool:
        return self.coverage < ENOUGH_KNOWN - GUARD

    def by_theme(self) -> dict[str, float]:
        """Return the points per theme, in the order of the criteria."""
        points: dict[str, float] = {}
        for part in self.contributions:
            theme = part.criterion.theme
            points[theme] = points.get(theme, 0.0) + part.points
        return points


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """The frameworks in order, and those that a must-have excludes."""

    standings: Sequence[Standing]
    excluded: Sequence[Standing]

    @property
    def leaders(self) -> list[Standing]:
        """Those that share the first place."""
        return [standing for standing in self.standings if standing.rank == 1]

    def possible_winners(self) -> list[Standing]:
        """Return those that could be first once all is known, must-haves too."""
        fits = [standing for standing in self.standings if standing.tier == Tier.FITS]
        floor = max((standing.low for standing in fits), default=0)
        return [s for s in self.standings if s.high > floor - LEVEL + GUARD]

    def necessary_winner(self) -> Standing | None:
        """Return the one that is first whatever the unknowns are, or None."""
        for standing in self.standings:
            others = [other for other in self.standings if other is not standing]
            if standing.tier == Tier.FITS and all(
                necessarily_beats(standing, other) for other in others
            ):
                return standing
        return None


def weigh(
    points: Mapping[str, float], shares: Mapping[str, Mapping[str, float]]
) -> list[Criterion]:
    """Return the criteria for the visitor's ``points`` per theme.

    ``shares`` holds, per theme, the editors' share of each feature. Themes
    without points do not count. No points at all make no criteria.
    """
    total = math.fsum(points.values())
    return [
        Criterion(
            feature=feature,
            theme=theme,
            weight=theme_points / total * share / math.fsum(shares[theme].values()),
        )
        for theme, theme_points in points.items()
        if theme_points > 0
        for feature, share in shares[theme].items()
    ]


def rank(
    criteria: Sequence[Criterion],
    candidates: Iterable[Candidate],
    requirements: Sequence[Requirement] = (),
) -> Ranking:
    """Return the ranking of ``candidates``.

    Frameworks that meet every must-have stand before those of which one is not
    verified; one that fails is excluded. Those that are ``LEVEL`` with the first of
    a place share it, in the order of their exact scores; of equal ones the better
    known, then the one with the higher floor, then the name comes first.
    """
    candidates = list(candidates)
    numbers = [column[:, 0].tolist() for column in sums([criteria], candidates)]
    standings = [
        Standing(
            candidate=candidate,
            criteria=criteria,
            score=score,
            low=low,
            high=high,
            coverage=coverage,
            failed=[r for r in requirements if candidate.verdict(r) is False],
            unverified=[r for r in requirements if candidate.verdict(r) is None],
        )
        for candidate, score, low, high, coverage in zip(
            candidates, *numbers, strict=True
        )
    ]
    ranked = sorted(
        (standing for standing in standings if standing.tier != Tier.EXCLUDED),
        key=_order,
    )
    first = None
    for place, standing in enumerate(ranked, start=1):
        if first is None or not is_level(first, standing):
            first = standing
            first.rank = place
        standing.rank = first.rank
    excluded = sorted(
        (standing for standing in standings if standing.tier == Tier.EXCLUDED),
        key=lambda standing: (len(standing.failed), _order(standing)),
    )
    return Ranking(standings=ranked, excluded=excluded)


def sums(
    cases: Sequence[Sequence[Criterion]], candidates: Sequence[Candidate]
) -> tuple[Array, Array, Array, Array]:
    """Return score, lowest score, highest score and coverage (candidate × case)."""
    features = sorted({criterion.feature for case in cases for criterion in case})
    rows = {feature: row for row, feature in enumerate(features)}
    weights = np.zeros((len(features), len(cases)))
    for column, case in enumerate(cases):
        # What counts in several themes is added in a fixed order.
        for criterion in sorted(case, key=attrgetter("theme")):
            weights[rows[criterion.feature], column] += criterion.weight
    bounds = [[each.bounds_on(name) for name in features] for each in candidates]
    shape = len(candidates), len(features), 2
    low, high = np.moveaxis(np.array(bounds, float).reshape(shape), 2, 0)
    return (
        100 * weighted_sum((low + high) / 2, weights),
        100 * weighted_sum(low, weights),
        100 * weighted_sum(high, weights),
        weighted_sum(low == high, weights),
    )


def shown(score: float) -> int:
    """Return ``score`` as pages show it: a whole number, rounded half up."""
    return math.floor(score + 0.5 + GUARD)


def is_level(ahead: Standing, behind: Standing) -> bool:
    """Whether the one ``behind`` shares the place of the one ``ahead``."""
    near = ahead.score - behind.score < LEVEL - GUARD
    return near and ahead.tier == behind.tier


def necessarily_beats(one: Standing, other: Standing) -> bool:
    """Whether ``one`` is ahead of ``other`` whatever the unknown facts are."""
    return one.low - other.high >= LEVEL - GUARD


def weighted_sum(values: ArrayLike, weights: ArrayLike) -> Array:
    """Return the sum of ``values`` times ``weights`` over the criteria.

    ``values`` is framework × criterion; ``weights`` has one row per criterion and
    may have a column per draw. All scores come from here. Over contiguous arrays
    ``einsum`` adds the terms of each row in one order whatever other rows there
    are, which the matrix product of a linear algebra library does not promise.
    """
    values, weights = np.ascontiguousarray(values), np.ascontiguousarray(weights)
    return np.einsum("ij,j...->i...", values, weights)


def _order(standing):
    return (
        standing.tier != Tier.FITS,
        # Rounded, so that the order of summation cannot decide a tie.
        -round(standing.score, 9),
        -round(standing.coverage, 9),
        -round(standing.low, 9),
        standing.candidate.name,
        standing.candidate.slug,
    )
