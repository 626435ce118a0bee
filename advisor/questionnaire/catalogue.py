"""The questionnaire and its personas as files.

They are read and written with the rest of the knowledge.
"""

from dataclasses import dataclass

from advisor.models import (
    Choice,
    Conflict,
    Effect,
    Expectation,
    Kinship,
    Persona,
    Preset,
    PresetPoints,
    Question,
    Share,
    Theme,
)
from comparisons.knowledge.documents import Document
from comparisons.knowledge.parts import Children, One, Value
from comparisons.knowledge.shapes import shape


class Answers(Value):
    """A mapping, written in the order of its keys: not all databases keep theirs."""

    def normal(self, model, value):
        value = super().normal(model, value)
        return dict(sorted(value.items())) if isinstance(value, dict) else value


@dataclass(frozen=True)
class OneChoice(One):
    """A choice, written as its question's slug and its own: ``project/rest-api``."""

    model: type = Choice

    @property
    def lookups(self):
        return (f"{self.name}__question",)

    def dump(self, row):
        choice = getattr(row, self.name)
        return f"{choice.question.slug}/{choice.slug}" if choice else None

    def store(self, row, value, finder):
        question, _, slug = (value or "").rpartition("/")
        found = (
            finder.find(Choice, question__slug=question, slug=slug) if value else None
        )
        setattr(row, self.name, found)


THEME = shape(
    Theme,
    "slug name description worst best",
    Value("basis"),
    "known_share",
    Children("shares", shape(Share, "feature share"), "theme"),
    positioned=True,
)
CHOICE = shape(
    Choice,
    "slug label help_text",
    Children("effects", shape(Effect, "kind theme feature points level"), "choice"),
)
QUESTION = shape(
    Question,
    "slug kind theme text help_text most",
    OneChoice("shown_if"),
    Children("choices", CHOICE, "question"),
    positioned=True,
)
PRESET = shape(
    Preset,
    "slug",
    OneChoice("choice"),
    "name why",
    Children("points", shape(PresetPoints, "theme points"), "preset"),
    "citations",
)
CONFLICT = shape(Conflict, "slug", OneChoice("first"), OneChoice("second"), "message")
KINSHIP = shape(Kinship, "known helped worth reason source locator accessed_date")
EXPECTATION = shape(Expectation, "source locator says accessed_date")
PERSONA = shape(
    Persona,
    "slug name story",
    Answers("answers"),
    "expected",
    Children("expectations", EXPECTATION, "persona"),
    "remark",
    positioned=True,
)

QUESTIONNAIRE = (
    Document("themes.yaml", THEME, "themes"),
    Document("questions.yaml", QUESTION, "questions"),
    Document("presets.yaml", PRESET, "presets", order=("slug",)),
    Document("conflicts.yaml", CONFLICT, "conflicts"),
    Document("kinships.yaml", KINSHIP, "kinships"),
    Document("personas.yaml", PERSONA, "personas"),
)
