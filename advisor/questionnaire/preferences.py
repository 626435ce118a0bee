"""What answers mean for the ranking."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from advisor.choices import EffectKind
from advisor.models import Effect, Question
from advisor.questionnaire.familiarity import Familiarity
from advisor.ranking.draws import Person
from advisor.ranking.order import Criterion, Requirement
from comparisons.choices import Level
from comparisons.models import Feature

# The theme of what must be there: a point for each must-have, up to so many.
WISHES, MOST_WISHES = "must_haves", 4
# The question whose must-haves a good package meets.
PACKAGE_WILL_DO = "must_haves"


@dataclass(frozen=True, kw_only=True)
class MustHave:
    """A required level, as the choice put it: its question's slug and its own."""

    feature: Feature
    level: Level
    question: str
    choice: str

    @property
    def requirement(self):
        return Requirement(feature=self.feature.slug, threshold=self.level.worth)


@dataclass(frozen=True, kw_only=True)
class Preferences:
    """What the answers mean for the ranking."""

    criteria: Sequence[Criterion]
    # Points by theme, as far as there are any: the visitor's, or an effect's.
    points: Mapping[str, float]
    # The features of every theme that could be weighed, with their shares.
    shares: Mapping[str, Mapping[str, float]]
    must_haves: Sequence[MustHave] = ()
    candidates: frozenset[str] = frozenset()
    # The themes that could have been weighed and were skipped, which is not 0.
    skipped: Sequence[str] = ()
    # What those who ask know, one for each theme that this fills.
    familiarity: Sequence[Familiarity] = ()
    # What the visitor should know about the answers; nothing is refused for it.
    warnings: Sequence[str] = ()

    @property
    def person(self) -> Person:
        """What was said, as the draws take it."""
        return Person(points=self.points, shares=self.shares, skipped=self.skipped)

    @property
    def requirements(self) -> list[Requirement]:
        """The must-haves as the ranking takes them."""
        return [must_have.requirement for must_have in self.must_haves]


def project_parts(chosen: Sequence[str]) -> dict[str, float]:
    """Return how much each of the ``chosen`` projects counts, 1 together.

    The main one, which comes first, has half; the others share the other half.
    """
    others = len(chosen) - 1
    return {
        project: (1 / 2 if others else 1.0) if not place else 1 / 2 / others
        for place, project in enumerate(chosen)
    }


def must_haves_of(effects: Iterable[tuple[Question, Effect]]) -> list[MustHave]:
    """Return what the effects of answers to questions require.

    Of two on one feature the stricter one holds.
    """
    strictest: dict[Feature, MustHave] = {}
    for question, effect in effects:
        if effect.kind != EffectKind.REQUIRE:
            continue
        must_have = MustHave(
            feature=effect.feature,
            level=Level(effect.level),
            question=question.slug,
            choice=effect.choice.slug,
        )
        before = strictest.get(effect.feature)
        if before is None or before.level.worth < must_have.level.worth:
            strictest[effect.feature] = must_have
    return list(strictest.values())
