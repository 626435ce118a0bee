"""What no view should have to think about."""

from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.views.defaults import bad_request

# What no page of this site asks of a browser.
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class SecurityHeaders:
    """Add the headers that Django knows no setting for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        if response.status_code >= 400:
            # What went wrong for one is not to be kept for others.
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class RefuseUnreadable:
    """Refuse a form that is too large, broken or not in UTF-8 before it is read.

    Django would read the form for its token, fail, and fail again in the page that
    says so.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.lower().replace("_", "-") not in ("utf-8", "utf8"):
            return render(request, "refused.html", {"is_charset": True}, status=415)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.LARGEST_REQUEST:
            return render(request, "refused.html", status=413)
        try:
            # Read once; views find it as it was read here.
            _ = request.method == "POST" and request.POST
        except RequestDataTooBig:
            return render(request, "refused.html", status=413)
        except (TooManyFieldsSent, TooManyFilesSent):
            return render(request, "refused.html", status=400)
        except (BadRequest, MultiPartParserError, UnreadablePostError):
            return render(request, "refused.html", {"is_broken": True}, status=400)
        return self.get_response(request)


class RefuseNonsense:
    """Answer 400 to what an address cannot mean, before a database is asked for it.

    A NUL character is stored nowhere. Django's admin fails for a key of a related
    row that is no key, and SQLite for a number that is too large for any column.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        values = [value for _, values in request.GET.lists() for value in values]
        if any("\0" in text for text in (request.path, *request.GET, *values)):
            raise BadRequest("The address contains a NUL character.")
        if request.GET.get("_to_field", "id") != "id":
            raise BadRequest("No row here is known by that field.")
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, OverflowError):
            return bad_request(request, exception)
        return None
