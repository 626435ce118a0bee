"""The questionnaire as files, read and written with the rest of the knowledge."""

from comparisons.knowledge.documents import Document
from comparisons.knowledge.shapes import Children, Number, One, Shape, Value
from comparisons.models import Feature

from .models import Choice, Effect, Question, Share, Theme

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
)
