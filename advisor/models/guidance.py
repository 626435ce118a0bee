from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from advisor.choices import QuestionKind, Step
from advisor.models.questionnaire import Choice, Theme
from advisor.querysets import ConflictQuerySet, PresetPointsQuerySet, PresetQuerySet
from comparisons.models import Citation, Framework, Publishable, Source
from comparisons.models.constraints import fault
from comparisons.models.history import recorded
from comparisons.models.listed import IN_PLACE, Listed
from comparisons.models.text import PlainCharField, PlainTextField
from comparisons.public import KnowledgeQuerySet


class Preset(Publishable):
    """Points that are suggested for a project. They count once a visitor sends them."""

    slug = models.SlugField(unique=True)
    choice = models.ForeignKey(
        Choice,
        on_delete=models.PROTECT,
        related_name="presets",
        help_text="The project that it is for.",
    )
    name = PlainCharField(
        max_length=60, help_text="Continues “Suggest points for …”: “a REST API”."
    )
    why = PlainTextField(
        help_text="Why these points, in a sentence that the citations bear out."
    )
    citations = models.ManyToManyField(Citation, blank=True, related_name="presets")

    objects = PresetQuerySet.as_manager()
    history = recorded("citations")

    class Meta:
        ordering = ["choice", "slug"]
        constraints = [*Publishable.Meta.constraints]

    def __str__(self):
        return self.name

    def clean(self):
        """Explain that points are suggested for a project and for nothing else."""
        super().clean()
        if self.choice_id and self.choice.question.kind != QuestionKind.PROJECT:
            raise fault("no_project", "Choose a project.", field="choice")


class PresetPoints(Listed):
    """The points that a preset suggests for one theme."""

    preset = models.ForeignKey(Preset, on_delete=models.CASCADE, related_name="points")
    theme = models.ForeignKey(
        Theme, on_delete=models.PROTECT, related_name="preset_points"
    )
    points = models.PositiveSmallIntegerField(choices=Step)

    objects = PresetPointsQuerySet.as_manager()
    history = recorded()
    belongs_to = ["preset"]
    natural_key_lookups = ("preset__slug", "theme__slug")

    class Meta:
        verbose_name_plural = "preset points"
        ordering = ["preset", *IN_PLACE]
        constraints = [
            models.UniqueConstraint(
                fields=["preset", "theme"],
                name="advisor_presetpoints_one_per_theme",
                violation_error_message="The preset has points for this theme.",
            ),
            models.CheckConstraint(
                condition=models.Q(points__in=Step.values),
                name="advisor_presetpoints_are_a_step",
                violation_error_message="Points are 0, 1, 2 or 4.",
            ),
        ]

    def __str__(self):
        return f"{self.theme}: {self.points}"


class Conflict(Publishable):
    """Two answers that pull against each other: a warning, never a refusal."""

    slug = models.SlugField(unique=True)
    first = models.ForeignKey(
        Choice, on_delete=models.PROTECT, related_name="conflicts_as_first"
    )
    second = models.ForeignKey(
        Choice, on_delete=models.PROTECT, related_name="conflicts_as_second"
    )
    message = PlainCharField(
        max_length=300, help_text="What the visitor should know about choosing both."
    )

    objects = ConflictQuerySet.as_manager()
    history = recorded()

    class Meta:
        ordering = ["slug"]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=~models.Q(first=models.F("second")),
                name="advisor_conflict_is_between_two",
                violation_error_message="A conflict is between two choices.",
            ),
        ]

    def __str__(self):
        return self.message


class Kinship(Publishable):
    """How far knowing one framework helps with another, and who says so."""

    known = models.ForeignKey(
        Framework, on_delete=models.CASCADE, related_name="kinships_as_known"
    )
    helped = models.ForeignKey(
        Framework, on_delete=models.CASCADE, related_name="kinships_as_helped"
    )
    worth = models.DecimalField(
        max_digits=3,
        decimal_places=2,
        validators=[MinValueValidator(0.01), MaxValueValidator(1)],
        help_text=(
            "Of knowing it itself: 0.75 if most carries over, 0.5 if a large part "
            "does, 0.25 if the ideas are the same and the names are not."
        ),
    )
    reason = PlainCharField(
        max_length=300, help_text="What carries over, as the passage says it."
    )
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="kinships"
    )
    locator = PlainCharField(
        max_length=200, help_text="Where in the source: section, heading or page."
    )
    accessed_date = models.DateField(help_text="The day on which it was read.")

    objects = KnowledgeQuerySet.as_manager()
    history = recorded()
    natural_key_lookups = ("known__slug", "helped__slug")
    published_with = ["known", "helped"]

    class Meta:
        ordering = ["known__slug", "helped__slug"]
        constraints = [
            *Publishable.Meta.constraints,
            models.UniqueConstraint(
                fields=["known", "helped"],
                name="advisor_kinship_one_per_pair",
                violation_error_message="There is a kinship of these two already.",
            ),
            models.CheckConstraint(
                condition=~models.Q(known=models.F("helped")),
                name="advisor_kinship_is_between_two",
                violation_error_message="A framework is no relative of itself.",
            ),
            models.CheckConstraint(
                condition=models.Q(worth__gt=0, worth__lte=1),
                name="advisor_kinship_worth_is_a_share",
                violation_error_message="A kinship is worth more than 0, at most 1.",
            ),
            models.CheckConstraint(
                condition=~models.Q(reason="") & ~models.Q(locator=""),
                name="advisor_kinship_names_its_passage",
                violation_error_message=(
                    "A kinship names its passage and says what carries over."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.known} helps with {self.helped}"
