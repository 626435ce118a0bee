"""What was typed comes back when its form was not taken, and can be sent again.

A form is not taken when its token is not, because a cookie went or another tab signed
in, and when the session of its editor has ended. Whoever typed may look at it and send
it again. That button is only there if a page of this site sent the form: a page of
somebody else could have filled it in.
"""

import time
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from comparisons.web import throttle
from comparisons.web.outages import is_secret, is_typed

# Where a session keeps what was typed when another one had ended.
KEPT = "typed"
# Characters, and seconds.
MOST, LONGEST = 250_000, 4 * 60 * 60


def token_refused(request, reason=""):
    """Answer a form whose token was not taken (``CSRF_FAILURE_VIEW``)."""
    sender = request.headers.get("Origin") or request.headers.get("Referer", "")
    may_resend = urlsplit(sender).netloc == request.get_host()
    return _give_back(request, request.POST, may_resend=may_resend, status=403)


def keep(request):
    """Keep what ``request``, of nobody who is signed in, posted to an editors' page.

    Returns the answer that a script gets, None for a browser.
    """
    typed = urlencode(_fields(request.POST)) if request.method == "POST" else ""
    network = throttle.network_of(request)
    if 0 < len(typed) <= MOST and throttle.allows(
        KEPT, network, most=throttle.MOST[KEPT], seconds=throttle.HOUR
    ):
        request.session[KEPT] = [request.get_full_path(), typed, time.time()]
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return HttpResponse("You are signed out.", "text/plain", status=401)
    return None


def give_back(request):
    """Return the page of what was typed here before somebody signed in, or None."""
    path, typed, at = request.session.get(KEPT) or ("", "", 0)
    if path != request.get_full_path():
        return None
    del request.session[KEPT]
    if request.method != "GET" or time.time() - at > LONGEST:
        return None
    return _give_back(request, QueryDict(typed), may_resend=True, was_signed_out=True)


def keep_token(sender, request, **kwargs):
    """Leave the token of forms as it was for a tab of which something was kept.

    Receives ``user_logged_in``. A new token would refuse the form that is still open
    there; no other site can use the old one, because the origin is asked as well.
    """
    token = request.COOKIES.get(settings.CSRF_COOKIE_NAME)
    if token and KEPT in request.session:
        request.META["CSRF_COOKIE"] = token


def _give_back(request, posted, *, may_resend, status=200, was_signed_out=False):
    fields = _fields(posted)
    context = {
        "fields": fields,
        "typed": [pair for pair in fields if pair[1] and is_typed(pair[0])],
        "may_resend": may_resend,
        "was_signed_out": was_signed_out,
        "address": request.get_full_path(),
    }
    response = render(request, "send_again.html", context, status=status)
    add_never_cache_headers(response)
    return response


def _fields(posted):
    """Return (name, value) of all that a form held but its secrets."""
    return [
        (name, value)
        for name, values in posted.lists()
        if not is_secret(name)
        for value in values
    ]
