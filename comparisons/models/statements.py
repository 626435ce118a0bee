from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify

from comparisons.addresses import page_path
from comparisons.choices import FactKind, Side, Stance
from comparisons.keys import natural_key
from comparisons.models.constraints import one_of
from comparisons.models.features import Feature
from comparisons.models.frameworks import Framework
from comparisons.models.history import recorded
from comparisons.models.listed import IN_PLACE, Listed
from comparisons.models.publishing import (
    Publishable,
    WebAddressField,
    web_addresses,
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
    # Where the text goes that a reader suggests.
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

    def can_stand(self):
        """Whether the database lets it be published as things stand."""
        return not self.needs_support or (
            self.pk is not None
            and self.citations.filter(stance=Stance.SUPPORTS).exists()
        )

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
            (citation.accessed_date for citation in self.citations.all()), default=None
        )

    def _citations_with(self, stance):
        return [
            citation for citation in self.citations.all() if citation.stance == stance
        ]


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
    proposed_text = "statement"
    published_with = ["framework", "feature"]

    class Meta(Statement.Meta):
        verbose_name = "pro or con"
        verbose_name_plural = "pros and cons"
        ordering = ["framework", "-side", *IN_PLACE]
        constraints = [*Publishable.Meta.constraints, one_of("side", Side)]

    def __str__(self):
        return self.statement

    @property
    def slug_stem(self):
        """What its slug is made of."""
        return f"{self.framework.slug} {self.side} {self.statement}"

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
            *web_addresses("url"),
        ]

    def __str__(self):
        return f"{self.name} ({self.framework})"

    def get_absolute_url(self):
        return page_path("adopter-detail", self.framework.slug, self.slug)
