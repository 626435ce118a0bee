from django.contrib import admin

from ..models import Comparison, Section, Verdict
from .publishing import PublishableAdmin
from .shared import KnowledgeAdmin, KnowledgeInline
from .statements import CitationInline


class SectionInline(KnowledgeInline, admin.StackedInline):
    model = Section
    extra = 0
    autocomplete_fields = ["features"]
    prepopulated_fields = {"slug": ["heading"]}


class VerdictInline(KnowledgeInline, admin.StackedInline):
    model = Verdict
    extra = 0
    autocomplete_fields = ["framework", "findings"]
    show_change_link = True


@admin.register(Comparison)
class ComparisonAdmin(PublishableAdmin):
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
