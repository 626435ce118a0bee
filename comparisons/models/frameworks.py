from datetime import timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower

from comparisons.addresses import page_path
from comparisons.choices import ExtensionKind, FrameworkKind, Maintenance
from comparisons.models.aliases import Renamable
from comparisons.models.features import Feature
from comparisons.models.history import recorded
from comparisons.models.publishing import (
    Publishable,
    WebAddressField,
    web_addresses,
)
from comparisons.models.text import PlainCharField, PlainTextField
from comparisons.public import KnowledgeQuerySet
from comparisons.querysets.compared import FrameworkQuerySet

# Joins the slugs in the address of a comparison, so no slug may contain it.
VERSUS = "-vs-"
# A package is maintained if it has a stable release and somebody worked on it in so
# many years. Two would be too few: what is finished and used everywhere, as
# Flask-SQLAlchemy is, rests for longer.
MAINTAINED_YEARS = 3
MAINTAINED_FOR = timedelta(days=MAINTAINED_YEARS * 365)
UNUSABLE = (Maintenance.PRERELEASE, Maintenance.ARCHIVED)


refuse_versus = RegexValidator(
    VERSUS,
    f"A framework's slug cannot contain “{VERSUS}”, which joins the frameworks in the "
    "address of a comparison.",
    code="ambiguous_slug",
    inverse_match=True,
)
# Exporting writes to this path, so it stays within fixtures/samples.
validate_sample_file = RegexValidator(
    r"^[a-z0-9_]+/[a-z0-9_]+\.[a-z]+\Z",
    "Write a folder and a file: hello_world/flask_app.py.",
    code="not_a_sample_file",
)


def comparison_slug(slugs):
    """Return the canonical address part for frameworks: alphabetical, each once."""
    return VERSUS.join(sorted(set(slugs)))


class Framework(Renamable, Publishable):
    """What is compared."""

    slug = models.SlugField(unique=True, validators=[refuse_versus])
    name = PlainCharField(max_length=80, unique=True)
    kind = models.CharField(max_length=10, choices=FrameworkKind)
    tagline = PlainCharField(
        max_length=200, help_text="One line for cards and lists, without praise."
    )
    summary = PlainTextField(
        blank=True, help_text="Two or three sentences at the head of the profile."
    )
    homepage_url = WebAddressField("home page")
    docs_url = WebAddressField("documentation")
    repository_url = WebAddressField("repository")
    makers = PlainCharField(
        max_length=200,
        blank=True,
        help_text="Names under which those who make it publish, separated by commas.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = FrameworkQuerySet.as_manager()
    history = recorded()

    class Meta:
        # Not every name begins with a capital: aiohttp stands before Bottle.
        ordering = [Lower("name"), "slug"]
        indexes = [
            models.Index(Lower("name"), "slug", name="comparisons_framework_by_name")
        ]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=~models.Q(slug__contains=VERSUS),
                name="comparisons_framework_slug_is_unambiguous",
                violation_error_message="A slug cannot contain “-vs-”.",
            ),
            *web_addresses("homepage_url", "docs_url", "repository_url"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return page_path("framework-detail", self.slug)

    def rename(self, former):
        """Give its comparisons their new address as well."""
        super().rename(former)
        for comparison in self.comparisons.all():
            comparison.readdress()

    def is_own(self, publisher, address):
        """Whether what ``publisher`` says at ``address`` is the project's own word."""
        is_maker = bool(publisher) and publisher.casefold() in _names(self.makers)
        return is_maker or self.publishes(address)

    def publishes(self, address):
        """Whether the page at ``address`` is the project's own.

        The project speaks on the hosts of its home page and its documentation,
        and through its account on the host that keeps its code with others'.
        """
        if not address:
            return False
        own, code_host = _sites(self.homepage_url, self.docs_url, self.repository_url)
        return _site(address, code_host) in own


# A page of many answers asks for the same few makers and sites hundreds of times.
@lru_cache(maxsize=64)
def _names(makers):
    return {name.strip().casefold() for name in makers.split(",")}


@lru_cache(maxsize=64)
def _sites(homepage, documentation, repository):
    """Return whose sites the pages of a project are on, and the host of its code."""
    code_host = _site(repository)[0]
    pages = [page for page in (homepage, documentation, repository) if page]
    return {_site(page, code_host) for page in pages}, code_host


@lru_cache(maxsize=4096)
def _site(address, code_host=""):
    """Return whose site ``address`` is on: its host and, on ``code_host``, account."""
    parts = urlsplit(address.lower())
    host = parts.netloc.removeprefix("www.")
    return (host, parts.path.strip("/").split("/")[0] if host == code_host else "")


class Extension(Renamable):
    """A package that provides features for frameworks (Flask-Login, Wagtail)."""

    slug = models.SlugField(max_length=80, unique=True)
    name = PlainCharField(max_length=80, unique=True)
    kind = models.CharField(
        max_length=12, choices=ExtensionKind, default=ExtensionKind.THIRD_PARTY
    )
    summary = PlainCharField(max_length=300, blank=True)
    url = WebAddressField("home page or documentation")
    repository_url = WebAddressField("repository")
    maintenance = models.CharField(
        max_length=10, choices=Maintenance, default=Maintenance.UNKNOWN
    )
    last_activity_date = models.DateField(null=True, blank=True)
    frameworks = models.ManyToManyField(
        Framework, related_name="extensions", blank=True
    )
    features = models.ManyToManyField(Feature, related_name="extensions", blank=True)

    objects = KnowledgeQuerySet.as_manager()
    history = recorded("frameworks", "features")
    published_through = ["findings", "alternative_findings", "frameworks"]

    class Meta:
        ordering = ["name", "slug"]
        constraints = web_addresses("url", "repository_url")

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return page_path("extension-detail", self.slug)

    @property
    def upkeep(self):
        """How it is kept up, as last seen, in words."""
        words = self.get_maintenance_display().lower()
        if self.last_activity_date is None:
            return words
        return f"{words}, last activity seen {self.last_activity_date:%-d %b %Y}"

    def is_maintained(self, day):
        """Whether it is maintained on ``day``: True, False, or None.

        As far as editors have seen: None where nobody looked, or long ago.
        """
        if self.maintenance in UNUSABLE:
            return False
        if self.maintained_until is None:
            return True if self.maintenance == Maintenance.ACTIVE else None
        if day <= self.maintained_until:
            return True
        return False if self.maintenance == Maintenance.SLOW else None

    @property
    def maintained_until(self):
        """The last day on which what editors saw makes it count as maintained."""
        if self.last_activity_date is None or self.maintenance in UNUSABLE:
            return None
        return self.last_activity_date + MAINTAINED_FOR


class Task(models.Model):
    """A small job that is solved once in each framework."""

    slug = models.SlugField(unique=True)
    title = PlainCharField(max_length=80, unique=True)
    description = PlainTextField(help_text="What the program must do.")
    feature = models.ForeignKey(Feature, on_delete=models.PROTECT, related_name="tasks")
    position = models.PositiveSmallIntegerField(default=0)

    objects = KnowledgeQuerySet.as_manager()
    history = recorded()
    published_through = ["samples"]

    class Meta:
        ordering = ["position", "slug"]

    def __str__(self):
        return self.title


class CodeSample(Publishable):
    """A task done in one framework; written by us, run by a test."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="samples")
    framework = models.ForeignKey(
        Framework, on_delete=models.CASCADE, related_name="samples"
    )
    file = PlainCharField(
        max_length=120,
        unique=True,
        validators=[validate_sample_file],
        help_text="File under fixtures/samples that a test runs.",
    )
    note = PlainTextField(blank=True, help_text="What to notice.")
    code = PlainTextField()

    objects = KnowledgeQuerySet.as_manager()
    history = recorded()
    published_with = ["framework", "task__feature"]
    natural_key_lookups = ("task__slug", "framework__slug")

    class Meta:
        ordering = ["task", "framework__name", "pk"]
        constraints = [
            *Publishable.Meta.constraints,
            models.UniqueConstraint(
                fields=["task", "framework"],
                name="comparisons_codesample_one_per_framework",
                violation_error_message="This framework has a sample for this task.",
            ),
        ]

    def __str__(self):
        return f"{self.task} in {self.framework}"
