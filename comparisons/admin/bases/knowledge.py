"""What the lists and forms of all models share.

``KnowledgeAdmin`` is what every list and form obeys, ``PublishableAdmin`` adds the
state that readers go by, ``StatementAdmin`` the passages.
"""

from contextlib import nullcontext
from copy import copy
from http import HTTPStatus

from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from comparisons.admin.bases.bulk import BulkActions
from comparisons.admin.bases.conflicts import UNREADABLE, RowForms
from comparisons.admin.bases.desk import desk_page
from comparisons.admin.bases.forms import (
    KnowledgeFields,
    KnowledgeForm,
    label_choices,
)
from comparisons.admin.bases.intents import Intent, intent_of, recording
from comparisons.admin.bases.ordering import MovableRows
from comparisons.choices import Action
from comparisons.editing.admin_urls import edit_address
from comparisons.editing.locks import lock_all
from comparisons.editing.seen import SEEN_FIELD, Seen, who_changed
from comparisons.editing.workflow import may, may_undo, require
from comparisons.history.differences import differences
from comparisons.models import ChangedObject
from comparisons.spreadsheets import TABLES
from comparisons.web.paging import page_of

NOT_DELETED = "Nothing was deleted. Look at it again, then confirm."
# What Django's template asks before it draws a button.
BUTTONS = [
    "show_save",
    "show_save_and_continue",
    "show_save_and_add_another",
    "show_delete",
]


class KnowledgeAdmin(KnowledgeFields, MovableRows, BulkActions, admin.ModelAdmin):
    """What the lists and forms of all models share.

    Whatever one post changes is one recorded set, with its editor and reason. A post
    holds its row first; if that was changed since the form showed it nothing is saved,
    and the form comes back with both (see ``conflicts``). The answer is 409 then, so
    that scripts notice as well; browsers show its page like any other.

    What an editor may do depends on the row (see ``comparisons.editing.workflow``): it
    is asked before a form is shown and again once all of it is saved, in the
    transaction of the save. What readers see and an editor may not change, the same
    form proposes (see ``intents``).
    """

    form = KnowledgeForm
    list_per_page = 50
    show_facets = admin.ShowFacets.ALLOW

    def has_change_permission(self, request, obj=None):
        intent = intent_of(request)
        if obj is not None and intent.proposes and intent.row == obj:
            return True
        return may(request.user, Action.CHANGE, obj or self.model)

    def has_delete_permission(self, request, obj=None):
        intent = intent_of(request)
        if intent.deletes and intent.proposes:
            # What goes with the row is proposed as well.
            obj = None
        return may(request.user, Action.DELETE, obj or self.model)

    # What a request sees and sends, in the order in which it is called

    def changelist_view(self, request, extra_context=None):
        later = request.POST.get("action") in self.worked_off
        with nullcontext() if later else recording(request):
            context = {"keeps_deleted": True, "is_exported": self.model in TABLES}
            if context["is_exported"]:
                context["may_import"] = self.has_change_permission(request)
            return super().changelist_view(request, context | (extra_context or {}))

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        posted = request.POST
        try:
            return self._changed(request, object_id, form_url, extra_context)
        except IntegrityError:
            # Somebody stored the same source at this moment: it is found now.
            request.POST, request.conflict = posted, None
            return self._changed(request, object_id, form_url, extra_context)

    def _changed(self, request, object_id, form_url, extra_context):
        is_new = object_id is None or "_saveasnew" in request.POST
        with recording(request):
            row = None if is_new else self._find(request, object_id)
            intent = Intent.of(request, row)
            if intent.proposal and request.method != "POST":
                return self._filled_in(request, object_id, extra_context)
            if request.method == "POST" and not is_new:
                object_id, form_url = self._compare(request, object_id, form_url)
            response = super().changeform_view(
                request, object_id, form_url, extra_context
            )
        return self._answer(intent, response)

    def _answer(self, intent, response):
        """Return ``response``, unless more was asked for than to save."""
        if intent.page:
            return intent.page
        if intent.is_ordinary or not intent.saved:
            return response
        intent.tell()
        return redirect(intent.next_address())

    def message_user(self, request, message, level=messages.INFO, **kwargs):
        """Say that it was saved; of a proposal that is said once that is stored."""
        if intent_of(request).is_ordinary or level != messages.SUCCESS:
            super().message_user(request, message, level, **kwargs)

    def get_object(self, request, object_id, from_field=None):
        """Return a row; the one that was read already is not read again."""
        held = getattr(request, "held", None)
        if held and str(held.pk) == object_id:
            return held
        return super().get_object(request, object_id, from_field)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.editor, form.intent = request.user, intent_of(request)
        form.conflict = getattr(request, "conflict", None)
        return form

    def save_formset(self, request, form, formset, change):
        super().save_formset(request, form, formset, change)
        for row in () if formset.edit_only else formset.new_objects:
            self._require(request, Action.ADD, row)
        for row, _ in formset.changed_objects:
            self._require(request, Action.CHANGE, row)
        for row in formset.deleted_objects:
            self._require(request, Action.DELETE, row)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        action = Action.CHANGE if change else Action.ADD
        self._require(request, action, form.instance)
        self.settle(request, form)
        intent = intent_of(request)
        intent.saved = form.instance
        intent.read(form)
        for formset in formsets:
            intent.read(formset.management_form, *formset.forms)

    def settle(self, request, form):
        """Do what can be done once all of a row is stored."""

    def render_change_form(self, request, context, obj=None, **kwargs):
        forms = RowForms(
            context["adminform"].form,
            [inline.formset for inline in context["inline_admin_formsets"]],
        )
        conflict, seen = getattr(request, "conflict", None), None
        if conflict:
            seen = conflict.seen
            conflict.annotate(forms)
        elif forms.form.is_bound:
            # It was compared before it was found wrong.
            seen = request.POST.get(SEEN_FIELD)
        elif obj:
            seen = forms.seen(obj)
            forms.form.initial |= intent_of(request).suggested
        label_choices([forms.form, *forms.inline_forms])
        intent = intent_of(request)
        context |= {"asks_why": True, "conflict": conflict, "seen": seen}
        context["intent"] = intent
        context["has_page"] = hasattr(self.model, "get_absolute_url")
        if not (intent.is_ordinary and intent.may_save):
            context |= dict.fromkeys(BUTTONS, False)
        context |= self.beside(obj) if obj else {}
        response = super().render_change_form(request, context, obj=obj, **kwargs)
        if conflict:
            response.status_code = HTTPStatus.CONFLICT
        return response

    def beside(self, row):
        """Return what the template shows of ``row`` beside its form."""
        return {}

    def delete_view(self, request, object_id, extra_context=None):
        with recording(request):
            row = self._find(request, object_id)
            if row is None:
                return super().delete_view(request, object_id, extra_context)
            intent = Intent.of(request, row, deletes=True)
            context = {"seen": Seen.of(row), "intent": intent, **(extra_context or {})}
            response = self._delete(request, object_id, context)
        return self._answer(intent, response)

    def _delete(self, request, object_id, context):
        """Delete what is still as it was seen, or ask whether it shall go."""
        intent, refusal = request.intent, ""
        if request.method == "POST":
            seen = Seen.posted(request.POST, intent.row)
            if not (seen and seen.is_current(intent.row)):
                refusal = self.who_changed(intent.row.pk, seen)
            refusal = refusal or intent.refusal
        if not refusal:
            return super().delete_view(request, object_id, context)
        context["headline"] = f"{refusal} {NOT_DELETED}"
        context["change_reason"] = request.POST.get("change_reason", "")
        asking = copy(request)
        asking.method, asking.POST = "GET", QueryDict()
        response = super().delete_view(asking, object_id, context)
        response.status_code = HTTPStatus.CONFLICT
        return response

    def delete_model(self, request, obj):
        """Delete it, and keep what it was for the one who is told."""
        super().delete_model(request, copy(obj))
        intent = intent_of(request)
        intent.saved = obj
        intent.fields.add("post")

    def not_logged(self, request, *args):
        """Leave it to the set of changes, which the history shows.

        Django's own log would have neither imports and actions nor a reason.
        """

    log_addition = log_change = log_deletions = not_logged

    def history_view(self, request, object_id, extra_context=None):
        """Show what was recorded of the object and its citations, also if it is gone.

        Django's own page knows only what was done in the admin.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        listed = ChangedObject.objects.of_one(self.model, object_id)
        if not listed.exists():
            raise Http404("Nothing was recorded of it.")
        rows = listed.select_related("change_set__editor", "change_set__accepted_by")
        page = page_of(request, rows.order_by("-change_set", "pk"), size=25)
        own = ChangedObject.objects.of(self.model, [object_id])
        return desk_page(
            request,
            "object_history",
            f"History: {own.order_by('pk').last() or listed.latest('pk')}",
            opts=self.opts,
            gone=own.gone().first(),
            may_undo=may_undo(request.user),
            page_obj=page,
            differences=differences(page, edit_address=edit_address),
        )

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """Lead to the history of what was deleted, from which it can come back."""
        if not ChangedObject.objects.of_one(self.model, object_id).exists():
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)
        messages.warning(request, "It was deleted. This is what is known of it.")
        return redirect(admin_urlname(opts, "history"), object_id)

    def who_changed(self, pk, seen):
        """Return who changed the row of ``pk`` since it was ``seen``, in words."""
        if seen is None:
            return UNREADABLE
        return who_changed(self.model, pk, since=seen.moment)

    def _require(self, request, action, row):
        """Raise PermissionDenied unless it may be done, or may be proposed."""
        is_proposed = intent_of(request).proposes
        require(request.user, action, type(row) if is_proposed else row)

    def _find(self, request, object_id):
        """Return the row of an address, held by a post until its transaction ends."""
        if request.method == "POST":
            try:
                lock_all(self.model._base_manager.filter(pk=unquote(object_id)))
            except (ValidationError, ValueError):
                return None
        request.held = self.get_object(request, unquote(object_id))
        return request.held

    def _compare(self, request, object_id, form_url):
        """Make a post that was filled in on something else a conflict.

        Returns the key and the address of the form that shows it: what was typed on
        something deleted is shown as a new row.
        """
        intent = request.intent
        row = intent.row
        if row and not self.has_change_permission(request, row):
            return object_id, form_url
        if row is None:
            if not self.has_add_permission(request):
                return object_id, form_url
            object_id, form_url = None, reverse(admin_urlname(self.opts, "add"))
        elif intent.refusal and not intent.proposal:
            # What was to be accepted is decided; what is typed can still be saved.
            form_url = request.path
        request.conflict, request.POST = intent.compare(
            row or self.model(),
            request.POST,
            lambda: self._stored_forms(request, row),
        )
        return object_id, form_url

    def _filled_in(self, request, object_id, extra_context):
        """Return the form in which is typed what is proposed."""
        # Read now, as what came with a GET: for a post they are read with its body.
        _ = request.FILES
        asking, intent = copy(request), request.intent
        asking.method, asking.POST = "POST", intent.proposal.form_data()
        intent.shows = True
        # The forms of new passages hold the statement, as they do in a post.
        with transaction.atomic():
            object_id, form_url = self._compare(asking, object_id, "")
            response = self._changeform_view(asking, object_id, form_url, extra_context)
        response.status_code = HTTPStatus.OK
        return response

    def _stored_forms(self, request, row):
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
