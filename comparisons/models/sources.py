import itertools

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from comparisons.addresses import normalise
from comparisons.choices import Level, SourceKind, Stance, Witness
from comparisons.models.aliases import Renamable
from comparisons.models.alternatives import alternative, exactly_one
from comparisons.models.features import refuse_other_levels
from comparisons.models.frameworks import Framework
from comparisons.models.history import recorded
from comparisons.models.listed import IN_PLACE, Listed
from comparisons.models.publishing import WebAddressField, web_address_check
from comparisons.models.text import PlainCharField, PlainTextField
from comparisons.querysets.evidence import CitationQuerySet, SourceQuerySet

# What a citation can be about, as field names of Citation.
STATEMENTS = ["finding", "pro_con", "fact", "adopter", "verdict"]


# Escapes make an address longer; one that is longer still is compared with none.
LONGEST_NORMAL_URL = 1000


class Source(Renamable):
    """A document that statements rest on."""

    slug = models.SlugField(max_length=100, unique=True)
    title = PlainCharField(max_length=200)
    author = PlainCharField(max_length=120, blank=True)
    publisher = PlainCharField(max_length=200, blank=True)
    kind = models.CharField(max_length=15, choices=SourceKind)
    framework = models.ForeignKey(
        Framework,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="sources",
        help_text="The framework in whose file the source is kept; leave empty "
        "if several share it.",
    )
    published_date = models.DateField(null=True, blank=True)
    date_note = PlainTextField(blank=True, help_text="Any doubt about the date.")
    url = WebAddressField("address")
    normal_url = models.CharField(
        max_length=LONGEST_NORMAL_URL,
        blank=True,
        editable=False,
        help_text="What all addresses of the same page have in common.",
    )
    archive_url = WebAddressField("archived copy")
    interest = PlainTextField(
        blank=True,
        help_text="What author or publisher gain by the reader's choice.",
    )
    note = PlainTextField(blank=True)

    objects = SourceQuerySet.as_manager()
    history = recorded()
    published_through = ["citations"]

    class Meta:
        ordering = ["title", "slug"]
        constraints = [
            web_address_check("url", "comparisons_source_url_is_web"),
            web_address_check("archive_url", "comparisons_source_archive_is_web"),
            models.UniqueConstraint(
                fields=["normal_url"],
                condition=~models.Q(normal_url=""),
                name="comparisons_source_one_per_page",
                violation_error_message="Another source has this address already.",
            ),
        ]

    def __str__(self):
        return f"{self.title} ({self.publisher})" if self.publisher else self.title

    def save(self, *args, update_fields=None, **kwargs):
        normal_url = normalise(self.url)
        fits = len(normal_url) <= LONGEST_NORMAL_URL
        self.normal_url = normal_url if fits else ""
        if update_fields is not None and "url" in update_fields:
            update_fields = {*update_fields, "normal_url"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def clean(self):
        """Name the source that has the address already."""
        super().clean()
        if twin := Source.objects.at(self.url).exclude(pk=self.pk).first():
            raise ValidationError(
                {
                    "url": ValidationError(
                        f"“{twin}” has this address already.",
                        code="address_taken",
                        params={"twin": twin},
                    )
                }
            )

    def get_absolute_url(self):
        return reverse("comparisons:source-detail", args=[self.slug])

    @property
    def witness(self):
        """As what it speaks; an interest weighs more than the kind of document."""
        if self.interest:
            return Witness.INTERESTED
        if self.kind == SourceKind.MEASUREMENT:
            return Witness.MEASUREMENT
        return Witness.DOCUMENT


class Citation(Listed):
    """One passage of one source, cited for exactly one statement."""

    key = models.SlugField(
        max_length=100,
        unique=True,
        blank=True,
        help_text="A stable name, such as flask-orm-1; leave it empty to get one. "
        "Claims of the first four articles keep their number (Z07).",
    )
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="citations"
    )
    finding = alternative("Finding", "citations")
    pro_con = alternative("ProCon", "citations", verbose_name="pro or con")
    fact = alternative("Fact", "citations")
    adopter = alternative("Adopter", "citations")
    verdict = alternative("Verdict", "citations")
    stance = models.CharField(max_length=10, choices=Stance, default=Stance.SUPPORTS)
    locator = PlainCharField(
        max_length=200, help_text="Where in the source: section, heading or page."
    )
    says = PlainTextField(help_text="What the passage says, in our words.")
    level = models.CharField(
        max_length=12,
        choices=Level,
        blank=True,
        help_text="The level that the passage asserts, if it asserts one.",
    )
    accessed_date = models.DateField(help_text="The day on which it was read.")

    objects = CitationQuerySet.as_manager()
    history = recorded()
    natural_key_lookups = ("key",)
    belongs_to = STATEMENTS

    class Meta:
        ordering = [*IN_PLACE]
        constraints = [
            exactly_one(
                STATEMENTS,
                "comparisons_citation_points_at_one_statement",
                (
                    "A citation belongs to exactly one statement: a finding, a pro "
                    "or con, a fact, an adopter or a verdict."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(stance__in=Stance.values),
                name="comparisons_citation_stance_is_known",
                violation_error_message="Choose supports, disputes or context.",
            ),
            models.CheckConstraint(
                condition=~models.Q(locator="") & ~models.Q(says=""),
                name="comparisons_citation_names_its_passage",
                violation_error_message=(
                    "A citation names the passage and says what it says."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(level__in=["", *Level.values]),
                name="comparisons_citation_level_is_known",
                violation_error_message="Choose a level, or leave it empty.",
            ),
        ]

    def __str__(self):
        return self.key

    def save(self, *args, **kwargs):
        if not self.key:
            self.key = self._free_key()
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return f"{self.source.get_absolute_url()}#{self.key}"

    def clean(self):
        """Explain an asserted level that answers another kind of question."""
        super().clean()
        if self.finding and self.finding.feature_id:
            refuse_other_levels(self.finding.feature, level=self.level)

    @property
    def called(self):
        """How readers would call it."""
        return f"{self.source.title}, {self.locator}"

    def _free_key(self):
        """Return the statement's name with the first number that is free."""
        stem = self.statement.citation_stem[:90]
        taken = set(
            Citation.objects.filter(key__startswith=f"{stem}-").values_list(
                "key", flat=True
            )
        )
        numbers = itertools.count(1)
        return next(key for n in numbers if (key := f"{stem}-{n}") not in taken)

    @property
    def statement(self):
        """The one statement that the passage is cited for."""
        for field in STATEMENTS:
            if getattr(self, f"{field}_id") is not None:
                return getattr(self, field)
        return None

    @property
    def asserted(self):
        """The asserted level as an enum member, or None."""
        return Level(self.level) if self.level else None
