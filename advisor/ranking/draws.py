"""Draws of all that is uncertain in a ranking, and the ranks that they lead to.

Arrays in, arrays out. The generator is passed in, so that who asks decides on
the stream of random numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

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
# These vary what counts; the others vary what is known.
OF_WEIGHTS = frozenset({Doubt.PRIORITIES, Doubt.SKIPPED})


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


def given_points(person: Person) -> Array:
    """Return the points of each theme of ``person`` (theme × 1), 0 where skipped."""
    return np.array([[person.points.get(theme, 0)] for theme in person.themes], float)


def draw_weights(
    random: RandomState,
    person: Person,
    draws: int,
    drawn: frozenset[Doubt] = EVERY_DOUBT,
    spread: float = SPREAD,
) -> Array:
    """Return weights (theme × draw) from a Dirichlet around those of ``person``."""
    if drawn and drawn.isdisjoint(OF_WEIGHTS):
        # One draw stands for all.
        draws = 1
    points = np.repeat(given_points(person), draws, axis=1)
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


class Facts:
    """What is known of some candidates on the themes of one person, to be drawn from.

    Features stand in the order of the themes in which they count first. ``rungs``
    (candidate × feature) are the places of known levels among those of all ladders,
    one ladder after another; -1 where a value is on none.
    """

    def __init__(
        self, candidates: Sequence[Candidate], person: Person, evidence: Evidence
    ):
        parts = [
            (theme, feature, share / sum(person.shares[theme].values()))
            for theme in person.themes
            for feature, share in sorted(person.shares[theme].items())
        ]
        features = list(dict.fromkeys(feature for _, feature, _ in parts))
        themes = [theme for theme, *_ in parts]
        starts = [themes.index(theme) for theme in person.themes]
        # Where each theme begins and ends among the parts.
        self.themes = list(pairwise([*starts, len(parts)]))
        self.columns = np.array([features.index(feature) for _, feature, _ in parts])
        # Whether a feature counts in two themes.
        self.is_doubled = len(parts) > len(features)
        self.shares = np.array([share for *_, share in parts])
        bounds = np.array(
            [[each.bounds_on(f) for f in features] for each in candidates]
        )
        self.low, self.high = np.moveaxis(bounds, 2, 0)
        # Random numbers are handed out in the order of slugs.
        self.by_slug = np.argsort(features)
        by_ladder: dict[int, list[int]] = {}
        for column in self.by_slug:
            if ladder := evidence.ladders.get(features[column]):
                by_ladder.setdefault(id(ladder), []).append(column)
        self.ladders = [
            evidence.ladders[features[first]] for first, *_ in by_ladder.values()
        ]
        self.first, self.last = np.zeros((2, len(features)), int)
        self.rungs = np.full(self.low.shape, -1)
        self.slips = np.zeros(self.low.shape)
        begin = 0
        for ladder, own in zip(self.ladders, by_ladder.values(), strict=True):
            worths = np.array(ladder.worths)
            is_on = (self.low[:, own, None] == worths) & (
                self.high[:, own, None] == worths
            )
            self.rungs[:, own] = np.where(
                is_on.any(axis=2), begin + is_on.argmax(axis=2), -1
            )
            self.slips[:, own] = ladder.slip
            self.first[own] = begin
            begin += len(worths)
            self.last[own] = begin - 1
        rows = {each.slug: row for row, each in enumerate(candidates)}
        places = {
            features[column]: column for own in by_ladder.values() for column in own
        }
        for slug, feature in evidence.contested:
            if slug in rows and feature in places:
                self.slips[rows[slug], places[feature]] = CONTESTED_SLIP

    def draw(
        self, random: RandomState, draws: int, drawn: frozenset[Doubt] = EVERY_DOUBT
    ) -> Array:
        """Return the value of each theme (candidate × theme × draw), 0 to 1.

        A fact that counts in two themes is one fact: it is drawn once. Where nothing
        ``drawn`` changes a value, one draw stands for all.
        """
        if drawn <= OF_WEIGHTS:
            return self.middle[..., None]
        scale = self._draw_scale(random, draws, Doubt.SCALE in drawn)
        values = np.empty((len(self.low), len(self.themes), draws))
        # One piece of memory for all rows: to get another takes as long as to fill it.
        facts = np.empty((self.low.shape[1], draws))
        for row, own in enumerate(values):
            self._draw_row(random, row, scale, drawn, facts)
            parts = facts[self.columns] if self.is_doubled else facts
            for theme, (begin, end) in zip(own, self.themes, strict=True):
                # A product of matrices would begin threads that wait for each other.
                np.einsum(
                    "p,pd->d", self.shares[begin:end], parts[begin:end], out=theme
                )
        return values

    @cached_property
    def middle(self) -> Array:
        """The value of each theme (candidate × theme), where nothing is drawn."""
        parts = (self.low + self.high)[:, self.columns] / 2 * self.shares
        return np.add.reduceat(parts, [begin for begin, _ in self.themes], axis=1)

    def _draw_scale(self, random, draws, is_drawn):
        """Return what each rung is worth in each draw, and 0 for no rung."""
        rungs = [
            rung
            for ladder in self.ladders
            for rung in _draw_ladder(random, ladder, draws, is_drawn)
        ]
        return np.array([*rungs, np.zeros(draws)])

    def _draw_row(self, random, row, scale, drawn, values):
        """Fill ``values`` with what each feature of one candidate is worth."""
        low, high, rungs = self.low[row], self.high[row], self.rungs[row]
        draws = scale.shape[1]
        np.take(scale, rungs, axis=0, mode="wrap", out=values)
        others = np.flatnonzero(rungs < 0)
        values[others] = ((low + high) / 2)[others, None]
        wide = self.by_slug[(low < high)[self.by_slug]]
        if Doubt.FACTS in drawn and len(wide):
            chance = random.random_sample((len(wide), draws))
            values[wide] = low[wide, None] + (high - low)[wide, None] * chance
        known = self.by_slug[(rungs >= 0)[self.by_slug]]
        if Doubt.FINDINGS in drawn and len(known):
            # Some draws are hit twice, so there are a few hits more.
            expected = -np.log1p(-self.slips[row, known]) * draws
            columns = np.repeat(known, np.floor(expected + 0.5).astype(int))
            hits = random.randint(draws, size=len(columns))
            beside = self._one_step_off(random, rungs[columns], columns)
            values[columns, hits] = scale[beside, hits]

    def _one_step_off(self, random, rungs, columns):
        """Return the rungs beside: above or below, at an end the only other one."""
        step = 2 * random.randint(2, size=len(rungs)) - 1
        step[rungs == self.last[columns]] = -1
        step[rungs == self.first[columns]] = 1
        return rungs + step


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


def first_shares(scores: Array) -> Array:
    """Return the share of draws that each row of ``scores`` comes first, ties split."""
    is_first = scores >= scores.max(axis=0) - TIE
    return (is_first / is_first.sum(axis=0)).mean(axis=1)


def _split_ranks(scores):
    """Return how often each rank is taken, where those that are level share it."""
    difference = scores[:, None, :] - scores[:, :, None]
    ahead = (difference > TIE).sum(axis=2)
    level = (np.abs(difference) <= TIE).sum(axis=2)
    ranks = np.arange(scores.shape[1])
    taken = (ranks >= ahead[:, :, None]) & (ranks < (ahead + level)[:, :, None])
    return (taken / level[:, :, None]).sum(axis=0)
