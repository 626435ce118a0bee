from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify

from comparisons.addresses import page_path
from comparisons.choices import FactKind, Level, Side, Stance
from comparisons.keys import natural_key
from comparisons.models.features import Feature, refuse_other_levels
from comparisons.models.frameworks import Extension, Framework
from comparisons.models.history import recorded
from comparisons.models.listed import IN_PLACE, Listed
from comparisons.models.publishing import (
    Publishable,
    WebAddressField,
    web_address_check,
)
from comparisons.models.text import PlainCharField, PlainTextField
from comparisons.querysets.evidence import StatementQuerySet


class Statement(Publishable):
    """Something we claim about a framework and can prove by citations.

    While published it has a supporting citation: the database refuses to
    publish it without one, and takes it back to draft when its last one goes
    (see ``comparisons.triggers``).
    """

    decision = PlainTextField(
        "editors' decision",
        blank=True,
        help_text="Where citations disagree: what the editors decided.",
    )
    reason = PlainTextField(blank=True, help_text="Why they decided so.")
    updated_at = models.DateTimeField(auto_now=True)

    # Whether a release of its framework can make it wrong.
    ages = True
    # What can be amended when a suggestion is taken, and where the text goes that
    # its reader proposes.
    amended = ()
    proposed_text = ""
    # Set by a form that saves the citations after the statement.
    citations_follow = False

    class Meta(Publishable.Meta):
        abstract = True

    def clean(self):
        """Explain what the database would refuse."""
        super().clean()
        if not self.citations_follow:
            stored = self.citations.all() if self.pk else []
            if faults := self.unproved(stored):
                raise ValidationError(faults)

    def unproved(self, citations):
        """Return why readers may not see it with ``citations``: {field: error}.

        They are all that it will have. Empty if they prove it, or it is not published.
        """
        supported = any(each.stance == Stance.SUPPORTS for each in citations)
        if supported or not self.is_published or not self.needs_support:
            return {}
        return {
            "status": ValidationError(
                "Nothing is published without a supporting citation. Add one that "
                "supports the statement, or save it as a draft.",
                code="uncited",
            )
        }

    @property
    def citation_stem(self):
        """How the keys of its citations begin: ``flask-orm``."""
        return slugify("-".join(natural_key(self)))

    @property
    def needs_support(self):
        """Whether it claims anything that has to be proved."""
        return True

    def has_support(self):
        """Whether a stored citation supports the statement."""
        return (
            self.pk is not None
            and self.citations.filter(stance=Stance.SUPPORTS).exists()
        )

    def can_stand(self):
        """Whether the database lets it be published as things stand."""
        return not self.needs_support or self.has_support()

    # Properties below read prefetched citations and run no query of their own
    # on a page: see StatementQuerySet.with_citations().

    @property
    def supporting(self):
        """The citations that support it."""
        return self._citations_with(Stance.SUPPORTS)

    @property
    def disputing(self):
        """The citations that dispute it."""
        return self._citations_with(Stance.DISPUTES)

    @property
    def is_contested(self):
        """Whether it is published while sources disagree about it."""
        return self.is_published and bool(self.supporting) and bool(self.disputing)

    @property
    def last_checked(self):
        """The latest day on which one of its passages was read, or None."""
        return max(
            (citation.accessed_date for citation in self.citations.all()),
            default=None,
        )

    def _citations_with(self, stance):
        return [
            citation for citation in self.citations.all() if citation.stance == stance
        ]


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
    amended = ("level", "extension", "since_version", "note", "decision", "reason")
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
            models.CheckConstraint(
                condition=models.Q(level__in=Level.values),
                name="comparisons_finding_level_is_known",
                violation_error_message="Choose one of the levels.",
            ),
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
            self.feature,
            level=self.level,
            at_least=self.at_least,
            at_most=self.at_most,
        )
        bounds = [
            Level(value).worth
            for value in (self.at_least, self.at_most)
            if value in Level.values and Level(value).is_known
        ]
        if bounds != sorted(bounds):
            raise ValidationError(
                {
                    "at_most": ValidationError(
                        "“At most” is a worse level than “at least”.",
                        code="bounds_out_of_order",
                    )
                }
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


class ProCon(Statement, Listed):
    """A short statement for or against a framework."""

    slug = models.SlugField(max_length=100, unique=True)
    framework = models.ForeignKey(
        Framework, on_delete=models.CASCADE, related_name="pros_and_cons"
    )
    side = models.CharField(max_length=3, choices=Side)
    statement = PlainTextField()
    matters_when = PlainTextField(
        help_text="Whom it matters to, and when: finishes “Matters when …”."
    )
    feature = models.ForeignKey(
        Feature, on_delete=models.PROTECT, related_name="pros_and_cons"
    )

    objects = StatementQuerySet.as_manager()
    history = recorded()
    amended = ("statement", "matters_when")
    proposed_text = "statement"
    published_with = ["framework", "feature"]

    class Meta(Statement.Meta):
        verbose_name = "pro or con"
        verbose_name_plural = "pros and cons"
        ordering = ["framework", "-side", *IN_PLACE]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(side__in=Side.values),
                name="comparisons_procon_side_is_known",
                violation_error_message="Choose pro or con.",
            ),
        ]

    def __str__(self):
        return self.statement

    def get_absolute_url(self):
        page = page_path("finding-detail", self.framework.slug, self.feature.slug)
        return f"{page}#{self.slug}"


class Fact(Statement, Listed):
    """A plain fact of a framework: its licence, its first release, its size."""

    framework = models.ForeignKey(
        Framework, on_delete=models.CASCADE, related_name="facts"
    )
    kind = models.CharField(max_length=15, choices=FactKind)
    value = PlainCharField(max_length=300)
    event_date = models.DateField(
        null=True,
        blank=True,
        help_text="The day of what the fact tells, such as the release of the latest "
        "version; empty if no passage names it.",
    )
    note = PlainTextField(blank=True)

    objects = StatementQuerySet.as_manager()
    history = recorded()
    amended = ("value", "event_date", "note")
    proposed_text = "value"
    published_with = ["framework"]
    natural_key_lookups = ("framework__slug", "kind")

    class Meta(Statement.Meta):
        ordering = ["framework", *IN_PLACE]
        constraints = [
            *Publishable.Meta.constraints,
            models.UniqueConstraint(
                fields=["framework", "kind"],
                name="comparisons_fact_one_per_kind",
                violation_error_message="This framework has this fact already.",
            ),
        ]

    def __str__(self):
        return f"{self.framework}: {self.get_kind_display()}"

    def get_absolute_url(self):
        return page_path("fact-detail", self.framework.slug, self.kind)


class Adopter(Statement):
    """An organisation that uses a framework, as somebody stated."""

    slug = models.SlugField(max_length=100, unique=True)
    framework = models.ForeignKey(
        Framework, on_delete=models.CASCADE, related_name="adopters"
    )
    name = PlainCharField(max_length=120)
    url = WebAddressField("address")
    note = PlainTextField(blank=True)

    objects = StatementQuerySet.as_manager()
    history = recorded()
    published_with = ["framework"]
    # Who used a framework did so whatever came out since.
    ages = False
    amended = ("name", "url", "note")
    proposed_text = "note"

    class Meta(Statement.Meta):
        ordering = ["framework", "name", "slug"]
        constraints = [
            *Publishable.Meta.constraints,
            models.UniqueConstraint(
                fields=["framework", "name"],
                name="comparisons_adopter_one_per_name",
                violation_error_message="This framework lists this adopter already.",
            ),
            web_address_check("url", "comparisons_adopter_url_is_web"),
        ]

    def __str__(self):
        return f"{self.name} ({self.framework})"

    def get_absolute_url(self):
        return page_path("adopter-detail", self.framework.slug, self.slug)
