"""Put markup into every text and address, open the pages in Chromium: none of it lives.

    make endurance-markup ARGS="--rounds 4"

Every text of every row, of today and of its history, says all payloads, one after the
other, in each round beginning with others; SQLite keeps more than a field allows. Then
each kind of account opens each kind of page that links lead to, and those that an
address or a form full of payloads makes. A payload that lives shows itself: as an
element marked ``live``, as a link of a script, or by what it runs. Every way in ends in
these fields, and what refuses markup there is tested beside the forms.
"""

import argparse
import itertools
import logging
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit
from xml.etree import ElementTree

import django
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from tests.endurance.accounts import ROLES, ask, prepare
from tests.endurance.processes import free_port, serving

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
MOST, LONGEST = {"link": 4, "said": 2, "post": 2}, 2_500
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
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=2)
    arguments = parser.parse_args()
    sys.stdout.reconfigure(line_buffering=True)
    with tempfile.TemporaryDirectory(prefix="framewise-markup-") as folder:
        os.environ |= {
            "DEBUG": "on",
            # The browser's, and that of the client that looks for pages.
            "ALLOWED_HOSTS": "127.0.0.1,testserver",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": f"sqlite:///{Path(folder) / 'markup.sqlite3'}",
        }
        django.setup()
        logging.disable(logging.CRITICAL)
        return run(arguments.rounds)


def run(rounds):
    """Write and open the pages so many times; return 1 if anything lived."""
    clients = prepare()
    port, counts, alive, began = free_port(0), Counter(), [], time.monotonic()
    site = f"http://127.0.0.1:{port}"
    with serving(port), _browser() as browser:
        for number, role in itertools.product(range(rounds), ROLES):
            client = clients[role]
            if role == "nobody":
                _write(number)
                ask(client, name=PAYLOADS[number + 1][:60])
            browser.get(f"{site}/healthz")
            browser.delete_all_cookies()
            for cookie in client.cookies.values():
                browser.add_cookie({"name": cookie.key, "value": cookie.value})
            for what, address, found in _walk(browser, site, client, number):
                counts[what] += 1
                if any(found):
                    alive.append(f"{address} as {role}, round {number}: {found}")
                    print(alive[-1])
            print(
                f"Round {number + 1} as {role}, {time.monotonic() - began:.0f} s: "
                f"{dict(counts)}, {len(alive)} with live markup."
            )
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


def _walk(browser, site, client, number):
    """Open the pages that ``client`` may, yield (how, address, what lives on it).

    Of each route some that links lead to, some that a form full of payloads makes,
    and what answers some forms that post them.
    """
    from tests.forms import forms_of
    from tests.test_bad_input import desk_addresses

    first = ["/", "/changes/feed/", "/sitemap.xml", "/no/such/page/"]
    first += [] if client.get("/admin/").status_code != 200 else desk_addresses()
    waiting, kinds = [("link", address) for address in first], Counter()

    def is_enough(how, address):
        kinds[how, _route(address)] += 1
        return kinds[how, _route(address)] > MOST[how]

    while waiting:
        how, address = waiting.pop(0)
        if is_enough(how, address):
            continue
        # What is downloaded leaves the browser where it is.
        browser.get(f"{site}/healthz")
        browser.get(f"{site}{address}")
        page = browser.execute_script(OPENED, urlsplit(site).netloc)
        if not page["isPage"]:
            for text in _rich(client.get(address)):
                yield "parsed", address, browser.execute_script(PARSED, text)
            continue
        yield "opened", address, page["found"]
        if (page["status"] or 500) >= 500:
            yield "failed", address, [page["status"]]
        links = {urldefrag(link.removeprefix(site))[0]: True for link in page["links"]}
        waiting += [("link", link) for link in links]
        for form in forms_of(browser.page_source):
            said = _said(number + kinds.total())
            target = urljoin(address, form.action)
            if form.method == "get":
                query = urlencode(dict.fromkeys([*form.fields, "unknown"], said))
                waiting.append(("said", f"{target.partition('?')[0]}?{query}"))
            elif not is_enough("post", target):
                answered = _sent(client, target, form, said)
                yield "parsed", target, browser.execute_script(PARSED, answered)


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


def _route(address):
    from django.urls import Resolver404, resolve

    try:
        return resolve(urlsplit(address).path).route
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
