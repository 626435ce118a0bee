"""Answers into weights and requirements.

The questionnaire is read once per request from the published themes and
questions; what an answer does stands in the effects of its choice.
"""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field

from django.db.models import Prefetch

from advisor.choices import EffectKind, Provenance, QuestionKind, ThemeBasis
from advisor.models import (
    Choice,
    Conflict,
    Effect,
    Kinship,
    Preset,
    PresetPoints,
    Question,
    Share,
    Theme,
)
from advisor.questionnaire import elicitation
from advisor.ranking.order import Criterion, Requirement, weigh
from comparisons.choices import Level
from comparisons.models import Citation, Feature, Framework
from comparisons.querysets import drafts_shown


@dataclass(frozen=True, kw_only=True)
class MustHave:
    """A required level, as the choice put it."""

    feature: Feature
    level: Level

    @property
    def requirement(self):
        return Requirement(feature=self.feature.slug, threshold=self.level.worth)


@dataclass(frozen=True, kw_only=True)
class Preferences:
    """What the answers mean for the ranking."""

    criteria: Sequence[Criterion]
    # Points by theme, as far as there are any: the visitor's, or an effect's.
    points: Mapping[str, int]
    # Points of every theme that could be weighed, and the shares of its features.
    weighable: tuple[Mapping[str, int], Mapping[str, Mapping[str, float]]]
    must_haves: Sequence[MustHave] = ()
    known: frozenset[str] = frozenset()
    candidates: frozenset[str] = frozenset()
    # What it is worth to know it, by framework: 1 for one that the team named, less
    # for a relative of it.
    familiarity: Mapping[str, float] = field(default_factory=dict)
    # The kinship that gives a relative its worth, by framework.
    kinships: Mapping[str, Kinship] = field(default_factory=dict)
    # Who gave each theme its points, also where they are 0.
    provenance: Mapping[str, Provenance] = field(default_factory=dict)
    # What the visitor should know about the answers; nothing is refused for it.
    warnings: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Questionnaire:
    """The published questions and themes, and the frameworks to choose from."""

    questions: Sequence[Question]
    themes: Sequence[Theme]
    frameworks: Sequence[Framework] = field(default_factory=list)
    presets: Sequence[Preset] = ()
    conflicts: Sequence[Conflict] = ()
    kinships: Sequence[Kinship] = ()

    @classmethod
    def current(cls):
        """Read the published questionnaire, in a fixed number of queries."""
        return cls._read(nullcontext())

    @classmethod
    def preview(cls):
        """Read the questionnaire as if its drafts were published, for editors.

        Frameworks and features are those that are published already.
        """
        return cls._read(drafts_shown())

    @classmethod
    def _read(cls, door):
        frameworks = list(Framework.objects.published())
        features = Feature.objects.published()
        shares = Share.objects.filter(feature__in=features).select_related("feature")
        citations = Citation.objects.published().select_related("source")
        with door:
            effects = Effect.objects.published().select_related("theme", "feature")
            choices = Choice.objects.published().prefetch_related(
                Prefetch("effects", effects)
            )
            points = PresetPoints.objects.published().select_related("theme")
            return cls(
                questions=list(
                    Question.objects.published()
                    .select_related("theme", "shown_if__question")
                    .prefetch_related(Prefetch("choices", choices))
                ),
                themes=list(
                    Theme.objects.published().prefetch_related(
                        Prefetch("shares", shares)
                    )
                ),
                frameworks=frameworks,
                presets=list(
                    Preset.objects.published()
                    .select_related("choice__question")
                    .prefetch_related(
                        Prefetch("points", points), Prefetch("citations", citations)
                    )
                ),
                conflicts=list(
                    Conflict.objects.published().select_related(
                        "first__question", "second__question"
                    )
                ),
                kinships=list(
                    Kinship.objects.published().select_related(
                        "known", "helped", "source"
                    )
                ),
            )

    def preset(self, slug):
        """Return the preset of this slug, or None."""
        return next((preset for preset in self.presets if preset.slug == slug), None)

    def chosen_frameworks(self, preferences):
        """Return the frameworks to choose from; none named means all."""
        return [
            framework
            for framework in self.frameworks
            if not preferences.candidates or framework.slug in preferences.candidates
        ]

    def choices(self, question):
        """Return the (value, label, help) triples that ``question`` offers."""
        if QuestionKind(question.kind).asks_for_frameworks:
            return [
                (framework.slug, framework.name, "") for framework in self.frameworks
            ]
        return [
            (choice.slug, choice.label, choice.help_text)
            for choice in question.choices.all()
        ]

    def shares(self):
        """Return the share of each feature, by theme."""
        return {
            theme.slug: {
                share.feature.slug: float(share.share) for share in theme.shares.all()
            }
            for theme in self.themes
            if theme.basis == ThemeBasis.FEATURES
        }

    def preferences(self, answers):
        """Return what ``answers`` mean.

        ``answers`` maps a question's slug to a list of values that it offers, and
        may hold under ``preset`` which suggestion was asked for. Points for a
        feature stand under the question that gave them, which is a theme of its
        own: the chosen project.
        """
        heard = elicitation.heed(self, answers)
        answers = heard.answers
        points, added, must_haves = {}, {}, {}
        for question in self.questions:
            for effect in self._effects(question, answers):
                if effect.kind == EffectKind.REQUIRE:
                    # Of two answers about one feature the stricter one holds.
                    must_haves[effect.feature] = max(
                        must_haves.get(effect.feature, Level(effect.level)),
                        Level(effect.level),
                        key=lambda level: level.worth,
                    )
                    continue
                theme = effect.theme.slug if effect.theme else question.slug
                target = theme, effect.feature.slug if effect.feature else None
                if effect.kind == EffectKind.ADD_POINTS:
                    added[target] = added.get(target, 0) + effect.points
                else:
                    # Of two answers that set the same points the higher one holds.
                    points[target] = max(points.get(target, 0), effect.points)
        # Last, so that the order of the questions decides nothing.
        for target, more in added.items():
            points[target] = points.get(target, 0) + more
        by_theme, shares = self._by_theme(points)
        known = self._chosen(QuestionKind.TEAM_KNOWS, answers)
        kinships = self._kinships(known)
        return Preferences(
            criteria=weigh(by_theme, shares),
            points=by_theme,
            weighable=(dict.fromkeys(shares, 0) | by_theme, shares),
            must_haves=[
                MustHave(feature=feature, level=level)
                for feature, level in must_haves.items()
            ],
            known=known,
            candidates=self._chosen(QuestionKind.CANDIDATES, answers),
            familiarity={
                helped: float(kinship.worth) for helped, kinship in kinships.items()
            }
            | dict.fromkeys(sorted(known), 1.0),
            kinships=kinships,
            provenance=dict.fromkeys(by_theme, Provenance.DEFAULT)
            | elicitation.provenance(self, answers),
            warnings=heard.warnings,
        )

    def _effects(self, question, answers):
        for choice in question.choices.all():
            if elicitation.is_chosen(choice, answers):
                yield from choice.effects.all()

    def _kinships(self, known):
        """Return the closest kinship to what is ``known``, by framework helped."""
        return {
            kinship.helped.slug: kinship
            for kinship in sorted(self.kinships, key=lambda kinship: kinship.worth)
            if kinship.known.slug in known and kinship.helped.slug not in known
        }

    def _by_theme(self, points):
        """Return the points per theme, and the share of each feature in it."""
        by_theme = {}
        shares = self.shares()
        for (theme, feature), given in points.items():
            if not given:
                continue
            by_theme[theme] = by_theme.get(theme, 0) + given
            if feature:
                shares.setdefault(theme, {})[feature] = given
            elif theme not in shares:
                # A theme that the answer itself fills, such as familiarity.
                shares[theme] = {theme: 1.0}
        shares = {theme: features for theme, features in shares.items() if features}
        return {theme: by_theme[theme] for theme in by_theme if theme in shares}, shares

    def _chosen(self, kind, answers):
        return frozenset(
            value
            for question in self.questions
            if question.kind == kind
            for value in answers.get(question.slug, [])
        )
