"""Every page of the knowledge with the day of its last change, for search engines."""

from django.contrib.sitemaps import Sitemap

from comparisons.models import (
    Comparison,
    Disagreement,
    Extension,
    Feature,
    Finding,
    Framework,
    Source,
)
from comparisons.pages.last_changes import with_last_change


class KnowledgeSitemap(Sitemap):
    """The public pages of one model, so many in a file."""

    limit = 1_000

    def __init__(self, model):
        self.model = model

    def items(self):
        rows = self.model.objects.published().order_by("pk")
        if self.model is Finding:
            # Their addresses name both.
            rows = rows.select_related("framework", "feature")
        return with_last_change(rows)

    def lastmod(self, row):
        return row.changed_at

    def get_latest_lastmod(self):
        """Leave the list of files undated: a date would take reading every row."""
        return None


SITEMAPS = {
    f"{model._meta.model_name}s": KnowledgeSitemap(model)
    for model in (
        *(Comparison, Framework, Feature, Finding, Disagreement, Source),
        Extension,
    )
}
