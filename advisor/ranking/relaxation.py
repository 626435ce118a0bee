"""Ways back when the must-haves leave too little. Plain numbers in and out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from advisor.ranking.order import Candidate, Requirement


@dataclass(frozen=True, kw_only=True)
class Relaxation:
    """Must-haves that are dropped or lowered, and the frameworks that return."""

    requirements: Sequence[Requirement]
    returning: Sequence[str]


def drops(
    candidates: Iterable[Candidate], requirements: Sequence[Requirement]
) -> list[Relaxation]:
    """Return each must-have with the frameworks that return if it is dropped.

    If none of them helps, the smallest sets that do follow: pairs, or larger ones
    where no pair helps either.
    """
    candidates, found = list(candidates), []
    for size in range(1, len(requirements) + 1):
        ways = [
            _relax(candidates, requirements, dict.fromkeys(dropped))
            for dropped in combinations(requirements, size)
        ]
        found += [way for way in ways if way.returning or size == 1]
        if any(way.returning for way in ways):
            break
    return found


def lowerings(
    candidates: Iterable[Candidate],
    requirements: Sequence[Requirement],
    threshold: float,
) -> list[Relaxation]:
    """Return who returns if “third-party will do”, worth ``threshold``.

    One for each stricter must-have alone; then, of two and more, all together.
    """
    candidates = list(candidates)
    stricter = [r for r in requirements if r.threshold > threshold]
    sets = [[requirement] for requirement in stricter]
    if len(stricter) > 1:
        sets.append(stricter)
    return [
        _relax(
            candidates,
            requirements,
            {must: replace(must, threshold=threshold) for must in lowered},
        )
        for lowered in sets
    ]


def _relax(candidates, requirements, changes):
    """Return who returns once the must-haves are changed: lowered, or None and gone."""
    left = [must for old in requirements if (must := changes.get(old, old))]
    return Relaxation(
        requirements=list(changes),
        returning=[
            candidate.slug
            for candidate in candidates
            if _is_excluded(candidate, requirements)
            and not _is_excluded(candidate, left)
        ],
    )


def _is_excluded(candidate, requirements):
    return any(candidate.verdict(requirement) is False for requirement in requirements)
