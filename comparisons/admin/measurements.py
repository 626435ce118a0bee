from django.contrib import admin

from comparisons.admin.bases.knowledge import KnowledgeAdmin
from comparisons.admin.bases.publishing import PublishableAdmin
from comparisons.models import Measurement, MeasurementRun


@admin.register(MeasurementRun)
class MeasurementRunAdmin(PublishableAdmin):
    list_display = ["slug", "measured_on", "rounds", "seconds", "status"]
    search_fields = ["slug", "machine"]
    autocomplete_fields = ["source"]


@admin.register(Measurement)
class MeasurementAdmin(KnowledgeAdmin):
    list_display = ["framework", "metric", "connections", "setup", "value", "run"]
    list_filter = ["run", "metric", "setup", "framework"]
    list_select_related = ["framework", "run"]
    search_fields = ["framework__name", "metric"]
    autocomplete_fields = ["run", "framework"]
