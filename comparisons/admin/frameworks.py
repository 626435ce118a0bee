from django.contrib import admin
from django.db.models import Count

from comparisons.admin.bases.desk import RatedAdmin, matrix_link
from comparisons.admin.bases.forms import KnowledgeInline
from comparisons.admin.bases.knowledge import KnowledgeAdmin
from comparisons.admin.bases.merging import MergeableAdmin
from comparisons.admin.bases.publishing import PublishableAdmin
from comparisons.models import CodeSample, Extension, Framework, Task


@admin.register(Framework)
class FrameworkAdmin(RatedAdmin, MergeableAdmin, PublishableAdmin):
    actions = [*PublishableAdmin.actions, *MergeableAdmin.actions]
    list_display = ["name", "kind", "status", "updated_at", matrix_link]
    list_filter = ["status", "kind"]
    search_fields = ["name", "slug", "tagline"]
    change_form_template = "admin/comparisons/framework/change_form.html"

    def beside(self, framework):
        """Return its findings, which have forms of their own."""
        findings = framework.findings.select_related("feature__group")
        return {"findings": findings.annotate(citation_count=Count("citations"))}


@admin.register(Extension)
class ExtensionAdmin(MergeableAdmin):
    list_display = ["name", "kind", "maintenance", "last_activity_date"]
    list_filter = ["kind", "maintenance", "frameworks"]
    search_fields = ["name", "slug", "summary"]
    autocomplete_fields = ["frameworks", "features"]
    shown_by = ["frameworks"]


class CodeSampleInline(KnowledgeInline, admin.StackedInline):
    model = CodeSample
    autocomplete_fields = ["framework"]
    # Moved on a page of its own.
    readonly_fields = ["status"]
    show_change_link = True


@admin.register(Task)
class TaskAdmin(KnowledgeAdmin):
    list_display = ["title", "feature", "position"]
    list_select_related = ["feature"]
    search_fields = ["title", "description"]
    autocomplete_fields = ["feature"]
    inlines = [CodeSampleInline]


@admin.register(CodeSample)
class CodeSampleAdmin(PublishableAdmin):
    list_display = ["task", "framework", "status", "file"]
    list_filter = ["status", "framework", "task"]
    list_select_related = ["task", "framework"]
    search_fields = ["task__title", "framework__name", "file"]
    autocomplete_fields = ["task", "framework"]
