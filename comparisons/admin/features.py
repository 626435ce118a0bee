from django.contrib import admin
from django.core.exceptions import ValidationError

from comparisons.admin.bases.desk import RatedAdmin, matrix_link
from comparisons.admin.bases.forms import KnowledgeForm, KnowledgeInline
from comparisons.admin.bases.knowledge import KnowledgeAdmin
from comparisons.admin.bases.publishing import PublishableAdmin
from comparisons.choices import FeatureKind
from comparisons.models import Feature, FeatureGroup, Threshold


class ThresholdForm(KnowledgeForm):
    """A threshold, whose level may follow from its place among those of its kind."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["level"].required = False
        self.fields["level"].help_text = "Left empty, levels follow, best first."
        self.fields["text"].help_text = "Lines that are pasted here fill a row each."

    def clean_level(self):
        level = self.cleaned_data["level"]
        feature = self.fields["feature"].parent_instance
        if not level and feature.kind in FeatureKind.values:
            place = int(self.prefix.rpartition("-")[2])
            level = next(iter(feature.feature_kind.levels[place:]), "")
        if not level:
            raise ValidationError("Choose a level.", code="required")
        return level


class ThresholdInline(KnowledgeInline, admin.TabularInline):
    model = Threshold
    form = ThresholdForm
    # One for each level of the kinds that have most.
    first = max(len(kind.levels) for kind in FeatureKind)


@admin.register(FeatureGroup)
class FeatureGroupAdmin(KnowledgeAdmin):
    list_display = ["name", "position"]
    search_fields = ["name"]


@admin.register(Feature)
class FeatureAdmin(RatedAdmin, PublishableAdmin):
    list_display = ["name", "group", "kind", "status", "position", matrix_link]
    list_filter = ["status", "kind", "group"]
    list_select_related = ["group"]
    search_fields = ["name", "slug", "definition"]
    autocomplete_fields = ["group"]
    moved_within = ["group"]
    inlines = [ThresholdInline]
