from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count

from comparisons.addresses import page_path
from comparisons.models.features import Feature
from comparisons.models.frameworks import Framework
from comparisons.models.history import recorded
from comparisons.models.listed import IN_PLACE, Listed
from comparisons.models.publishing import Publishable
from comparisons.models.sources import Citation
from comparisons.models.text import PlainTextField
from comparisons.public import KnowledgeQuerySet
from comparisons.querysets.evidence import DisagreementQuerySet

ONE_SIDED = (
    "A published disagreement has two positions or more, each with its citations."
)


class Disagreement(Publishable):
    """A question on which sources differ."""

    slug = models.SlugField(max_length=100, unique=True)
    key = models.SlugField(
        max_length=20, unique=True, help_text="A short stable name, such as G03."
    )
    question = PlainTextField(help_text="Neutral, and ending in a question mark.")
    feature = models.ForeignKey(
        Feature, on_delete=models.PROTECT, related_name="disagreements"
    )
    frameworks = models.ManyToManyField(
        Framework, blank=True, related_name="disagreements"
    )
    decision = PlainTextField(
        "editors' decision",
        blank=True,
        help_text="What the editors decided, or why it is left open.",
    )
    reason = PlainTextField(blank=True, help_text="Why they decided so.")
    updated_at = models.DateTimeField(auto_now=True)

    objects = DisagreementQuerySet.as_manager()
    history = recorded("frameworks")
    published_with = ["feature", "frameworks"]

    class Meta:
        ordering = ["key"]
        # The first few of all, and of a feature.
        indexes = [
            models.Index(
                fields=["status", "key"], name="comparisons_disagreement_first"
            ),
            models.Index(
                fields=["feature", "status", "key"], name="comparisons_disagreement_on"
            ),
        ]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=~models.Q(status="published")
                | (~models.Q(decision="") & ~models.Q(reason="")),
                name="comparisons_disagreement_is_decided",
                violation_error_message=(
                    "A published disagreement carries the editors' decision and "
                    "its reason."
                ),
            ),
        ]

    def __str__(self):
        return self.question

    def get_absolute_url(self):
        return page_path("disagreement-detail", self.slug)

    def refuse_unready(self):
        """Refuse fewer than two sides, or one without passages."""
        sides = self.positions.annotate(passage_count=Count("citations"))
        counts = [side.passage_count for side in sides]
        if len(counts) < 2 or not all(counts):
            raise ValidationError(ONE_SIDED, code="one_sided")


class Position(Listed):
    """One side of a disagreement, with the passages that take it."""

    disagreement = models.ForeignKey(
        Disagreement, on_delete=models.CASCADE, related_name="positions"
    )
    position = PlainTextField(help_text="As that side says it, in our words.")
    citations = models.ManyToManyField(Citation, related_name="positions")

    objects = KnowledgeQuerySet.as_manager()
    history = recorded("citations")
    natural_key_lookups = ("disagreement__slug", "position")
    belongs_to = ["disagreement"]

    class Meta:
        ordering = ["disagreement", *IN_PLACE]
        constraints = [
            models.UniqueConstraint(
                fields=["disagreement", "position"],
                name="comparisons_position_taken_once",
                violation_error_message="This position is listed already.",
            )
        ]

    def __str__(self):
        return self.position

    @property
    def passages(self):
        """Its citations, a passage that is cited for two statements once."""
        by_passage = {
            (citation.source, citation.locator, citation.says): citation
            for citation in self.citations.all()
        }
        return list(by_passage.values())
