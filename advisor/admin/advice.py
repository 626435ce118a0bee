from django.contrib import admin

from advisor.models import Advice


@admin.register(Advice)
class AdviceAdmin(admin.ModelAdmin):
    """Stored results: to look at, never to change."""

    list_display = ["__str__", "verdict", "data_version", "expires_at"]
    date_hierarchy = "created_at"
    fields = ["created_at", "expires_at", "verdict", "data_version", "answers"]
    list_per_page = 50

    @admin.display
    def verdict(self, advice):
        return advice.result["verdict"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
