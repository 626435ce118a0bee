"""What the lists and forms of all models share."""

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import models

from ..choices import FeatureKind, Level
from ..models import Finding

LEVEL_FIELDS = {"level", "at_least", "at_most"}


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

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.related_model is Finding:
            # A finding is called by its framework and feature.
            kwargs["queryset"] = Finding.objects.with_parents()
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class KnowledgeAdmin(KnowledgeFields, admin.ModelAdmin):
    """What the lists and forms of all models share."""

    list_per_page = 50
    save_on_top = True
    show_facets = admin.ShowFacets.ALLOW
