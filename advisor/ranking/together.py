"""One ranking for several people, each of whom answered alone.

The group's weights are the mean of the members' normalised weights, its
must-haves the union of theirs. How sure the order is comes from draws that take
a person first and then weights around theirs. Plain numbers in and out.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from advisor.ranking.draws import TIE
from advisor.ranking.order import Candidate, Criterion, Ranking, Requirement, rank
from advisor.ranking.robustness import Acceptability, acceptability


@dataclass(frozen=True, kw_only=True)
class Member:
    """One person's answers: the weights, which sum to 1, and the must-haves.

    A person who said nothing about what matters has no criteria. ``choices`` are
    the slugs of the frameworks that they choose from; none named means all.
    """

    name: str
    criteria: Sequence[Criterion]
    requirements: Sequence[Requirement] = ()
    choices: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Divide:
    """The theme whose weight differs most among the members.

    ``weights`` are 0 to 1, in the order of ``members``.
    """

    theme: str
    members: Sequence[str]
    weights: Sequence[float]

    @property
    def spread(self) -> float:
        """The largest weight less the smallest, 0 to 1."""
        return max(self.weights) - min(self.weights)


@dataclass(frozen=True, kw_only=True)
class Compromise:
    """The frameworks whose worst rank among the members is the best."""

    frameworks: Sequence[str]
    worst_rank: int


@dataclass(frozen=True, kw_only=True)
class GroupRanking:
    """The group's result, and what each member alone would have got.

    ``set_by`` names, for each must-have, those who set it; ``first_places`` hold, in
    the order of the members, the slugs of what comes first for each alone.
    """

    ranking: Ranking
    acceptability: Acceptability
    set_by: Mapping[Requirement, Sequence[str]]
    first_places: Sequence[Sequence[str]]
    divide: Divide | None
    compromise: Compromise | None


def rank_for_group(
    members: Sequence[Member], candidates: Iterable[Candidate]
) -> GroupRanking:
    """Return the ranking of ``candidates`` for all ``members`` together.

    Members without criteria set must-haves but no weights. First places follow
    from each one's own must-haves and choices, the compromise from the union, so
    that all its ranks are ranks among the same frameworks.
    """
    candidates = list(candidates)
    set_by: dict[Requirement, list[str]] = {}
    for member in members:
        for requirement in member.requirements:
            set_by.setdefault(requirement, []).append(member.name)
    requirements = list(set_by)
    weighing = [member for member in members if member.criteria]
    people = [member.criteria for member in weighing]
    ranking = rank(mean_criteria(people), candidates, requirements)
    return GroupRanking(
        ranking=ranking,
        acceptability=acceptability(ranking.standings, people),
        set_by=set_by,
        first_places=[_first_place(member, candidates) for member in members],
        divide=_divide(weighing),
        compromise=_compromise(ranking, weighing, candidates, requirements),
    )


def mean_criteria(people: Sequence[Sequence[Criterion]]) -> list[Criterion]:
    """Return the criteria of all ``people`` with the mean of their weights."""
    weights: dict[tuple[str, str], list[float]] = {}
    for criteria in people:
        for criterion in criteria:
            key = (criterion.theme, criterion.feature)
            weights.setdefault(key, []).append(criterion.weight)
    return [
        Criterion(theme=theme, feature=feature, weight=math.fsum(given) / len(people))
        for (theme, feature), given in weights.items()
    ]


def _first_place(member, candidates):
    chosen = [c for c in candidates if not member.choices or c.slug in member.choices]
    own = rank(member.criteria, chosen, member.requirements)
    return [leader.candidate.slug for leader in own.leaders] if member.criteria else []


def _divide(members):
    """Return the theme of the largest spread; None if all weigh alike."""
    weights = [theme_weights(member.criteria) for member in members]
    divides = [
        Divide(
            theme=theme,
            members=[member.name for member in members],
            weights=[own.get(theme, 0.0) for own in weights],
        )
        for theme in sorted(set().union(*weights))
    ]
    widest = max(divides, key=lambda divide: round(divide.spread, 9), default=None)
    return widest if widest and widest.spread > TIE else None


def theme_weights(criteria: Sequence[Criterion]) -> Mapping[str, float]:
    """Return the weight of each theme, 0 to 1."""
    weights: dict[str, list[float]] = {}
    for criterion in criteria:
        weights.setdefault(criterion.theme, []).append(criterion.weight)
    return {theme: math.fsum(parts) for theme, parts in weights.items()}


def _compromise(ranking, members, candidates, requirements):
    if not members or not ranking.standings:
        return None
    worst = {standing.candidate.slug: 0 for standing in ranking.standings}
    for member in members:
        for standing in rank(member.criteria, candidates, requirements).standings:
            slug = standing.candidate.slug
            worst[slug] = max(worst[slug], standing.rank)
    best = min(worst.values())
    return Compromise(
        frameworks=[slug for slug, place in worst.items() if place == best],
        worst_rank=best,
    )
