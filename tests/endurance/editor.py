"""An editor who saves forms of the admin over HTTP."""

import re
import threading
from dataclasses import dataclass
from http.client import HTTPException
from http.cookiejar import CookieJar
from random import Random
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import (
    HTTPCookieProcessor,
    HTTPErrorProcessor,
    ProxyHandler,
    build_opener,
)

from tests.forms import fields_of

# What an editor leaves in a note and in a passage, always both alike.
MARK = re.compile(r" ?\[saved (\w+)\]")
SECONDS = 60
# How a server that is killed looks from outside.
BROKEN_OFF = (URLError, HTTPException, OSError)


@dataclass
class Save:
    """A form that was sent, and whether the server said that it is saved."""

    word: str
    is_answered: bool = False


class Refused(Exception):
    """The server is alive and did not save a form that is in order."""


class Editor:
    """Saves findings, each time with a new word in the note and in a passage."""

    def __init__(self, name, password, findings, seed):
        self.name, self.password = name, password
        self.saves = {pk: [] for pk in findings}
        self.random = Random(seed)

    def work(self, site, stop: threading.Event):
        """Save again and again, until ``stop`` or until the server is gone.

        Raises:
            Refused: a form was not saved although the server answered.
        """
        browser = Browser(site)
        try:
            browser.sign_in(self.name, self.password)
            while not stop.is_set():
                self._save(browser, self.random.choice(list(self.saves)))
        except BROKEN_OFF:
            return

    def _save(self, browser, pk):
        address = f"/admin/comparisons/finding/{pk}/change/"
        form = browser.form(address)
        save = Save(f"{self.random.getrandbits(40):x}")
        for field in ("note", "citations-0-says"):
            form[field] = [f"{MARK.sub('', form[field][0])} [saved {save.word}]"]
        form |= {"change_reason": [save.word], "_save": ["Save"]}
        # Known before it is sent: it may be stored although no answer comes.
        self.saves[pk].append(save)
        status, page = browser.post(address, form)
        if status != 302:
            raise Refused(f"{address} answered {status}: {page[:2000]}")
        save.is_answered = True


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
