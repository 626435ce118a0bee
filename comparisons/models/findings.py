from django.core.exceptions import ValidationError
from django.db import models

from comparisons.addresses import page_path
from comparisons.choices import Level, Stance
from comparisons.models.constraints import fault, one_of
from comparisons.models.features import Feature, refuse_other_levels
from comparisons.models.frameworks import Extension, Framework
from comparisons.models.history import recorded
from comparisons.models.publishing import Publishable
from comparisons.models.statements import Statement
from comparisons.models.text import PlainCharField, PlainTextField
from comparisons.querysets.evidence import StatementQuerySet


class Finding(Statement):
    """The editors' answer for one framework on one feature."""

    framework = models.ForeignKey(
        Framework, on_delete=models.CASCADE, related_name="findings"
    )
    feature = models.ForeignKey(
        Feature, on_delete=models.PROTECT, related_name="findings"
    )
    level = models.CharField(max_length=12, choices=Level, default=Level.UNKNOWN)
    at_least = models.CharField(
        max_length=12,
        choices=Level,
        blank=True,
        help_text="Only for unknown: the worst level that is still possible.",
    )
    at_most = models.CharField(
        max_length=12,
        choices=Level,
        blank=True,
        help_text="Only for unknown: the best level that is still possible.",
    )
    extension = models.ForeignKey(
        Extension,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="findings",
        help_text="The package that provides it; needed for official and "
        "third-party levels.",
    )
    alternatives = models.ManyToManyField(
        Extension,
        blank=True,
        related_name="alternative_findings",
        help_text="Other packages that provide it.",
    )
    since_version = PlainCharField(
        max_length=30, blank=True, help_text="Version that brought it, where known."
    )
    note = PlainTextField(
        blank=True, help_text="One or two useful sentences for the reader."
    )

    objects = StatementQuerySet.as_manager()
    history = recorded("alternatives")
    proposed_text = "note"
    published_with = ["framework", "feature"]
    natural_key_lookups = ("framework__slug", "feature__slug")

    class Meta(Statement.Meta):
        ordering = ["framework", "feature__group__position", "feature__position", "pk"]
        indexes = [
            # A feature's page asks for the first frameworks at each level.
            models.Index(
                fields=["feature", "level", "framework"],
                name="comparisons_finding_by_level",
            )
        ]
        constraints = [
            *Publishable.Meta.constraints,
            models.UniqueConstraint(
                fields=["framework", "feature"],
                name="comparisons_finding_one_per_feature",
                violation_error_message=(
                    "This framework has a finding on this feature already; edit that."
                ),
            ),
            one_of("level", Level),
            models.CheckConstraint(
                condition=~models.Q(
                    level__in=[level for level in Level if level.needs_extension]
                )
                | models.Q(extension__isnull=False),
                name="comparisons_finding_package_is_named",
                violation_error_message=(
                    "A feature that a package provides names the package: choose "
                    "an extension."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(level=Level.UNKNOWN)
                | models.Q(at_least="", at_most=""),
                name="comparisons_finding_bounds_are_for_unknown",
                violation_error_message=(
                    "“At least” and “at most” narrow an unknown level; a known "
                    "level needs neither."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.framework}: {self.feature}"

    def clean(self):
        """Explain a level that answers another kind of question."""
        super().clean()
        if self.feature_id is None:
            return
        refuse_other_levels(
            self.feature, level=self.level, at_least=self.at_least, at_most=self.at_most
        )
        bounds = [
            Level(value).worth
            for value in (self.at_least, self.at_most)
            if value in Level.values and Level(value).is_known
        ]
        if bounds != sorted(bounds):
            raise fault(
                "bounds_out_of_order",
                "“At most” is a worse level than “at least”.",
                field="at_most",
            )

    def get_absolute_url(self):
        return page_path("finding-detail", self.framework.slug, self.feature.slug)

    @property
    def needs_support(self):
        return self.level != Level.UNKNOWN

    def unproved(self, citations):
        """Explain as well a level that no passage asserts, and nobody decided."""
        faults = super().unproved(citations)
        asserted = self.asserted_instead(citations)
        if asserted and self.is_published and not self.decision:
            said = " or ".join(f"“{level.label}”" for level in asserted)
            faults["decision"] = ValidationError(
                f"The passages that support it assert {said}. Write what the editors "
                "decided, or correct the level or the passages.",
                code="contradicted",
            )
        return faults

    def asserted_instead(self, citations):
        """Return the levels that supporting ``citations`` assert if none is its own.

        Best first; empty as well if the answer is unknown, or no passage asserts one.
        """
        asserted = {each.level for each in citations if each.stance == Stance.SUPPORTS}
        if self.level == Level.UNKNOWN or self.level in asserted:
            return []
        return [level for level in Level if level.is_known and level in asserted]

    @property
    def answer(self):
        """The level as an enum member."""
        return Level(self.level)

    @property
    def bounds(self):
        """What the answer can be worth: (low, high), equal when it is known."""
        if self.answer.is_known:
            return (self.answer.worth, self.answer.worth)
        # An “at least” of unknown says no more than an empty one.
        low = Level(self.at_least or Level.UNKNOWN).worth
        high = Level(self.at_most or Level.UNKNOWN).worth
        return (0.0 if low is None else low, 1.0 if high is None else high)
