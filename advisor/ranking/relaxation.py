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
    candidates = list(candidates)
    alone = [_drop(candidates, requirements, [dropped]) for dropped in requirements]
    if any(relaxation.returning for relaxation in alone):
        return alone
    for size in range(2, len(requirements) + 1):
        together = [
            relaxation
            for dropped in combinations(requirements, size)
            for relaxation in [_drop(candidates, requirements, dropped)]
            if relaxation.returning
        ]
        if together:
            return alone + together
    return alone


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
        Relaxation(
            requirements=lowered,
            returning=_returning(
                candidates,
                requirements,
                [
                    replace(r, threshold=threshold) if r in lowered else r
                    for r in requirements
                ],
            ),
        )
        for lowered in sets
    ]


def _drop(candidates, requirements, dropped):
    left = [requirement for requirement in requirements if requirement not in dropped]
    return Relaxation(
        requirements=dropped, returning=_returning(candidates, requirements, left)
    )


def _returning(candidates, before, after):
    """Return the slugs of those that only ``before`` excludes."""
    return [
        candidate.slug
        for candidate in candidates
        if _is_excluded(candidate, before) and not _is_excluded(candidate, after)
    ]


def _is_excluded(candidate, requirements):
    return any(candidate.verdict(requirement) is False for requirement in requirements)
