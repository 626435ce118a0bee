from decimal import ROUND_DOWN, Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.urls import reverse

from advisor.choices import EffectKind, QuestionKind, ThemeBasis
from advisor.models.faults import question_faults, refuse_to_publish, theme_faults
from advisor.querysets import ChoiceQuerySet, EffectQuerySet, QuestionQuerySet
from comparisons.choices import Level
from comparisons.models import Feature, Publishable
from comparisons.models.constraints import fault
from comparisons.models.features import refuse_other_levels
from comparisons.models.history import recorded
from comparisons.models.listed import IN_PLACE, Listed
from comparisons.models.text import PlainCharField, PlainTextField
from comparisons.public import KnowledgeQuerySet

# Fields that the form has besides its questions.
FORM_FIELDS = ("csrfmiddlewaretoken", "preset", "suggest")


class Theme(Publishable):
    """A priority that the visitor weighs: “easy to learn”, “security”."""

    slug = models.SlugField(unique=True)
    name = PlainCharField(max_length=60, unique=True)
    description = PlainTextField(help_text="What the theme is made of, in words.")
    worst = PlainCharField(
        max_length=200,
        blank=True,
        help_text="What the lowest levels of its features come to, in plain words.",
    )
    best = PlainCharField(
        max_length=200,
        blank=True,
        help_text="What the highest levels of its features come to, in plain words.",
    )
    basis = models.CharField(
        max_length=10, choices=ThemeBasis, default=ThemeBasis.FEATURES
    )
    known_share = models.DecimalField(
        max_digits=3,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text="How much of it, 0 to 1, is whether the team knows the framework, if "
        "it names some.",
    )
    position = models.PositiveSmallIntegerField(default=0)

    objects = KnowledgeQuerySet.as_manager()
    history = recorded()

    # Set by a form that saves the shares after the theme, and checks them.
    shares_follow = False

    class Meta:
        ordering = ["position", "slug"]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(known_share__gte=0, known_share__lte=1),
                name="advisor_theme_known_share_is_a_share",
                violation_error_message="A share is at least 0 and at most 1.",
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        """Refuse to publish a theme that would break the questionnaire."""
        super().clean()
        if self.is_published and not self.shares_follow:
            refuse_to_publish(self, theme_faults(self))

    @transaction.atomic
    def share_equally(self):
        """Make the shares of the features equal; the first takes the remainder."""
        shares = list(self.shares.all())
        if not shares:
            return
        part = (1 / Decimal(len(shares))).quantize(Decimal("0.001"), ROUND_DOWN)
        for share in shares:
            share.share = part
        shares[0].share = 1 - part * (len(shares) - 1)
        for share in shares:
            share.save(update_fields=["share"])

    def refuse_unready(self):
        """Refuse shares that do not sum to one, or of what is not published."""
        refuse_to_publish(self, theme_faults(self))


class Share(Listed):
    """How much of a theme one feature makes up."""

    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="shares")
    feature = models.ForeignKey(
        Feature, on_delete=models.PROTECT, related_name="shares"
    )
    share = models.DecimalField(
        max_digits=4,
        decimal_places=3,
        validators=[MinValueValidator(0.001), MaxValueValidator(1)],
        help_text="Between 0 and 1; the shares of a theme sum to 1.",
    )

    objects = KnowledgeQuerySet.as_manager()
    history = recorded()
    natural_key_lookups = ("theme__slug", "feature__slug")
    belongs_to = ["theme"]

    class Meta:
        ordering = ["theme", *IN_PLACE]
        constraints = [
            models.UniqueConstraint(
                fields=["theme", "feature"],
                name="advisor_share_one_per_feature",
                violation_error_message="The theme has this feature already.",
            ),
            models.CheckConstraint(
                condition=models.Q(share__gt=0, share__lte=1),
                name="advisor_share_is_a_share",
                violation_error_message="A share is more than 0 and at most 1.",
            ),
        ]

    def __str__(self):
        return f"{self.theme}: {self.feature} {self.share}"


class Question(Publishable):
    """One field of the advisor's form; its slug is the field's name."""

    slug = models.CharField(
        max_length=60, unique=True, help_text="Name of the form field."
    )
    kind = models.CharField(max_length=12, choices=QuestionKind)
    theme = models.ForeignKey(
        Theme,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="questions",
        help_text="The theme that a priority question weighs.",
    )
    text = PlainCharField(max_length=200)
    help_text = PlainTextField(blank=True)
    most = models.PositiveSmallIntegerField(
        "most answers",
        null=True,
        blank=True,
        help_text="How many choices may be ticked; empty for no limit.",
    )
    shown_if = models.ForeignKey(
        "Choice",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="opens",
        help_text="Ask only those who chose this; its own question asks everybody.",
    )
    position = models.PositiveSmallIntegerField(default=0)

    objects = QuestionQuerySet.as_manager()
    history = recorded()

    class Meta:
        ordering = ["position", "slug"]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(kind=QuestionKind.PRIORITY, theme__isnull=False)
                | (~models.Q(kind=QuestionKind.PRIORITY) & models.Q(theme=None)),
                name="advisor_question_priority_has_theme",
                violation_error_message=(
                    "A priority question names its theme; no other question does."
                ),
            ),
            models.CheckConstraint(
                condition=~models.Q(slug__in=FORM_FIELDS),
                name="advisor_question_slug_is_free",
                violation_error_message="The form has another field of this name.",
            ),
        ]

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return f"{reverse('advisor:questionnaire')}#div_id_{self.slug}"

    def clean(self):
        """Refuse what would break the questionnaire once it is published."""
        super().clean()
        self._refuse_a_deep_condition()
        if self.is_published:
            refuse_to_publish(self, question_faults(self))

    @property
    def takes_several(self):
        """Whether more than one choice may be ticked."""
        return QuestionKind(self.kind).takes_several

    def refuse_unready(self):
        """Refuse choices without effect, or that act on what is not published."""
        refuse_to_publish(self, question_faults(self))

    def _refuse_a_deep_condition(self):
        """Explain a condition that hangs on another one."""
        if self.shown_if is None:
            return
        if self.shown_if.question.shown_if_id or self.shown_if.question_id == self.pk:
            message = "Choose an answer to another question, one that asks everybody."
        elif self.pk and self.choices.filter(opens__isnull=False).exists():
            message = "Other questions hang on an answer to this one."
        else:
            return
        raise fault("condition_too_deep", message, field="shown_if")


class Choice(Listed):
    """One answer that a question offers; its slug is the posted value.

    A question about frameworks has a single choice, whose effects apply once
    any framework is ticked.
    """

    question = models.ForeignKey(
        Question, on_delete=models.CASCADE, related_name="choices"
    )
    slug = models.SlugField()
    label = PlainCharField(max_length=120)
    help_text = PlainCharField(max_length=200, blank=True)

    objects = ChoiceQuerySet.as_manager()
    history = recorded()
    natural_key_lookups = ("question__slug", "slug")
    belongs_to = ["question"]

    class Meta:
        ordering = ["question", *IN_PLACE]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "slug"],
                name="advisor_choice_one_per_slug",
                violation_error_message="The question has this choice already.",
            )
        ]

    def __str__(self):
        return self.label


class Effect(Listed):
    """What a choice does: points for a theme or feature, or a required level."""

    choice = models.ForeignKey(Choice, on_delete=models.CASCADE, related_name="effects")
    kind = models.CharField(max_length=10, choices=EffectKind)
    theme = models.ForeignKey(
        Theme, on_delete=models.PROTECT, null=True, blank=True, related_name="effects"
    )
    feature = models.ForeignKey(
        Feature, on_delete=models.PROTECT, null=True, blank=True, related_name="effects"
    )
    points = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MaxValueValidator(8)],
        help_text="0 does not matter, 1 nice, 2 important, 4 decisive.",
    )
    level = models.CharField(max_length=12, choices=Level, blank=True)

    objects = EffectQuerySet.as_manager()
    history = recorded()
    natural_key_lookups = (
        "choice__question__slug",
        "choice__slug",
        "theme__slug",
        "feature__slug",
    )
    belongs_to = ["choice"]

    class Meta:
        ordering = ["choice", *IN_PLACE]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(theme__isnull=True, feature__isnull=False)
                | models.Q(theme__isnull=False, feature__isnull=True),
                name="advisor_effect_has_one_target",
                violation_error_message="An effect is on a theme or on a feature.",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    kind=EffectKind.REQUIRE, feature__isnull=False, points__isnull=True
                )
                & ~models.Q(level__in=["", Level.UNKNOWN])
                | models.Q(
                    kind__in=[EffectKind.SET_POINTS, EffectKind.ADD_POINTS],
                    points__isnull=False,
                    level="",
                ),
                name="advisor_effect_says_what_it_does",
                violation_error_message=(
                    "A required level needs a feature and a level; points need a "
                    "number."
                ),
            ),
            models.UniqueConstraint(
                fields=["choice", "theme"],
                name="advisor_effect_one_per_theme",
                violation_error_message="The choice has an effect on this theme.",
            ),
            models.UniqueConstraint(
                fields=["choice", "feature"],
                name="advisor_effect_one_per_feature",
                violation_error_message="The choice has an effect on this feature.",
            ),
        ]

    def __str__(self):
        if self.kind == EffectKind.REQUIRE:
            return f"requires “{self.target}” at “{self.get_level_display()}” or better"
        verb = "adds" if self.kind == EffectKind.ADD_POINTS else "sets"
        points = "1 point" if self.points == 1 else f"{self.points} points"
        return f"{verb} {points} for “{self.target}”"

    @property
    def target(self):
        """The theme or feature that it acts on."""
        return self.theme or self.feature

    def clean(self):
        """Explain a level that the required feature cannot have."""
        super().clean()
        if self.feature_id:
            refuse_other_levels(self.feature, level=self.level)
