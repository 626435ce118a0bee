"""Put markup into every text and address, open the pages in Chromium: none of it lives.

    make endurance-markup ARGS="--minutes 30"

Every text of every row, of today and of its history, says all payloads, one after the
other; SQLite keeps more than a field allows. Then each kind of account, in its quarter
of the time, opens each kind of page that links lead to, and those that an address or a
form full of payloads makes: first one of each kind. A payload that lives shows itself:
as an element marked ``live``, as a link of a script, or by what it runs. Every way in
ends in these fields, and what refuses markup there is tested beside the forms.
"""

import itertools
import logging
import sys
import time
from collections import Counter
from functools import cache
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit
from xml.etree import ElementTree

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from tests.endurance.accounts import ROLES, ask, prepare
from tests.endurance.processes import arguments, free_port, own_site, serving

RUN = "document.documentElement.setAttribute('ran',1)"
ESCAPES = ["", '">', "'>", "</script>", "</title>", "</textarea>", "</style>", "-->"]
ESCAPES += ["]]>", "</svg>", "</select></option>", "`>"]
LIVE = [
    f"<script live>{RUN}</script>",
    f"<img live src=x onerror={RUN}>",
    f"<svg live onload={RUN}>",
    f"<details live open ontoggle={RUN}>",
    f"<a live href=javascript:{RUN}>x</a>",
    f"<iframe live srcdoc='<script>parent.{RUN}</script>'></iframe>",
    "<base live href=//elsewhere.example/>",
    "<meta live http-equiv=refresh content='0;url=//elsewhere.example/'>",
    "<form live action=//elsewhere.example/><button>x</button></form>",
    "<style live>*{display:none}</style>",
    "<link live rel=stylesheet href=//elsewhere.example/x.css>",
    f"<math live><mtext><img src=x onerror={RUN}></mtext></math>",
    "{{ 7|add:7 }}{% debug %}<b live>",
]
PAYLOADS = [escape + live for escape, live in itertools.product(ESCAPES, LIVE)]
# What only the program writes, in history and accounts too.
OURS = {"model_label", "model", "file", "slug", "digest", "label", "stamp"}
OURS |= {"username", "password", "codename"}
# Addresses of one route that are opened, and characters of one with payloads.
MOST, LONGEST = {"link": 3, "said": 1, "post": 2}, 2_500
COUNT = """
  const isScript = /^\\s*(javascript|vbscript|data:text)/i;
  const count = page => [
    page.querySelectorAll("[live]").length,
    page.documentElement.hasAttribute("ran") ? 1 : 0,
    [...page.querySelectorAll("[href], [action], [src], [formaction]")]
      .flatMap(each => [...each.attributes])
      .filter(each => isScript.test(each.value)).length,
  ];
"""
OPENED = f"""{COUNT}
  const links = [...document.querySelectorAll("a[href]")].map(each => each.href);
  return {{
    found: [...count(document), location.host === arguments[0] ? 0 : 1],
    // Those of pictures are no texts.
    links: links.map(String).filter(each => each.startsWith(location.origin)),
    isPage: document.contentType === "text/html",
    status: performance.getEntriesByType("navigation")[0]?.responseStatus,
  }};
"""
PARSED = f"""{COUNT}
  const parser = new DOMParser();
  return count(parser.parseFromString(arguments[0], "text/html"));
"""


def main():
    told = arguments(__doc__, minutes=30.0)
    # Longer texts than a field allows are kept by SQLite alone.
    with own_site("sqlite"):
        logging.disable(logging.CRITICAL)
        return run(told.seed, told.minutes * 60 / len(ROLES))


def run(seed, seconds):
    """Open the pages, for so long as each role; return 1 if anything lived."""
    clients = prepare()
    _write(seed)
    ask(clients["nobody"], name=PAYLOADS[seed % len(PAYLOADS)][:60])
    port, alive = free_port(), []
    site = f"http://127.0.0.1:{port}"
    with serving(port), _browser() as browser:
        for role, client in clients.items():
            browser.get(f"{site}/healthz")
            browser.delete_all_cookies()
            for cookie in client.cookies.values():
                browser.add_cookie({"name": cookie.key, "value": cookie.value})
            walk, began = Walk(browser, site, client, seed), time.monotonic()
            for address, found in walk.until(began + seconds):
                if any(found):
                    alive.append(f"{address} as {role}: {found}")
                    print(alive[-1])
            print(f"As {role}, {time.monotonic() - began:.0f} s: {walk}")
    print(f"{len(PAYLOADS)} payloads, {len(alive)} pages on which one lived.")
    return int(bool(alive))


def _write(number):
    """Have each row say all payloads in its texts and addresses, if it may at all."""
    from django.apps import apps
    from django.db import DatabaseError, models, transaction

    from tests.texts import texts

    rows = [
        row
        for app in ("comparisons", "advisor", "auth")
        for model in apps.get_app_config(app).get_models()
        for row in model._base_manager.all()
    ]
    with transaction.atomic():
        for place, row in enumerate(rows):
            said = " ".join(_from(number * 41 + place * 7))
            values = {
                field.name: f"{row.pk} {said}"
                for field in texts(type(row))
                if field.name not in OURS
            }
            values |= {
                field.name: f"https://x.example/{row.pk}?{said}"
                for field in row._meta.concrete_fields
                if isinstance(field, models.URLField) and getattr(row, field.name)
            }
            if hasattr(row, "posted"):
                fields = row.posted.items()
                values["posted"] = {
                    name: [said if " " in each else each for each in told]
                    for name, told in fields
                    if isinstance(told, list)
                }
            for name, value in values.items():
                stored = type(row)._base_manager.filter(pk=row.pk)
                try:
                    with transaction.atomic():
                        stored.update(**{name: value})
                except DatabaseError:
                    # A promise of the database that this would break.
                    continue


def _from(place):
    """Return all payloads, beginning with the one at ``place``."""
    place %= len(PAYLOADS)
    return PAYLOADS[place:] + PAYLOADS[:place]


class Walk:
    """What one account opens: of each route some pages, the first of each first."""

    def __init__(self, browser, site, client, seed):
        from tests.test_bad_input import desk_addresses

        self.browser, self.site, self.client, self.seed = browser, site, client, seed
        first = ["/", "/changes/feed/", "/sitemap.xml", "/no/such/page/"]
        first += [] if client.get("/admin/").status_code != 200 else desk_addresses()
        self.known = self.waiting = {("link", address) for address in first}
        # Of each way to a route, what was looked at; of each way to look, how often.
        self.seen, self.counts = Counter(), Counter()

    def __str__(self):
        unseen = {kind for kind in map(_kind, self.waiting) if not self.seen[kind]}
        left = f"no time for {len(unseen)} others"
        return f"{dict(self.counts)} of {len(self.seen)} kinds, {left}."

    def until(self, end):
        """Yield (address, what lives on it) of each page."""
        while self.waiting and time.monotonic() < end:
            way = min(self.waiting, key=lambda each: (self.seen[_kind(each)], each))
            self.waiting = self.waiting - {way}
            if self._has_room(way):
                yield from self._open(way[1])

    def _has_room(self, way):
        self.seen[_kind(way)] += 1
        return self.seen[_kind(way)] <= MOST[way[0]]

    def _open(self, address):
        from tests.forms import forms_of

        # What is downloaded leaves the browser where it is.
        self.browser.get(f"{self.site}/healthz")
        self.browser.get(f"{self.site}{address}")
        page = self.browser.execute_script(OPENED, urlsplit(self.site).netloc)
        if not page["isPage"]:
            for text in _rich(self.client.get(address)):
                yield self._parsed(address, text)
            return
        self.counts["opened"] += 1
        yield address, page["found"]
        if (page["status"] or 500) >= 500:
            yield address, [page["status"]]
        links = {urldefrag(link.removeprefix(self.site))[0] for link in page["links"]}
        new = {("link", link) for link in links}
        for form in forms_of(self.browser.page_source):
            said = _said(self.seed + self.seen.total())
            target = urljoin(address, form.action)
            if form.method == "get":
                query = urlencode(dict.fromkeys([*form.fields, "unknown"], said))
                new.add(("said", f"{target.partition('?')[0]}?{query}"))
            elif self._has_room(("post", target)):
                yield self._parsed(target, _sent(self.client, target, form, said))
        self.waiting = self.waiting | new - self.known
        self.known = self.known | new

    def _parsed(self, address, text):
        self.counts["parsed"] += 1
        return address, self.browser.execute_script(PARSED, text)


def _kind(way):
    how, address = way
    return how, _route(urlsplit(address).path)


def _sent(client, target, form, said):
    """Return the page that answers ``form`` when each of its texts is ``said``."""
    from django.db import transaction

    kept = ("csrf", "_FORMS", "seen", "stamp", "-id")
    fields = {
        name: values if any(each in name for each in kept) else [said]
        for name, values in form.fields.items()
    }
    with transaction.atomic():
        answer = client.post(target, fields)
        transaction.set_rollback(True)
    return answer.content.decode()


def _said(place):
    """Return payloads that fit into an address."""
    said = ""
    for each in _from(place * 11):
        if len(said) + len(each) > LONGEST / 4:
            return said
        said += f" {each}"


@cache
def _route(path):
    from django.urls import Resolver404, resolve

    try:
        return resolve(path).route
    except Resolver404:
        return "nothing"


def _rich(answer):
    """Yield what a feed reader would show of ``answer`` as markup."""
    if answer.status_code == 200 and "xml" in answer.headers.get("Content-Type", ""):
        for each in ElementTree.fromstring(answer.content).iter():
            if each.get("type") in ("html", "xhtml"):
                yield each.text or ""


def _browser():
    options = webdriver.ChromeOptions()
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu"):
        options.add_argument(flag)
    options.add_argument("--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1")
    options.unhandled_prompt_behavior = "dismiss"
    return webdriver.Chrome(options, Service("/usr/bin/chromedriver"))


if __name__ == "__main__":
    sys.exit(main())
