"""The questionnaire and its personas as files.

They are read and written with the rest of the knowledge.
"""

from comparisons.knowledge.documents import Document
from comparisons.knowledge.shapes import Children, Many, Number, One, Shape, Value
from comparisons.models import Feature, Framework, Source

from .models import Choice, Effect, Expectation, Persona, Question, Share, Theme


class Answers(Value):
    """A mapping, written in the order of its keys: not all databases keep theirs."""

    def normal(self, model, value):
        value = super().normal(model, value)
        return dict(sorted(value.items())) if isinstance(value, dict) else value


THEME = Shape(
    Theme,
    (
        Value("slug"),
        Value("name"),
        Value("description"),
        Value("basis"),
        Children(
            "shares",
            Shape(
                Share,
                (One("feature", Feature), Number("share")),
                identity=("feature",),
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
                            identity=("theme", "feature"),
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
                identity=("source", "locator"),
            ),
            "persona",
        ),
        Value("remark"),
    ),
    positioned=True,
)

QUESTIONNAIRE = (
    Document(
        "themes.yaml",
        THEME,
        lambda: Theme.objects.prefetch_related("shares__feature"),
        "themes",
    ),
    Document(
        "questions.yaml",
        QUESTION,
        lambda: Question.objects.select_related("theme").prefetch_related(
            "choices__effects__theme", "choices__effects__feature"
        ),
        "questions",
    ),
    Document(
        "personas.yaml",
        PERSONA,
        lambda: Persona.objects.prefetch_related("expected", "expectations__source"),
        "personas",
    ),
)
