"""The questionnaire on trial: random answers, and how all frameworks stand then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from advisor.choices import QuestionKind
from advisor.questionnaire.candidates import Bounds
from advisor.questionnaire.reading import Questionnaire
from advisor.ranking.order import GUARD, UNKNOWN, weighted_sum

SEED = 20261127
# The most must-haves of a random answer set: more leave hardly a framework.
MOST_MUST_HAVES = 2
# How many places are looked at when answers are compared.
TOP = 3
# What a tier weighs against a shown score, which is at most 100.
TIER = 1000


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How often a framework comes first, and for which answers.

    ``share`` is that of the answer sets that rank anything, 0 to 1, with shared
    first places split. ``answers`` are the fewest for which it is first, alone if
    there are any; None if it never is.
    """

    slug: str
    name: str
    share: float
    answers: Mapping[str, Sequence[str]] | None = None

    @property
    def percent(self):
        return 100 * self.share


def random_answers(questionnaire, sets) -> list[dict[str, list[str]]]:
    """Return ``sets`` random answer sets: a project, priorities and must-haves.

    Each question is left open in every second one, because visitors who say
    everything say little. Those about the visitor's own frameworks stay open.
    """
    random = np.random.RandomState(SEED)
    return [
        {
            question.slug: answer
            for question in questionnaire.questions
            if (answer := _random_answer(random, questionnaire, question))
        }
        for _ in range(sets)
    ]


def _random_answer(random, questionnaire, question):
    kind = QuestionKind(question.kind)
    if kind.asks_for_frameworks:
        return []
    values = [value for value, *_ in questionnaire.choices(question)]
    if not values or not random.randint(2):
        return []
    if not question.takes_several:
        return [values[random.randint(len(values))]]
    most = min(question.most or MOST_MUST_HAVES, MOST_MUST_HAVES, len(values))
    picked = random.choice(len(values), 1 + random.randint(most), replace=False)
    return [values[index] for index in sorted(picked)]


class Trial:
    """Answer sets, and how all frameworks stand for each of them."""

    def __init__(self, questionnaire: Questionnaire, bounds: Bounds, answers):
        self.questionnaire = questionnaire
        self.bounds = bounds
        self.answers = answers
        self.frameworks = sorted(questionnaire.frameworks, key=lambda f: f.slug)
        self.scores, self.tiers, self.coverage = self.stand(answers)

    def stand(self, answers):
        """Return scores (0 to 100), tiers (0 fits … 2 excluded) and coverage.

        All have the shape answer set × framework. A set without a signal has
        scores of NaN.
        """
        preferences = [self.questionnaire.preferences(answer) for answer in answers]
        low, high = self.values
        weights = np.zeros((len(answers), len(self.features)))
        tiers = np.zeros((len(answers), len(self.frameworks)), dtype=int)
        for row, preference in enumerate(preferences):
            for criterion in preference.criteria:
                if criterion.feature in self.column:
                    weights[row, self.column[criterion.feature]] += criterion.weight
            for must_have in preference.must_haves:
                requirement = must_have.requirement
                column = self.column[requirement.feature]
                open_ = low[:, column] < requirement.threshold
                failed = high[:, column] < requirement.threshold
                tiers[row] = np.maximum(tiers[row], open_.astype(int) + failed)
        # Points for what only a team knows count for none of the frameworks here.
        total = weights.sum(axis=1, keepdims=True)
        weights /= np.where(total > GUARD, total, 1)
        scores = 100 * weighted_sum((low + high) / 2, weights.T).T
        scores[total[:, 0] <= GUARD] = np.nan
        return scores, tiers, weights @ (low == high).T.astype(float)

    @cached_property
    def features(self):
        """The slugs of all features that an answer could weigh or require."""
        shared = {feature for part in self.shares.values() for feature in part}
        return sorted(shared | set(self.acted_on))

    @cached_property
    def acted_on(self):
        """The features that a choice acts on directly, by slug."""
        return {
            effect.feature.slug: effect.feature
            for question in self.questionnaire.questions
            for choice in question.choices.all()
            for effect in choice.effects.all()
            if effect.feature
        }

    @cached_property
    def shares(self):
        return self.questionnaire.shares()

    @cached_property
    def column(self):
        return {feature: column for column, feature in enumerate(self.features)}

    @cached_property
    def values(self):
        """The lowest and the highest values, each framework × feature."""
        pairs = np.array(
            [
                [self.bounds[f.slug].get(slug, UNKNOWN) for slug in self.features]
                for f in self.frameworks
            ]
        ).reshape(len(self.frameworks), len(self.features), 2)
        return pairs[..., 0], pairs[..., 1]

    @cached_property
    def criteria(self):
        """What can be weighed or required: names, and criterion × framework × 2."""
        low, high = self.values
        parts = [
            *(
                (theme.name, self.shares[theme.slug])
                for theme in self.questionnaire.themes
                if self.shares.get(theme.slug)
            ),
            *((feature.name, {slug: 1.0}) for slug, feature in self.acted_on.items()),
        ]
        values = np.empty((len(parts), len(self.frameworks), 2))
        for row, (_, shares) in enumerate(parts):
            columns = [self.column[slug] for slug in shares]
            weights = np.array(list(shares.values())) / sum(shares.values())
            values[row, :, 0] = low[:, columns] @ weights
            values[row, :, 1] = high[:, columns] @ weights
        return [name for name, _ in parts], values

    @cached_property
    def firsts(self):
        """The share of the first place, answer set × framework."""
        return first_places(self.scores, self.tiers)

    @cached_property
    def reaches(self):
        ranked = max(np.count_nonzero(self.firsts.any(axis=1)), 1)
        return [
            Reach(
                slug=framework.slug,
                name=framework.name,
                share=float(self.firsts[:, column].sum() / ranked),
                answers=self._fewest(self.firsts[:, column] == 1)
                or self._fewest(self.firsts[:, column] > 0),
            )
            for column, framework in enumerate(self.frameworks)
        ]

    def _fewest(self, sets):
        """Return the answers that say least, of those ``sets`` that are chosen."""
        telling = [
            {
                question: values
                for question, values in self.answers[row].items()
                if values != ["0"]
            }
            for row in np.flatnonzero(sets)
        ]
        return min(
            telling, key=lambda answer: sum(map(len, answer.values())), default=None
        )


def first_places(scores, tiers):
    """Return who takes the first place, split among those who share it.

    A framework that fits stands before one that is not verified, and what is
    excluded takes no place; scores are compared as they are shown.
    """
    shown = np.floor(scores + 0.5 + GUARD)
    keys = np.where((tiers < 2) & ~np.isnan(shown), shown - TIER * tiers, -np.inf)
    best = keys.max(axis=1, keepdims=True, initial=-np.inf)
    leads = (keys == best) & np.isfinite(keys)
    return leads / np.maximum(leads.sum(axis=1, keepdims=True), 1)


def top(scores, tiers, size=TOP):
    """Return the ``size`` best columns of each row, by score before rounding."""
    keys = np.where((tiers < 2) & ~np.isnan(scores), scores - TIER * tiers, -np.inf)
    # Rounded, so that the order of summation cannot decide a tie.
    order = np.argsort(-np.round(keys, 9), axis=1, kind="stable")[:, :size]
    return np.where(np.isfinite(np.take_along_axis(keys, order, axis=1)), order, -1)
