"""Acting on many rows of a list, each as it was when it was listed."""

from collections.abc import Sequence

from django.contrib import messages
from django.contrib.admin import helpers
from django.db import connection
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.html import format_html

from comparisons.admin.bases.forms import possible_keys
from comparisons.editing.locks import lock_all
from comparisons.editing.seen import SEEN_FIELD, Seen, stamps

# So many rows are changed at once, within what a browser may post at once.
MOST = 300
MOST_NAMED = 10


class BulkActions:
    """Actions on rows that nobody changed since they were listed.

    The list and the page that asks for confirmation carry each row as it was ``seen``.
    A row that was changed meanwhile is left out and named; the others are done.

    An action changes rows only after its confirmation (``post`` in the request).
    Its page puts the rows into the context as ``queryset``. All that it does is
    one recorded set. Those that are ``worked_off`` do so in the background, and hold
    no row before.
    """

    worked_off: Sequence[str] = ()

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        if "action_checkbox" in changelist.list_display:
            for row, seen in _each(changelist.result_list):
                row.seen = seen
        return changelist

    def action_checkbox(self, obj):
        return format_html(
            '{}<input type="hidden" name="{}" value="{}">',
            super().action_checkbox(obj),
            SEEN_FIELD,
            obj.seen,
        )

    def response_action(self, request, queryset):
        """Run an action on what is still as it was listed; name what is not."""
        confirmed = "post" in request.POST
        posted = map(Seen.read, request.POST.getlist(SEEN_FIELD))
        listed = {
            each.pk: each for each in posted if each and each.model == self.opts.label
        }
        rows = self._chosen(request, queryset)
        changed = [
            row
            for row, now in _each(rows)
            # What no list showed is shown before anything happens to it.
            if confirmed or row.pk in listed
            if getattr(listed.get(row.pk), "stamp", None) != now.stamp
        ]
        self._name_changed(request, changed, listed)
        request.stamps = {pk: each.stamp for pk, each in listed.items()}
        chosen = [str(row.pk) for row in rows if row not in changed]
        if not chosen:
            return redirect(request.get_full_path())
        request.POST = request.POST.copy()
        request.POST["select_across"] = "0"
        request.POST.setlist(helpers.ACTION_CHECKBOX_NAME, chosen)
        response = super().response_action(request, queryset)
        if isinstance(response, TemplateResponse):
            shown = response.context_data.get("queryset", [])
            response.context_data["seen"] = [seen for _, seen in _each(shown)]
        return response

    def _chosen(self, request, queryset):
        """Return the rows to act on, and no more than can be done at once.

        They are held in the transaction of the act, if there is one.
        """
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
        rows = self.model._base_manager.filter(pk__in=keys[:MOST]).order_by("pk")
        return lock_all(rows) if connection.in_atomic_block else list(rows)

    def _name_changed(self, request, rows, listed):
        """Say which rows are left out, and who changed them."""
        for row in rows[:MOST_NAMED]:
            why = self.who_changed(row.pk, listed.get(row.pk))
            self.message_user(request, f"“{row}” was left out. {why}", messages.WARNING)
        if unnamed := rows[MOST_NAMED:]:
            self.message_user(
                request, f"So were {len(unnamed)} more.", messages.WARNING
            )


def _each(rows):
    """Return (row, how it is now) for ``rows``, in a few queries."""
    rows = list(rows)
    now = stamps(rows)
    return [(row, Seen.of(row, stamp=now[row.pk])) for row in rows]
