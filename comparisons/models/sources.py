import itertools
from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from comparisons.addresses import normalise, page_path
from comparisons.choices import Level, NoFragment, SourceKind, Stance, Witness
from comparisons.models.aliases import Renamable
from comparisons.models.alternatives import alternative, chosen, exactly_one, models_of
from comparisons.models.constraints import fault, one_of
from comparisons.models.features import refuse_other_levels
from comparisons.models.frameworks import Framework
from comparisons.models.history import recorded
from comparisons.models.listed import IN_PLACE, Listed
from comparisons.models.publishing import WebAddressField, web_addresses
from comparisons.models.text import PlainCharField, PlainTextField
from comparisons.querysets.evidence import CitationQuerySet, SourceQuerySet

# Where a passage is looked for, as field names of Citation.
PLACE = ["source_id", "fragment", "marks"]
# What a citation can be about, as field names of Citation.
STATEMENTS = ["finding", "pro_con", "fact", "adopter", "verdict"]


# Escapes make an address longer; one that is longer still is compared with none.
LONGEST_NORMAL_URL = 1000
MOST_MARKS = 6
# In words.
LONGEST_MARK = 4


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
        blank=True, help_text="What author or publisher gain by the reader's choice."
    )
    note = PlainTextField(blank=True)

    objects = SourceQuerySet.as_manager()
    history = recorded()
    # Several fields may take what a reader suggests, so the editor chooses.
    proposed_text = ""
    published_through = ["citations", "measurement_runs"]

    class Meta:
        ordering = ["title", "slug"]
        constraints = [
            *web_addresses("url", "archive_url"),
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
            message = f"“{twin}” has this address already."
            raise fault("address_taken", message, field="url")

    def get_absolute_url(self):
        return page_path("source-detail", self.slug)

    @property
    def witness(self):
        """As what it speaks."""
        return Witness.of(self.kind, self.interest)


def split_marks(text: str) -> list[str]:
    """Return the marks that ``text`` lists, each once."""
    return list(
        dict.fromkeys(mark for part in text.split(",") if (mark := part.strip()))
    )


def validate_marks(text: str) -> None:
    """Refuse sentences: a mark is a name, an identifier or a number."""
    marks = split_marks(text)
    if len(marks) > MOST_MARKS:
        raise ValidationError(f"Name no more than {MOST_MARKS}.", code="too_many_marks")
    for mark in marks:
        if len(mark.split()) > LONGEST_MARK:
            raise ValidationError(
                f"“{mark}” has more than {LONGEST_MARK} words: name what has to stand "
                "there, and copy no sentence.",
                code="sentence",
            )


def section_address(url, fragment):
    """Return the address of a section of the page at ``url``, or of the page."""
    if not fragment or not url:
        return url
    return f"{url.partition('#')[0]}#{quote(fragment)}"


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

    fragment = PlainCharField(
        max_length=200,
        blank=True,
        validators=[
            RegexValidator(
                r"^[^\s#]+$", "Write what stands behind the # of the address."
            )
        ],
        help_text="What leads to the section on its page: the end of the address, "
        "without the #.",
    )
    no_fragment = models.CharField(
        "why no fragment", max_length=10, choices=NoFragment, blank=True
    )
    release = PlainCharField(
        max_length=100,
        blank=True,
        validators=[
            RegexValidator(r"^\S+ \S+$", "Write a name and a version: Flask 3.1.3.")
        ],
        help_text="The release of the documentation in which it was read: package or "
        "repository, a space and the version.",
    )
    marks = PlainCharField(
        max_length=200,
        blank=True,
        validators=[validate_marks],
        help_text="Names, identifiers or numbers that have to stand in the section, "
        "separated by commas.",
    )
    # By which check_passages knows the section again, and when it was found.
    fingerprint = models.CharField(max_length=16, blank=True, editable=False)
    found_date = models.DateField(null=True, blank=True, editable=False)

    objects = CitationQuerySet.as_manager()
    history = recorded()
    natural_key_lookups = ("key",)
    belongs_to = STATEMENTS

    class Meta:
        ordering = [*IN_PLACE]
        indexes = [
            # All that a matrix asks of a thousand passages.
            models.Index(
                fields=["finding", "stance", "accessed_date"],
                name="comparisons_citation_stances",
            )
        ]
        constraints = [
            exactly_one(
                STATEMENTS,
                "comparisons_citation_points_at_one_statement",
                (
                    "A citation belongs to exactly one statement: a finding, a pro "
                    "or con, a fact, an adopter or a verdict."
                ),
            ),
            one_of("stance", Stance),
            models.CheckConstraint(
                condition=~models.Q(locator="") & ~models.Q(says=""),
                name="comparisons_citation_names_its_passage",
                violation_error_message=(
                    "A citation names the passage and says what it says."
                ),
            ),
            one_of("level", Level, or_empty=True),
            models.CheckConstraint(
                condition=models.Q(fragment="") | models.Q(no_fragment=""),
                name="comparisons_citation_fragment_or_reason",
                violation_error_message=(
                    "A fragment leads there: give no reason why there is none."
                ),
            ),
            one_of("no_fragment", NoFragment, or_empty=True),
            models.CheckConstraint(
                condition=models.Q(fingerprint="", found_date=None)
                | ~models.Q(fingerprint="") & ~models.Q(found_date=None),
                name="comparisons_citation_is_found_on_a_day",
                violation_error_message="What is known again was found on a day.",
            ),
        ]

    def __str__(self):
        return self.key

    def save(self, *args, **kwargs):
        if not self.key:
            self.key = self._free_key()
        if self.pk and self.fingerprint and self._looks_elsewhere():
            self.fingerprint, self.found_date = "", None
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return f"{self.source.get_absolute_url()}#{self.key}"

    def clean(self):
        """Explain an asserted level that answers another kind of question."""
        super().clean()
        if self.finding and self.finding.feature_id:
            refuse_other_levels(self.finding.feature, level=self.level)

    @property
    def address(self):
        """The address of the very section, or of the page; empty if it has none."""
        return section_address(self.source.url, self.fragment)

    @property
    def called(self):
        """How readers would call it."""
        return f"{self.source.title}, {self.locator}"

    def _looks_elsewhere(self):
        """Whether the passage was found somewhere else than it is looked for now."""
        place = {name: getattr(self, name) for name in PLACE}
        found = Citation.objects.filter(pk=self.pk, fingerprint=self.fingerprint)
        return found.exclude(**place).exists()

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
        name = chosen(self, STATEMENTS)
        return getattr(self, name) if name else None

    @property
    def asserted(self):
        """The asserted level as an enum member, or None."""
        return Level(self.level) if self.level else None


def cited_for(citation):
    """Return (model, primary key) of what a citation, or a record of one, is about."""
    name = chosen(citation, STATEMENTS)
    if name is None:
        return None
    return models_of(Citation, STATEMENTS)[name], getattr(citation, f"{name}_id")
