from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import BaseInlineFormSet

from .choices import FeatureKind, Level, Stance, Status
from .models import (
    Adopter,
    Citation,
    CodeSample,
    Comparison,
    Disagreement,
    Extension,
    Fact,
    Feature,
    FeatureGroup,
    Finding,
    Framework,
    Position,
    ProCon,
    Section,
    Source,
    Task,
    Threshold,
    Verdict,
)

admin.site.site_header = "Framewise editors’ desk"
admin.site.site_title = "Framewise"
admin.site.index_title = "Knowledge"

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


# Citations and the statements that they prove


class CitationFormSet(BaseInlineFormSet):
    """Citations of one statement, which may be published in the same step."""

    def clean(self):
        """Refuse to publish without a supporting citation among those that stay."""
        super().clean()
        statement = self.instance
        if not getattr(statement, "is_published", False) or not statement.needs_support:
            return
        staying = (
            form.cleaned_data
            for form in self.forms
            if getattr(form, "cleaned_data", None)
            and not form.cleaned_data.get("DELETE")
        )
        if not any(data.get("stance") == Stance.SUPPORTS for data in staying):
            raise ValidationError(
                "Nothing is published without a supporting citation. Add one that "
                "supports the statement, or save it as a draft.",
                code="uncited",
            )


class CitationInline(KnowledgeFields, admin.StackedInline):
    """The passages that a statement rests on."""

    model = Citation
    formset = CitationFormSet
    extra = 0
    autocomplete_fields = ["source"]
    fields = [
        ("stance", "level", "accessed_date"),
        "source",
        "locator",
        "says",
        "key",
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("source")


class StatementForm(forms.ModelForm):
    """A statement whose citations come in the same post.

    The formset judges whether they support it, so the model need not look for
    stored ones.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.citations_follow = True


class StatementAdmin(KnowledgeAdmin):
    """A statement with its citations, saved and published in one step."""

    form = StatementForm
    inlines = [CitationInline]
    readonly_fields = ["updated_at"]

    def save_model(self, request, obj, form, change):
        """Save as a draft what is to be published before its citations are."""
        form.wanted_status = obj.status
        if obj.is_published and obj.needs_support and not obj.has_support():
            obj.status = Status.DRAFT
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        """Publish once the citations are there."""
        super().save_related(request, form, formsets, change)
        if form.instance.status != form.wanted_status:
            form.instance.status = form.wanted_status
            form.instance.save(update_fields=["status"])

    @admin.display(description="citations")
    def citation_count(self, statement):
        return len(statement.citations.all())

    @admin.display(description="dispute", empty_value="–")
    def contested(self, statement):
        return "contested" if statement.is_contested else None

    def get_queryset(self, request):
        return super().get_queryset(request).with_parents().with_citations()


@admin.register(Finding)
class FindingAdmin(StatementAdmin):
    list_display = [
        "feature",
        "framework",
        "level",
        "status",
        "citation_count",
        "contested",
    ]
    list_filter = ["status", "framework", "feature__kind", "feature__group", "level"]
    search_fields = ["framework__name", "feature__name", "note"]
    autocomplete_fields = ["framework", "feature", "extension", "alternatives"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("framework", "feature"),
                    ("level", "status"),
                    "extension",
                    "alternatives",
                    "since_version",
                    "note",
                ]
            },
        ),
        ("Where sources disagree", {"fields": ["decision", "reason"]}),
        (
            "Bounds of an unknown level",
            {"fields": [("at_least", "at_most")], "classes": ["collapse"]},
        ),
    ]


@admin.register(ProCon)
class ProConAdmin(StatementAdmin):
    list_display = ["statement", "side", "framework", "feature", "status", "contested"]
    list_filter = ["status", "side", "framework"]
    search_fields = ["statement", "matters_when", "framework__name", "feature__name"]
    autocomplete_fields = ["framework", "feature"]
    prepopulated_fields = {"slug": ["statement"]}
    fields = [
        ("framework", "feature"),
        ("side", "status"),
        "statement",
        "matters_when",
        "slug",
        "decision",
        "reason",
    ]


@admin.register(Fact)
class FactAdmin(StatementAdmin):
    list_display = ["__str__", "value", "status", "citation_count", "updated_at"]
    list_filter = ["status", "framework", "kind"]
    search_fields = ["framework__name", "value", "note"]
    autocomplete_fields = ["framework"]
    fields = ["framework", ("kind", "status"), "value", "note", "decision", "reason"]


@admin.register(Adopter)
class AdopterAdmin(StatementAdmin):
    list_display = ["name", "framework", "status", "citation_count", "contested"]
    list_filter = ["status", "framework"]
    search_fields = ["name", "framework__name", "note"]
    autocomplete_fields = ["framework"]
    prepopulated_fields = {"slug": ["name"]}
    fields = [
        "framework",
        ("name", "status"),
        "slug",
        "url",
        "note",
        "decision",
        "reason",
    ]


@admin.register(Source)
class SourceAdmin(KnowledgeAdmin):
    list_display = ["title", "author", "publisher", "kind", "published_date"]
    list_filter = ["kind", "link_state", "framework"]
    search_fields = ["title", "author", "publisher", "url", "slug"]
    autocomplete_fields = ["framework"]
    prepopulated_fields = {"slug": ["title"]}
    readonly_fields = ["link_state", "link_checked_at"]


@admin.register(Citation)
class CitationAdmin(KnowledgeAdmin):
    """All passages; most are entered at the statement that they prove."""

    list_display = ["key", "source", "stance", "locator", "accessed_date"]
    list_filter = ["stance", "source__kind"]
    search_fields = ["key", "says", "locator", "source__title"]
    autocomplete_fields = [
        "source",
        "finding",
        "pro_con",
        "fact",
        "adopter",
        "verdict",
    ]
    list_select_related = ["source"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("stance", "level", "accessed_date"),
                    "source",
                    "locator",
                    "says",
                    "key",
                ]
            },
        ),
        (
            "Cited for exactly one of these",
            {"fields": ["finding", "pro_con", "fact", "adopter", "verdict"]},
        ),
    ]


# What is compared, and on what


@admin.register(Framework)
class FrameworkAdmin(KnowledgeAdmin):
    list_display = ["name", "kind", "status", "updated_at"]
    list_filter = ["status", "kind"]
    search_fields = ["name", "slug", "tagline"]
    prepopulated_fields = {"slug": ["name"]}


class ThresholdInline(KnowledgeFields, admin.TabularInline):
    model = Threshold
    extra = 0


@admin.register(FeatureGroup)
class FeatureGroupAdmin(KnowledgeAdmin):
    list_display = ["name", "position"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Feature)
class FeatureAdmin(KnowledgeAdmin):
    list_display = ["name", "group", "kind", "status", "position"]
    list_filter = ["status", "kind", "group"]
    list_select_related = ["group"]
    search_fields = ["name", "slug", "definition"]
    autocomplete_fields = ["group"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [ThresholdInline]


@admin.register(Extension)
class ExtensionAdmin(KnowledgeAdmin):
    list_display = ["name", "kind", "maintenance", "last_activity_date"]
    list_filter = ["kind", "maintenance", "frameworks"]
    search_fields = ["name", "slug", "summary"]
    autocomplete_fields = ["frameworks", "features"]
    prepopulated_fields = {"slug": ["name"]}


class CodeSampleInline(admin.StackedInline):
    model = CodeSample
    extra = 0
    autocomplete_fields = ["framework"]


@admin.register(Task)
class TaskAdmin(KnowledgeAdmin):
    list_display = ["title", "feature", "position"]
    list_select_related = ["feature"]
    search_fields = ["title", "description"]
    autocomplete_fields = ["feature"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [CodeSampleInline]


# Pages that editors curate


class SectionInline(KnowledgeFields, admin.StackedInline):
    model = Section
    extra = 0
    autocomplete_fields = ["features"]
    prepopulated_fields = {"slug": ["heading"]}


class VerdictInline(KnowledgeFields, admin.StackedInline):
    model = Verdict
    extra = 0
    autocomplete_fields = ["framework", "findings"]
    show_change_link = True


@admin.register(Comparison)
class ComparisonAdmin(KnowledgeAdmin):
    list_display = ["title", "slug", "status", "position"]
    list_filter = ["status", "frameworks"]
    search_fields = ["title", "introduction"]
    autocomplete_fields = ["frameworks", "features"]
    inlines = [SectionInline, VerdictInline]


@admin.register(Verdict)
class VerdictAdmin(KnowledgeAdmin):
    list_display = ["when", "framework", "comparison"]
    list_filter = ["framework", "comparison"]
    list_select_related = ["framework", "comparison"]
    search_fields = ["when", "framework__name", "comparison__title"]
    autocomplete_fields = ["comparison", "framework", "findings"]
    inlines = [CitationInline]


class PositionFormSet(BaseInlineFormSet):
    """The sides of a disagreement."""

    def clean(self):
        """Refuse to publish with fewer than two sides, or one without passages."""
        super().clean()
        if not self.instance.is_published:
            return
        sides = [
            form.cleaned_data
            for form in self.forms
            if getattr(form, "cleaned_data", None)
            and not form.cleaned_data.get("DELETE")
        ]
        if len(sides) < 2 or not all(side.get("citations") for side in sides):
            raise ValidationError(
                "A published disagreement has two positions or more, each with its "
                "citations.",
                code="one_sided",
            )


class PositionInline(KnowledgeFields, admin.StackedInline):
    model = Position
    formset = PositionFormSet
    extra = 0
    autocomplete_fields = ["citations"]


@admin.register(Disagreement)
class DisagreementAdmin(KnowledgeAdmin):
    list_display = ["key", "question", "feature", "status"]
    list_display_links = ["key", "question"]
    list_filter = ["status", "frameworks", "feature__group"]
    list_select_related = ["feature"]
    search_fields = ["key", "question", "decision"]
    autocomplete_fields = ["feature", "frameworks"]
    prepopulated_fields = {"slug": ["question"]}
    inlines = [PositionInline]
