"""How sure the order is, and what would change it.

Stochastic multicriteria acceptability analysis (SMAA) draws weights around the
visitor's and values of unknown facts within their bounds, and counts how often
each framework comes first. The flips have a closed form, because the model is
additive. Plain numbers in, plain dataclasses out.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from .ranking import Candidate, Criterion, Standing, Tier

DRAWS = 2000
SEED = 20261120
# How far drawn weights spread around the visitor's; 0 would not vary them.
SPREAD = 0.30
CLEAR, LIKELY, COVERED = 0.80, 0.50, 0.90
TIE = 1e-9


class Certainty(StrEnum):
    """How sure the first place is."""

    CLEAR = "clear"
    LIKELY = "likely"
    CLOSE_CALL = "close_call"


@dataclass(frozen=True, kw_only=True)
class Acceptability:
    """How often each framework takes each rank, by slug.

    ``rank_shares[slug][r]`` is the share of draws in which it has rank r + 1;
    draws that end in a tie are split. Each row sums to 1.
    """

    rank_shares: Mapping[str, Sequence[float]]

    def first_share(self, slug):
        return self.rank_shares[slug][0]

    def certainty(self, leader):
        """Return how sure the first place of ``leader`` is."""
        share = self.first_share(leader)
        if share >= CLEAR:
            return Certainty.CLEAR
        return Certainty.LIKELY if share >= LIKELY else Certainty.CLOSE_CALL

    def leaders(self):
        """Return the smallest set that comes first in nine draws of ten."""
        by_share = sorted(
            self.rank_shares, key=lambda slug: (-self.first_share(slug), slug)
        )
        leaders, covered = [], 0.0
        for slug in by_share:
            leaders.append(slug)
            covered += self.first_share(slug)
            if covered >= COVERED - TIE:
                break
        return leaders


def acceptability(
    standings: Sequence[Standing], *, draws=DRAWS, spread=SPREAD
) -> Acceptability:
    """Return how often each of ``standings`` takes each rank.

    All standings share their criteria. The stream of random numbers is fixed,
    and consumed in the order of slugs, so that the order of rows changes nothing.
    """
    if not standings:
        return Acceptability(rank_shares={})
    ordered = sorted(standings, key=lambda standing: standing.candidate.slug)
    random = np.random.RandomState(SEED)
    criteria = [part.criterion for part in ordered[0].contributions]
    themes = sorted({criterion.theme for criterion in criteria})
    weights = _draw_weights(random, criteria, themes, draws, spread)
    values = _draw_values(random, ordered, themes, draws)
    scores = np.einsum("dk,dik->di", weights, values)
    # One that is not verified never passes one that fits.
    scores -= np.array([standing.tier != Tier.FITS for standing in ordered]) * 10.0
    shares = _rank_shares(scores)
    return Acceptability(
        rank_shares={
            standing.candidate.slug: row.tolist()
            for standing, row in zip(ordered, shares, strict=True)
        }
    )


def _theme_weights(criteria: Sequence[Criterion], themes):
    weights = dict.fromkeys(themes, 0.0)
    for criterion in criteria:
        weights[criterion.theme] += criterion.weight
    return np.array([weights[theme] for theme in themes])


def _draw_weights(random, criteria, themes, draws, spread):
    """Return weights (draw × theme) from a Dirichlet around the visitor's."""
    weights = _theme_weights(criteria, themes)
    if len(themes) < 2:
        return np.tile(weights, (draws, 1))
    concentration = (len(themes) - 1) / spread**2 - 1
    gammas = np.empty((draws, len(themes)))
    for column, weight in enumerate(weights):
        # A Gamma of whole shape is minus the sum of logarithms of uniforms; its
        # stream is frozen with RandomState's, which a library's need not be.
        shape = max(1, math.floor(concentration * weight + 0.5))
        uniforms = 1.0 - random.random_sample((draws, shape))
        gammas[:, column] = -np.log(uniforms).sum(axis=1)
    return gammas / gammas.sum(axis=1, keepdims=True)


def _draw_values(random, standings, themes, draws):
    """Return theme values (draw × framework × theme), unknown facts drawn."""
    column = {theme: number for number, theme in enumerate(themes)}
    values = np.zeros((draws, len(standings), len(themes)))
    for row, standing in enumerate(standings):
        totals = dict.fromkeys(themes, 0.0)
        for part in standing.contributions:
            totals[part.criterion.theme] += part.criterion.weight
        drawn = {}
        for part in sorted(
            standing.contributions,
            key=lambda part: (part.criterion.theme, part.criterion.feature),
        ):
            criterion = part.criterion
            share = criterion.weight / totals[criterion.theme]
            value = part.low
            if not part.is_known:
                # A fact that counts in two themes is one fact.
                if criterion.feature not in drawn:
                    drawn[criterion.feature] = random.random_sample(draws)
                value = part.low + (part.high - part.low) * drawn[criterion.feature]
            values[:, row, column[criterion.theme]] += share * value
    return values


def _rank_shares(scores):
    """Return the share of draws per rank (framework × rank), ties split."""
    draws, count = scores.shape
    difference = scores[:, None, :] - scores[:, :, None]
    ahead = (difference > TIE).sum(axis=2)
    level = (np.abs(difference) <= TIE).sum(axis=2)
    ranks = np.arange(count)
    taken = (ranks >= ahead[:, :, None]) & (ranks < (ahead + level)[:, :, None])
    return (taken / level[:, :, None]).sum(axis=0) / draws


# What would change it


@dataclass(frozen=True, kw_only=True)
class ThemeFlip:
    """Points at which a challenger draws level, all other points unchanged."""

    theme: str
    before: float
    after: float


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """The smallest move of weight, from some themes to one, that draws level."""

    taken: Mapping[str, float]
    to: str

    @property
    def amount(self):
        """The moved share of all weight, 0 to 1."""
        return math.fsum(self.taken.values())


@dataclass(frozen=True, kw_only=True)
class FactFlip:
    """The value of one feature at which a challenger draws level."""

    feature: str
    before: float
    after: float


@dataclass(frozen=True, kw_only=True)
class Flips:
    """What would let a challenger draw level with the leader."""

    themes: Sequence[ThemeFlip]
    transfer: Transfer | None
    facts: Sequence[FactFlip]

    @property
    def is_dominated(self):
        """Whether no priorities at all would let the challenger overtake."""
        return self.transfer is None


def flips(
    leader: Candidate,
    challenger: Candidate,
    points: Mapping[str, float],
    shares: Mapping[str, Mapping[str, float]],
) -> Flips:
    """Return what would let ``challenger`` draw level with ``leader``.

    ``points`` names every theme that could be weighed, those without points
    included; ``shares`` the features of each. Follows the closed forms of an
    additive model: the difference of two scores is linear in each theme's points.
    """
    lead = {
        theme: _theme_value(leader, shares[theme])
        - _theme_value(challenger, shares[theme])
        for theme in points
    }
    total = math.fsum(points.values())
    margin = math.fsum(points[theme] * lead[theme] for theme in points)
    return Flips(
        themes=[
            ThemeFlip(theme=theme, before=points[theme], after=after)
            for theme in points
            if abs(lead[theme]) > TIE
            for after in [points[theme] - margin / lead[theme]]
            if after >= 0
        ],
        transfer=_transfer(lead, points, total, margin / total),
        facts=_fact_flips(challenger, points, shares, margin / total),
    )


def _middle(candidate, feature):
    return sum(candidate.bounds_on(feature)) / 2


def _theme_value(candidate, features):
    total = math.fsum(features.values())
    return math.fsum(
        share / total * _middle(candidate, feature)
        for feature, share in features.items()
    )


def _transfer(lead, points, total, margin):
    """Return the smallest transfer: taking first where the leader leads most."""
    to = min(lead, key=lambda theme: (lead[theme], theme))
    if lead[to] >= -TIE:
        return None
    taken = {}
    for theme in sorted(lead, key=lambda theme: (-lead[theme], theme)):
        if margin <= TIE or theme == to or lead[theme] <= lead[to]:
            break
        gain = lead[theme] - lead[to]
        amount = min(margin / gain, points[theme] / total)
        if amount > 0:
            taken[theme] = amount
            margin -= amount * gain
    return Transfer(taken=taken, to=to)


def _fact_flips(challenger, points, shares, margin):
    weights = {}
    total = math.fsum(points.values())
    for theme, features in shares.items():
        whole = math.fsum(features.values())
        for feature, share in features.items():
            weights[feature] = (
                weights.get(feature, 0.0) + points.get(theme, 0) / total * share / whole
            )
    return [
        FactFlip(feature=feature, before=before, after=after)
        for feature, weight in weights.items()
        if weight > 0
        for before in [_middle(challenger, feature)]
        for after in [before + margin / weight]
        if after <= 1 + TIE
    ]
