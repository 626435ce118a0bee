"""Two frameworks for several projects, where each does what it is good at.

Plain numbers in, plain dataclasses out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from advisor.ranking.order import GUARD

# How many points two have to be ahead of the best one to be worth their cost.
WORTH_TWO = 8.0


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two frameworks, and which of them serves each project better, by project.

    ``score`` is that of both together, ``alone`` that of the best single framework,
    both 0 to 100.
    """

    frameworks: tuple[str, str]
    score: float
    alone: float
    serves: Mapping[str, str]


def best_pair(
    scores: Mapping[str, Mapping[str, float]], shares: Mapping[str, float]
) -> Pair | None:
    """Return the two that serve several projects clearly better than one.

    ``scores`` holds, by framework, the whole score that it would have with each
    project as the only one; ``shares`` how much each project counts, 1 together.
    None where no two are ``WORTH_TWO`` points ahead of the best single framework.
    """

    def together(slugs: Sequence[str]) -> float:
        return sum(
            share * max(scores[slug][project] for slug in slugs)
            for project, share in shares.items()
        )

    alone = max((together([slug]) for slug in scores), default=0.0)
    pairs = sorted(combinations(sorted(scores), 2), key=lambda two: -together(two))
    if not pairs or together(pairs[0]) - alone < WORTH_TWO - GUARD:
        return None
    first = pairs[0]
    return Pair(
        frameworks=first,
        score=together(first),
        alone=alone,
        serves={
            project: max(first, key=lambda slug: scores[slug][project])
            for project in shares
        },
    )
