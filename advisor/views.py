from functools import wraps

from django.conf import settings
from django.http import Http404, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers
from django.utils.http import urlencode
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from advisor.forms import AdvisorForm, DeletionForm, JudgementForm
from advisor.models import Advice, DeletedAdvice
from advisor.questionnaire.elicitation import ENOUGH_TO_ORDER, suggested_answers
from advisor.questionnaire.interview import AGAIN, as_told, interview
from advisor.questionnaire.reading import Questionnaire
from advisor.questionnaire.steps import asked_in
from advisor.ranking import pairs, robustness
from advisor.ranking.order import ENOUGH_KNOWN
from advisor.results.format import complete
from advisor.results.judging import judge, judgements, with_judged
from advisor.results.since import changes_since
from advisor.results.storing import advise, as_json
from advisor.trials.recommendations import SETS
from advisor.trials.track import current_track
from comparisons.choices import FeatureKind
from comparisons.models import KnowledgeVersion
from comparisons.models.frameworks import MAINTAINED_YEARS
from comparisons.web import throttle
from comparisons.web.caching import unlisted

# Carries the deletion code from the form to the first look at the result.
CODE_COOKIE = "deletion_code"
# Seconds in which that look has to happen.
CODE_LASTS = 600


@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire(request):
    """The form; a valid answer is stored and leads to its own address."""
    questions = Questionnaire.current()
    form = AdvisorForm(
        questions,
        request.POST if request.method == "POST" else None,
        initial=initial_answers(questions, request.GET),
        named=request.GET,
    )
    if request.method == "POST" and "suggest" in request.POST:
        return redirect(with_suggestion(form, request))
    status = 200
    if form.is_valid():
        if not throttle.refuses(request, "advice", form):
            return _lead_to(advise(questions, form.answers))
        status = 429
    return TemplateResponse(
        request, "advisor/questionnaire.html", {"form": form}, status=status
    )


@require_safe
def one_by_one(request):
    """The form one question at a time; all that was said stands in the address."""
    questions = Questionnaire.current()
    form = AdvisorForm(
        questions,
        initial=named_answers(questions, request.GET),
        named=request.GET,
        beside=[AGAIN],
    )
    said = {
        name: list(dict.fromkeys(form.shown_answers.get(name, [""])))
        for name in request.GET
        if name in form.fields
    }
    now = interview(questions, said, request.GET.get(AGAIN, ""))
    context = {
        "form": form,
        "interview": now,
        # A question on a theme has a button for each answer.
        "weighed": now.question
        and now.question.theme
        and as_told(questions, now.question),
        "asked": now.question and asked_in(form, now.question),
        "told": [
            (question, questions.labels(question, said).values(), way_back)
            for question, way_back in now.links
        ],
    }
    return TemplateResponse(request, "advisor/interview.html", context)


def of_stored(rows, what="result"):
    """Hand a view the one of ``rows`` that its address names, or say that it is gone.

    Where there never was one, nothing is found.
    """

    def decorate(view):
        @wraps(view)
        def page(request, pk):
            stored = rows.filter(pk=pk).first()
            if stored is None and not DeletedAdvice.objects.filter(pk=pk).exists():
                raise Http404("There never was anything here.")
            if stored is None or stored.has_expired:
                return _gone(request, what)
            try:
                return view(request, stored)
            except stored.DoesNotExist:
                # Somebody deleted it in the meantime.
                return _gone(request, what)

        return page

    return decorate


@require_safe
@of_stored(with_judged(Advice.objects))
def advice(request, stored):
    """A stored result, as it was when it was given, and what changed since."""
    return _result(request, stored)


@require_POST
@of_stored(with_judged(Advice.objects))
def judge_advice(request, stored):
    """Count whether a result was right; nothing is kept of who says so."""
    form = JudgementForm(request.POST)
    if not form.is_valid():
        return _result(request, stored, form, status=400)
    if throttle.refuses(request, "judgement", form):
        return _result(request, stored, form, status=429)
    judge(stored, form.cleaned_data["answer"])
    return redirect(f"{stored.get_absolute_url()}#right")


@require_safe
@of_stored(Advice.objects)
def advice_json(request, stored):
    """The same result as data, in the open format."""
    return unlisted(JsonResponse(as_json(stored)))


@require_http_methods(["GET", "HEAD", "POST"])
@of_stored(Advice.objects)
def delete_advice(request, stored):
    """Delete a result for good, for whoever has its code."""
    is_posted = request.method == "POST"
    form = DeletionForm(stored, request.POST if is_posted else None)
    if form.is_valid():
        Advice.objects.filter(pk=stored.pk).delete()
        return redirect(stored)
    response = TemplateResponse(
        request,
        "advisor/advice_confirm_delete.html",
        {"advice": stored, "form": form},
        status=403 if is_posted else 200,
    )
    return unlisted(response)


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
        "pairs": pairs,
        "maintained_years": MAINTAINED_YEARS,
    }
    return TemplateResponse(request, "advisor/method.html", context)


@require_safe
def record(request):
    """How often the advisor was right, by recommendations and by its readers."""
    track = current_track()
    listed = request.GET.get("set")
    if listed not in track.by_set:
        listed = next(reversed(track.by_set), None)
    context = {
        "track": track,
        "listed": listed and SETS[listed],
        "others": [(key, SETS[key]) for key in track.by_set if key != listed],
        "kinds": track.kinds(listed) if listed else {},
        "judged_labels": judgements("certainty"),
        "judged_frameworks": judgements("framework"),
    }
    return TemplateResponse(request, "advisor/record.html", context)


def with_suggestion(form, request, **more):
    """Return the address of the form with its answers and the points asked for.

    ``more`` is what else the form holds.
    """
    preset = form.questionnaire.preset(request.POST["suggest"])
    answers = form.suggest(preset) if preset else form.shown_answers
    return f"{request.path}?{urlencode(more | answers, doseq=True)}#priorities"


def named_answers(questionnaire, source):
    """Return the answers that ``source`` names, as the form takes them."""
    return {
        question.slug: (
            source.getlist(question.slug)
            if question.takes_several
            else source[question.slug]
        )
        for question in questionnaire.questions
        if question.slug in source
    }


def initial_answers(questionnaire, source):
    """Return the answers that ``source`` names, to fill the form in.

    A preset fills in its points if the address names none of them.
    """
    named = named_answers(questionnaire, source)
    preset = questionnaire.preset(source.get("preset"))
    if preset is None:
        return named
    suggested = suggested_answers(questionnaire, preset)
    # Points that the source names may be suggested ones that were changed.
    if not named.keys().isdisjoint(suggested):
        suggested = {}
    return (
        {name: value for name, [value] in suggested.items()}
        | named
        | {"preset": preset.slug}
    )


def _result(request, stored, judgement=None, status=200):
    """Return the page of a ``stored`` result.

    ``judgement`` is the form of a reader who was refused to judge it.
    """
    is_current = stored.data_version == KnowledgeVersion.current()
    changes = None if is_current else changes_since(stored)
    code = _code_shown_once(request, stored)
    context = {
        "advice": stored,
        "result": complete(stored.result),
        "share_url": request.build_absolute_uri(stored.get_absolute_url()),
        "is_current": is_current,
        "changes": changes,
        "answers": stored.answers if is_current else changes.answers,
        "deletion_code": code,
        "judgement": judgement or JudgementForm(),
    }
    response = TemplateResponse(request, "advisor/advice.html", context, status=status)
    if code:
        response.delete_cookie(CODE_COOKIE, path=stored.get_absolute_url())
        add_never_cache_headers(response)
    return unlisted(response)


def _lead_to(advice):
    """Redirect to new ``advice``, with the code that its first page shows.

    A cookie of that page alone keeps the code out of every address, and so out
    of histories, logs and Referer headers.
    """
    response = redirect(advice)
    response.set_cookie(
        CODE_COOKIE,
        advice.deletion_code,
        max_age=CODE_LASTS,
        path=advice.get_absolute_url(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


def _code_shown_once(request, advice):
    """Return the code of ``advice`` if this browser has just been given it."""
    code = request.COOKIES.get(CODE_COOKIE, "")
    return code if advice.may_be_deleted_with(code) else ""


def _gone(request, what):
    if request.path.endswith(".json"):
        response = JsonResponse({"error": f"This {what} is gone."}, status=410)
    else:
        context = {"what": what}
        response = TemplateResponse(request, "advisor/gone.html", context, status=410)
    return unlisted(response)
