"""A form that came too late, given back whole so that it can be sent once more.

Its session ended, or a sign-in in another tab took its token. Nothing is stored here:
the page that answers holds what was typed, with a token of today.
"""

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.views.csrf import csrf_failure as refuse

TOKEN = "csrfmiddlewaretoken"


def csrf_failure(request, reason=""):
    """Answer a form without a token of ours; see ``CSRF_FAILURE_VIEW``.

    What another site sends gets no button here that would send it.
    """
    return send_again(request) if _is_ours(request) else refuse(request, reason)


def send_again(request):
    """Return the page, 403, that sends again what was posted, all fields of it.

    For a form of the desk it asks to sign in first. Files cannot be given back: it says
    which to choose again. A form with a password is refused instead, because that does
    not belong into a page.
    """
    if any(name.endswith(("password", "password1")) for name in request.POST):
        return refuse(request)
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name != TOKEN
        for value in values
    ]
    files = [file for _, files in request.FILES.lists() for file in files]
    is_desk = request.path.startswith(reverse("admin:index"))
    context = {
        "fields": fields,
        "files": files,
        "sign_in": is_desk and not request.user.is_authenticated,
    }
    response = render(request, "send_again.html", context, status=403)
    response["Cache-Control"] = "no-store"
    return response


def _is_ours(request):
    """Whether the browser says that a page of this site sent the form."""
    own = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Origin") in [own, *settings.CSRF_TRUSTED_ORIGINS]
