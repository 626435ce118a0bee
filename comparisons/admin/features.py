from django.contrib import admin

from comparisons.admin.bases.desk import matrix_link
from comparisons.admin.bases.forms import KnowledgeInline
from comparisons.admin.bases.knowledge import KnowledgeAdmin
from comparisons.admin.bases.publishing import PublishableAdmin
from comparisons.models import Feature, FeatureGroup, Threshold


class ThresholdInline(KnowledgeInline, admin.TabularInline):
    model = Threshold


@admin.register(FeatureGroup)
class FeatureGroupAdmin(KnowledgeAdmin):
    list_display = ["name", "position"]
    search_fields = ["name"]


@admin.register(Feature)
class FeatureAdmin(PublishableAdmin):
    list_display = ["name", "group", "kind", "status", "position", matrix_link]
    list_filter = ["status", "kind", "group"]
    list_select_related = ["group"]
    search_fields = ["name", "slug", "definition"]
    autocomplete_fields = ["group"]
    moved_within = ["group"]
    inlines = [ThresholdInline]
    change_form_template = "admin/comparisons/feature/change_form.html"
