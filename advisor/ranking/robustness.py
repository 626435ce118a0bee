"""How sure the order is, what makes it doubtful, and which question to ask next.

Stochastic multicriteria acceptability analysis (SMAA) draws all that is uncertain
and counts how often each framework comes first. Varying values, weights and facts
together follows the robustness check of Entscheidungsnavi (Mathematics 2024, 12(11)
1746). Plain numbers in, plain dataclasses out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from operator import mul

import numpy as np

from advisor.ranking.draws import (
    EVERY_DOUBT,
    SPREAD,
    TIE,
    Doubt,
    Evidence,
    Facts,
    Person,
    draw_weights,
    first_shares,
    given_points,
    rank_shares,
)
from advisor.ranking.order import GUARD, LEVEL, Ranking, Standing, Tier, weighted_sum

DRAWS, FEWER_DRAWS = 2000, 400
SEED = 20261120
CLEAR, LIKELY, COVERED = 0.82, 0.50, 0.90
# From here on further answers hardly change the first place.
ENOUGH_SETTLED = 0.84
# How visitors answer a question on a priority, before anything is known of them.
STEP_CHANCES = {0: 0.15, 1: 0.25, 2: 0.35, 4: 0.25}


class Certainty(StrEnum):
    """How sure the first place is."""

    TIE = "tie"
    CLEAR = "clear"
    LIKELY = "likely"
    CLOSE_CALL = "close_call"


@dataclass(frozen=True, kw_only=True)
class Acceptability:
    """How often each framework takes each rank, by slug.

    ``rank_shares[slug][r]`` is the share of draws in which it has rank r + 1;
    draws that end in a tie are split. Each row sums to 1.
    """

    rank_shares: Mapping[str, Sequence[float]] = field(default_factory=dict)

    def first_share(self, slug: str) -> float:
        return self.rank_shares[slug][0]

    def leaders(self) -> list[str]:
        """Return the smallest set that comes first in nine draws of ten.

        Whoever comes first as often as the last of them belongs to it as well:
        the alphabet decides the order inside the set, never who is in it.
        """
        by_share = sorted(
            self.rank_shares, key=lambda slug: (-self.first_share(slug), slug)
        )
        leaders: list[str] = []
        covered, last = 0.0, 0.0
        for slug in by_share:
            share = self.first_share(slug)
            if covered >= COVERED - TIE and share < last - TIE:
                break
            leaders.append(slug)
            covered += share
            last = share
        return leaders


def certainty(
    ranking: Ranking, acceptability: Acceptability, themes: int
) -> Certainty | None:
    """Return how sure the first place is of those who weighed so many ``themes``.

    Those that are level are no winner, however often the draws prefer one of them,
    and one theme alone says too little to be clear. None where there is no choice.
    """
    if len(ranking.standings) < 2:
        return None
    if len(ranking.leaders) > 1:
        return Certainty.TIE
    share = acceptability.first_share(ranking.leaders[0].candidate.slug)
    if share >= CLEAR - TIE and themes > 1:
        return Certainty.CLEAR
    return Certainty.LIKELY if share >= LIKELY - TIE else Certainty.CLOSE_CALL


@dataclass(frozen=True, kw_only=True)
class Settled:
    """How far the answers settle the first place, whatever else might be answered.

    ``share`` is that of the answers to all skipped themes for which the likeliest
    framework comes first; ``gains`` what it would be, on average, with each theme
    answered, the most telling theme first.
    """

    share: float = 1.0
    gains: Mapping[str, float] = field(default_factory=dict)

    @property
    def next_theme(self) -> str | None:
        """The theme to ask about next; None once further answers hardly matter."""
        return next(iter(self.gains), None) if self.share < ENOUGH_SETTLED else None


class Draws:
    """Draws of all that is uncertain about the order of ``standings``.

    Each draw takes one of the ``people`` who said what matters, then weights around
    theirs, values by the ``evidence``, and unknown facts. The stream of random numbers
    is fixed, and consumed in the order of slugs, so that the order of rows changes
    nothing.
    """

    def __init__(
        self,
        standings: Sequence[Standing],
        people: Sequence[Person],
        evidence: Evidence | None = None,
    ):
        self.ordered = sorted(standings, key=lambda each: each.candidate.slug)
        candidates = [standing.candidate for standing in self.ordered]
        self.known = [
            (person, Facts(candidates, person, evidence or Evidence()))
            for person in people
            if person.points and candidates
        ]
        self.first = self.ordered.index(standings[0]) if standings else None
        self.is_behind = [standing.tier != Tier.FITS for standing in self.ordered]

    def acceptability(
        self,
        draws: int = DRAWS,
        *,
        spread: float = SPREAD,
        drawn: frozenset[Doubt] = EVERY_DOUBT,
    ) -> Acceptability:
        """Return how often each takes each rank; only what is ``drawn`` varies."""
        if not self.ordered:
            return Acceptability()
        shares = rank_shares(self._scores(draws, drawn, spread).T)
        return Acceptability(
            rank_shares={
                standing.candidate.slug: row.tolist()
                for standing, row in zip(self.ordered, shares, strict=True)
            }
        )

    def doubts(self) -> dict[Doubt, float]:
        """Return how often each doubt alone takes the first place from the first.

        Empty where nobody is first, as nothing is left or nothing said.
        """
        if not self.known:
            return {}
        return {
            doubt: 1 - float(first_shares(scores)[self.first])
            for doubt in Doubt
            for scores in [self._scores(FEWER_DRAWS, frozenset({doubt}))]
        }

    def settled(self) -> Settled:
        """Return how far the answers of one person settle the first place.

        The skipped themes are drawn as visitors answer them (``STEP_CHANCES``); all
        else stays as it is. A question that upsets the order without settling it gains
        little.
        """
        if not (self.known and self.known[0][0].skipped):
            return Settled()
        [(person, facts)] = self.known
        random = np.random.RandomState(SEED)
        # Framework × theme.
        values = facts.draw(random, 1, frozenset())[..., 0]
        steps, chances = np.array(list(STEP_CHANCES)), list(STEP_CHANCES.values())
        points = np.repeat(given_points(person), FEWER_DRAWS, axis=1)
        rows = {theme: person.themes.index(theme) for theme in person.skipped}
        points[list(rows.values())] = random.choice(
            steps, size=(len(rows), FEWER_DRAWS), p=chances
        )
        is_behind = np.array(self.is_behind)[:, None, None]
        sums, totals = weighted_sum(values, points), points.sum(axis=0)

        def first_shares(row, answered):
            """Return how often each framework is first (framework × answer)."""
            more = answered - points[row]
            earned = sums[:, None] + values[:, row, None, None] * more
            # One that is not verified never passes one that fits.
            scores = 100 * earned / (totals + more) - 1000 * is_behind
            return (scores > scores.max(axis=0) - LEVEL + GUARD).mean(axis=2)

        gains = {}
        for theme, row in rows.items():
            surest = first_shares(row, steps[:, None]).max(axis=0)
            gains[theme] = float(sum(map(mul, chances, surest)))
        in_order = sorted(gains.items(), key=lambda gain: (-round(gain[1], 9), gain[0]))
        share = first_shares(0, points[0])[self.first, 0]
        return Settled(share=float(share), gains=dict(in_order))

    def _scores(self, draws, drawn, spread=SPREAD):
        """Return the score of each of those ``ordered`` (framework × draw)."""
        random = np.random.RandomState(SEED)
        scores = np.zeros((len(self.ordered), 1))
        if self.known:
            chosen = np.bincount(random.randint(len(self.known), size=draws))
            parts = [
                np.einsum(
                    "td,ctd->cd",
                    # In the order in which they use the random numbers.
                    draw_weights(random, person, own, drawn, spread),
                    facts.draw(random, own, drawn),
                )
                for (person, facts), own in zip(self.known, chosen, strict=False)
                if own
            ]
            scores = np.hstack(parts)
        # One that is not verified never passes one that fits.
        scores[self.is_behind] -= 10.0
        return scores
