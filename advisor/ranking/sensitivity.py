"""Which unknown facts could change who comes first.

Plain numbers in, plain dataclasses out.
"""

import math
from dataclasses import dataclass

from advisor.ranking.order import GUARD, LEVEL, Ranking, Tier


@dataclass(frozen=True, kw_only=True)
class OpenFact:
    """An unknown fact; ``points`` of 100 is what learning it could move."""

    framework: str
    feature: str
    points: float
    could_change_first: bool


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
