"""The pages of a group: start it, answer alone, wait, and see what is best for all.

Two links carry a code and are told to nobody else: that of the owner, and that of
each member. The code stands behind the ``#`` of a link, which no browser sends, so that
no log has it; the browser that was given it, or into which it was typed, keeps it in a
cookie of this group.
"""

from functools import wraps

from django.conf import settings
from django.http import JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_http_methods, require_safe

from advisor.forms import AdvisorForm
from advisor.groups.forms import GroupForm, MemberForm
from advisor.groups.since import changes_since_for_group
from advisor.groups.spread import who_wants_what
from advisor.groups.storing import (
    GroupRefusal,
    answer,
    combine,
    group_as_json,
    member_with,
    remove,
    start_group,
)
from advisor.models import AdviceGroup, GroupAdvice
from advisor.models.codes import new_code
from advisor.models.groups import MOST_MEMBERS
from advisor.questionnaire.reading import Questionnaire
from advisor.results.format import complete
from advisor.views import initial_answers, of_stored, with_suggestion
from comparisons.models import KnowledgeVersion
from comparisons.web import throttle
from comparisons.web.caching import unlisted

# What the owner's buttons do.
ACTS = ("combine", "close")


_of_a_group = of_stored(AdviceGroup.objects, "group")
_of_a_result = of_stored(GroupAdvice.objects.select_related("group"))


def _for_holder(role):
    """Give a view the holder of the code that the browser keeps, or ask for it."""

    def decorate(view):
        @wraps(view)
        def wrapped(request, group):
            typed = request.POST.get("code")
            code = typed or request.COOKIES.get(_cookie(group, role), "")
            if role == "owner":
                holder = group.is_owned_with(code)
            else:
                holder = member_with(group, code)
            if holder and typed:
                return _lead(group, role, request.path, code)
            if holder:
                return view(request, group, code, holder)
            context = {"group": group, "is_wrong": bool(typed)}
            return _private(
                TemplateResponse(request, "advisor/groups/code.html", context)
            )

        return wrapped

    return decorate


def _cookie(group, role):
    """Return the name of the cookie; no other host may set it, or overwrite it."""
    prefix = "__Host-" if settings.SESSION_COOKIE_SECURE else ""
    return f"{prefix}group-{role}-{group.pk}"


def _lead(group, role, address, code):
    """Redirect to ``address``, which is for the browser that holds ``code`` now."""
    response = redirect(f"{address}#{code}")
    response.set_cookie(
        _cookie(group, role),
        code,
        max_age=settings.ADVICE_DAYS * throttle.DAY,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def start(request):
    """Start a group; whoever does gets the owner's address."""
    form = GroupForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and not throttle.refuses(request, "group", form):
        group, code = start_group(form.cleaned_data["name"])
        address = reverse("advisor:group-owner", args=[group.pk])
        return _lead(group, "owner", address, code)
    context = {"form": form, "most": MOST_MEMBERS}
    return TemplateResponse(request, "advisor/groups/start.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@_of_a_group
def join(request, group):
    """The link to share: the form, for somebody who has not answered yet."""
    if group.is_closed and request.method != "POST":
        # Lead whoever comes late to what the group was told.
        context = {"group": group, "results": _results(group)[:1]}
        return unlisted(
            TemplateResponse(request, "advisor/groups/closed.html", context)
        )
    code = request.COOKIES.get(_cookie(group, "member"), "")
    if request.method != "POST" and member_with(group, code):
        # Nobody answers twice who only means to see or to change their answers.
        address = reverse("advisor:group-answers", args=[group.pk])
        return redirect(f"{address}?{request.GET.urlencode()}".rstrip("?"))
    return _ask(request, group)


@require_http_methods(["GET", "HEAD", "POST"])
@_of_a_group
@_for_holder("member")
def member(request, group, code, member):
    """What a member sees after answering: who has, and the results so far."""
    context = {"member": member, **_progress(request, group, code)}
    return _private(TemplateResponse(request, "advisor/groups/member.html", context))


@require_http_methods(["GET", "HEAD", "POST"])
@_of_a_group
@_for_holder("member")
def change_answers(request, group, code, member):
    """A member's own answers, to be changed while the group is open."""
    if group.is_closed and request.method != "POST":
        return redirect("advisor:group-member", group.pk)
    return _ask(request, group, member=member, code=code)


@require_http_methods(["GET", "HEAD", "POST"])
@_of_a_group
@_for_holder("owner")
def owner(request, group, code, holds_it):
    """The owner's page: combine the answers, close the group, remove a member."""
    refusal = None
    if request.method == "POST":
        act = request.POST.get("act")
        try:
            if act == "remove":
                remove(group, request.POST.get("member", ""))
                return redirect(request.path)
            if act not in ACTS:
                raise GroupRefusal("Choose to combine the answers or to close.")
            return redirect(
                combine(Questionnaire.current(), group, closes=act == "close")
            )
        except GroupRefusal as reason:
            refusal = reason
    context = {
        "refusal": refusal,
        "is_owner": True,
        **_progress(request, group, code),
    }
    return _private(TemplateResponse(request, "advisor/groups/owner.html", context))


@require_http_methods(["GET", "HEAD", "POST"])
@_of_a_group
@_for_holder("owner")
def delete_group(request, group, code, holds_it):
    """Delete a group with its answers and results for good."""
    if request.method == "POST":
        AdviceGroup.objects.filter(pk=group.pk).delete()
        return redirect(group)
    context = {"group": group}
    return _private(
        TemplateResponse(request, "advisor/groups/confirm_delete.html", context)
    )


@require_safe
@_of_a_result
def result(request, stored):
    """What a group was told, as it was then, and what changed since."""
    is_current = stored.data_version == KnowledgeVersion.current()
    told = complete(stored.result)
    context = {
        **who_wants_what(told),
        "advice": stored,
        "group": stored.group,
        "result": told,
        "share_url": request.build_absolute_uri(stored.get_absolute_url()),
        "is_current": is_current,
        "changes": None if is_current else changes_since_for_group(stored),
    }
    return unlisted(TemplateResponse(request, "advisor/groups/advice.html", context))


@require_safe
@_of_a_result
def result_json(request, stored):
    """The same result as data."""
    return unlisted(JsonResponse(group_as_json(stored)))


def _ask(request, group, *, member=None, code=""):
    """Ask for the answers of ``member``, or of somebody new."""
    questions = Questionnaire.current()
    data = request.POST if request.method == "POST" else None
    named = request.GET
    if member and "member-name" not in named:
        named = MultiValueDict(member.answers)
    person = MemberForm(
        data,
        initial={
            "name": request.GET.get("member-name", member.name if member else ""),
            "code": code or new_code(),
        },
    )
    form = AdvisorForm(
        questions,
        data,
        initial=initial_answers(questions, named),
        named=named,
        beside=[person.add_prefix(name) for name in person.fields],
    )
    if data and "suggest" in data:
        name = {"member-name": person["name"].value() or ""}
        return redirect(with_suggestion(form, request, **name))
    refusal = None
    # Both say what is wrong with them.
    valid = all([form.is_valid(), person.is_valid()])
    if valid and not throttle.refuses(request, "member", form):
        code = code or person.cleaned_data["code"]
        name = person.cleaned_data["name"]
        try:
            answer(group, code, name=name, answers=form.answers)
            address = reverse("advisor:group-member", args=[group.pk])
            return _lead(group, "member", address, code)
        except GroupRefusal as reason:
            refusal = reason
    context = {
        "group": group,
        "member": member,
        "form": form,
        "person": person,
        "refusal": refusal,
        "answered": group.members.count(),
        "submit_label": "Send my answers",
    }
    return _private(TemplateResponse(request, "advisor/groups/answer.html", context))


def _progress(request, group, code):
    """Return who has answered, and what came out so far, for the holder of ``code``."""
    return {
        "group": group,
        "own_url": f"{request.build_absolute_uri(request.path)}#{code}",
        "members": group.members.defer("answers"),
        "results": _results(group),
        "share_url": request.build_absolute_uri(group.get_absolute_url()),
    }


def _results(group):
    return group.results.defer("answers", "result")


def _private(response):
    """Keep ``response``, which shows or holds a code, out of every cache."""
    add_never_cache_headers(response)
    return unlisted(response)
