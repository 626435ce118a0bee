from django.contrib import admin
from django.db.models import Count

from ..models import CodeSample, Extension, Framework, Task
from .shared import KnowledgeAdmin, KnowledgeInline


@admin.register(Framework)
class FrameworkAdmin(KnowledgeAdmin):
    list_display = ["name", "kind", "status", "updated_at"]
    list_filter = ["status", "kind"]
    search_fields = ["name", "slug", "tagline"]
    prepopulated_fields = {"slug": ["name"]}

    def render_change_form(self, request, context, obj=None, **kwargs):
        """Add the findings of the framework, which have forms of their own."""
        if obj:
            findings = obj.findings.select_related("feature__group")
            context["findings"] = findings.annotate(citation_count=Count("citations"))
        return super().render_change_form(request, context, obj=obj, **kwargs)


@admin.register(Extension)
class ExtensionAdmin(KnowledgeAdmin):
    list_display = ["name", "kind", "maintenance", "last_activity_date"]
    list_filter = ["kind", "maintenance", "frameworks"]
    search_fields = ["name", "slug", "summary"]
    autocomplete_fields = ["frameworks", "features"]
    prepopulated_fields = {"slug": ["name"]}


class CodeSampleInline(KnowledgeInline, admin.StackedInline):
    model = CodeSample
    extra = 0
    autocomplete_fields = ["framework"]


@admin.register(Task)
class TaskAdmin(KnowledgeAdmin):
    list_display = ["title", "feature", "position"]
    list_select_related = ["feature"]
    search_fields = ["title", "description"]
    autocomplete_fields = ["feature"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [CodeSampleInline]
