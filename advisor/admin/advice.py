from django.contrib import admin

from advisor.models import Advice
from comparisons.admin.bases.desk import ReadOnlyAdmin


@admin.register(Advice)
class AdviceAdmin(ReadOnlyAdmin):
    """Stored results: to look at, never to change."""

    list_display = ["__str__", "verdict", "data_version", "expires_at"]
    date_hierarchy = "created_at"
    fields = ["created_at", "expires_at", "verdict", "data_version", "answers"]

    @admin.display
    def verdict(self, advice):
        return advice.result["verdict"]

    def has_delete_permission(self, request, obj=None):
        return admin.ModelAdmin.has_delete_permission(self, request, obj)
