"""Pages of two to six frameworks side by side: choosing them, and all below it."""

from functools import wraps
from urllib.parse import parse_qsl

from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.generic import ListView

from comparisons.forms import FEWEST, MOST, CompareForm, names_in
from comparisons.models import Comparison, Framework, Source
from comparisons.models.frameworks import VERSUS, comparison_slug
from comparisons.pages.last_changes import with_last_change
from comparisons.pages.selection import NAMES, Selection, filters, query_of
from comparisons.pages.side_by_side import (
    grounds_of,
    samples_of,
    side_by_side,
    solved_tasks,
    text_of,
    versus,
)
from comparisons.prepared import prepared
from comparisons.web.caching import STATES
from comparisons.web.paging import PAGE_SIZE, PagedList, page_of

# No page of sources lists more at once.
MOST_SOURCES = 100


@require_safe
def compare_picker(request):
    """Choose two to six frameworks, then see them side by side."""
    # A form that adds a framework to others may leave its field empty.
    chosen = names_in(request.GET.getlist("frameworks"))
    is_begun = len(set(chosen)) == 1
    given = QueryDict(mutable=True)
    given.setlist("frameworks", chosen)
    form = CompareForm(
        given if chosen and not is_begun else None, initial={"frameworks": chosen}
    )
    if form.is_valid():
        return redirect("comparisons:compare", form.slug)
    context = {
        "form": form,
        "is_begun": is_begun,
        "comparisons": Comparison.objects.published()[:PAGE_SIZE],
    }
    return TemplateResponse(request, "comparisons/compare_picker.html", context)


class ComparisonListView(PagedList, ListView):
    """The comparisons that editors curate."""

    template_name = "comparisons/comparison_list.html"
    context_object_name = "comparisons"

    def get_queryset(self):
        return Comparison.objects.published().prefetch_related("frameworks")


def side_by_side_page(view):
    """Return ``view`` with the frameworks that an address names instead of its slugs.

    They have one address, whatever the order; another leads there.
    """

    @wraps(view)
    def wrapped(request, slugs, **path):
        wanted = slugs.split(VERSUS)
        if len(wanted) > len(set(wanted)) == 1:
            # Those that were compared are one now.
            one = get_object_or_404(Framework.objects.published(), slug=wanted[0])
            return redirect(one, permanent=True)
        canonical = comparison_slug(wanted)
        if not FEWEST <= len(set(wanted)) <= MOST:
            raise Http404(f"A comparison is of {FEWEST} to {MOST} frameworks.")
        frameworks = sorted(_called(wanted), key=lambda framework: framework.slug)
        if set(wanted) - {framework.slug for framework in frameworks}:
            raise Http404("One of these frameworks is not known here.")
        if slugs != canonical:
            view_name = request.resolver_match.view_name
            kwargs = {"slugs": canonical, **path}
            address = reverse(view_name, kwargs=kwargs, query=request.GET)
            return redirect(address, permanent=True)
        return view(request, frameworks, **path)

    return wrapped


@prepared
def _called(slugs):
    return with_last_change(Framework.objects.published().filter(slug__in=slugs))


@require_safe
@side_by_side_page
def compare(request, frameworks):
    """Two to six frameworks side by side."""
    page = side_by_side(frameworks, with_notes=request.GET.get("notes") == "1")
    asked = [(name, value) for name, value in _pairs(request) if name in NAMES]
    selection = Selection.read(asked, page.matrix)
    if asked != selection.pairs:
        kept = [pair for pair in _pairs(request) if pair[0] in STATES]
        return redirect(f"{request.path}{query_of([*selection.pairs, *kept])}")
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
    sources = Source.objects.published().citing(frameworks)
    context = {
        "grounds": grounds_of(frameworks),
        "page_obj": page_of(request, sources, MOST_SOURCES),
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
