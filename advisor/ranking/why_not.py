"""Why a framework does not come first. Plain numbers in, a dataclass out."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from advisor.ranking.draws import TIE
from advisor.ranking.order import Ranking, Requirement, Standing, Tier


@dataclass(frozen=True, kw_only=True)
class WhyNot:
    """What keeps ``framework`` from the first place, the plainest reason first.

    ``failed`` are the must-haves that exclude it, ``unverified`` those that put
    it behind a leader which meets them all. ``losses`` are points of 100 by theme,
    the themes where it loses most against ``leader``, until they cover the points
    that it wins elsewhere: ``gains``. They are empty where it is not behind.
    Without a leader, as nothing is left, there is nothing to compare with.
    """

    framework: str
    failed: Sequence[Requirement]
    unverified: Sequence[Requirement] = ()
    leader: str | None = None
    losses: Mapping[str, float] = field(default_factory=dict)
    gains: float = 0.0


def why_not(ranking: Ranking, standing: Standing) -> WhyNot | None:
    """Return why a ``standing`` of the ranking does not come first; None if it does."""
    if standing.rank == 1:
        return None
    framework, failed = standing.candidate.slug, standing.failed
    if not ranking.standings:
        return WhyNot(framework=framework, failed=failed)
    leader = ranking.standings[0]
    losses, gains = _losses(leader, standing)
    return WhyNot(
        framework=framework,
        failed=failed,
        unverified=standing.unverified if leader.tier == Tier.FITS else (),
        leader=leader.candidate.slug,
        losses=losses,
        gains=gains,
    )


def _losses(leader, standing):
    """Return the decisive losses by theme, and the points won in all others."""
    own = standing.by_theme()
    leads = {
        theme: points - own[theme]
        for theme, points in leader.by_theme().items()
        if abs(points - own[theme]) > TIE
    }
    gains = math.fsum(-lead for lead in leads.values() if lead < 0)
    losses = {}
    if math.fsum(leads.values()) > TIE:
        for theme in sorted(leads, key=lambda theme: (-leads[theme], theme)):
            losses[theme] = leads[theme]
            if math.fsum(losses.values()) >= gains - TIE:
                break
    return losses, gains
