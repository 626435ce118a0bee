"""A list of which several rows may turn out to be one."""

from django.contrib import admin, messages
from django.shortcuts import redirect
from django.urls import reverse

from comparisons.admin.bases.knowledge import KnowledgeAdmin

# So many stand side by side.
MOST = 4


class MergeableAdmin(KnowledgeAdmin):
    """Adds the action that leads to ``pages.merging``."""

    actions = ["merge_duplicates"]

    def has_merge_permission(self, request):
        """Whether the editor may change what is kept and delete what goes."""
        return self.has_change_permission(request) and self.has_delete_permission(
            request
        )

    @admin.action(description="Merge duplicates", permissions=["merge"])
    def merge_duplicates(self, request, queryset):
        chosen = list(queryset.values_list("pk", flat=True)[: MOST + 1])
        if not 2 <= len(chosen) <= MOST:
            self.message_user(request, f"Choose two to {MOST}.", messages.ERROR)
            return None
        page = f"desk:merge-{self.opts.model_name}"
        return redirect(reverse(page, query={"row": chosen}))
