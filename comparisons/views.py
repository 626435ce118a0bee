from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe
from django_filters.views import FilterView

from comparisons.choices import Level
from comparisons.filters import (
    ChangeSetFilter,
    DisagreementFilter,
    ExtensionFilter,
    FrameworkFilter,
    SourceFilter,
)
from comparisons.forms import SearchForm
from comparisons.history.differences import differences
from comparisons.history.net import net_of
from comparisons.history.summaries import summaries
from comparisons.models import (
    Adopter,
    ChangedObject,
    ChangeSet,
    Disagreement,
    Extension,
    Fact,
    Feature,
    FeatureGroup,
    Framework,
    Link,
    MeasurementRun,
    Source,
)
from comparisons.models.frameworks import MAINTAINED_YEARS
from comparisons.pages.answers import findings_of, unknown_counts
from comparisons.pages.disagreements import questions, subjects_of
from comparisons.pages.dispute_map import DisputeMap
from comparisons.pages.evidence import evidence, finding_page, sides_of
from comparisons.pages.extension import extension_page
from comparisons.pages.features import feature_page, findings_at, rung_of
from comparisons.pages.home import home_page
from comparisons.pages.last_changes import with_last_change
from comparisons.pages.measurements import charts_on, headlines
from comparisons.pages.profile import levels_of, profile
from comparisons.pages.side_by_side import other_frameworks
from comparisons.pages.source import cited_for, source_page
from comparisons.prepared import prepared
from comparisons.search.names import Names
from comparisons.search.results import Results
from comparisons.web.paging import PAGE_SIZE, BoundedPaginator, PagedList, page_of

# No source tells more of its passages at once.
MOST_PASSAGES = 200
SHOWN_HITS = 20


@require_safe
def home(request):
    """What this is, and the ways in."""
    context = {"page": home_page(), "is_home": True}
    return TemplateResponse(request, "comparisons/home.html", context)


# Frameworks


class FacetedListView(PagedList, FilterView):
    """A list narrowed by facets, which say how many rows each choice would leave."""

    template_name_suffix = "_list"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["filter"].count_choices()
        return context


class FrameworkListView(FacetedListView):
    """Browse frameworks with facets."""

    filterset_class = FrameworkFilter
    context_object_name = "frameworks"

    def get_queryset(self):
        return Framework.objects.published()

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        listed = list(context["page_obj"])
        found = findings_of(listed, context["filter"].asked)
        unknown = unknown_counts(listed)
        for framework in listed:
            framework.asked = found.get(framework.pk, [])
            framework.unknown_count = unknown.get(framework.pk, 0)
        return context


@require_safe
def framework_detail(request, slug):
    """The profile of one framework."""
    framework = _found(_called(slug, model=Framework))
    context = {"profile": profile(framework, request.edition.day)}
    return TemplateResponse(request, "comparisons/framework_detail.html", context)


# Statements, each with its passages


@require_safe
def finding_detail(request, framework, feature):
    """The answer for one framework on one feature, and who says so."""
    page = finding_page(
        _found(_called(framework, model=Framework)),
        _found(_called(feature, model=Feature)),
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


# Features


@require_safe
def feature_list(request):
    """Every feature by group, with how many frameworks are at which level."""
    groups = FeatureGroup.objects.with_features()
    others = other_frameworks([])
    context = {
        "groups": [group for group in groups if group.rows],
        "levels": levels_of([each.pk for each in others]) if others else {},
    }
    return TemplateResponse(request, "comparisons/feature_list.html", context)


@require_safe
def feature_detail(request, slug):
    """Every framework under the threshold of its level, and one in code."""
    feature = _found(_called(slug, model=Feature))
    level, listed, rung = request.GET.get("level"), None, None
    if level in Level.values:
        pages = BoundedPaginator(findings_at(feature.pk, level), PAGE_SIZE)
        listed = pages.get_page(request.GET.get("page"))
        rung = rung_of(feature, Level(level), listed, pages.count)
    context = {
        "page": feature_page(feature, rung=rung, code=request.GET.get("code", "")),
        "page_obj": listed,
    }
    return TemplateResponse(request, "comparisons/feature_detail.html", context)


# Extensions


class ExtensionListView(FacetedListView):
    """Browse the packages that provide a feature for a framework."""

    filterset_class = ExtensionFilter
    context_object_name = "extensions"

    def get_queryset(self):
        return Extension.objects.published()


@require_safe
def extension_detail(request, slug):
    """What an extension provides, for whom, and what else does the same."""
    extensions = with_last_change(Extension.objects.published())
    context = {"page": extension_page(get_object_or_404(extensions, slug=slug))}
    return TemplateResponse(request, "comparisons/extension_detail.html", context)


# Sources


class SourceListView(FacetedListView):
    """Every source that something published rests on."""

    filterset_class = SourceFilter
    context_object_name = "sources"

    def get_queryset(self):
        return (
            Source.objects.published()
            .with_counts()
            .with_link(Link.objects)
            .most_cited_first()
        )


@require_safe
def source_detail(request, slug):
    """One source: its interest, what rests on it and what it disputes."""
    source = _found(_source(slug))
    page = source_page(source, request.GET.get("only", ""))
    listed = page_of(request, page.passages, MOST_PASSAGES)
    context = {
        "source": source,
        "page": page,
        "page_obj": listed,
        "cited": cited_for(listed),
    }
    return TemplateResponse(request, "comparisons/source_detail.html", context)


@prepared
def _source(slug):
    return _rows(Source).with_link(Link.objects).filter(slug=slug)


class DisagreementListView(FacetedListView):
    """Where the sources conflict, most contested first."""

    filterset_class = DisagreementFilter
    context_object_name = "disagreements"

    def get_queryset(self):
        return (
            Disagreement.objects.published()
            .select_related("feature")
            .most_contested_first()
        )

    def get_context_data(self, **kwargs):
        context = super().get_context_data(map=DisputeMap.load(), **kwargs)
        return context | {"questions": questions(context["disagreements"])}


@require_safe
def disagreement_detail(request, slug):
    """One question with its sides and the editors' decision, to be linked to."""
    disagreements = with_last_change(Disagreement.objects.published().for_page())
    disagreement = get_object_or_404(disagreements, slug=slug)
    context = {
        "disagreement": disagreement,
        "about": subjects_of(disagreement),
        "sides": sides_of(disagreement),
        "measured": charts_on(disagreement),
    }
    return TemplateResponse(request, "comparisons/disagreement_detail.html", context)


# What we measured


@require_safe
def measurements(request, slug=None):
    """What we measured and how: one run, the latest unless another is named."""
    runs = MeasurementRun.objects.published().select_related("source")
    run = get_object_or_404(runs, slug=slug) if slug else runs.first()
    context = {
        "run": run,
        "runs": runs[:PAGE_SIZE],
        "headlines": headlines(run) if run else [],
    }
    return TemplateResponse(request, "comparisons/measurements.html", context)


# What changed


class ChangeSetListView(FacetedListView):
    """What changed, who changed it and why, the latest first."""

    filterset_class = ChangeSetFilter
    template_name = "comparisons/change_list.html"

    def get_queryset(self):
        return ChangeSet.objects.public().with_editors()

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        asked, page = context["filter"], context["page_obj"]
        since = asked.given.get("since")
        changes = summaries(page)
        is_summed = bool(changes) and since is not None and page.number == 1
        return context | {
            "changes": changes,
            "since": since,
            "is_summed": is_summed,
            "net": net_of(asked.qs, **asked.about) if is_summed else None,
        }


@require_safe
def change_detail(request, pk):
    """One set of changes, object by object, as far as readers saw them."""
    changes = get_object_or_404(ChangeSet.objects.public().with_editors(), pk=pk)
    page = page_of(request, changes.objects_changed.public())
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
    """What a few words lead to: an answer, then one ranked list of all kinds."""
    form = SearchForm(request.GET)
    context = {"search_form": form, "names": Names.current().suggestions()}
    if form.is_valid() and form.cleaned_data["q"]:
        query = form.cleaned_data["q"]
        results = Results.find(query, form.cleaned_data["kind"])
        page = page_of(request, results.hits, SHOWN_HITS)
        context |= {
            "query": query,
            "results": results,
            "page_obj": page,
            "hits": results.shown(page),
        }
    return TemplateResponse(request, "comparisons/search.html", context)


@require_safe
def about(request):
    """Who runs this, how editors work, how to correct it."""
    context = {"maintained_years": MAINTAINED_YEARS}
    return TemplateResponse(request, "comparisons/about.html", context)


@require_safe
def robots(request):
    """What search engines should leave alone, and where the pages are listed."""
    return TemplateResponse(request, "robots.txt", content_type="text/plain")


# Rows that an address names


@prepared
def _called(slug, *, model):
    return _rows(model).filter(slug=slug)


def _rows(model):
    return with_last_change(model.objects.published())


def _found(rows):
    """Return the one row of ``rows``; none is a page that does not exist."""
    if not rows:
        raise Http404
    return rows[0]
