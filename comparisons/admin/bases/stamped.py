"""Forms, deletions and bulk actions that overwrite nothing their editor never saw."""

from copy import copy
from http import HTTPStatus

from django import forms
from django.contrib import admin
from django.contrib.admin.options import TO_FIELD_VAR
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse

from comparisons.admin.bases.bulk import BulkActions
from comparisons.admin.bases.conflicts import as_new, merge
from comparisons.admin.bases.latest import who_changed
from comparisons.admin.bases.seen import SEEN_FIELD, RowForms, Seen
from comparisons.admin.bases.widgets import label_choices
from comparisons.editing.locks import lock

NOT_SAVED = (
    "Nothing was saved. What you typed is still here, beside what is stored now; "
    "saving again replaces that."
)
UNREADABLE = "The form did not say, or not any more, what it had shown."
DELETED = "What you typed is still here; saving adds it as a new one."
NOT_DELETED = "Nothing was deleted. Look at it again, then confirm."


class StampedForm(forms.ModelForm):
    """A form that is refused if it was filled in on an older state."""

    # Set on the class that is made for one request.
    conflict = None

    def clean(self):
        cleaned = super().clean()
        if self.conflict:
            raise ValidationError(self.conflict.headline, code="conflict")
        return cleaned


class StampedAdmin(BulkActions, admin.ModelAdmin):
    """Saves and deletes only what is still as its editor saw it.

    A form carries what it showed (``Seen``). A post locks the row first; if it
    was changed meanwhile nothing is saved, and the form comes back with what was
    typed beside what is stored. The answer is 409 then, so that scripts notice
    as well; browsers show its page like any other.
    """

    form = StampedForm

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST" and object_id and "_saveasnew" not in request.POST:
            row = self._locked_row(request, object_id)
            if row is None and self.has_add_permission(request):
                # Saving what was typed on something deleted adds it as new.
                self._keep_typed(request, object_id)
                object_id = None
                form_url = reverse(admin_urlname(self.opts, "add"))
            elif row and self.has_change_permission(request, row):
                self._refuse_unseen(request, row)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(self, request, object_id, extra_context=None):
        context = extra_context or {}
        if request.method == "POST":
            row = self._locked_row(request, object_id)
        else:
            row = self.get_object(request, unquote(object_id))
        if row is None:
            return super().delete_view(request, object_id, context)
        now = Seen.of(row)
        context["seen"] = now.signed(row)
        if request.method != "POST":
            return super().delete_view(request, object_id, context)
        seen = Seen.read(request.POST.get(SEEN_FIELD), row)
        if seen and seen.stamp == now.stamp:
            return super().delete_view(request, object_id, context)
        context["headline"] = f"{self._headline(row, seen)} {NOT_DELETED}"
        context["change_reason"] = request.POST.get("change_reason", "")
        asking = copy(request)
        asking.method, asking.POST = "GET", QueryDict()
        response = super().delete_view(asking, object_id, context)
        response.status_code = HTTPStatus.CONFLICT
        return response

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.conflict = getattr(request, "conflict", None)
        return form

    def render_change_form(
        self, request, context, add=False, change=False, form_url="", obj=None
    ):
        conflict = context["conflict"] = getattr(request, "conflict", None)
        shown = RowForms(
            context["adminform"].form,
            [inline.formset for inline in context["inline_admin_formsets"]],
        )
        if conflict:
            context["seen"] = conflict.seen
            conflict.annotate(shown)
        elif shown.form.is_bound:
            # It was compared before it was found wrong.
            context["seen"] = request.POST.get(SEEN_FIELD)
        elif obj:
            context["seen"] = Seen.of(obj, shown).signed(obj)
        label_choices([shown.form, *shown.inline_forms])
        response = super().render_change_form(
            request, context, add=add, change=change, form_url=form_url, obj=obj
        )
        if conflict:
            response.status_code = HTTPStatus.CONFLICT
        return response

    def _locked_row(self, request, object_id):
        """Return the row of an address, locked and as it is now; None if it is gone."""
        to_field = request.POST.get(TO_FIELD_VAR, request.GET.get(TO_FIELD_VAR))
        if to_field and not self.to_field_allowed(request, to_field):
            # Django refuses this with a message of its own.
            to_field = None
        row = self.get_object(request, unquote(object_id), to_field)
        if row is None:
            return None
        try:
            lock(row)
        except self.model.DoesNotExist:
            return None
        return self.get_object(request, unquote(object_id), to_field)

    def _refuse_unseen(self, request, row):
        """Make the post a conflict unless it was filled in on what is stored."""
        stored = self._row_forms(request, row)
        seen = Seen.read(request.POST.get(SEEN_FIELD), row)
        now = Seen.of(row, stored)
        if seen and (seen.stamp, seen.values) == (now.stamp, now.values):
            return
        headline = f"{self._headline(row, seen)} {NOT_SAVED}"
        request.conflict = merge(headline, request.POST, seen, stored)
        request.conflict.seen = now.signed(row)
        request.POST = request.conflict.data

    def _keep_typed(self, request, object_id):
        """Make a post on something deleted the form of a new row."""
        headline = f"{self._who_deleted(object_id)} {DELETED}"
        blank = self._row_forms(request, None)
        request.conflict = as_new(headline, request.POST, blank)
        request.POST = request.conflict.data

    def _row_forms(self, request, row):
        """Return the unbound forms in which ``row``, or a new one, is edited."""
        fields = flatten_fieldsets(self.get_fieldsets(request, row))
        form = self.get_form(request, row, change=row is not None, fields=fields)
        return RowForms(
            form(instance=row),
            [
                FormSet(
                    instance=row,
                    prefix=FormSet.get_default_prefix(),
                    queryset=inline.get_queryset(request),
                )
                for FormSet, inline in self.get_formsets_with_inlines(request, row)
            ],
        )

    def _headline(self, row, seen):
        if seen is None:
            return UNREADABLE
        parts = [inline.model for inline in self.inlines]
        return who_changed(self.model, row.pk, parts, since=seen.moment)

    def _who_deleted(self, object_id):
        try:
            pk = self.opts.pk.to_python(unquote(object_id))
        except ValidationError:
            return "This does not exist."
        return who_changed(self.model, pk, verb="deleted")
