from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet

from ..choices import Stance, Status
from ..models import Adopter, Citation, Fact, Finding, ProCon
from .shared import KnowledgeAdmin, KnowledgeInline
from .stamped import StampedForm


class CitationForm(forms.ModelForm):
    """A citation, whose key may be left empty."""

    def clean_key(self):
        """Let several new ones leave it empty: None is never the same twice."""
        return self.cleaned_data["key"] or None


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


class CitationInline(KnowledgeInline, admin.StackedInline):
    """The passages that a statement rests on."""

    model = Citation
    form = CitationForm
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


class StatementForm(StampedForm):
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
    fields = [
        "framework",
        ("kind", "status"),
        ("value", "event_date"),
        "note",
        "decision",
        "reason",
    ]


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
