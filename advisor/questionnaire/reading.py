"""Answers into weights and requirements.

The questionnaire is read once per request from the published themes and
questions; what an answer does stands in the effects of its choice.
"""

import math
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import cast

from django.db.models import Prefetch
from django.forms import Field
from django.utils.functional import SimpleLazyObject

from advisor.choices import EffectKind, QuestionKind, ThemeBasis
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
from advisor.questionnaire.familiarity import Familiarity
from advisor.questionnaire.fields import field_for
from advisor.questionnaire.preferences import (
    MOST_WISHES,
    WISHES,
    Preferences,
    must_haves_of,
    project_parts,
)
from advisor.ranking.order import weigh
from comparisons.models import Citation, Feature, Framework, KnowledgeVersion
from comparisons.pages.side_by_side import listed_frameworks
from comparisons.public import drafts_shown, shown_states


@dataclass(frozen=True, kw_only=True, eq=False)
class Questionnaire:
    """The published questions and themes, and the frameworks to choose from.

    The form asks for frameworks by name where they are too many to list, and does
    not read them.
    """

    questions: Sequence[Question]
    themes: Sequence[Theme]
    frameworks: Sequence[Framework] = field(default_factory=list)
    are_listed: bool = True
    presets: Sequence[Preset] = ()
    conflicts: Sequence[Conflict] = ()
    kinships: Sequence[Kinship] = ()

    @staticmethod
    def current():
        """Return the published questionnaire, read once in each knowledge version."""
        return _current(KnowledgeVersion.read(), shown_states())

    @classmethod
    def preview(cls):
        """Read the questionnaire as if its drafts were published, for editors.

        Frameworks and features are those that are published already.
        """
        return cls._read(drafts_shown())

    @classmethod
    def _read(cls, door):
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
                frameworks=cast("list[Framework]", SimpleLazyObject(_frameworks)),
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
                are_listed=listed_frameworks() is not None,
            )

    def preset(self, slug):
        """Return the preset of this slug, or None."""
        return next((preset for preset in self.presets if preset.slug == slug), None)

    def answered(self, answers):
        """Return the questions that ``answers`` answer, in the order of the form."""
        places = [self._places[q] for q in answers if answers[q] and q in self._places]
        return [self.questions[place] for place in sorted(places)]

    @cached_property
    def _places(self):
        return {question.slug: place for place, question in enumerate(self.questions)}

    def question_on(self, theme):
        """Return the question that weighs the theme of this slug."""
        return next(
            question
            for question in self.questions
            if question.theme and question.theme.slug == theme
        )

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
            return self._framework_choices
        return [
            (choice.slug, choice.label, choice.help_text)
            for choice in self.choices_of[question.slug]
        ]

    @cached_property
    def _framework_choices(self):
        return [(framework.slug, framework.name, "") for framework in self.frameworks]

    @cached_property
    def shares(self) -> Mapping[str, Mapping[str, float]]:
        """The share of each feature, by theme."""
        return {
            theme.slug: {
                share.feature.slug: float(share.share) for share in theme.shares.all()
            }
            for theme in self.themes
            if theme.basis == ThemeBasis.FEATURES
        }

    @cached_property
    def choices_of(self) -> dict[str, list[Choice]]:
        """The choices of each question, by its slug."""
        return {
            question.slug: list(question.choices.all()) for question in self.questions
        }

    @cached_property
    def effects_of(self) -> dict[int, list[Effect]]:
        """The effects of each choice, by its key."""
        return {
            choice.pk: list(choice.effects.all())
            for choices in self.choices_of.values()
            for choice in choices
        }

    @cached_property
    def fields(self) -> dict[str, Field]:
        """The field of the form that asks each question, by its slug."""
        return {each.slug: field_for(self, each) for each in self.questions}

    @cached_property
    def offered(self) -> dict[str, list[str]]:
        """The values that each question offers, by its slug."""
        return {question: list(labels) for question, labels in self._labels.items()}

    @cached_property
    def _labels(self):
        return {
            question.slug: {value: label for value, label, _ in self.choices(question)}
            for question in self.questions
        }

    @cached_property
    def feature_names(self) -> dict[str, str]:
        """The names of all features that an answer could weigh or require, by slug."""
        effects = [effect for effects in self.effects_of.values() for effect in effects]
        shares = [share for theme in self.themes for share in theme.shares.all()]
        return {
            part.feature.slug: part.feature.name
            for part in (*shares, *effects)
            if part.feature
        }

    @property
    def requirable(self) -> set[str]:
        """The slugs of the features that some answer requires."""
        return {
            effect.feature.slug
            for effects in self.effects_of.values()
            for effect in effects
            if effect.kind == EffectKind.REQUIRE
        }

    def labels(self, question, answers):
        """Return how each of the ``answers`` to ``question`` is put, in their order."""
        labels = self._labels[question.slug]
        return {
            value: labels[value]
            for value in answers.get(question.slug, ())
            if value in labels
        }

    def preferences(self, answers) -> Preferences:
        """Return what ``answers`` mean.

        ``answers`` maps a question's slug to a list of values that it offers, and
        may hold under ``preset`` which suggestion was asked for.
        """
        heard = elicitation.heed(self, answers)
        effects = self._effects(heard.answers)
        points, shares = self._points(effects, heard.answers)
        return Preferences(
            criteria=weigh(points, shares),
            points=points,
            shares=shares,
            must_haves=must_haves_of(effects),
            candidates=self._chosen(QuestionKind.CANDIDATES, heard.answers),
            skipped=self._skipped(heard.answers, points),
            familiarity=self._familiarity(heard.answers),
            warnings=[*heard.warnings, *self._idle_knowledge(heard.answers, points)],
        )

    def points(self, answers) -> Mapping[str, int]:
        """Return the points that ``answers`` give each theme, where they give any."""
        counted = elicitation.heed(self, answers).answers
        points, _ = self._points(self._effects(counted), counted)
        return points

    def _effects(self, answers):
        """Return what ``answers`` do: each effect with the question that it answers."""
        return [
            (question, effect)
            for question, choice in elicitation.choices_made(self, answers)
            for effect in self.effects_of[choice.pk]
        ]

    def _points(self, effects, answers):
        """Return the points per theme, and the share of each feature in it.

        Points for a feature stand under the question that gave them, which is a
        theme of its own: the chosen projects. The must-haves are one, too, but do not
        say alone what matters. What a team knows makes up a part of some themes.
        """
        points, added = {}, {}
        for question, effect in effects:
            theme = effect.theme.slug if effect.theme else question.slug
            target = theme, effect.feature.slug if effect.feature else None
            if effect.kind == EffectKind.ADD_POINTS:
                added[target] = added.get(target, 0) + effect.points
            elif effect.kind == EffectKind.SET_POINTS:
                given = effect.points * _part(question, effect, answers)
                # Of two answers that set the same points the higher one holds.
                points[target] = max(points.get(target, 0), given)
        # Last, so that the order of the questions decides nothing.
        for target, more in added.items():
            points[target] = points.get(target, 0) + more
        shares, by_theme, given = {**self.shares}, {}, {}
        for (theme, feature), worth in points.items():
            if feature is None:
                given[theme] = worth
            elif worth:
                by_theme[theme] = by_theme.get(theme, 0) + worth
                shares[theme] = {**shares.get(theme, {}), feature: worth}
        by_theme |= given
        if self._chosen(QuestionKind.TEAM_KNOWS, answers):
            shares |= self._shares_for_a_team
        by_theme = {
            theme: worth
            for theme, worth in by_theme.items()
            if worth and shares.get(theme)
        }
        shares = {theme: features for theme, features in shares.items() if features}
        wishes = [must.feature.slug for must in must_haves_of(effects)]
        if wishes and by_theme:
            by_theme[WISHES] = min(MOST_WISHES, len(wishes))
            shares[WISHES] = dict.fromkeys(wishes, 1 / len(wishes))
        return by_theme, shares

    def _skipped(self, answers, points):
        """Return the themes of which nobody said whether they matter."""
        return [
            theme
            for question, theme in self._weighing
            if question not in answers and theme not in points
        ]

    @cached_property
    def _weighing(self):
        return [
            (question.slug, question.theme.slug)
            for question in self.questions
            if question.kind == QuestionKind.PRIORITY
            and self.shares.get(question.theme.slug)
        ]

    @cached_property
    def _shares_for_a_team(self):
        """The themes of which a part is whether the team knows a framework."""
        known = [theme.slug for theme in self.themes if theme.basis == ThemeBasis.TEAM]
        return {
            theme.slug: {
                **{feature: share * (1 - part) for feature, share in shares.items()},
                **{slug: part * math.fsum(shares.values()) for slug in known},
            }
            for theme in self.themes
            if (part := float(theme.known_share)) and known
            if (shares := self.shares.get(theme.slug))
        }

    def _familiarity(self, answers):
        known = self._chosen(QuestionKind.TEAM_KNOWS, answers)
        kinships = {
            kinship.helped.slug: kinship
            for kinship in sorted(
                self.kinships if known else (), key=attrgetter("worth")
            )
            if kinship.known.slug in known and kinship.helped.slug not in known
        }
        return [
            Familiarity(
                feature=theme.slug, name=theme.name, known=known, kinships=kinships
            )
            for theme in self.themes
            if theme.basis == ThemeBasis.TEAM
        ]

    def _idle_knowledge(self, answers, points):
        """Yield what to tell a team of which what it knows counts nothing."""
        if self._chosen(QuestionKind.TEAM_KNOWS, answers):
            for theme in self.themes:
                if theme.slug in self._shares_for_a_team.keys() - points.keys():
                    yield (
                        f"What your team knows is a part of “{theme.name}”. You gave "
                        "that no points, so it counts nothing."
                    )

    def _chosen(self, kind, answers):
        return frozenset(
            value
            for question in self.questions
            if question.kind == kind
            for value in answers.get(question.slug, [])
        )


def _part(question, effect, answers):
    """Return the part of its points that an effect gives: of a project its own."""
    if question.kind != QuestionKind.PROJECT:
        return 1
    return project_parts(answers[question.slug])[effect.choice.slug]


@lru_cache(maxsize=1)
def _current(version, states):
    return Questionnaire._read(nullcontext())


def _frameworks():
    """Return all frameworks by what a ranking says of them."""
    return list(Framework.objects.published().only("status", "slug", "name", "tagline"))
