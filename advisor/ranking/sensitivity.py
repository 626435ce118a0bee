"""What the first place of a ranking hinges on.

Which frameworks come first once one theme counts for more, which theme decides
between the leader and its challengers, and which unknown facts could change who
comes first. Plain numbers in, plain dataclasses out.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from advisor.ranking.flips import Flips, ThemeFlip
from advisor.ranking.order import (
    GUARD,
    LEVEL,
    Candidate,
    Ranking,
    Requirement,
    Tier,
    rank,
    weigh,
)

# The points of an answer “decisive”.
DECISIVE = 4


@dataclass(frozen=True, kw_only=True)
class OpenFact:
    """An unknown fact; ``points`` of 100 is what learning it could move."""

    framework: str
    feature: str
    points: float
    could_change_first: bool


def theme_leaders(
    points: Mapping[str, float],
    shares: Mapping[str, Mapping[str, float]],
    candidates: Iterable[Candidate],
    requirements: Sequence[Requirement] = (),
) -> dict[str, list[str]]:
    """Return, by theme, who comes first with that theme decisive on top.

    The theme alone gets ``DECISIVE`` points more than the visitor gave it; all
    other points and the must-haves stay. ``points`` names every theme that could
    be weighed. Nobody comes first where no framework is left.
    """
    candidates = list(candidates)
    return {
        theme: [leader.candidate.slug for leader in ranking.leaders]
        for theme in points
        for raised in [{**points, theme: points[theme] + DECISIVE}]
        for ranking in [rank(weigh(raised, shares), candidates, requirements)]
    }


def hinge(
    ranking: Ranking, rivals: Mapping[str, Flips]
) -> tuple[Candidate, ThemeFlip] | None:
    """Return whom the smallest change of one theme's points lets draw level, and it.

    ``rivals`` are the ``flips_of_rivals``. None if no such change does. Those of
    another tier than the leader's are no challengers: points do not move them past
    it. Of changes of one size the one in the theme that sets the two furthest apart
    counts.
    """
    hinges = [
        (
            round(abs(flip.after - flip.before), 9),
            -round(abs(found.lead[flip.theme]), 9),
            flip.theme,
            place,
            (standing.candidate, flip),
        )
        for place, standing in enumerate(ranking.standings)
        if place and standing.tier == ranking.standings[0].tier
        for found in [rivals[standing.candidate.slug]]
        for flip in found.themes
    ]
    return min(hinges, key=lambda item: item[:4])[4] if hinges else None


def open_facts(ranking: Ranking) -> list[OpenFact]:
    """Return the unknown facts on the ranked frameworks, weightiest first.

    A fact could change the first place if, with all else as it stands, its worst
    or its best value makes others share or hold it: what lies between cannot do
    more, as scores and must-haves only gain from a higher value. A must-have
    that is not verified is such a fact too, even one without points.
    """
    first = {leader.candidate.slug for leader in ranking.leaders}
    places = {
        standing.candidate.slug: (standing.tier == Tier.FITS, standing.score)
        for standing in ranking.standings
    }
    facts = [
        OpenFact(
            framework=standing.candidate.slug,
            feature=feature,
            points=100 * weight * (high - low),
            could_change_first=any(
                _first(places, standing, _place_at(standing, feature, weight, value))
                != first
                for value in (low, high)
            ),
        )
        for standing in ranking.standings
        for feature, weight in _weights(standing).items()
        for low, high in [standing.candidate.bounds_on(feature)]
        if low < high
    ]
    return sorted(
        facts,
        key=lambda fact: (
            not fact.could_change_first,
            -round(fact.points, 9),
            fact.framework,
            fact.feature,
        ),
    )


def _weights(standing):
    """Return the weight of each feature that the standing rests on."""
    weights: dict[str, list[float]] = {must.feature: [] for must in standing.unverified}
    for criterion in standing.criteria:
        weights.setdefault(criterion.feature, []).append(criterion.weight)
    return {feature: math.fsum(parts) for feature, parts in weights.items()}


def _place_at(standing, feature, weight, value):
    """Return tier and score with the fact known; None where it excludes."""
    verdicts = [
        requirement.verdict((value, value)) if requirement.feature == feature else None
        for requirement in standing.unverified
    ]
    if False in verdicts:
        return None
    middle = sum(standing.candidate.bounds_on(feature)) / 2
    return all(verdicts), standing.score + 100 * weight * (value - middle)


def _first(places, standing, place):
    """Return who comes first once ``standing`` has ``place``."""
    places = {**places, standing.candidate.slug: place}
    left = {slug: place for slug, place in places.items() if place}
    tier, score = max(left.values(), default=(False, 0.0))
    return {
        slug
        for slug, place in left.items()
        if place[0] == tier and score - place[1] < LEVEL - GUARD
    }
