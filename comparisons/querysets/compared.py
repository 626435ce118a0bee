"""What is compared, on what, and on which curated pages."""

from django.db import models
from django.db.models import Count, Exists, OuterRef, Prefetch
from django.db.models.functions import Coalesce

from comparisons.choices import Level
from comparisons.public import KnowledgeQuerySet


class FrameworkQuerySet(KnowledgeQuerySet):
    def providing(self, features, level):
        """Return those with a finding on one of ``features`` at ``level`` or better."""
        return self.filter(self._has_finding(features, level.at_least()))

    def lacking(self, features):
        """Return those of which it is known that none of ``features`` comes along.

        They are written by hand there, or cannot be had.
        """
        for feature in features:
            known = [Level.MANUAL, Level.NONE]
            self = self.filter(self._has_finding([feature], known))
        return self

    def fitting(self, feature):
        """Return those that fit the use case ``feature`` strongly or well."""
        return self.filter(self._has_finding([feature], Level.GOOD.at_least()))

    def _has_finding(self, features, levels):
        return Exists(
            self._published("findings").filter(
                framework=OuterRef("pk"), feature__in=features, level__in=levels
            )
        )


class FeatureGroupQuerySet(KnowledgeQuerySet):
    def with_features(self):
        """Prefetch the published features of each group as ``rows``."""
        features = self.model._meta.get_field("features").related_model
        return self.prefetch_related(
            Prefetch("features", features.objects.published(), to_attr="rows")
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
