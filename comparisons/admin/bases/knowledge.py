"""What the lists and forms of all models share."""

from contextlib import nullcontext

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import DataError, models
from django.http import Http404
from django.template.response import TemplateResponse

from comparisons.admin.bases.stamped import StampedAdmin
from comparisons.admin.bases.widgets import LabelledSelect, LabelledSelectMultiple
from comparisons.choices import Action, FeatureKind, Level
from comparisons.editing.admin_urls import edit_address
from comparisons.editing.workflow import PUBLISH, may, require, unsettled
from comparisons.history.differences import differences
from comparisons.history.recording import change_set
from comparisons.models import ChangedObject, ChangeSet, Finding
from comparisons.models.text import without_unseen

LEVEL_FIELDS = {"level", "at_least", "at_most"}
# What an editor answers to “why?”; models have a “reason” of their own.
REASON_FIELD = "change_reason"


class KnowledgeFields:
    """Fields as editors read them: levels by kind, findings by name, short texts."""

    formfield_overrides = {
        models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 3})}
    }

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name in LEVEL_FIELDS:
            by_kind = [
                (kind.label, [(level.value, level.label) for level in kind.levels])
                for kind in FeatureKind
            ]
            nothing = [("", "---------")] if db_field.blank else []
            unknown = (Level.UNKNOWN.value, Level.UNKNOWN.label)
            kwargs["choices"] = [*nothing, *by_kind, unknown]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = LabelledSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = LabelledSelectMultiple(db_field, self.admin_site)
        if db_field.related_model is Finding:
            # A finding is called by its framework and feature.
            kwargs["queryset"] = Finding.objects.with_parents()
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class KnowledgeInline(KnowledgeFields):
    """Inline rows, read with what their forms and names show in a few queries."""

    # A post that claims to hold more is refused before so many forms are drawn.
    max_num = 150

    def get_formset(self, request, obj=None, **kwargs):
        kwargs["absolute_max"] = self.max_num
        return super().get_formset(request, obj, **kwargs)

    def get_queryset(self, request):
        keys = [
            each.name
            for each in self.opts.concrete_fields
            if each.many_to_one and not each.null
        ]
        links = [each.name for each in self.opts.local_many_to_many]
        rows = super().get_queryset(request)
        return rows.select_related(*keys).prefetch_related(*links)


class RecordedAdmin(admin.ModelAdmin):
    """Whatever one post changes is one recorded set, with its editor and reason."""

    def changeform_view(self, request, *args, **kwargs):
        with recording(request):
            return super().changeform_view(request, *args, **kwargs)

    def delete_view(self, request, *args, **kwargs):
        with recording(request):
            return super().delete_view(request, *args, **kwargs)

    def changelist_view(self, request, *args, **kwargs):
        with recording(request):
            return super().changelist_view(request, *args, **kwargs)

    def render_change_form(self, request, context, *args, **kwargs):
        context = {**context, "asks_why": True}
        return super().render_change_form(request, context, *args, **kwargs)

    def history_view(self, request, object_id, extra_context=None):
        """Show what was recorded of the object and its citations, also if it is gone.

        Django's own page knows only what was done in the admin.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        listed = ChangedObject.objects.of_one(self.model, object_id)
        if not listed.exists():
            raise Http404("Nothing was recorded of it.")
        page = Paginator(
            listed.select_related("change_set__editor").order_by("-change_set", "pk"),
            25,
        ).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "title": f"History: {listed.latest('pk')}",
            "opts": self.opts,
            "page_obj": page,
            "differences": differences(page, edit_address=edit_address),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/object_history.html", context)


class KnowledgeAdmin(KnowledgeFields, RecordedAdmin, StampedAdmin):
    """What the lists and forms of all models share.

    What an editor may do depends on the row (see ``comparisons.workflow``): it is
    asked before a form is shown and again once all of it is saved, in the
    transaction of the save.
    """

    list_per_page = 50
    save_on_top = True
    show_facets = admin.ShowFacets.ALLOW
    # Relations through which readers would see what is entered here.
    shown_by = []

    def has_change_permission(self, request, obj=None):
        return may(request.user, Action.CHANGE, obj or self.model)

    def has_delete_permission(self, request, obj=None):
        return may(request.user, Action.DELETE, obj or self.model)

    def get_changeform_initial_data(self, request):
        """Leave out what an address says of rows that do not exist."""
        known = super().get_changeform_initial_data(request)
        return {
            name: value for name, value in known.items() if self._leads(name, value)
        }

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        return super().formfield_for_foreignkey(
            db_field, request, **kwargs | self._within_rights(db_field, request)
        )

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        return super().formfield_for_manytomany(
            db_field, request, **kwargs | self._within_rights(db_field, request)
        )

    def _leads(self, name, value):
        """Whether ``value`` is no relation, or one to rows that exist."""
        fields = (*self.opts.concrete_fields, *self.opts.many_to_many)
        field = next((field for field in fields if field.name == name), None)
        if field is None or not field.is_relation:
            return True
        try:
            return bool(field.formfield().clean(value))
        except (ValidationError, OverflowError, DataError):
            return False

    def _within_rights(self, db_field, request):
        """Return what keeps a relation from adding to what readers see."""
        published_with = getattr(self.model, "published_with", self.shown_by)
        if db_field.name not in published_with or request.user.has_perm(PUBLISH):
            return {}
        refusal = "Readers see it: suggest a correction, or ask a reviewer."
        return {
            "queryset": unsettled(db_field.related_model),
            "error_messages": {"invalid_choice": refusal},
        }

    def save_formset(self, request, form, formset, change):
        super().save_formset(request, form, formset, change)
        for row in formset.new_objects:
            require(request.user, Action.ADD, row)
        for row, _ in formset.changed_objects:
            require(request.user, Action.CHANGE, row)
        for row in formset.deleted_objects:
            require(request.user, Action.DELETE, row)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        require(request.user, Action.CHANGE if change else Action.ADD, form.instance)


def recording(request):
    """Return the context that records what ``request`` changes; none for a GET."""
    if request.method != "POST":
        return nullcontext()
    return change_set(editor=request.user, reason=change_reason(request))


def change_reason(request):
    """Return what the editor answered to “why?”, as it can be stored."""
    longest = ChangeSet._meta.get_field("reason").max_length
    return without_unseen(request.POST.get(REASON_FIELD, "")).strip()[:longest]
