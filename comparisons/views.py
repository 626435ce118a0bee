from functools import wraps
from urllib.parse import parse_qsl

from django.core.paginator import Paginator
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.generic import DetailView, ListView
from django_filters.views import FilterView

from comparisons.choices import Stance
from comparisons.filters import (
    ChangeSetFilter,
    DisagreementFilter,
    FrameworkFilter,
    SourceFilter,
)
from comparisons.forms import FEWEST, MOST, CompareForm, SearchForm, comparison_slug
from comparisons.history.differences import differences
from comparisons.history.summaries import summaries
from comparisons.models import (
    Adopter,
    ChangedObject,
    ChangeSet,
    Citation,
    CodeSample,
    Comparison,
    Disagreement,
    Fact,
    Feature,
    FeatureGroup,
    Framework,
    Link,
    Source,
)
from comparisons.models.frameworks import VERSUS
from comparisons.pages.answers import answers_on
from comparisons.pages.dispute_map import DisputeMap
from comparisons.pages.evidence import evidence, finding_page
from comparisons.pages.profile import profile
from comparisons.pages.selection import NAMES, Selection, filters, query_of
from comparisons.pages.side_by_side import (
    cited_sources,
    grounds_of,
    samples_of,
    side_by_side,
    solved_tasks,
    text_of,
    versus,
)

# No list shows more rows than this at once.
PAGE_SIZE = 50
MOST_SOURCES = 100
SHOWN_HITS = 20
SHOWN_CHANGES = 5


@require_safe
def home(request):
    """What this is, and the ways in."""
    context = {
        "frameworks": Framework.objects.published().with_counts(),
        "comparisons": Comparison.objects.published()[:6],
        "disagreements": Disagreement.objects.published().most_contested_first()[:3],
        "changes": summaries(
            ChangeSet.objects.public().select_related("editor")[:SHOWN_CHANGES]
        ),
        "search_form": SearchForm(),
    }
    return TemplateResponse(request, "comparisons/home.html", context)


# Frameworks


class FrameworkListView(FilterView):
    """Browse frameworks with facets."""

    filterset_class = FrameworkFilter
    template_name = "comparisons/framework_list.html"
    context_object_name = "frameworks"
    paginate_by = PAGE_SIZE

    def get_queryset(self):
        return Framework.objects.published().with_counts()


@require_safe
def framework_detail(request, slug):
    """The profile of one framework."""
    framework = get_object_or_404(Framework.objects.published(), slug=slug)
    context = {"profile": profile(framework)}
    return TemplateResponse(request, "comparisons/framework_detail.html", context)


# Statements, each with its passages


@require_safe
def finding_detail(request, framework, feature):
    """The answer for one framework on one feature, and who says so."""
    page = finding_page(
        get_object_or_404(Framework.objects.published(), slug=framework),
        get_object_or_404(Feature.objects.published(), slug=feature),
    )
    context = {"page": page}
    return TemplateResponse(request, "comparisons/finding_detail.html", context)


@require_safe
def fact_detail(request, framework, kind):
    """One plain fact of a framework, and who says so."""
    facts = Fact.objects.published().filter(framework__slug=framework)
    fact = get_object_or_404(facts.with_parents().with_citations(), kind=kind)
    return _statement(request, fact, fact.get_kind_display(), fact.value)


@require_safe
def adopter_detail(request, framework, slug):
    """An organisation that uses a framework, and who says so."""
    adopters = Adopter.objects.published().filter(framework__slug=framework)
    adopter = get_object_or_404(adopters.with_parents().with_citations(), slug=slug)
    return _statement(request, adopter, "who uses it", adopter.name)


def _statement(request, statement, subject, answer):
    [found] = evidence([statement])
    changes = ChangedObject.objects.of(type(statement), [statement.pk])
    context = {
        "evidence": found,
        "framework": statement.framework,
        "subject": subject,
        "answer": answer,
        "last_change": changes.latest_public(),
    }
    return TemplateResponse(request, "comparisons/statement_detail.html", context)


# Comparisons


@require_safe
def compare_picker(request):
    """Choose two to six frameworks, then see them side by side."""
    # A form that adds a framework to others may leave its field empty.
    chosen = [slug for slug in request.GET.getlist("frameworks") if slug]
    is_begun = len(set(chosen)) == 1
    given = QueryDict(mutable=True)
    given.setlist("frameworks", chosen)
    form = CompareForm(
        given if chosen and not is_begun else None, initial={"frameworks": chosen}
    )
    if form.is_valid():
        return redirect("comparisons:compare", form.slugs)
    context = {
        "form": form,
        "is_begun": is_begun,
        "comparisons": Comparison.objects.published()[:PAGE_SIZE],
    }
    return TemplateResponse(request, "comparisons/compare_picker.html", context)


def side_by_side_page(view):
    """Return ``view`` with the frameworks that an address names instead of its slugs.

    They have one address, whatever the order; another leads there.
    """

    @wraps(view)
    def wrapped(request, slugs, **path):
        wanted = slugs.split(VERSUS)
        if len(wanted) > len(set(wanted)) == 1:
            # Those that were compared are one now.
            return redirect("comparisons:framework-detail", wanted[0], permanent=True)
        canonical = comparison_slug(wanted)
        if not FEWEST <= len(set(wanted)) <= MOST:
            raise Http404(f"A comparison is of {FEWEST} to {MOST} frameworks.")
        frameworks = sorted(
            Framework.objects.published().filter(slug__in=wanted),
            key=lambda framework: framework.slug,
        )
        if set(wanted) - {framework.slug for framework in frameworks}:
            raise Http404("One of these frameworks is not known here.")
        if slugs != canonical:
            view_name = request.resolver_match.view_name
            kwargs = {"slugs": canonical, **path}
            address = reverse(view_name, kwargs=kwargs, query=request.GET)
            return redirect(address, permanent=True)
        return view(request, frameworks, **path)

    return wrapped


@require_safe
@side_by_side_page
def compare(request, frameworks):
    """Two to six frameworks side by side."""
    page = side_by_side(frameworks, with_notes=request.GET.get("notes") == "1")
    asked = [(name, value) for name, value in _pairs(request) if name in NAMES]
    selection = Selection.read(asked, page.matrix)
    if asked != selection.pairs:
        preview = [pair for pair in _pairs(request) if pair[0] == "preview"]
        return redirect(f"{request.path}{query_of([*selection.pairs, *preview])}")
    context = {
        "page": page,
        "curated": page.curated,
        "matrix": selection.apply(page.matrix),
        "selection": selection,
        "filters": filters(selection, page.matrix),
    }
    return TemplateResponse(request, "comparisons/compare.html", context)


@require_safe
@side_by_side_page
def compare_code(request, frameworks, task):
    """One task as each of some frameworks solves it."""
    tasks = solved_tasks(frameworks)
    chosen = next((row for row in tasks if row.slug == task), None)
    if chosen is None:
        raise Http404("None of these frameworks has a sample of this task.")
    context = {
        "task": chosen,
        "tasks": tasks,
        "samples": samples_of(frameworks, chosen),
    }
    return _below(request, frameworks, "comparisons/compare_code.html", context)


@require_safe
@side_by_side_page
def compare_text(request, frameworks):
    """What editors wrote about some frameworks, with its footnotes."""
    text = text_of(frameworks)
    if text is None:
        raise Http404("No editor has written about these frameworks together.")
    context = {"text": text}
    return _below(request, frameworks, "comparisons/compare_text.html", context)


@require_safe
@side_by_side_page
def compare_sources(request, frameworks):
    """Everything that a comparison rests on."""
    listed = Paginator(cited_sources(frameworks), MOST_SOURCES)
    context = {
        "grounds": grounds_of(frameworks),
        "page_obj": listed.get_page(request.GET.get("page")),
    }
    return _below(request, frameworks, "comparisons/compare_sources.html", context)


def _below(request, frameworks, template, context):
    slug = comparison_slug(framework.slug for framework in frameworks)
    context |= {
        "title": versus(frameworks),
        "address": reverse("comparisons:compare", args=[slug]),
    }
    return TemplateResponse(request, template, context)


def _pairs(request):
    return parse_qsl(request.META.get("QUERY_STRING", ""), keep_blank_values=True)


class ComparisonListView(ListView):
    """The comparisons that editors curate."""

    template_name = "comparisons/comparison_list.html"
    context_object_name = "comparisons"
    paginate_by = PAGE_SIZE

    def get_queryset(self):
        return Comparison.objects.published().prefetch_related("frameworks")


# Features


@require_safe
def feature_list(request):
    """Every feature by group, with what it asks."""
    groups = FeatureGroup.objects.with_features()
    context = {"groups": [group for group in groups if group.rows]}
    return TemplateResponse(request, "comparisons/feature_list.html", context)


@require_safe
def feature_detail(request, slug):
    """Definition, thresholds, every framework on it, code side by side."""
    feature = get_object_or_404(
        Feature.objects.published()
        .select_related("group")
        .prefetch_related("thresholds"),
        slug=slug,
    )
    context = {
        "feature": feature,
        "answers": answers_on(feature),
        "samples": CodeSample.objects.published()
        .filter(task__feature=feature)
        .select_related("task", "framework"),
        "disagreements": Disagreement.objects.published().filter(feature=feature),
    }
    return TemplateResponse(request, "comparisons/feature_detail.html", context)


# Sources


class SourceListView(FilterView):
    """Every source that something published rests on."""

    filterset_class = SourceFilter
    template_name = "comparisons/source_list.html"
    context_object_name = "sources"
    paginate_by = PAGE_SIZE

    def get_queryset(self):
        return (
            Source.objects.published()
            .with_counts()
            .with_link(Link.objects)
            .order_by("-citation_count", "title", "slug")
        )


class SourceDetailView(DetailView):
    """One source: its interest, what rests on it and what it disputes."""

    template_name = "comparisons/source_detail.html"
    context_object_name = "source"

    def get_queryset(self):
        return Source.objects.published().with_link(Link.objects)

    def get_context_data(self, **kwargs):
        citations = Citation.objects.published().for_source().filter(source=self.object)
        page = Paginator(citations, 200).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            page_obj=page,
            disputed=[c for c in page if c.stance == Stance.DISPUTES],
            cited=[c for c in page if c.stance != Stance.DISPUTES],
            **kwargs,
        )


class DisagreementListView(FilterView):
    """Where the sources conflict, most contested first."""

    filterset_class = DisagreementFilter
    template_name = "comparisons/disagreement_list.html"
    context_object_name = "disagreements"
    paginate_by = PAGE_SIZE

    def get_queryset(self):
        return Disagreement.objects.published().for_page().most_contested_first()

    def get_context_data(self, **kwargs):
        return super().get_context_data(map=DisputeMap.load(), **kwargs)


class DisagreementDetailView(DetailView):
    """One question with its sides and the editors' decision, to be linked to."""

    template_name = "comparisons/disagreement_detail.html"
    context_object_name = "disagreement"

    def get_queryset(self):
        return Disagreement.objects.published().for_page()


# What changed


class ChangeSetListView(FilterView):
    """What changed, who changed it and why, the latest first."""

    filterset_class = ChangeSetFilter
    template_name = "comparisons/change_list.html"
    paginate_by = PAGE_SIZE

    def get_queryset(self):
        return ChangeSet.objects.public().select_related("editor")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {"changes": summaries(context["page_obj"])}


@require_safe
def change_detail(request, pk):
    """One set of changes, object by object, as far as readers saw them."""
    changes = get_object_or_404(
        ChangeSet.objects.public().select_related("editor"), pk=pk
    )
    listed = changes.objects_changed.public()
    page = Paginator(listed, PAGE_SIZE).get_page(request.GET.get("page"))
    [summary] = summaries([changes])
    context = {
        "summary": summary,
        "page_obj": page,
        "differences": differences(page),
        "undoes": changes.undoes.public(),
        "undone_by": changes.undone_by.public(),
    }
    return TemplateResponse(request, "comparisons/change_detail.html", context)


# Around the knowledge


@require_safe
def search(request):
    """Frameworks, features, comparisons, disagreements and sources by words."""
    form = SearchForm(request.GET)
    hits = []
    words = form.cleaned_data["q"].strip() if form.is_valid() else ""
    if words:
        found = [
            ("Frameworks", Framework.objects.published().matching(words)),
            ("Features", Feature.objects.published().matching(words)),
            ("Comparisons", Comparison.objects.published().matching(words)),
            ("Disagreements", Disagreement.objects.published().matching(words)),
            ("Sources", Source.objects.published().matching(words)),
        ]
        hits = [(heading, list(rows[:SHOWN_HITS])) for heading, rows in found]
        hits = [(heading, rows) for heading, rows in hits if rows]
    context = {"search_form": form, "words": words, "hits": hits}
    return TemplateResponse(request, "comparisons/search.html", context)


@require_safe
def about(request):
    """Who runs this, how editors work, how to correct it."""
    return TemplateResponse(request, "comparisons/about.html")
