"""Of thousands of frameworks, those that a ranking is worked out and stored for.

A framework's score does not depend on which others are listed, so the first places
among those that are kept are the first places among all.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from django.db.models import Aggregate, TextField

from advisor.questionnaire.candidates import MOST_RANKED, meaning
from advisor.questionnaire.packages import read_provided
from advisor.questionnaire.preferences import Preferences
from advisor.questionnaire.reading import Questionnaire
from advisor.ranking.order import UNKNOWN
from comparisons.choices import Status
from comparisons.models import Feature, Finding, Framework

# How many of those that a must-have excludes are told of.
MOST_EXCLUDED = 20


def shortlist(
    questionnaire: Questionnaire,
    frameworks: Sequence[Framework],
    preferences: Preferences,
) -> list[Framework]:
    """Return the leaders among ``frameworks``, those nearest to them, those known.

    Runs four queries at most where there are more than ``MOST_RANKED``, else none. What
    is known of a feature is read once in each version of the knowledge.
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
    low, high = _answers(questionnaire).bounds(frameworks, asked)
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


@lru_cache(maxsize=1)
def _answers(questionnaire):
    return _Answers(questionnaire)


class _Answers:
    """The answers for all frameworks, by feature, as far as they were asked for.

    A few dozen different ones stand in hundreds of thousands of rows: each feature has
    an array of their numbers, which takes a byte for each framework.
    """

    def __init__(self, questionnaire):
        keys = np.array([framework.pk for framework in questionnaire.frameworks])
        self.order = np.argsort(keys)
        self.keys = keys[self.order]
        self.worths = [UNKNOWN]
        self.numbers = {}

    def bounds(self, frameworks, asked):
        """Return the lowest and the highest values: a row for each framework."""
        if missing := [slug for slug in asked if slug not in self.numbers]:
            self.numbers |= self._read(missing)
        rows = self._rows([framework.pk for framework in frameworks])
        numbers = np.array([self.numbers[slug][rows] for slug in asked], int)
        worths = np.array(self.worths)[numbers.reshape(len(asked), len(frameworks)).T]
        return worths[..., 0], worths[..., 1]

    def _read(self, slugs):
        found = (
            Finding.objects.filter(
                status=Status.PUBLISHED,
                feature__in=Feature.objects.published().filter(slug__in=slugs),
            )
            .order_by()
            .values_list("feature__slug", "level", "at_least", "at_most")
            .annotate(frameworks=Listed("framework"))
        )
        numbers = {slug: np.zeros(len(self.keys), np.uint8) for slug in slugs}
        for slug, *answer, frameworks in found:
            _, worth = meaning(*answer)
            if worth not in self.worths:
                self.worths.append(worth)
            rows = self._rows(np.array(frameworks.split(","), np.int64))
            numbers[slug][rows] = self.worths.index(worth)
        return numbers

    def _rows(self, keys):
        """Return where the frameworks of ``keys`` stand, as far as they are there."""
        places = np.searchsorted(self.keys, keys).clip(max=len(self.keys) - 1)
        return self.order[places[self.keys[places] == keys]]


class Listed(Aggregate):
    """All values in one text, separated by commas."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler, connection, **context):
        template = "STRING_AGG(%(expressions)s::text, ',')"
        return self.as_sql(compiler, connection, template=template, **context)
