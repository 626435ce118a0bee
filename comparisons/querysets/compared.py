"""What is compared, on what, and on which curated pages."""

from django.db import models
from django.db.models import (
    Case,
    Count,
    Exists,
    OuterRef,
    Prefetch,
    When,
)
from django.db.models.functions import Coalesce

from comparisons.choices import (
    FeatureKind,
    Level,
)
from comparisons.public import KnowledgeQuerySet


class FrameworkQuerySet(KnowledgeQuerySet):
    def with_counts(self):
        """Add how many published findings and pros and cons each one has."""
        finding = self._published("findings").filter(framework=OuterRef("pk"))
        return self.annotate(
            known_count=count_of(finding.exclude(level=Level.UNKNOWN)),
            unknown_count=count_of(finding.filter(level=Level.UNKNOWN)),
        )

    def best_first(self, feature):
        """Return those that are answered on ``feature``, the best level first."""
        worths = [
            When(findings__level=level, then=place)
            for place, level in enumerate(feature.feature_kind.levels)
        ]
        findings = self._published("findings").filter(feature=feature)
        return self.filter(findings__in=findings).order_by(
            Case(*worths, default=len(worths)), "name"
        )

    def providing(self, feature, level):
        """Return those whose finding on ``feature`` is at ``level`` or better."""
        return self._with_finding(feature, level.at_least())

    def fitting(self, feature):
        """Return those that fit the use case ``feature`` strongly or well."""
        return self._with_finding(feature, Level.GOOD.at_least())

    def _with_finding(self, feature, levels):
        return self.filter(
            Exists(
                self._published("findings").filter(
                    framework=OuterRef("pk"), feature=feature, level__in=levels
                )
            )
        )


class FeatureGroupQuerySet(KnowledgeQuerySet):
    def with_features(self):
        """Prefetch the published features of each group as ``rows``."""
        features = self.model._meta.get_field("features").related_model
        return self.prefetch_related(
            Prefetch("features", features.objects.published(), to_attr="rows")
        )


class FeatureQuerySet(KnowledgeQuerySet):
    def of_kind(self, kind):
        """Return the features that ask the question of ``kind``."""
        return self.filter(kind=kind)

    def capabilities(self):
        return self.of_kind(FeatureKind.CAPABILITY)

    def use_cases(self):
        return self.of_kind(FeatureKind.USE_CASE)

    def with_counts(self):
        """Add how many published frameworks have a known finding."""
        finding = self._published("findings").filter(feature=OuterRef("pk"))
        return self.annotate(known_count=count_of(finding.exclude(level=Level.UNKNOWN)))


class ComparisonQuerySet(KnowledgeQuerySet):
    def for_page(self):
        """Gather the curated text of a comparison."""
        return self.prefetch_related(
            "frameworks",
            "features",
            "sections__features",
            "verdicts__framework",
            "verdicts__findings__feature",
            "verdicts__citations__source",
        )


def count_of(queryset):
    """Return a subquery that counts the rows of ``queryset`` for the outer row."""
    counted = (
        queryset.order_by()
        .annotate(_one=models.Value(1))
        .values("_one")
        .annotate(number=Count("pk", distinct=True))
        .values("number")
    )
    return Coalesce(models.Subquery(counted, output_field=models.IntegerField()), 0)
