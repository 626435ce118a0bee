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
from comparisons.knowledge.parts import Children, Many, Number, One, Value
from comparisons.knowledge.shapes import Shape
from comparisons.models import Citation, Feature, Framework, Source


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


THEME = Shape(
    Theme,
    (
        Value("slug"),
        Value("name"),
        Value("description"),
        Value("worst"),
        Value("best"),
        Value("basis"),
        Number("known_share"),
        Children(
            "shares",
            Shape(
                Share,
                (One("feature", Feature), Number("share")),
            ),
            "theme",
        ),
    ),
    positioned=True,
)
QUESTION = Shape(
    Question,
    (
        Value("slug"),
        Value("kind"),
        One("theme", Theme),
        Value("text"),
        Value("help_text"),
        Value("most"),
        OneChoice("shown_if"),
        Children(
            "choices",
            Shape(
                Choice,
                (
                    Value("slug"),
                    Value("label"),
                    Value("help_text"),
                    Children(
                        "effects",
                        Shape(
                            Effect,
                            (
                                Value("kind"),
                                One("theme", Theme),
                                One("feature", Feature),
                                Value("points"),
                                Value("level"),
                            ),
                        ),
                        "choice",
                    ),
                ),
            ),
            "question",
        ),
    ),
    positioned=True,
)
PRESET = Shape(
    Preset,
    (
        Value("slug"),
        OneChoice("choice"),
        Value("name"),
        Value("why"),
        Children(
            "points",
            Shape(
                PresetPoints,
                (One("theme", Theme), Value("points", required=True)),
            ),
            "preset",
        ),
        Many("citations", Citation),
    ),
)
CONFLICT = Shape(
    Conflict,
    (Value("slug"), OneChoice("first"), OneChoice("second"), Value("message")),
)
KINSHIP = Shape(
    Kinship,
    (
        One("known", Framework),
        One("helped", Framework),
        Number("worth"),
        Value("reason"),
        One("source", Source),
        Value("locator"),
        Value("accessed_date"),
    ),
)
PERSONA = Shape(
    Persona,
    (
        Value("slug"),
        Value("name"),
        Value("story"),
        Answers("answers"),
        Many("expected", Framework),
        Children(
            "expectations",
            Shape(
                Expectation,
                (
                    One("source", Source),
                    Value("locator"),
                    Value("says"),
                    Value("accessed_date"),
                ),
            ),
            "persona",
        ),
        Value("remark"),
    ),
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
