from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.shortcuts import redirect

from ..choices import Stance
from ..desk import edit_address
from ..models import Adopter, Citation, Fact, Finding, ProCon
from ..resources import FindingResource, ProConResource
from .imports import ImportExportAdmin
from .publishing import PublishableAdmin, PublishableForm
from .shared import KnowledgeInline


def refuse_uncited(statement, stances):
    """Raise ValidationError if ``statement`` would be published without support.

    ``stances`` are those of the citations that it will have.
    """
    is_published = getattr(statement, "is_published", False)
    if is_published and statement.needs_support and Stance.SUPPORTS not in stances:
        raise ValidationError(
            "Nothing is published without a supporting citation. Add one that "
            "supports the statement, or save it as a draft.",
            code="uncited",
        )


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
        staying = (
            form.cleaned_data
            for form in self.forms
            if getattr(form, "cleaned_data", None)
            and not form.cleaned_data.get("DELETE")
        )
        refuse_uncited(self.instance, {data.get("stance") for data in staying})


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


class StatementForm(PublishableForm):
    """A statement whose citations come in the same post.

    The formset judges whether they support it, so the model need not look for
    stored ones.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.citations_follow = True


class StatementAdmin(PublishableAdmin):
    """A statement with its citations, saved and published in one step."""

    form = StatementForm
    inlines = [CitationInline]
    readonly_fields = ["updated_at"]

    def can_stand(self, obj):
        """Nothing is published before its citations are there."""
        return not (obj.is_published and obj.needs_support) or obj.has_support()

    @admin.display(description="citations")
    def citation_count(self, statement):
        return len(statement.citations.all())

    @admin.display(description="dispute", empty_value="–")
    def contested(self, statement):
        return "contested" if statement.is_contested else None

    def get_queryset(self, request):
        return super().get_queryset(request).with_parents().with_citations()


@admin.register(Finding)
class FindingAdmin(ImportExportAdmin, StatementAdmin):
    resource_classes = [FindingResource]
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

    def add_view(self, request, form_url="", extra_context=None):
        """Lead to the draft that a public page does not show, if there is one."""
        known = self.get_changeform_initial_data(request)
        if request.method == "GET" and {"framework", "feature"} <= known.keys():
            pair = {"framework": known["framework"], "feature": known["feature"]}
            finding = Finding.objects.filter(**pair).first()
            if finding:
                return redirect(edit_address(finding))
        return super().add_view(request, form_url, extra_context)


@admin.register(ProCon)
class ProConAdmin(ImportExportAdmin, StatementAdmin):
    resource_classes = [ProConResource]
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
