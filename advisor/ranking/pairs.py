"""Two frameworks for several projects, where each does what it is good at.

Plain numbers in, plain dataclasses out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from advisor.ranking.draws import Evidence, Facts, Person, given_points
from advisor.ranking.order import GUARD, LEVEL, Ranking

# Points by which two have to be ahead of any one to be worth what a second would cost.
LITTLE, SOME, MUCH = 4.0, 8.0, 16.0


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two frameworks, and which of them serves each project better, by its feature.

    ``score`` is that of both together, ``alone`` that of the best single framework,
    both 0 to 100.
    """

    frameworks: tuple[str, str]
    score: float
    alone: float
    serves: Mapping[str, str]


def worthy_pair(
    ranking: Ranking, person: Person, project: str, evidence: Evidence
) -> Pair | None:
    """Return the two that serve several projects better than any one does.

    The features of the theme ``project`` are those of the projects. Each project is
    served by the better of the two; they are named where that is worth a second
    framework to those whom it costs ``LITTLE``. Of pairs that are level, the one whose
    frameworks stand higher is meant.
    """
    ranked = ranking.standings
    candidates = [s.candidate for s in ranked if s.tier == ranked[0].tier]
    projects = sorted(person.shares.get(project, ()))
    if len(candidates) < 2 or len(projects) < 2 or not person.points.get(project):
        return None
    apart = _apart(person, project, projects)
    rows = [apart.themes.index(_theme(project, feature)) for feature in projects]
    points = given_points(apart)[:, 0]
    weights = points / points.sum()
    values = Facts(candidates, apart, evidence).middle
    weight = weights[rows].sum()
    others = np.delete(values, rows, axis=1) @ np.delete(weights, rows)
    # Candidate × project: the whole score with each project as the only one.
    scores = 100 * (others[:, None] + weight * values[:, rows])
    shares = weights[rows] / weight
    alone = (scores @ shares).max()
    leads = {
        pair: scores[list(pair)].max(axis=0) @ shares - alone
        for pair in combinations(range(len(candidates)), 2)
    }
    least = max(leads.values()) - LEVEL + GUARD
    pair, lead = next(each for each in leads.items() if each[1] > least)
    if lead < LITTLE - GUARD:
        return None
    one, other = pair
    return Pair(
        frameworks=(candidates[one].slug, candidates[other].slug),
        score=ranked[0].score + lead,
        alone=ranked[0].score,
        serves={
            feature: candidates[max(pair, key=lambda row: own[row])].slug
            for feature, own in zip(projects, scores.T, strict=True)
        },
    )


def _apart(person, project, features):
    """Return ``person`` with a theme for each project."""
    given = person.shares[project]
    worth = person.points[project] / sum(given.values())
    points = {theme: own for theme, own in person.points.items() if theme != project}
    return Person(
        points=points | {_theme(project, f): worth * given[f] for f in features},
        shares={**person.shares, **{_theme(project, f): {f: 1.0} for f in features}},
        skipped=person.skipped,
    )


def _theme(project, feature):
    """Return the slug of the theme of one project: its feature may be called as one."""
    return f"{project}/{feature}"
