"""Ask for every address as every kind of account, with odd values: no answer is a 5xx.

    make endurance-fuzz ARGS="--requests 2000 --seed 3"

Addresses come from the table of addresses, their parts from stored rows or from the odd
values; a form is first looked at, then sent with some fields replaced. Each request is
undone, so that the last one finds what the first one found. It works on a database of
its own: a new SQLite file, or the empty PostgreSQL database that DATABASE_URL names.
"""

import argparse
import io
import logging
import os
import re
import sys
import tempfile
import traceback
from collections import Counter
from pathlib import Path
from random import Random
from urllib.parse import quote, urlencode

import django

ROLES = ["nobody", "contributor", "reviewer", "superuser"]
# fmt: off
ODD = [
    "", " ", "0", "1", "-1", "2", "007", "1e999", "NaN", "None", "null", "true", "[]",
    "{}", "[[", '{"a":', "'", '"', '\'"><script>alert(1)</script>', "{{ 7|add:7 }}",
    "\x00", "a\x00b", "\r\nX: y", "\x0b", "\x7f", "\u200b", "\u202e", "\ufeff", "é",
    "ß", "é", "😀", "�", "½", "²", "İ", "../../etc/passwd", "..\\..", "/", "//x", "%",
    "%00", "%zz", "a%2Fb", "?", "#", "&", ";", ",", "a,b", "a-vs-b", "-vs-", "*",
    "http://x", "javascript:alert(1)", "//x.example/", "http://[", "https://x:y@z/",
    "2147483648", "9223372036854775808", "-9223372036854775809", "9" * 40, "1.5",
    "2026-02-30", "0000-00-00", "9999-12-31", "12:61", "2026-11-29T00:00:00Z",
    "a" * 300, "a" * 5000, "(" * 200, "\\" * 99, "' OR 1=1 --", "published", "draft",
    "orm", "flask", "django", "built_in", "supports", "csv", "json", "on", "all",
    "add",
]
# What forms and pages read; anything may come with any.
NAMES = [
    "q", "kind", "page", "framework", "frameworks", "feature", "source", "provides",
    "fits", "level", "preview", "differences", "project", "must_haves", "o", "p",
    "priority-learning", "candidates", "team_knows", "member-name", "e", "all",
    "_to_field", "_popup", "_changelist_filters", "_facets", "id__in", "pk", "row",
    "status__exact", "state__exact", "edit", "close", "url", "next", "action", "at",
    "app_label", "model_name", "field_name", "term", "select_across", "code", "act",
]
# fmt: on


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    sys.stdout.reconfigure(line_buffering=True)
    with tempfile.TemporaryDirectory(prefix="framewise-fuzz-") as folder:
        database = f"sqlite:///{Path(folder) / 'fuzz.sqlite3'}"
        os.environ |= {
            "DEBUG": "on",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": os.environ.get("DATABASE_URL", database),
        }
        django.setup()
        return Fuzz(arguments.seed).run(arguments.requests)


class Fuzz:
    """Requests drawn by ``seed``, and what failed."""

    def __init__(self, seed):
        from django.urls import get_resolver

        self.random = Random(seed)
        self.routes = list(_routes(get_resolver().url_patterns))
        self.statuses, self.failures = Counter(), {}

    def run(self, number):
        """Send so many requests; return 1 if any answer was a 5xx."""
        from django.conf import settings

        # A failure is shown as on a site that serves, and told here.
        settings.DEBUG, settings.ALLOWED_HOSTS = False, ["*"]
        settings.STORAGES["staticfiles"]["BACKEND"] = (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
        logging.disable(logging.CRITICAL)
        clients = _prepare()
        self.slugs, self.keys = _known()
        for count in range(1, number + 1):
            role = ROLES[count % len(ROLES)]
            # Each address in its turn, as each kind of account.
            route = self.routes[count // len(ROLES) % len(self.routes)]
            self._ask(clients[role], role, route)
            if count % 1_000 == 0:
                print(f"{count} requests, {dict(sorted(self.statuses.items()))}")
        print(f"{number} requests over {len(self.routes)} addresses.")
        for where, (times, told) in self.failures.items():
            print(f"{times} × {where}\n{told}")
        return int(bool(self.failures))

    def _ask(self, client, role, route):
        from django.db import transaction

        address = self._filled_in(route)
        if self.random.random() < 0.6:
            query = [
                (self.random.choice(NAMES), self._value())
                for _ in range(self.random.randint(1, 3))
            ]
            address += f"?{urlencode(query, errors='replace')}"
        client.exc_info = None
        with transaction.atomic():
            answer = client.get(address)
            self._look_at(answer, role, "GET", route, address)
            if b'method="post"' in getattr(answer, "content", b""):
                fields = self._mutated(answer)
                answer = client.post(address, fields)
                self._look_at(answer, role, "POST", route, f"{address} {fields}")
            transaction.set_rollback(True)

    def _look_at(self, answer, role, method, route, told):
        self.statuses[int(answer.status_code)] += 1
        if answer.status_code < 500:
            return
        trace = "".join(traceback.format_exception(answer.exc_info[1])[-6:])
        where = f"{answer.status_code} {method} {route} as {role}: {trace[-200:]}"
        times, _ = self.failures.get(where, (0, ""))
        self.failures[where] = times + 1, f"{told[:1500]}\n{trace}"

    def _mutated(self, answer):
        """Return the fields of the form of ``answer``, some of them replaced."""
        from tests.forms import fields_of

        fields = fields_of(answer.content.decode())
        # What a button of the desk sends.
        for name in ("_save", "_continue", "_saveasnew", "act", "post", "_stay"):
            if self.random.random() < 0.2:
                fields[name] = ["1"]
        for name in self.random.sample(sorted(fields), min(3, len(fields))):
            fields[name] = [self._value()]
        if fields and self.random.random() < 0.2:
            fields.pop(self.random.choice(sorted(fields)))
        if self.random.random() < 0.3:
            fields[self.random.choice(NAMES)] = [self._value()]
        return fields

    def _filled_in(self, route):
        def fill(match):
            if self.random.random() < 0.15:
                return quote(self._value(), safe="", errors="replace") or "x"
            name = match[1]
            known = self.slugs if "slug" in name or name in self.slugs else self.keys
            values = known.get(name) or sum(known.values(), [])
            return quote(str(self.random.choice(values)), safe="")

        return re.sub(r"<(?:\w+:)?(\w+)>", fill, route)

    def _value(self):
        value = self.random.choice(ODD)
        if self.random.random() < 0.2:
            value += self.random.choice(ODD)
        return value


def _routes(patterns, before="/"):
    """Yield the route of every address, with its parts in angle brackets."""
    for each in patterns:
        route = before + re.sub(r"^\^|\\Z|\$$|/\?$", "", str(each.pattern))
        if hasattr(each, "url_patterns"):
            yield from _routes(each.url_patterns, route)
        else:
            yield re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", route)


def _prepare():
    """Fill the database; return a client for each role."""
    from django.contrib.auth.models import Group, User
    from django.core.management import call_command
    from django.test import Client

    from comparisons.knowledge import loading

    call_command("migrate", verbosity=0)
    if not loading.is_empty():
        sys.exit("The database is not empty. Name one that may be filled.")
    call_command("load_knowledge", stdout=io.StringIO())
    clients = {}
    for role in ROLES:
        client = clients[role] = Client(raise_request_exception=False)
        if role == "superuser":
            client.force_login(User.objects.create_superuser(role))
        elif role != "nobody":
            user = User.objects.create(username=role, is_staff=True)
            user.groups.add(Group.objects.get(name=role.title()))
            client.force_login(user)
    answers = {"project": "rest-api", "priority-learning": "4"}
    clients["nobody"].post("/advisor/", answers)
    clients["nobody"].post("/advisor/groups/", {"name": "Blue"})
    return clients


def _known():
    """Return values that exist, by what addresses call them: words, and keys."""
    from advisor.models import Advice, AdviceGroup
    from comparisons import models

    def slugs(model):
        return list(model.objects.values_list("slug", flat=True)[:40])

    frameworks, features = slugs(models.Framework), slugs(models.Feature)
    words = {
        "slug": [*frameworks, *features, *slugs(models.Source)],
        "slugs": ["django-vs-flask", "flask-vs-django", *frameworks[:3]],
        "framework": frameworks,
        "feature": features,
        "task": slugs(models.Task),
        "kind": ["license", "memory", "finding", "source", "framework"],
        "section": ["frameworks", "features", "nowhere"],
        "extension": ["csv", "md", "bib", "json", "ris"],
        "key": ["flask/orm", "django/admin-interface", "flask"],
        "app_label": ["comparisons", "advisor", "auth"],
        "url": ["comparisons/finding/1", "x"],
        "code": ["x" * 24],
        "uidb64": ["MQ"],
        "token": ["set-password", "x-y"],
    }
    keys = {
        "object_id": list(range(1, 60)),
        "pk": [*range(1, 20), *Advice.objects.values_list("pk", flat=True)],
        "content_type_id": list(range(1, 40)),
    }
    keys["pk"] += AdviceGroup.objects.values_list("pk", flat=True)
    return words, keys


if __name__ == "__main__":
    sys.exit(main())
