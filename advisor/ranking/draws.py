"""Draws of weights and unknown facts, and the ranks that they lead to.

Arrays in, arrays out. The generator is passed in, so that who asks decides on
the stream of random numbers.
"""

from collections.abc import Sequence

import numpy as np
from numpy.random import RandomState

from advisor.ranking.order import (
    Array,
    Criterion,
    Standing,
    in_fixed_order,
    value_bounds,
    weighted_sum,
)

# Scores that differ by no more are level.
TIE = 1e-9


def draw_weights(
    random: RandomState,
    criteria: Sequence[Criterion],
    people: Sequence[Sequence[Criterion]],
    draws: int,
    spread: float,
) -> Array:
    """Return weights (criterion × draw), those around one person side by side."""
    row = {(c.theme, c.feature): number for number, c in enumerate(criteria)}
    weights = np.zeros((len(criteria), draws))
    chosen = random.randint(len(people), size=draws)
    stops = np.cumsum(np.bincount(chosen, minlength=len(people)))
    for person, start, stop in zip(people, [0, *stops], stops, strict=False):
        own = in_fixed_order(person)
        rows = [row[criterion.theme, criterion.feature] for criterion in own]
        weights[rows, start:stop] = _draw_around(random, own, stop - start, spread)
    return weights


def _draw_around(random, criteria, draws, spread):
    """Return weights (criterion × draw) from a Dirichlet over the themes."""
    names = sorted({criterion.theme for criterion in criteria})
    own = np.array([criterion.weight for criterion in criteria])
    if len(names) < 2:
        return np.tile(own[:, None], draws)
    theme_of = [names.index(criterion.theme) for criterion in criteria]
    themes = np.bincount(theme_of, weights=own)
    concentration = (len(names) - 1) / spread**2 - 1
    shapes = np.maximum(1, np.floor(concentration * themes + 0.5)).astype(int)
    # A Gamma of whole shape is minus the sum of logarithms of uniforms; its
    # stream is frozen with RandomState's, which a library's need not be.
    logs = -np.log(1.0 - random.random_sample((shapes.sum(), draws)))
    gammas = np.add.reduceat(logs, np.cumsum(shapes) - shapes)
    drawn = gammas / gammas.sum(axis=0)
    return drawn[theme_of] * (own / themes[theme_of])[:, None]


def draw_scores(
    random: RandomState,
    criteria: Sequence[Criterion],
    standings: Sequence[Standing],
    weights: Array,
) -> Array:
    """Return scores (framework × draw), 0 to 1, with unknown facts drawn."""
    lows, highs = value_bounds(criteria, [s.candidate for s in standings])
    features = np.array([criterion.feature for criterion in criteria])
    scores = weighted_sum(lows, weights)
    for row, width in enumerate(highs - lows):
        unknown = np.flatnonzero(width)
        # A fact that counts in two themes is one fact.
        facts, fact_of = np.unique(features[unknown], return_inverse=True)
        drawn = random.random_sample((len(facts), weights.shape[1]))[fact_of]
        scores[row] += weighted_sum(width[None, unknown], weights[unknown] * drawn)[0]
    return scores


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
