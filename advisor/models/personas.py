from django.core.exceptions import ValidationError
from django.db import models

from advisor.querysets import PersonaOutcomeQuerySet
from comparisons.models import Framework, Source
from comparisons.models.history import recorded
from comparisons.models.listed import IN_PLACE, Listed
from comparisons.models.text import PlainCharField, PlainTextField
from comparisons.public import KnowledgeQuerySet


def validate_answers(answers):
    """Refuse what no form could post: all but values and lists of values."""
    if not isinstance(answers, dict) or not all(
        isinstance(value, str)
        or (isinstance(value, list) and all(isinstance(one, str) for one in value))
        for value in answers.values()
    ):
        raise ValidationError(
            "Give a value, or a list of values, for each question.", code="no_answers"
        )


def as_lists(answers):
    """Return ``answers`` as the advisor takes them: lists of values, by question."""
    return {
        question: list(value) if isinstance(value, list) else [value]
        for question, value in answers.items()
    }


class Persona(models.Model):
    """A named situation of which sources say which framework suits it."""

    slug = models.SlugField(unique=True)
    name = PlainCharField(max_length=80, unique=True)
    story = PlainTextField(help_text="Who they are and what they need, in two lines.")
    answers = models.JSONField(
        validators=[validate_answers],
        help_text="What they answer: the value, or the list of values, by question.",
    )
    expected = models.ManyToManyField(
        Framework,
        related_name="personas",
        help_text="The frameworks of which one should come first.",
    )
    remark = PlainTextField(
        blank=True,
        help_text="What the form cannot say of the situation, or why the outcome "
        "differs from what is expected.",
    )
    position = models.PositiveSmallIntegerField(default=0)

    objects = KnowledgeQuerySet.as_manager()
    history = recorded("expected")

    class Meta:
        ordering = ["position", "slug"]

    def __str__(self):
        return self.name

    @property
    def answered(self):
        """The answers as the advisor takes them."""
        return as_lists(self.answers or {})


class Expectation(Listed):
    """The passage of a source that says what suits a persona's situation."""

    persona = models.ForeignKey(
        Persona, on_delete=models.CASCADE, related_name="expectations"
    )
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="expectations"
    )
    locator = PlainCharField(
        max_length=200, help_text="Where in the source: a section or heading."
    )
    says = PlainTextField(help_text="What it says, in our words.")
    accessed_date = models.DateField(help_text="When the passage was read.")

    objects = KnowledgeQuerySet.as_manager()
    history = recorded()
    natural_key_lookups = ("persona__slug", "source__slug", "locator")

    class Meta:
        ordering = ["persona", *IN_PLACE]
        constraints = [
            models.UniqueConstraint(
                fields=["persona", "source", "locator"],
                name="advisor_expectation_one_per_passage",
                violation_error_message="The persona names this passage already.",
            )
        ]

    def __str__(self):
        return f"{self.persona}: {self.source}"


class PersonaOutcome(models.Model):
    """What the advisor said to a persona when an editor recorded it."""

    persona = models.ForeignKey(
        Persona, on_delete=models.CASCADE, related_name="outcomes", editable=False
    )
    # Best first: the framework, its rank and its shown score.
    places = models.JSONField(editable=False)
    data_version = models.PositiveBigIntegerField(editable=False)
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = PersonaOutcomeQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at", "-pk"]

    def __str__(self):
        return f"{self.persona}, {self.recorded_at:%Y-%m-%d %H:%M}"
