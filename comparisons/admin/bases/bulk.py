"""Acting on many rows of a list, each as it was when it was listed."""

from django.contrib import messages
from django.contrib.admin import helpers
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.html import format_html

from comparisons.admin.bases.latest import who_changed
from comparisons.admin.bases.seen import possible_keys
from comparisons.editing.locks import lock_all
from comparisons.editing.stamps import stamps

# The hidden field that says what a list showed: “17:6f2c…”, key and stamp of a row.
ROW_STAMP_FIELD = "_row_stamp"
# So many rows are changed at once, within what a browser may post at once.
MOST = 300
MOST_NAMED = 10


class BulkActions:
    """Actions on rows that nobody changed since they were listed.

    The list and the page that asks for confirmation carry the stamp of each row.
    A row that was changed meanwhile is left out and named; the others are done.

    An action changes rows only after its confirmation (``post`` in the request).
    Its page puts the rows into the context as ``queryset``. All that it does is
    one transaction and one recorded set, so there is no progress in steps, which
    would leave half a change behind when it stops: ``MOST`` rows take seconds.
    """

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        if "action_checkbox" in changelist.list_display:
            listed = stamps(changelist.result_list)
            for row in changelist.result_list:
                row.listed_stamp = listed[row.pk]
        return changelist

    def action_checkbox(self, obj):
        return format_html(
            '{}<input type="hidden" name="{}" value="{}:{}">',
            super().action_checkbox(obj),
            ROW_STAMP_FIELD,
            obj.pk,
            obj.listed_stamp,
        )

    def response_action(self, request, queryset):
        """Run an action on what is still as it was listed; name what is not."""
        confirmed = "post" in request.POST
        listed = dict(
            value.split(":", 1)
            for value in request.POST.getlist(ROW_STAMP_FIELD)
            if ":" in value
        )
        rows = self._chosen(request, queryset)
        # What no list showed is shown before anything happens to it.
        compared = [row for row in rows if confirmed or str(row.pk) in listed]
        stored = stamps(compared)
        changed = [row for row in compared if listed.get(str(row.pk)) != stored[row.pk]]
        self._name_changed(request, changed, listed)
        chosen = [str(row.pk) for row in rows if row not in changed]
        if not chosen:
            return redirect(request.get_full_path())
        request.POST = request.POST.copy()
        request.POST["select_across"] = "0"
        request.POST.setlist(helpers.ACTION_CHECKBOX_NAME, chosen)
        response = super().response_action(request, queryset)
        if isinstance(response, TemplateResponse):
            shown = response.context_data.get("queryset", [])
            response.context_data["row_stamps"] = stamps(shown)
            response.context_data["row_stamp_field"] = ROW_STAMP_FIELD
        return response

    def _chosen(self, request, queryset):
        """Return the rows to act on, locked, and no more than can be done at once."""
        if request.POST.get("select_across") != "1":
            keys = request.POST.getlist(helpers.ACTION_CHECKBOX_NAME)
            queryset = queryset.filter(pk__in=possible_keys(keys))
        keys = list(queryset.order_by("pk").values_list("pk", flat=True))
        if left := keys[MOST:]:
            self.message_user(
                request,
                f"{MOST} are done at once; {len(left)} are left for later.",
                messages.WARNING,
            )
        return lock_all(self.model._base_manager.filter(pk__in=keys[:MOST]))

    def _name_changed(self, request, rows, listed):
        """Say which rows are left out, and who changed them."""
        parts = [inline.model for inline in self.inlines]
        for row in rows[:MOST_NAMED]:
            why = (
                who_changed(self.model, row.pk, parts)
                if str(row.pk) in listed
                else "The page did not say what it had shown of it."
            )
            self.message_user(request, f"“{row}” was left out. {why}", messages.WARNING)
        if unnamed := rows[MOST_NAMED:]:
            self.message_user(
                request, f"So were {len(unnamed)} more.", messages.WARNING
            )
