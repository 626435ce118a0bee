from django.contrib import admin

from comparisons.admin.bases.forms import KnowledgeInline
from comparisons.admin.bases.knowledge import KnowledgeAdmin
from comparisons.admin.bases.publishing import PublishableAdmin, PublishableForm
from comparisons.admin.bases.statements import CitationInline
from comparisons.models import Comparison, Section, Verdict
from comparisons.models.frameworks import comparison_slug


class ComparisonForm(PublishableForm):
    """A comparison, which is called by its frameworks."""

    def make_slug(self, row):
        frameworks = self.cleaned_data["frameworks"]
        return comparison_slug(framework.slug for framework in frameworks)


class SectionInline(KnowledgeInline, admin.StackedInline):
    model = Section
    first = 1
    autocomplete_fields = ["features"]


class VerdictInline(KnowledgeInline, admin.StackedInline):
    model = Verdict
    # A comparison has two frameworks or more.
    first = 2
    autocomplete_fields = ["framework", "findings"]
    show_change_link = True


@admin.register(Comparison)
class ComparisonAdmin(PublishableAdmin):
    form = ComparisonForm
    list_display = ["title", "slug", "status", "position"]
    list_filter = ["status", "frameworks"]
    search_fields = ["title", "introduction"]
    autocomplete_fields = ["frameworks", "features"]
    inlines = [SectionInline, VerdictInline]


@admin.register(Verdict)
class VerdictAdmin(KnowledgeAdmin):
    list_display = ["when", "framework", "comparison"]
    list_filter = ["framework", "comparison"]
    list_select_related = ["framework", "comparison"]
    search_fields = ["when", "framework__name", "comparison__title"]
    autocomplete_fields = ["comparison", "framework", "findings"]
    inlines = [CitationInline]
