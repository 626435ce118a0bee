from django.contrib import admin
from django.utils.html import format_html_join

from comparisons.admin.bases.desk import ReadOnlyAdmin
from comparisons.admin.pages.links import confirm_replacing
from comparisons.editing.admin_urls import edit_address
from comparisons.models import Link


@admin.register(Link)
class LinkAdmin(ReadOnlyAdmin):
    """What ``check_links`` has found. The command alone writes it."""

    list_display = ["url", "state", "checked_at", "status_code", "error", "failures"]
    list_filter = ["state", "checked_at"]
    search_fields = ["url", "moved_to_url"]
    readonly_fields = ["used_by"]
    actions = ["use_new_address"]
    change_form_template = "admin/comparisons/moved.html"

    @admin.display(description="used by")
    def used_by(self, link):
        return format_html_join(
            ", ",
            '<a href="{}">{}</a>',
            ((edit_address(row), row) for row, _ in link.holders()),
        )

    @admin.action(description="Use the new address of what has moved")
    def use_new_address(self, request, queryset):
        return confirm_replacing(request, queryset.moved())
