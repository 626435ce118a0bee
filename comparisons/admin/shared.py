"""What the lists and forms of all models share."""

from contextlib import nullcontext

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import models

from ..choices import FeatureKind, Level
from ..history import change_set
from ..models import ChangeSet, Finding
from .stamped import StampedAdmin
from .widgets import LabelledSelect, LabelledSelectMultiple

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


class KnowledgeAdmin(KnowledgeFields, RecordedAdmin, StampedAdmin):
    """What the lists and forms of all models share."""

    list_per_page = 50
    save_on_top = True
    show_facets = admin.ShowFacets.ALLOW


def recording(request):
    """Return the context that records what ``request`` changes; none for a GET."""
    if request.method != "POST":
        return nullcontext()
    longest = ChangeSet._meta.get_field("reason").max_length
    return change_set(
        editor=request.user,
        reason=request.POST.get(REASON_FIELD, "").strip()[:longest],
    )
