from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html_join

from comparisons.editing.admin_urls import edit_address
from comparisons.history.recording import change_set
from comparisons.models import Link

# No more addresses are confirmed on one page.
MOST = 100


@admin.register(Link)
class LinkAdmin(admin.ModelAdmin):
    """What ``check_links`` has found. The command alone writes it."""

    list_per_page = 50
    show_facets = admin.ShowFacets.ALLOW

    list_display = ["url", "state", "checked_at", "status_code", "error", "failures"]
    list_filter = ["state", "checked_at"]
    search_fields = ["url", "moved_to_url"]
    readonly_fields = ["used_by"]
    actions = ["use_new_address"]
    change_form_template = "admin/comparisons/link/change_form.html"

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        replace = self.admin_site.admin_view(self.replace_view)
        return [
            path("replace/", replace, name="comparisons_link_replace"),
            *super().get_urls(),
        ]

    @admin.display(description="used by")
    def used_by(self, link):
        return format_html_join(
            ", ",
            '<a href="{}">{}</a>',
            ((edit_address(row), row) for row, _ in link.holders()),
        )

    @admin.action(description="Use the new address of what has moved")
    def use_new_address(self, request, queryset):
        return self.confirm_replacing(request, queryset.moved())

    def replace_view(self, request):
        """Show what would be replaced (GET), or replace what was shown (POST)."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            wanted = Link.objects.moved().filter(url__in=request.GET.getlist("url"))
            return self.confirm_replacing(request, wanted)
        confirmed = dict(
            zip(request.POST.getlist("url"), request.POST.getlist("new"), strict=False)
        )
        links = [
            link
            for link in Link.objects.moved().filter(url__in=list(confirmed)[:MOST])
            if link.moved_to_url == confirmed[link.url]
        ]
        # Asked before the first is replaced, so that no half is left.
        rows = [row for link in links for row, _ in link.holders()]
        if not all(self._may_change(request, row) for row in rows):
            raise PermissionDenied
        changed = [row for link in links for row in self._replace(request, link)]
        self.message_user(
            request,
            f"{len(changed)} addresses replaced."
            if changed
            else "Nothing was replaced: it has been done, or checked again, meanwhile, "
            "or another source has the new address and the two are to be merged.",
            messages.SUCCESS if changed else messages.WARNING,
        )
        return redirect("admin:comparisons_link_changelist")

    def confirm_replacing(self, request, links):
        """Return the page that asks whether ``links`` shall be replaced."""
        context = {
            **self.admin_site.each_context(request),
            "title": "Use the new address",
            "opts": self.opts,
            "links": [(link, link.holders()) for link in links[:MOST]],
            "most": MOST,
            "left_out": max(links.count() - MOST, 0),
        }
        return TemplateResponse(request, "admin/comparisons/link/replace.html", context)

    def _replace(self, request, link):
        """Replace one address and log it, as one recorded set."""
        with change_set(editor=request.user, reason=f"{link.url} has moved"[:300]):
            changed = link.replace(on=timezone.localdate())
            for row in changed:
                if not self._may_change(request, row):
                    raise PermissionDenied
                self.admin_site.get_model_admin(type(row)).log_change(
                    request,
                    row,
                    f"Address changed from {link.url} to {link.moved_to_url}.",
                )
        return changed

    def _may_change(self, request, row):
        row_admin = self.admin_site.get_model_admin(type(row))
        return row_admin.has_change_permission(request, row)
