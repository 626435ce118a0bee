"""The form and the list of what has to be proved: a statement with its passages."""

from django.contrib import admin
from django.core.exceptions import ValidationError

from comparisons.admin.bases.forms import KnowledgeFormSet, KnowledgeInline
from comparisons.admin.bases.intents import intent_of
from comparisons.admin.bases.passages import ASKED, CitationForm
from comparisons.admin.bases.publishing import PublishableAdmin, PublishableForm
from comparisons.models import Citation
from comparisons.models.statements import Statement

# The fields of a passage, in the order of its form.
PASSAGE = [
    ("stance", "level", "accessed_date"),
    ("address", "same"),
    tuple(f"source_{name}" for name in ASKED),
    "source",
    "locator",
    ("fragment", "no_fragment"),
    "says",
    ("release", "marks"),
    "key",
]


class CitationFormSet(KnowledgeFormSet):
    """Citations of one statement, which may be published in the same step."""

    def clean(self):
        """Refuse to publish what the citations that stay do not prove."""
        super().clean()
        if isinstance(self.instance, Statement):
            faults = self.instance.unproved([row.instance for row in self.staying()])
            if faults:
                raise ValidationError([*faults.values()])


class CitationInline(KnowledgeInline, admin.StackedInline):
    """The passages that a statement rests on."""

    model = Citation
    form = CitationForm
    formset = CitationFormSet
    autocomplete_fields = ["source"]
    fields = PASSAGE
    # What is new begins with an empty one.
    first = 1

    def get_extra(self, request, obj=None, **kwargs):
        suggested = len(intent_of(request).evidence)
        return suggested or super().get_extra(request, obj, **kwargs)


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

    def get_formset_kwargs(self, request, obj, inline, prefix):
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if isinstance(inline, CitationInline):
            kwargs["initial"] = intent_of(request).evidence
        return kwargs

    @admin.display(description="citations")
    def citation_count(self, statement):
        return len(statement.citations.all())

    @admin.display(description="dispute", empty_value="–")
    def contested(self, statement):
        return "contested" if statement.is_contested else None

    def get_queryset(self, request):
        return super().get_queryset(request).with_parents().with_citations()
