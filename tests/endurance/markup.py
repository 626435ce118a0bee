"""Put markup into every text and address, open the pages in Chromium: none of it lives.

    make endurance-markup ARGS="--rounds 3"

In each round every row says other payloads, so that after as many rounds as there are
payloads each text field of each page has said all of them. A payload that lives shows
itself: as an element marked ``live``, as a link of a script, or by what it runs. Every
way in ends in these fields, and what refuses markup there is tested beside the forms.
"""

import argparse
import io
import itertools
import os
import sys
import tempfile
from pathlib import Path

import django
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

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
FOUND = """
  const links = document.querySelectorAll("[href], [action], [src], [formaction]");
  const isScript = /^\\s*(javascript|vbscript|data:text)/i;
  const attributes = [...links].flatMap(each => [...each.attributes].map(a => a.value));
  return [
    document.querySelectorAll("[live]").length,
    document.documentElement.hasAttribute("ran") ? 1 : 0,
    attributes.filter(value => isScript.test(value)).length,
    location.host === arguments[0] ? 0 : 1,
  ];
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=len(PAYLOADS))
    arguments = parser.parse_args()
    sys.stdout.reconfigure(line_buffering=True)
    with tempfile.TemporaryDirectory(prefix="framewise-markup-") as folder:
        os.environ |= {
            "DEBUG": "on",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": f"sqlite:///{Path(folder) / 'markup.sqlite3'}",
        }
        django.setup()
        return run(arguments.rounds)


def run(rounds):
    """Open the pages so many times; return 1 if anything lived."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    call_command("load_knowledge", stdout=io.StringIO())
    editor = Client()
    editor.force_login(get_user_model().objects.create_superuser("editor"))
    session = editor.cookies["sessionid"].value
    port, visits, alive = free_port(0), 0, []
    with serving(port), _browser() as browser:
        for number in range(rounds):
            _write(number)
            for name in ("reader", "editor"):
                browser.get(f"http://127.0.0.1:{port}/healthz")
                browser.delete_all_cookies()
                if name == "editor":
                    browser.add_cookie({"name": "sessionid", "value": session})
                for address in _addresses(name):
                    browser.get(f"http://127.0.0.1:{port}{address}")
                    visits += 1
                    found = browser.execute_script(FOUND, f"127.0.0.1:{port}")
                    if any(found):
                        alive.append(f"{address} as {name}, round {number}: {found}")
            print(f"Round {number + 1}: {visits} pages, {len(alive)} with live markup.")
    print("\n".join(alive[:20]))
    return int(bool(alive))


def _write(number):
    """Have each row say a payload in its texts and addresses, if it may at all."""
    from django.db import DatabaseError, models, transaction

    from tests.texts import all_rows, texts

    with transaction.atomic():
        for row in all_rows():
            said = PAYLOADS[(hash(row.pk) + number) % len(PAYLOADS)]
            values = {
                field.name: f"{row.pk} {said}"[: field.max_length or 300]
                for field in texts(type(row))
            }
            values |= {
                field.name: f"https://x.example/{row.pk}?{said}"[: field.max_length]
                for field in row._meta.concrete_fields
                if isinstance(field, models.URLField) and getattr(row, field.name)
            }
            for name, value in values.items():
                rows = type(row)._base_manager.filter(pk=row.pk)
                try:
                    with transaction.atomic():
                        rows.update(**{name: value})
                except DatabaseError:
                    # A promise of the database that this would break.
                    continue


def _addresses(name):
    """Return addresses: one of each kind, another row of a model for each payload."""
    from django.contrib import admin
    from django.urls import reverse

    from advisor.models import Advice
    from comparisons.models import Disagreement, Source
    from tests.pages import FIXED

    if name == "reader":
        yield from FIXED
        yield from ("/frameworks/flask/", "/frameworks/flask/orm/", "/features/orm/")
        yield from ("/compare/django-vs-flask/", "/compare/django-vs-flask/text/")
        yield from ("/compare/django-vs-flask/sources/", "/search/?q=script")
        yield from ("/suggest/finding/flask/orm/", "/changes/feed/", "/changes/1/")
        for model in (Source, Disagreement, Advice):
            row = model.objects.order_by("?").first()
            if row and (model is not Source or Source.objects.published()):
                yield row.get_absolute_url()
        return
    yield from ("/admin/", "/admin/queue/", "/admin/audit/", "/admin/advisor/preview/")
    yield from ("/admin/comparisons/matrix/framework/flask/?edit=orm", "/frameworks/")
    for model in admin.site._registry:
        names = model._meta.app_label, model._meta.model_name
        yield reverse("admin:{}_{}_changelist".format(*names))
        row = model._base_manager.order_by("?").first()
        if row:
            for page in ("change", "history", "delete"):
                yield reverse("admin:{}_{}_{}".format(*names, page), args=[row.pk])


def _browser():
    options = webdriver.ChromeOptions()
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu"):
        options.add_argument(flag)
    options.add_argument("--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1")
    options.unhandled_prompt_behavior = "dismiss"
    return webdriver.Chrome(options, Service("/usr/bin/chromedriver"))


if __name__ == "__main__":
    sys.exit(main())
