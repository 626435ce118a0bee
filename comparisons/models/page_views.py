from django.db import models
from django.db.models import Q

from comparisons.models.features import Feature
from comparisons.models.frameworks import Framework
from comparisons.querysets import PageViewsQuerySet


class PageViews(models.Model):
    """How often readers opened pages about a framework, or a feature, on one day."""

    framework = models.ForeignKey(
        Framework,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="page_views",
    )
    feature = models.ForeignKey(
        Feature,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="page_views",
    )
    date = models.DateField()
    views = models.PositiveIntegerField()

    objects = PageViewsQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "page views"
        ordering = ["-date", "framework", "feature"]
        constraints = [
            models.CheckConstraint(
                condition=Q(framework=None) ^ Q(feature=None),
                name="comparisons_pageviews_are_of_one",
                violation_error_message="Views are those of a framework or a feature.",
            ),
            models.UniqueConstraint(
                fields=["date", "framework"],
                name="comparisons_pageviews_one_per_framework",
                violation_error_message="The day has views of this framework.",
            ),
            models.UniqueConstraint(
                fields=["date", "feature"],
                name="comparisons_pageviews_one_per_feature",
                violation_error_message="The day has views of this feature.",
            ),
        ]

    def __str__(self):
        return f"{self.framework or self.feature} on {self.date}: {self.views}"
