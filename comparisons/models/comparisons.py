from django.db import models

from comparisons.addresses import page_path
from comparisons.keys import natural_key
from comparisons.models.constraints import fault
from comparisons.models.features import Feature
from comparisons.models.findings import Finding
from comparisons.models.frameworks import VERSUS, Framework, comparison_slug
from comparisons.models.history import recorded
from comparisons.models.listed import IN_PLACE, Listed
from comparisons.models.publishing import Publishable
from comparisons.models.text import PlainCharField, PlainTextField
from comparisons.public import KnowledgeQuerySet
from comparisons.querysets.evidence import StatementQuerySet


class Comparison(Publishable):
    """A curated page for two or more frameworks."""

    slug = models.SlugField(
        max_length=200,
        unique=True,
        help_text="The frameworks' slugs in alphabetical order, joined by -vs-.",
    )
    title = PlainCharField(max_length=120)
    introduction = PlainTextField()
    frameworks = models.ManyToManyField(Framework, related_name="comparisons")
    features = models.ManyToManyField(
        Feature,
        blank=True,
        related_name="comparisons",
        verbose_name="chosen rows",
        help_text="The rows that decide this comparison; readers see them first.",
    )
    position = models.PositiveSmallIntegerField(
        default=0, help_text="Smaller comes first, on the home page too."
    )
    updated_at = models.DateTimeField(auto_now=True)

    objects = KnowledgeQuerySet.as_manager()
    history = recorded("frameworks", "features")
    published_with = ["frameworks"]

    class Meta:
        ordering = ["position", "title", "slug"]
        indexes = [
            # With the state in front SQLite reads the first few in this order.
            models.Index(
                fields=["status", *ordering], name="comparisons_comparison_first"
            )
        ]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(slug__contains=VERSUS),
                name="comparisons_comparison_slug_names_frameworks",
                violation_error_message=(
                    "The slug names the frameworks, joined by “-vs-”."
                ),
            ),
        ]

    def __str__(self):
        return self.title

    def clean(self):
        """Explain a slug under which the page could not be found."""
        super().clean()
        parts = self.slug.split(VERSUS)
        if len(parts) < 2 or parts != sorted(set(parts)):
            raise fault(
                "slug_is_no_address",
                "Write the frameworks' slugs in alphabetical order, each "
                "once, joined by “-vs-”: django-vs-flask.",
                field="slug",
            )

    def get_absolute_url(self):
        return page_path("compare", self.slug)

    def readdress(self):
        """Save it under the slugs that its frameworks have now."""
        frameworks = self.frameworks.order_by()
        slug = comparison_slug(frameworks.values_list("slug", flat=True))
        taken = Comparison.objects.filter(slug=slug).exists()
        if VERSUS in slug and not taken:
            self.slug = slug
            self.save()


class Section(Listed):
    """A part of a comparison: our summary over the findings that it rests on."""

    comparison = models.ForeignKey(
        Comparison, on_delete=models.CASCADE, related_name="sections"
    )
    slug = models.SlugField()
    heading = PlainCharField(max_length=120)
    body = PlainTextField()
    features = models.ManyToManyField(
        Feature,
        related_name="sections",
        help_text="Rows that the text rests on; shown below it with their sources.",
    )

    objects = KnowledgeQuerySet.as_manager()
    history = recorded("features")
    natural_key_lookups = ("comparison__slug", "slug")
    belongs_to = ["comparison"]

    class Meta:
        ordering = ["comparison", *IN_PLACE]
        constraints = [
            models.UniqueConstraint(
                fields=["comparison", "slug"],
                name="comparisons_section_one_per_slug",
                violation_error_message="This comparison has such a section already.",
            )
        ]

    def __str__(self):
        return self.heading


class Verdict(Listed):
    """Whom a comparison sends to one framework: “choose X when …”."""

    comparison = models.ForeignKey(
        Comparison, on_delete=models.CASCADE, related_name="verdicts"
    )
    framework = models.ForeignKey(
        Framework, on_delete=models.CASCADE, related_name="verdicts"
    )
    slug = models.SlugField()
    when = PlainTextField(help_text="Finishes “Choose X when …”.")
    findings = models.ManyToManyField(
        Finding,
        blank=True,
        related_name="verdicts",
        help_text="The findings that it rests on.",
    )

    objects = StatementQuerySet.as_manager()
    history = recorded("findings")
    natural_key_lookups = ("comparison__slug", "slug")
    belongs_to = ["comparison"]
    published_with = ["comparison", "framework"]

    class Meta:
        ordering = ["comparison", *IN_PLACE]
        constraints = [
            models.UniqueConstraint(
                fields=["comparison", "slug"],
                name="comparisons_verdict_one_per_slug",
                violation_error_message="This comparison has such a verdict already.",
            )
        ]

    def __str__(self):
        return f"Choose {self.framework} when {self.when}"

    def get_absolute_url(self):
        return f"{self.comparison.get_absolute_url()}#{self.slug}"

    @property
    def slug_stem(self):
        """What its slug is made of."""
        return f"{self.framework.slug} {self.when}"

    @property
    def citation_stem(self):
        """How the keys of its citations begin."""
        return "-".join(natural_key(self))
