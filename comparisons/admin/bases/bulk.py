"""Acting on many rows of a list, each as it was when it was listed."""

from collections.abc import Sequence

from django.contrib import messages
from django.contrib.admin import helpers
from django.contrib.admin.utils import model_ngettext
from django.db import connection
from django.db.models import ProtectedError
from django.db.models.deletion import Collector
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.html import format_html, format_html_join

from comparisons.admin.bases.desk import desk_page
from comparisons.admin.bases.forms import possible_keys
from comparisons.admin.bases.intents import change_reason
from comparisons.choices import Action
from comparisons.editing.locks import lock_all
from comparisons.editing.seen import SEEN_FIELD, Seen, stamps
from comparisons.editing.workflow import may, refusal
from comparisons.history.records import is_recorded
from comparisons.models.works import WorkKind, WorkState
from comparisons.work.driving import start

# So many rows are changed at once, within what a browser may post at once.
MOST = 3_000
# So many are shown before that, and named after it.
MOST_SHOWN, MOST_NAMED = 100, 10


class BulkActions:
    """Actions on rows that nobody changed since they were listed.

    The list and the page that asks for confirmation carry each row as it was ``seen``.
    A row that was changed meanwhile is left out and named; the others are done.

    An action changes rows only after its confirmation (``post`` in the request).
    Its page puts the rows into the context as ``queryset``. All that it does is
    one recorded set. Those that are ``worked_off`` do so in the background, and hold
    no row before.
    """

    worked_off: Sequence[str] = ("delete_selected",)

    def get_actions(self, request):
        """Put the own deletion in the place of Django's, which is done at once."""
        actions = super().get_actions(request)
        if found := actions.get("delete_selected"):
            actions["delete_selected"] = (type(self).delete_selected, *found[1:])
        return actions

    def delete_selected(self, request, queryset):
        return self.act_on(request, queryset, Action.DELETE)

    def act_on(self, request, queryset, action):
        """Ask first; then act on each row as far as one may, and report the others."""
        rows = list(queryset)
        if request.POST.get("post"):
            return self._order(request, rows, action)
        shown = rows[:MOST_SHOWN]
        return desk_page(
            request,
            "act_on_selected",
            f"{action.label}?",
            opts=self.opts,
            action=action,
            name=request.POST["action"],
            rows=[(row, refusal(request.user, action, row)) for row in shown],
            others=len(rows) - len(shown),
            queryset=rows,
            with_them=_going_with(rows) if action == Action.DELETE else [],
            possible=any(may(request.user, action, row) for row in rows),
            action_checkbox_name=helpers.ACTION_CHECKBOX_NAME,
        )

    def _order(self, request, rows, action):
        """Have it done; its own page tells of it if that takes longer than a moment."""
        given = {
            "model": self.opts.label_lower,
            "action": action,
            "rows": [[row.pk, request.stamps[row.pk]] for row in rows],
            "reason": change_reason(request),
        }
        kind = WorkKind.DELETE if action == Action.DELETE else WorkKind.MOVE
        title = f"{action.label}: {len(rows)} {model_ngettext(self.opts, len(rows))}"
        work = start(kind, request.user, title, given=given)
        if work.state != WorkState.DONE or work.told["others"]:
            return redirect("desk:work", pk=work.pk)
        told = work.told
        if told["done"]:
            text = f"Now {told['to']}: {told['done']} {told['noun']}."
            self.message_user(request, text)
        if refused := told["refused"]:
            rows = format_html_join("", "<li>{}: {}</li>", refused)
            report = format_html(
                "Not {}: {}<ul>{}</ul>", told["to"], len(refused), rows
            )
            self.message_user(request, report, messages.WARNING)
        return None

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
        rows = self._chosen(request, queryset, listed)
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

    def _chosen(self, request, queryset, listed):
        """Return the rows to act on, and no more than can be done at once.

        They are held in the transaction of the act, if there is one.
        """
        if request.POST.get("select_across") != "1":
            keys = possible_keys(request.POST.getlist(helpers.ACTION_CHECKBOX_NAME))
            # The page that asks for confirmation names all by what it showed of them.
            shown = listed if "post" in request.POST else ()
            queryset = queryset.filter(pk__in={*keys, *shown})
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


def _going_with(rows):
    """Return (number, what) of the other recorded rows that go with ``rows``."""
    collector = Collector(using="default", origin=rows)
    try:
        collector.collect(rows)
    except ProtectedError:
        # Those that others need stay; that is told once they were tried.
        return []
    return [
        (len(gone), model_ngettext(model._meta, len(gone)))
        for model, gone in collector.data.items()
        if is_recorded(model) and model is not type(rows[0])
    ]
