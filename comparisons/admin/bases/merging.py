"""Several rows chosen in a list, shown side by side and made one."""

from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from comparisons.admin.bases.knowledge import KnowledgeAdmin, change_reason
from comparisons.admin.bases.seen import possible_keys
from comparisons.merging import Merge, MergeRefused, Report, merge, words

# So many stand side by side; a longer list of what moves is cut.
MOST = 4
SHOWN = 30


class MergeableAdmin(KnowledgeAdmin):
    """A list of which several rows may turn out to be one."""

    actions = ["merge_duplicates"]

    def get_urls(self):
        view = self.admin_site.admin_view(self.merge_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_merge"
        return [path("merge/", view, name=name), *super().get_urls()]

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
        return redirect(
            reverse(admin_urlname(self.opts, "merge"), query={"row": chosen})
        )

    def merge_view(self, request):
        """Show rows side by side and what merging would do (GET), or do it (POST)."""
        if not self.has_merge_permission(request):
            raise PermissionDenied
        posted = request.POST if request.method == "POST" else request.GET
        keys = possible_keys(posted.getlist("row"))
        rows = list(self.model.objects.filter(pk__in=keys))
        if not 2 <= len(rows) <= MOST:
            self.message_user(
                request,
                f"Choose two to {MOST}; what you chose may be gone.",
                messages.ERROR,
            )
            return redirect(admin_urlname(self.opts, "changelist"))
        by_key = {str(row.pk): row for row in rows}
        oldest = min(rows, key=lambda row: row.pk)
        kept = by_key.get(posted.get("keep"), oldest)
        if request.method == "POST":
            try:
                return self._merge(request, kept, rows)
            except (MergeRefused, self.model.DoesNotExist) as refusal:
                self.message_user(request, str(refusal), messages.ERROR)
        return self._confirm(request, kept, rows)

    def _merge(self, request, kept, rows):
        report = merge(
            kept,
            *(row for row in rows if row != kept),
            editor=request.user,
            reason=change_reason(request),
            shown=request.POST.get("shown", ""),
        )
        gone = ", ".join(f"“{row}” ({row.slug})" for row in rows if row != kept)
        self.log_change(request, kept, f"Merged with {gone}.")
        waiting = len(report.to_review)
        self.message_user(
            request,
            f"{gone} merged into “{kept}”."
            + (f" {waiting} statements wait for review." if waiting else ""),
            messages.SUCCESS,
        )
        return redirect(admin_urlname(self.opts, "change"), kept.pk)

    def _confirm(self, request, kept, rows):
        """Return the page that shows what merging ``rows`` into ``kept`` would do."""
        # Working it out changes the rows in memory, so it gets rows of its own.
        own = self.model.objects.in_bulk([row.pk for row in rows])
        report, refusal = Report(), ""
        try:
            report = Merge(
                own.pop(kept.pk), [own[row.pk] for row in rows if row != kept]
            ).report
        except MergeRefused as error:
            refusal = str(error)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Merge {self.opts.verbose_name_plural}",
            "opts": self.opts,
            "rows": rows,
            "kept": kept,
            "fields": _side_by_side(rows),
            "report": report,
            "refusal": refusal,
            "moved": _by_model(report.moved),
            "moved_count": len(report.moved) + len(report.linked),
            "hidden_count": len(report.to_review) + len(report.retired),
            "shown_at_most": SHOWN,
        }
        return TemplateResponse(request, "admin/merge.html", context)


def _side_by_side(rows):
    """Return (label, whether they differ, a text for each row) for each field."""
    compared = []
    for tracked in rows[0]._meta.concrete_fields:
        if not tracked.editable or tracked.primary_key:
            continue
        texts = [words(row, tracked.name) for row in rows]
        compared.append((tracked.verbose_name, len(set(texts)) > 1, texts))
    return compared


def _by_model(rows):
    """Return (name of the model, rows) for each model among ``rows``."""
    found = {}
    for row in rows:
        found.setdefault(row._meta.verbose_name_plural, []).append(row)
    return sorted(found.items())
