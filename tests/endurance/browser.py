"""A browser of an editor or a reader: forms of pages sent back over HTTP."""

from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import (
    HTTPCookieProcessor,
    HTTPErrorProcessor,
    ProxyHandler,
    build_opener,
)

from tests.forms import fields_of

SECONDS = 60


class Browser:
    """Cookies, and forms sent back as a browser would."""

    def __init__(self, site):
        self.site = site
        self.opener = build_opener(
            ProxyHandler({}), HTTPCookieProcessor(CookieJar()), _Stay()
        )

    def sign_in(self, name, password):
        form = self.form("/admin/login/")
        self.post("/admin/login/", form | {"username": [name], "password": [password]})

    def form(self, address):
        """Return the fields of the page at ``address``: {name: values}."""
        with self.opener.open(self.site + address, timeout=SECONDS) as answer:
            return fields_of(answer.read().decode())

    def post(self, address, form):
        """Return the status and the text that ``address`` answers."""
        data = urlencode(form, doseq=True).encode()
        with self.opener.open(self.site + address, data, timeout=SECONDS) as answer:
            return answer.status, answer.read().decode()


class _Stay(HTTPErrorProcessor):
    """Hands out redirects and errors as they are."""

    def http_response(self, request, response):
        return response
