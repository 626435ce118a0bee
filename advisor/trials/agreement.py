"""The advisor beside published recommendations: how often it says what they say.

A recommendation counts as met if the framework that stands first is one that its
source recommends; who shares the place with it does not count.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from statistics import NormalDist

from advisor.questionnaire.candidates import Known, known_of, ranking_of
from advisor.questionnaire.reading import Questionnaire
from advisor.ranking.robustness import Certainty
from advisor.trials.answers import certainty_of
from advisor.trials.personas import not_offered
from advisor.trials.recommendations import Recommendation

# The normal deviate of an interval that covers nineteen of twenty.
NINETEEN_OF_TWENTY = NormalDist().inv_cdf(1 - 1 / 40)
# How near behind the first a recommended framework may stand to be called near.
NEAR_PLACES = 3


@dataclass(frozen=True)
class Rate:
    """How many of how many, with the interval in which the true share may lie."""

    count: float
    total: int

    @property
    def share(self):
        return self.count / self.total if self.total else 0.0

    @property
    def interval(self):
        """Return the bounds of Wilson’s interval, each 0 to 1.

        It holds for few cases too, and never leaves 0 to 1 (Wilson 1927, JASA 22, 209).
        """
        if not self.total:
            return 0.0, 1.0
        square, share, total = NINETEEN_OF_TWENTY**2, self.share, self.total
        middle = share + square / (2 * total)
        half = NINETEEN_OF_TWENTY * sqrt(
            share * (1 - share) / total + square / (4 * total**2)
        )
        scale = 1 + square / total
        return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


class Kind(StrEnum):
    """How the advisor stands to a recommendation; the misses in order of weight."""

    MET = "The first choice is the recommended one"
    WARNED_AGAINST = "First is what the source warns against"
    LEFT_OUT = "A must-have leaves the recommended one out"
    FAR = f"The recommended one stands behind place {NEAR_PLACES}"
    NEAR = (
        f"The recommended one stands at place 2 to {NEAR_PLACES}, or shares the first"
    )
    ACCEPTABLE = "First is what the source calls acceptable"


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What the advisor says where somebody else has recommended something.

    ``places`` are the ranks by framework, best first; ``choices`` how many there were
    to choose from.
    """

    recommendation: Recommendation
    places: Mapping[str, int]
    choices: frozenset[str]
    certainty: Certainty | None

    @property
    def first(self):
        """The framework that stands first; None if the must-haves leave none."""
        return next(iter(self.places), None)

    @property
    def place(self):
        """The best place of a recommended framework; None if all are left out."""
        return min(
            (rank for slug, rank in self.places.items() if self._recommends(slug)),
            default=None,
        )

    @property
    def kind(self):
        said = self.recommendation
        if self._recommends(self.first):
            return Kind.MET
        if self.first in said.warned_against:
            return Kind.WARNED_AGAINST
        if self.first in said.acceptable:
            return Kind.ACCEPTABLE
        if self.place is None:
            return Kind.LEFT_OUT
        return Kind.NEAR if self.place <= NEAR_PLACES else Kind.FAR

    @property
    def by_chance(self):
        """How often a blind choice would be the recommended one, 0 to 1."""
        return len(self.recommendation.recommended & self.choices) / len(self.choices)

    def _recommends(self, slug):
        return slug in self.recommendation.recommended


@dataclass(frozen=True, kw_only=True)
class Figures:
    """How often each way to choose meets the recommendations."""

    met: Rate
    # What is acceptable counted as met.
    accepted: Rate
    warned_against: Rate
    # Always naming the framework that is recommended most often here.
    popular: Rate
    chance: Rate


def compare(
    questionnaire: Questionnaire, recommendations: Iterable[Recommendation]
) -> list[Comparison]:
    """Return what the advisor says to each of those that it can be asked.

    It cannot where the questionnaire does not offer an answer (any more), or knows none
    of the recommended frameworks.
    """
    can_be_asked = [
        each for each in recommendations if not not_offered(questionnaire, each.answers)
    ]
    if not can_be_asked:
        return []
    known = known_of(questionnaire, questionnaire.frameworks)
    compared = [_compare(questionnaire, known, each) for each in can_be_asked]
    return [comparison for comparison in compared if comparison]


def figures(comparisons: Sequence[Comparison]) -> Figures:
    """Return how often the advisor, popularity and chance meet ``comparisons``."""
    kinds = Counter(comparison.kind for comparison in comparisons)
    total = len(comparisons)
    return Figures(
        met=Rate(kinds[Kind.MET], total),
        accepted=Rate(kinds[Kind.MET] + kinds[Kind.ACCEPTABLE], total),
        warned_against=Rate(kinds[Kind.WARNED_AGAINST], total),
        popular=Rate(_met_by_the_popular(comparisons), total),
        chance=Rate(sum(comparison.by_chance for comparison in comparisons), total),
    )


def _compare(questionnaire, known: Known, recommendation) -> Comparison | None:
    preferences = questionnaire.preferences(recommendation.answers)
    ranking = ranking_of(questionnaire, preferences, known)
    choices = frozenset(
        each.candidate.slug for each in (*ranking.standings, *ranking.excluded)
    )
    if not (preferences.criteria and recommendation.recommended & choices):
        return None
    return Comparison(
        recommendation=recommendation,
        places={each.candidate.slug: each.rank for each in ranking.standings},
        choices=choices,
        certainty=certainty_of(preferences, ranking, known),
    )


def _met_by_the_popular(comparisons):
    """Return how many are met by the most recommended of those to choose from.

    It knows all recommendations beforehand, which is more than the advisor does.
    """
    popularity = Counter(
        slug for each in comparisons for slug in each.recommendation.recommended
    )
    return sum(
        max(each.choices, key=lambda slug: (popularity[slug], slug))
        in each.recommendation.recommended
        for each in comparisons
    )
