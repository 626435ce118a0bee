"""Rows in an order that editors choose: moved up and down in lists and in forms."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.shortcuts import redirect
from django.utils.html import format_html

from comparisons.admin.bases.intents import recording
from comparisons.choices import Action
from comparisons.editing.locks import lock_all
from comparisons.editing.workflow import require

STEPS = {"_up": -1, "_down": 1}


class MovableRows:
    """A list whose rows, if they have a position, move up and down."""

    # What the rows keep their order within, by the names of its keys.
    moved_within = ()

    def get_list_display(self, request):
        shown = super().get_list_display(request)
        return ["moves" if name == "position" else name for name in shown]

    @admin.display(description="order", ordering="position")
    def moves(self, row):
        return format_html(
            '<button name="_up" value="{0}" aria-label="Move {1} up">↑</button> '
            '<button name="_down" value="{0}" aria-label="Move {1} down">↓</button>',
            row.pk,
            row,
        )

    def changelist_view(self, request, extra_context=None):
        name = next((name for name in STEPS if name in request.POST), None)
        if name is None:
            return super().changelist_view(request, extra_context)
        try:
            with recording(request):
                self._move_by(request, request.POST[name], STEPS[name])
        except PermissionDenied as refusal:
            messages.warning(request, str(refusal))
        return redirect(request.get_full_path())

    def _move_by(self, request, key, step):
        """Exchange a row with its neighbour; rows of equal position are told apart."""
        row = self.get_object(request, key)
        if row is None:
            return
        beside = {name: getattr(row, name) for name in self.moved_within}
        rows = self.model._base_manager.filter(**beside)
        lock_all(rows)
        rows = list(rows.order_by(*self.opts.ordering))
        old = rows.index(row)
        if not 0 <= old + step < len(rows):
            return
        places = []
        for each in rows:
            places.append(max([each.position, *(place + 1 for place in places[-1:])]))
        rows.insert(old + step, rows.pop(old))
        for each, place in zip(rows, places, strict=True):
            if each.position != place:
                require(request.user, Action.CHANGE, each)
                each.position = place
                each.save(update_fields=["position"])

    def get_changeform_initial_data(self, request):
        """Let a new row come last."""
        initial = super().get_changeform_initial_data(request)
        if any(field.name == "position" for field in self.opts.concrete_fields):
            last = self.model._base_manager.aggregate(last=Max("position"))["last"]
            initial.setdefault("position", 0 if last is None else last + 1)
        return initial
