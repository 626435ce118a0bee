"""The advisor's form as it is shown: steps, suggestions and warnings.

A script may show one step at a time and follow the answers; for it, what hangs on
answers carries them as ``name=value`` pairs, as the form would send them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.forms.boundfield import BoundField

from advisor.choices import Provenance, QuestionKind
from advisor.models import Conflict, Preset, Question
from advisor.questionnaire import elicitation

# What each step asks for, in the order of the form.
STEPS = [
    ("project", "Your project", [QuestionKind.PROJECT]),
    ("priorities", "What matters to you", [QuestionKind.PRIORITY]),
    ("order", "Your top three", [QuestionKind.TIE_BREAK]),
    (
        "team",
        "Your team and your candidates",
        [QuestionKind.TEAM_KNOWS, QuestionKind.CANDIDATES],
    ),
    ("must-haves", "Must-haves", [QuestionKind.MUST_HAVES]),
]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question as the form shows it."""

    question: Question
    field: BoundField
    # What each answer does, in words.
    notes: Sequence[str]
    # Whether a preset suggested the answer and the visitor kept it.
    is_suggested: bool

    @property
    def condition(self):
        """The answer that opens the question."""
        return self.question.shown_if and as_condition(self.question.shown_if)

    @property
    def groups(self):
        """The answers under what they do, said once for all that do the same."""
        pairs = zip(self.notes, self.field.subwidgets, strict=True)
        return [
            (note, [widget for _, widget in group])
            for note, group in groupby(pairs, key=lambda pair: pair[0])
        ]


@dataclass(frozen=True)
class FormStep:
    """Some questions under one heading."""

    slug: str
    title: str
    questions: Sequence[Asked]
    # Whether the answers that the form shows call for it.
    is_called_for: bool


def steps_of(form):
    """Return the steps of ``form`` that have a question."""
    kept = [
        theme for theme, giver in form.provenance.items() if giver == Provenance.PRESET
    ]
    steps = []
    for slug, title, kinds in STEPS:
        questions = [
            asked_in(form, question, kept)
            for kind in kinds
            for question in form.questionnaire.questions
            if question.kind == kind
        ]
        is_called_for = (
            QuestionKind.TIE_BREAK not in kinds
            or form.has_tie
            or any(asked.field.errors for asked in questions)
        )
        steps.append(FormStep(slug, title, questions, is_called_for))
    return [step for step in steps if step.questions]


def asked_in(form, question, kept=()):
    """Return ``question`` as ``form`` shows it; ``kept`` are themes as suggested."""
    return Asked(
        question=question,
        field=form[question.slug],
        notes=_notes(form, question),
        is_suggested=bool(question.theme) and question.theme.slug in kept,
    )


@dataclass(frozen=True, kw_only=True)
class OfferedPreset:
    """A preset as the form offers it."""

    preset: Preset
    # The project that it is for, and the answers that it suggests.
    condition: str
    answers: str
    # Whether the form shows this project, or none.
    is_offered: bool

    @classmethod
    def of(cls, preset, form):
        answers = elicitation.suggested_answers(form.questionnaire, preset)
        chosen = form.shown_answers.get(preset.choice.question.slug)
        return cls(
            is_offered=not chosen or preset.choice.slug in chosen,
            preset=preset,
            condition=as_condition(preset.choice),
            answers=" ".join(f"{name}={value}" for name, [value] in answers.items()),
        )

    @property
    def sources(self):
        """What the suggestion rests on, each source once."""
        return list(
            dict.fromkeys(cited.source for cited in self.preset.citations.all())
        )


@dataclass(frozen=True, kw_only=True)
class Contradiction:
    """Two answers to warn of, and whether the form shows both."""

    message: str
    condition: str
    is_met: bool

    @classmethod
    def of(cls, conflict: Conflict, form):
        choices, shown = (conflict.first, conflict.second), form.shown_answers
        return cls(
            message=conflict.message,
            condition=" ".join(map(as_condition, choices)),
            is_met=all(elicitation.is_chosen(choice, shown) for choice in choices),
        )


def as_condition(choice):
    """Return ``choice`` as the ``name=value`` that a form with it would send."""
    if QuestionKind(choice.question.kind).asks_for_frameworks:
        # Any framework will do.
        return choice.question.slug
    return f"{choice.question.slug}={choice.slug}"


def _notes(form, question):
    """Return what the answers do, in words; of frameworks there is nothing to say."""
    if hasattr(form.fields[question.slug], "choices"):
        return [note for *_, note in form.questionnaire.choices(question)]
    return []
