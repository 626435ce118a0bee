from django.contrib import admin

from ..models import CodeSample, Extension, Framework, Task
from .shared import KnowledgeAdmin


@admin.register(Framework)
class FrameworkAdmin(KnowledgeAdmin):
    list_display = ["name", "kind", "status", "updated_at"]
    list_filter = ["status", "kind"]
    search_fields = ["name", "slug", "tagline"]
    prepopulated_fields = {"slug": ["name"]}
    change_form_template = "admin/comparisons/framework/change_form.html"


@admin.register(Extension)
class ExtensionAdmin(KnowledgeAdmin):
    list_display = ["name", "kind", "maintenance", "last_activity_date"]
    list_filter = ["kind", "maintenance", "frameworks"]
    search_fields = ["name", "slug", "summary"]
    autocomplete_fields = ["frameworks", "features"]
    prepopulated_fields = {"slug": ["name"]}


class CodeSampleInline(admin.StackedInline):
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
