"""Draws of all that is uncertain in a ranking, and the ranks that they lead to.

Arrays in, arrays out. The generator is passed in, so that who asks decides on
the stream of random numbers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.random import RandomState

from advisor.ranking.order import Array, Candidate

# Scores that differ by no more are level.
TIE = 1e-9
# How far drawn weights spread around the visitor's; 0 would not vary them.
SPREAD = 0.30
# What a theme that was skipped may count, and how often.
SKIPPED_POINTS, SKIPPED_CHANCES = (0, 1, 2), (0.5, 0.3, 0.2)
# How often a finding on which sources disagree is one step off.
CONTESTED_SLIP = 0.30
# The least that lies between what two levels are worth.
STEP = 0.05


class Doubt(StrEnum):
    """What is uncertain."""

    PRIORITIES = "priorities"
    SKIPPED = "skipped"
    SCALE = "scale"
    FINDINGS = "findings"
    FACTS = "facts"


EVERY_DOUBT = frozenset(Doubt)


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """The levels of one kind of feature, the worst first.

    ``worths`` are what each is worth, 0 to 1, ``ranges`` what it could reasonably be
    worth, and ``slip`` is the chance that a finding is one step off.
    """

    worths: Sequence[float]
    ranges: Sequence[tuple[float, float]]
    slip: float


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """How far findings can be trusted: the ladder of each feature that has one.

    ``contested`` holds the findings on which sources disagree, as framework and
    feature.
    """

    ladders: Mapping[str, Ladder] = field(default_factory=dict)
    contested: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Person:
    """What one visitor said: points by theme, and the themes that were skipped.

    ``shares`` holds the features of each of these themes.
    """

    points: Mapping[str, float]
    shares: Mapping[str, Mapping[str, float]]
    skipped: Sequence[str] = ()

    @property
    def themes(self) -> list[str]:
        """The themes that may count, in a fixed order."""
        return sorted({*self.points, *self.skipped})


def draw_weights(
    random: RandomState,
    person: Person,
    draws: int,
    drawn: frozenset[Doubt] = EVERY_DOUBT,
    spread: float = SPREAD,
) -> Array:
    """Return weights (theme × draw) from a Dirichlet around those of ``person``."""
    points = np.array([[person.points.get(theme, 0)] for theme in person.themes], float)
    points = np.repeat(points, draws, axis=1)
    if Doubt.SKIPPED in drawn and person.skipped:
        rows = [person.themes.index(theme) for theme in person.skipped]
        chance = random.random_sample((len(rows), draws))
        points[rows] = np.choose(
            np.searchsorted(np.cumsum(SKIPPED_CHANCES[:-1]), chance), SKIPPED_POINTS
        )
    weights = points / points.sum(axis=0)
    several = np.count_nonzero(weights, axis=0) - 1
    if Doubt.PRIORITIES in drawn and several.any():
        concentration = np.maximum(several / spread**2 - 1, 1)
        gammas = random.standard_gamma(concentration * weights)
        weights = np.where(several, gammas / gammas.sum(axis=0), weights)
    return weights


def draw_values(
    random: RandomState,
    candidates: Iterable[Candidate],
    person: Person,
    evidence: Evidence,
    draws: int,
    drawn: frozenset[Doubt] = EVERY_DOUBT,
) -> Array:
    """Return the value of each theme (framework × theme × draw), 0 to 1.

    A fact that counts in two themes is one fact: it is drawn once.
    """
    parts = [
        (theme, feature, share / sum(person.shares[theme].values()))
        for theme in person.themes
        for feature, share in sorted(person.shares[theme].items())
    ]
    features = sorted({feature for _, feature, _ in parts})
    columns = [features.index(feature) for _, feature, _ in parts]
    shares = np.array([[share] for *_, share in parts])
    themes = [theme for theme, *_ in parts]
    starts = [themes.index(theme) for theme in person.themes]
    scale = _Scale.drawn_from(random, features, evidence, draws, Doubt.SCALE in drawn)
    return np.array(
        [
            np.add.reduceat(
                scale.values(random, candidate, drawn)[columns] * shares, starts
            )
            for candidate in candidates
        ]
    ).reshape(-1, len(person.themes), draws)


@dataclass(frozen=True, kw_only=True)
class _Scale:
    """What each level is worth in each draw.

    ``rungs`` (rung × draw) are the levels of all ladders, one ladder after another;
    ``first`` and ``last`` are the rungs at which that of a feature begins and ends.
    """

    features: Sequence[str]
    evidence: Evidence
    rungs: Array
    first: Mapping[str, int]
    last: Mapping[str, int]

    @classmethod
    def drawn_from(cls, random, features, evidence, draws, is_drawn):
        rungs, first, last, seen = [], {}, {}, {}
        for feature in features:
            ladder = evidence.ladders.get(feature)
            if ladder is None:
                continue
            if id(ladder) not in seen:
                seen[id(ladder)] = len(rungs)
                rungs += _draw_ladder(random, ladder, draws, is_drawn)
            first[feature] = seen[id(ladder)]
            last[feature] = first[feature] + len(ladder.worths) - 1
        return cls(
            features=features,
            evidence=evidence,
            rungs=np.array(rungs).reshape(-1, draws),
            first=first,
            last=last,
        )

    def values(self, random, candidate, drawn):
        """Return what each feature of ``candidate`` is worth (feature × draw)."""
        draws = self.rungs.shape[1]
        lows, highs = np.array([candidate.bounds_on(f) for f in self.features]).T
        rungs = np.array([self._rung(candidate, f) for f in self.features])
        known = np.flatnonzero(rungs >= 0)
        values = np.empty((len(self.features), draws))
        values[:] = ((lows + highs) / 2)[:, None]
        values[known] = self.rungs[rungs[known]]
        wide = np.flatnonzero(highs - lows)
        if Doubt.FACTS in drawn and len(wide):
            chance = random.random_sample((len(wide), draws))
            values[wide] = lows[wide, None] + (highs - lows)[wide, None] * chance
        if Doubt.FINDINGS in drawn and len(known):
            slips = [self._slip(candidate, self.features[int(row)]) for row in known]
            # Some draws are hit twice, so there are a few hits more.
            counts = np.floor(-np.log1p(np.negative(slips)) * draws + 0.5).astype(int)
            rows = np.repeat(known, counts)
            hits = random.randint(draws, size=len(rows))
            values[rows, hits] = self.rungs[
                self._one_step_off(random, rungs[rows], rows), hits
            ]
        return values

    def _rung(self, candidate, feature):
        """Return the rung of a known value; -1 where there is none."""
        low, high = candidate.bounds_on(feature)
        ladder = self.evidence.ladders.get(feature)
        if ladder is None or low != high or low not in ladder.worths:
            return -1
        return self.first[feature] + ladder.worths.index(low)

    def _slip(self, candidate, feature):
        if (candidate.slug, feature) in self.evidence.contested:
            return CONTESTED_SLIP
        return self.evidence.ladders[feature].slip

    def _one_step_off(self, random, rungs, rows):
        """Return the rungs beside: above or below, at an end the only other one."""
        first = np.array([self.first.get(f, 0) for f in self.features])[rows]
        last = np.array([self.last.get(f, 0) for f in self.features])[rows]
        step = 2 * random.randint(2, size=len(rungs)) - 1
        return rungs + np.where(rungs == first, 1, np.where(rungs == last, -1, step))


def _draw_ladder(random, ladder, draws, is_drawn):
    """Return what each level is worth in each draw, the worst first."""
    if not is_drawn:
        return [np.full(draws, worth) for worth in ladder.worths]
    chance = random.random_sample((len(ladder.ranges), draws))
    rungs = [
        low + (high - low) * own
        for (low, high), own in zip(ladder.ranges, chance, strict=True)
    ]
    for row in reversed(range(len(rungs) - 1)):
        rungs[row] = np.minimum(rungs[row], rungs[row + 1] - STEP)
    return rungs


def rank_shares(scores: Array) -> Array:
    """Return the share of draws per rank (framework × rank), ties split."""
    draws, count = scores.shape
    order = np.argsort(-scores, axis=1)
    gaps = -np.diff(np.take_along_axis(scores, order, axis=1), axis=1)
    has_tie = (gaps <= TIE).any(axis=1)
    cells = order[~has_tie] * count + np.arange(count)
    taken = np.bincount(cells.ravel(), minlength=count**2).reshape(count, count)
    return (taken + _split_ranks(scores[has_tie])) / draws


def _split_ranks(scores):
    """Return how often each rank is taken, where those that are level share it."""
    difference = scores[:, None, :] - scores[:, :, None]
    ahead = (difference > TIE).sum(axis=2)
    level = (np.abs(difference) <= TIE).sum(axis=2)
    ranks = np.arange(scores.shape[1])
    taken = (ranks >= ahead[:, :, None]) & (ranks < (ahead + level)[:, :, None])
    return (taken / level[:, :, None]).sum(axis=0)
