"""One ranking for several people, each of whom answered alone.

The group's weights are the mean of the members' normalised weights, its
must-haves the union of theirs. How sure the order is comes from draws that take
a person first and then weights around theirs; nobody's must-haves make it sure.
Plain numbers in and out.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import pstdev

from advisor.ranking.draws import TIE, Evidence, Person
from advisor.ranking.order import (
    Candidate,
    Criterion,
    Ranking,
    Requirement,
    rank,
    weigh,
)
from advisor.ranking.robustness import Acceptability, Certainty, Draws, certainty


@dataclass(frozen=True, kw_only=True)
class Member:
    """One person's answers: what they weigh, and the must-haves.

    ``choices`` are the slugs of the frameworks that they choose from; none named
    means all.
    """

    name: str
    person: Person
    requirements: Sequence[Requirement] = ()
    choices: frozenset[str] = frozenset()

    @property
    def criteria(self) -> list[Criterion]:
        """The weights, which sum to 1; none if they said nothing about what matters."""
        return weigh(self.person.points, self.person.shares)


@dataclass(frozen=True, kw_only=True)
class Divide:
    """The themes whose weight differs most among the members, all equally.

    ``weights`` are those of the first of them, 0 to 1, in the order of ``members``.
    """

    themes: Sequence[str]
    members: Sequence[str]
    weights: Sequence[float]

    @property
    def spread(self) -> float:
        """The standard deviation of the weights, 0 to 1."""
        return pstdev(self.weights)


@dataclass(frozen=True, kw_only=True)
class Compromise:
    """The frameworks whose worst rank among the members is the best of all.

    Must-haves do not count here: ``vetoes`` names for each of the ``frameworks`` those
    who leave it out by one.
    """

    frameworks: Sequence[str]
    worst_rank: int
    vetoes: Mapping[str, Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Veto:
    """A must-have of the group: who set it, whom it leaves out, who is first without.

    ``decides`` says that others are first without the must-haves of one who set it.
    """

    requirement: Requirement
    set_by: Sequence[str]
    leaves_out: Sequence[str]
    first_without: Sequence[str]
    decides: bool


@dataclass(frozen=True, kw_only=True)
class GroupRanking:
    """The group's result, and what each member alone would have got.

    ``first_places`` hold, in the order of the members, the slugs of what comes first
    for each alone.
    """

    ranking: Ranking
    draws: Draws
    acceptability: Acceptability
    certainty: Certainty | None
    vetoes: Sequence[Veto]
    first_places: Sequence[Sequence[str]]
    divide: Divide | None
    compromise: Compromise | None


def rank_for_group(
    members: Sequence[Member],
    candidates: Iterable[Candidate],
    evidence: Evidence | None = None,
) -> GroupRanking:
    """Return the ranking of ``candidates`` for all ``members`` together.

    Members without criteria set must-haves but no weights. First places follow
    from each one's own must-haves and choices. A first place that the must-haves of
    one person decide is a close call at best.
    """
    candidates = list(candidates)
    requirements = list(dict.fromkeys(r for each in members for r in each.requirements))
    weighing = [member for member in members if member.criteria]
    criteria = mean_criteria([member.criteria for member in weighing])
    ranking = rank(criteria, candidates, requirements)
    vetoes = _vetoes(members, criteria, candidates, requirements)
    people = [member.person for member in weighing]
    draws = Draws(ranking.standings, people, evidence)
    drawn = draws.acceptability()
    how_sure = certainty(
        ranking, drawn, len({criterion.theme for criterion in criteria})
    )
    if any(veto.decides for veto in vetoes) and how_sure != Certainty.TIE:
        how_sure = how_sure and Certainty.CLOSE_CALL
    return GroupRanking(
        ranking=ranking,
        draws=draws,
        acceptability=drawn,
        certainty=how_sure,
        vetoes=vetoes,
        first_places=[_first_place(member, candidates) for member in members],
        divide=_divide(weighing),
        compromise=_compromise(members, candidates) if ranking.standings else None,
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
    return _slugs(own.leaders) if member.criteria else []


def _vetoes(members, criteria, candidates, requirements):
    """Return what each must-have does to the first place, in their order."""

    def first(left):
        return _slugs(rank(criteria, candidates, left).leaders)

    now = first(requirements)
    decisive = set()
    for member in members:
        others = {
            r for each in members if each is not member for r in each.requirements
        }
        left = [requirement for requirement in requirements if requirement in others]
        if first(left) != now:
            decisive |= set(member.requirements) - others
    return [
        Veto(
            requirement=requirement,
            set_by=[m.name for m in members if requirement in m.requirements],
            leaves_out=[c.slug for c in candidates if c.verdict(requirement) is False],
            first_without=first([r for r in requirements if r != requirement]),
            decides=requirement in decisive,
        )
        for requirement in requirements
    ]


def _slugs(standings):
    return [standing.candidate.slug for standing in standings]


def _divide(members):
    """Return the themes of the largest spread; None if all weigh alike."""
    weights = [theme_weights(member.criteria) for member in members]
    divides = [
        Divide(
            themes=[theme],
            members=[member.name for member in members],
            weights=[own.get(theme, 0.0) for own in weights],
        )
        for theme in sorted(set().union(*weights))
    ]
    widest = max((divide.spread for divide in divides), default=0)
    if widest <= TIE:
        return None
    level = [divide for divide in divides if divide.spread > widest - TIE]
    return replace(level[0], themes=[theme for each in level for theme in each.themes])


def theme_weights(criteria: Sequence[Criterion]) -> Mapping[str, float]:
    """Return the weight of each theme, 0 to 1."""
    weights: dict[str, list[float]] = {}
    for criterion in criteria:
        weights.setdefault(criterion.theme, []).append(criterion.weight)
    return {theme: math.fsum(parts) for theme, parts in weights.items()}


def _compromise(members, candidates):
    weighing = [member for member in members if member.criteria]
    if not weighing:
        return None
    worst = {candidate.slug: 0 for candidate in candidates}
    for member in weighing:
        for standing in rank(member.criteria, candidates).standings:
            slug = standing.candidate.slug
            worst[slug] = max(worst[slug], standing.rank)
    best = min(worst.values())
    return Compromise(
        frameworks=[slug for slug, place in worst.items() if place == best],
        worst_rank=best,
        vetoes={
            candidate.slug: [
                member.name
                for member in members
                if any(candidate.verdict(r) is False for r in member.requirements)
            ]
            for candidate in candidates
            if worst[candidate.slug] == best
        },
    )
