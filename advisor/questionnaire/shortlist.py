"""Of thousands of frameworks, those that a ranking is worked out and stored for.

A framework's score does not depend on which others are listed, so the first places
among those that are kept are the first places among all.
"""

from collections.abc import Sequence

import numpy as np

from advisor.questionnaire.candidates import MOST_RANKED
from advisor.questionnaire.packages import read_provided
from advisor.questionnaire.preferences import Preferences
from comparisons.choices import Status
from comparisons.models import Feature, Finding, Framework

# How many of those that a must-have excludes are told of.
MOST_EXCLUDED = 20


def shortlist(
    frameworks: Sequence[Framework], preferences: Preferences
) -> list[Framework]:
    """Return the leaders among ``frameworks``, those nearest to them, those known.

    Runs four queries at most where there are more than ``MOST_RANKED``, else none.
    """
    if len(frameworks) <= MOST_RANKED:
        return list(frameworks)
    weights: dict[str, float] = {}
    for criterion in preferences.criteria:
        weights[criterion.feature] = (
            weights.get(criterion.feature, 0.0) + criterion.weight
        )
    requirements = preferences.requirements
    asked = list(weights | {each.feature: 0.0 for each in requirements})
    low, high = _bounds(frameworks, asked)
    columns = {feature: column for column, feature in enumerate(asked)}
    for familiarity in preferences.familiarity:
        if familiarity.feature in columns:
            worth = [familiarity.bounds(each.slug)[0] for each in frameworks]
            low[:, columns[familiarity.feature]] = worth
            high[:, columns[familiarity.feature]] = worth
    score = (low + high) / 2 @ np.array([weights.get(name, 0.0) for name in asked])
    # What must-haves find, which is less than what the score counts.
    rows = {framework.slug: row for row, framework in enumerate(frameworks)}
    required = {each.feature for each in requirements}
    for (slug, feature), worth in read_provided(None, required).items():
        if slug in rows:
            low[rows[slug], columns[feature]], high[rows[slug], columns[feature]] = (
                worth
            )
    failed = np.zeros(len(frameworks), dtype=int)
    unverified = np.zeros(len(frameworks), dtype=int)
    for requirement in requirements:
        column = columns[requirement.feature]
        failed += high[:, column] < requirement.threshold
        unverified += low[:, column] < requirement.threshold
    # Whoever fails is not verified either, and comes after all who do not fail.
    order = np.lexsort((-score, unverified > 0, failed))
    ranked = [row for row in order if not failed[row]][:MOST_RANKED]
    excluded = [row for row in order if failed[row]][:MOST_EXCLUDED]
    known = {slug for each in preferences.familiarity for slug in each.known}
    kept = {*ranked, *excluded}
    return [
        framework
        for row, framework in enumerate(frameworks)
        if row in kept or framework.slug in known
    ]


def _bounds(frameworks, asked):
    """Return the lowest and the highest values: a row for each framework."""
    rows = {framework.pk: row for row, framework in enumerate(frameworks)}
    features = Feature.objects.published().filter(slug__in=asked)
    columns = {pk: asked.index(slug) for pk, slug in features.values_list("pk", "slug")}
    found = Finding.objects.filter(
        status=Status.PUBLISHED, feature__in=list(columns)
    ).values_list("framework", "feature", "level", "at_least", "at_most")
    # A few dozen different answers stand in hundreds of thousands of rows.
    worths: dict[tuple[str, str, str], tuple[float, float]] = {}
    places, values = [], []
    for framework, feature, *answer in found.order_by().iterator(chunk_size=10_000):
        answer = tuple(answer)
        if answer not in worths:
            level, at_least, at_most = answer
            finding = Finding(level=level, at_least=at_least, at_most=at_most)
            worths[answer] = finding.bounds
        if framework in rows:
            places.append(rows[framework] * len(asked) + columns[feature])
            values.append(worths[answer])
    low = np.zeros(len(frameworks) * len(asked))
    high = np.ones(len(frameworks) * len(asked))
    if places:
        low[places], high[places] = np.array(values).T
    shape = (len(frameworks), len(asked))
    return low.reshape(shape), high.reshape(shape)
