from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from comparisons.choices import FeatureKind
from comparisons.models import KnowledgeVersion

from . import robustness
from .advising import advise
from .elicitation import ENOUGH_TO_ORDER, suggested_answers
from .forms import AdvisorForm
from .models import Advice
from .questionnaire import Questionnaire
from .ranking import ENOUGH_KNOWN


@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire(request):
    """The form; a valid answer is stored and leads to its own address."""
    questions = Questionnaire.current()
    form = AdvisorForm(
        questions,
        request.POST if request.method == "POST" else None,
        initial=_initial(questions, request),
    )
    if request.method == "POST" and "suggest" in request.POST:
        return redirect(_with_suggestion(form, request.POST["suggest"]))
    if form.is_valid():
        return redirect(advise(questions, form.answers))
    return TemplateResponse(request, "advisor/questionnaire.html", {"form": form})


@require_safe
def advice(request, pk):
    """A stored result, as it was when it was given."""
    stored = get_object_or_404(Advice, pk=pk)
    context = {
        "advice": stored,
        "result": stored.result,
        "is_current": stored.data_version == KnowledgeVersion.current(),
    }
    response = TemplateResponse(request, "advisor/advice.html", context)
    return _unlisted(response)


@require_safe
def advice_json(request, pk):
    """The same result as data: the contract of design.md."""
    stored = get_object_or_404(Advice, pk=pk)
    return _unlisted(JsonResponse(stored.as_json()))


@require_safe
def method(request):
    """How the ranking works, from the tables that the code uses."""
    questions = Questionnaire.current()
    context = {
        "kinds": [(kind, kind.levels) for kind in FeatureKind],
        "themes": questions.themes,
        "questions": questions.questions,
        "kinships": questions.kinships,
        "enough_to_order": ENOUGH_TO_ORDER,
        "enough_known": ENOUGH_KNOWN,
        "robustness": robustness,
    }
    return TemplateResponse(request, "advisor/method.html", context)


def _with_suggestion(form, slug):
    """Return the address of the form with its answers and the preset's points."""
    preset = form.questionnaire.preset(slug)
    return reverse(
        "advisor:questionnaire",
        query=form.suggest(preset) if preset else form.shown_answers,
        fragment="priorities",
    )


def _initial(questionnaire, request):
    """Return the answers that an address names, to fill the form in.

    A preset fills in its points if the address names none of them.
    """
    named = {
        question.slug: (
            request.GET.getlist(question.slug)
            if question.takes_several
            else request.GET[question.slug]
        )
        for question in questionnaire.questions
        if question.slug in request.GET
    }
    preset = questionnaire.preset(request.GET.get("preset"))
    if preset is None:
        return named
    suggested = suggested_answers(questionnaire, preset)
    # Points that the address names may be suggested ones that were changed.
    if not named.keys().isdisjoint(suggested):
        suggested = {}
    return (
        {name: value for name, [value] in suggested.items()}
        | named
        | {"preset": preset.slug}
    )


def _unlisted(response):
    response["X-Robots-Tag"] = "noindex"
    return response
