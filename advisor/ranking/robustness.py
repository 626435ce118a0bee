"""How sure the order is.

Stochastic multicriteria acceptability analysis (SMAA) draws weights around the
visitor's and values of unknown facts within their bounds, and counts how often
each framework comes first. Plain numbers in, plain dataclasses out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from advisor.ranking.draws import TIE, draw_scores, draw_weights, rank_shares
from advisor.ranking.order import Criterion, Standing, Tier, in_fixed_order

DRAWS = 2000
SEED = 20261120
# How far drawn weights spread around the visitor's; 0 would not vary them.
SPREAD = 0.30
CLEAR, LIKELY, COVERED = 0.80, 0.50, 0.90


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

    def first_share(self, slug: str) -> float:
        return self.rank_shares[slug][0]

    def certainty(self, leader: str) -> Certainty:
        """Return how sure the first place of ``leader`` is."""
        share = self.first_share(leader)
        if share >= CLEAR - TIE:
            return Certainty.CLEAR
        return Certainty.LIKELY if share >= LIKELY - TIE else Certainty.CLOSE_CALL

    def leaders(self) -> list[str]:
        """Return the smallest set that comes first in nine draws of ten.

        Whoever comes first as often as the last of them belongs to it as well:
        the alphabet decides the order inside the set, never who is in it.
        """
        by_share = sorted(
            self.rank_shares, key=lambda slug: (-self.first_share(slug), slug)
        )
        leaders, covered, last = [], 0.0, 0.0
        for slug in by_share:
            share = self.first_share(slug)
            if covered >= COVERED - TIE and share < last - TIE:
                break
            leaders.append(slug)
            covered += share
            last = share
        return leaders


def acceptability(
    standings: Sequence[Standing],
    people: Sequence[Sequence[Criterion]] = (),
    *,
    draws: int = DRAWS,
    spread: float = SPREAD,
) -> Acceptability:
    """Return how often each of ``standings`` takes each rank.

    All standings share their criteria. ``people`` holds the criteria of each
    member of a group, which those of the standings include: each draw takes a
    person first, then weights around theirs. The stream of random numbers is
    fixed, and consumed in the order of slugs, so that the order of rows changes
    nothing.
    """
    if not standings:
        return Acceptability(rank_shares={})
    ordered = sorted(standings, key=lambda standing: standing.candidate.slug)
    criteria = in_fixed_order(ordered[0].criteria)
    random = np.random.RandomState(SEED)
    weights = draw_weights(random, criteria, people or [criteria], draws, spread)
    scores = draw_scores(random, criteria, ordered, weights)
    # One that is not verified never passes one that fits.
    scores[[standing.tier != Tier.FITS for standing in ordered]] -= 10.0
    return Acceptability(
        rank_shares={
            standing.candidate.slug: row.tolist()
            for standing, row in zip(ordered, rank_shares(scores.T), strict=True)
        }
    )
