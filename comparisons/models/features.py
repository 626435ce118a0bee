from contextlib import suppress

from django.core.exceptions import ValidationError
from django.db import models

from comparisons.addresses import page_path
from comparisons.choices import FeatureKind, Level
from comparisons.models.aliases import Renamable
from comparisons.models.conditions import PACKAGE, Condition, validate_condition
from comparisons.models.constraints import fault, one_of
from comparisons.models.history import recorded
from comparisons.models.listed import IN_PLACE, Listed
from comparisons.models.publishing import Publishable
from comparisons.models.text import PlainCharField, PlainTextField
from comparisons.public import KnowledgeQuerySet
from comparisons.querysets.compared import FeatureGroupQuerySet


def refuse_other_levels(feature, **levels):
    """Raise ValidationError if one of ``levels`` is of another kind than ``feature``.

    The keywords are the fields that hold the levels.
    """
    kind = feature.feature_kind
    errors = {
        field: ValidationError(
            f"“{Level(value).label}” is no level of a feature of the kind "
            f"“{kind.label.lower()}”. Choose one of: "
            f"{', '.join(level.label for level in kind.levels)}.",
            code="level_of_another_kind",
        )
        for field, value in levels.items()
        if value in Level.values and Level(value).kind not in (None, kind)
    }
    if errors:
        raise ValidationError(errors)


class FeatureGroup(models.Model):
    """A section of the comparison."""

    slug = models.SlugField(unique=True)
    name = PlainCharField(max_length=80, unique=True)
    description = PlainCharField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(
        default=0, help_text="Smaller comes first."
    )

    objects = FeatureGroupQuerySet.as_manager()
    history = recorded()
    published_through = ["features"]

    class Meta:
        ordering = ["position", "slug"]

    def __str__(self):
        return self.name


class Feature(Renamable, Publishable):
    """A row of the comparison: what frameworks are compared on."""

    slug = models.SlugField(unique=True)
    name = PlainCharField(max_length=80, unique=True)
    group = models.ForeignKey(
        FeatureGroup, on_delete=models.PROTECT, related_name="features"
    )
    kind = models.CharField(
        max_length=10,
        choices=FeatureKind,
        help_text="Decides which levels can answer. Fixed once findings exist.",
    )
    definition = PlainTextField(
        help_text="So precise that two editors would rate a framework alike."
    )
    position = models.PositiveSmallIntegerField(
        default=0, help_text="Within the group; smaller comes first."
    )

    objects = KnowledgeQuerySet.as_manager()
    history = recorded()

    class Meta:
        ordering = ["group__position", "position", "slug"]
        constraints = [*Publishable.Meta.constraints, one_of("kind", FeatureKind)]

    def __str__(self):
        return self.name

    def clean(self):
        """Explain why the kind cannot change any more."""
        super().clean()
        stored = Feature.objects.filter(pk=self.pk).exclude(kind=self.kind)
        in_use = models.Q(findings__isnull=False) | models.Q(thresholds__isnull=False)
        if stored.filter(in_use).exists():
            raise fault(
                "kind_is_fixed",
                "A feature keeps its kind while it has findings or "
                "thresholds, whose levels belong to that kind.",
                field="kind",
            )

    def get_absolute_url(self):
        return page_path("feature-detail", self.slug)

    @property
    def feature_kind(self):
        """The kind as an enum member, which knows its levels."""
        return FeatureKind(self.kind)


class Threshold(Listed):
    """When exactly a level of a feature is given."""

    feature = models.ForeignKey(
        Feature, on_delete=models.CASCADE, related_name="thresholds"
    )
    level = models.CharField(max_length=12, choices=Level)
    text = PlainTextField(help_text="When exactly is this level given?")
    condition = PlainCharField(
        max_length=300,
        blank=True,
        validators=[validate_condition],
        help_text="The same as a count over other features, where it is one: "
        "“2 to 3 of orm, forms, migrations at third_party; templating at official”.",
    )

    objects = KnowledgeQuerySet.as_manager()
    history = recorded()
    natural_key_lookups = ("feature__slug", "level")
    belongs_to = ["feature"]

    class Meta:
        ordering = ["feature", *IN_PLACE]
        constraints = [
            models.UniqueConstraint(
                fields=["feature", "level"],
                name="comparisons_threshold_one_per_level",
                violation_error_message="This level has its threshold already.",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    level__in=[level for level in Level.values if level != "unknown"]
                ),
                name="comparisons_threshold_level_is_known",
                violation_error_message="A threshold belongs to a known level.",
            ),
        ]

    def __str__(self):
        return f"{self.feature}: {self.get_level_display()}"

    def clean(self):
        """Explain a level that answers another kind of question."""
        super().clean()
        if self.feature_id:
            refuse_other_levels(self.feature, level=self.level)
        with suppress(ValueError):
            self._refuse_unknown_features(self.asked)

    @property
    def answer(self):
        """The level as an enum member."""
        return Level(self.level)

    @property
    def asked(self):
        """The condition as something that can be counted; None where there is none."""
        return Condition.read(self.condition) if self.condition else None

    def _refuse_unknown_features(self, condition):
        """Raise ValidationError for what is no feature, or no level of it."""
        pairs = condition.wanted if condition else []
        kinds = dict(
            Feature.objects.filter(slug__in=[slug for slug, _ in pairs]).values_list(
                "slug", "kind"
            )
        )
        for slug, level in pairs:
            kind = kinds.get(slug)
            if kind and level in (PACKAGE, *FeatureKind(kind).levels):
                continue
            is_what = f"has no level “{level}”" if kind else "is no feature"
            raise fault("unknown_feature", f"“{slug}” {is_what}.", field="condition")
