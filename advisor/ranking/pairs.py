"""Two frameworks for several projects, where each does what it is good at.

Plain numbers in, plain dataclasses out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.random import RandomState

from advisor.ranking.draws import EVERY_DOUBT, Evidence, Facts, Person, draw_weights
from advisor.ranking.order import GUARD, LEVEL, Ranking
from advisor.ranking.robustness import CLEAR, FEWER_DRAWS, SEED


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


def clear_pair(
    ranking: Ranking, person: Person, project: str, evidence: Evidence
) -> Pair | None:
    """Return the two that serve several projects clearly better than any one does.

    The features of the theme ``project`` are those of the projects. Two count as one
    more candidate, the better of them for each project, and are named where that is
    first as clearly as any other has to be. Of pairs that are level, the one whose
    frameworks stand higher is meant.
    """
    ranked = ranking.standings
    candidates = [s.candidate for s in ranked if s.tier == ranked[0].tier]
    projects = sorted(person.shares.get(project, ()))
    if len(candidates) < 2 or len(projects) < 2 or not person.points.get(project):
        return None
    apart = _apart(person, project, projects)
    rows = [apart.themes.index(_theme(project, feature)) for feature in projects]
    facts = Facts(candidates, apart, evidence)

    def served(draws, drawn):
        """Return the whole score with each project alone, and the projects' shares.

        They are candidate × project × draw, and project × draw.
        """
        random = RandomState(SEED)
        weights = draw_weights(random, apart, draws, drawn)
        values = facts.draw(random, draws, drawn)
        others = np.delete(weights, rows, axis=0), np.delete(values, rows, axis=1)
        weight = weights[rows].sum(axis=0)
        scores = np.einsum("td,ctd->cd", *others)[:, None] + weight * values[:, rows]
        return 100 * scores, weights[rows] / weight

    scores, shares = served(1, frozenset())
    pairs = list(combinations(range(len(candidates)), 2))
    leads = [_leads(pair, scores, shares)[0] for pair in pairs]
    least = max(leads) - LEVEL + GUARD
    pair, lead = next(
        each for each in zip(pairs, leads, strict=True) if each[1] > least
    )
    if lead < LEVEL - GUARD:
        return None
    if np.mean(_leads(pair, *served(FEWER_DRAWS, EVERY_DOUBT)) >= LEVEL) < CLEAR:
        return None
    one, other = pair
    return Pair(
        frameworks=(candidates[one].slug, candidates[other].slug),
        score=ranked[0].score + lead,
        alone=ranked[0].score,
        serves={
            feature: candidates[max(pair, key=lambda row: own[row, 0])].slug
            for feature, own in zip(projects, np.moveaxis(scores, 1, 0), strict=True)
        },
    )


def _leads(pair, scores, shares):
    """Return how far the two rows of ``pair`` are ahead of the best one, by draw."""
    both = (shares * scores[list(pair)].max(axis=0)).sum(axis=0)
    return both - (shares * scores).sum(axis=1).max(axis=0)


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
