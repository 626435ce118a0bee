"""Ask for every address as every kind of account, with odd values: no answer is a 5xx.

    make endurance-fuzz ARGS="--requests 2000 --seed 3"

Addresses come from the table of addresses, their parts from stored rows or from the odd
values, the names of parameters from the pages met so far. A form of the page is sent to
where it leads, with some fields replaced; some requests come by other methods and with
odd headers. Each is undone, so that the last one finds what the first one found.
"""

import copy
import logging
import re
import sys
import time
import traceback
from collections import Counter
from random import Random
from urllib.parse import quote, urlencode, urljoin

from tests.endurance.accounts import ROLES, prepare
from tests.endurance.processes import arguments, own_site

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
# What pages read and no page names; the rest is found in links and forms.
NAMES = [
    "_to_field", "_popup", "_changelist_filters", "_facets", "id__in", "e", "all", "pk",
    "status__exact", "state__exact", "next", "action", "term", "app_label", "at", "of",
    "model_name", "field_name", "select_across", "_saveasnew", "_stay", "since", "url",
]
METHODS = ["head", "options", "put", "patch", "delete", "trace", "post"]
HEADERS = [
    "If-None-Match", "If-Modified-Since", "Accept-Encoding", "Accept-Language", "Range",
    "Referer", "Origin", "Host", "X-Forwarded-For", "X-Forwarded-Proto", "X-Request-ID",
    "X-Requested-With", "Cookie", "Content-Type", "User-Agent",
]
# fmt: on


def main():
    told = arguments(__doc__, minutes=60.0, requests=20_000)
    # With the pages for those who forgot their password.
    with own_site(told.engine, EMAIL_URL="dummy://"):
        return Fuzz(told.seed).run(told.requests, told.minutes * 60)


class Fuzz:
    """Requests drawn by ``seed``, and what failed."""

    def __init__(self, seed):
        from django.urls import get_resolver

        self.random = Random(seed)
        # The one whose 503 is an answer: it comes where the machine is slow.
        found = _routes(get_resolver().url_patterns)
        self.routes = [route for route in found if route != "/readyz"]
        self.names = dict.fromkeys(NAMES)
        self.statuses, self.failures = Counter(), Counter()

    def run(self, number, seconds):
        """Send so many requests, or for so long; return 1 if any answer was a 5xx."""
        from django.conf import settings
        from django.contrib.admin import site

        from comparisons.web import throttle

        # Otherwise throttles would soon answer in place of what is asked for.
        throttle.allows = lambda *args, **kwargs: True
        settings.AXES_ENABLED = False
        settings.ALLOWED_HOSTS = ["*"]
        logging.disable(logging.CRITICAL)
        self.clients = prepare()
        for each in site._registry.values():
            each.list_per_page = 10
        self.slugs, self.keys = _known()
        self.files = _files(self.clients["superuser"])
        began, told, turn = time.monotonic(), 0, 0
        while self.statuses.total() < number and time.monotonic() - began < seconds:
            # Each address in its turn, as each kind of account.
            self._ask(ROLES[turn % 4], self.routes[turn // 4 % len(self.routes)])
            turn += 1
            if self.statuses.total() >= told + 500:
                told = self.statuses.total()
                print(f"{told} requests in {time.monotonic() - began:.0f} s")
        print(
            f"{self.statuses.total()} requests over {len(self.routes)} addresses and "
            f"{len(self.names)} parameters: {dict(sorted(self.statuses.items()))}. "
            f"{self.failures.total()} failed, of {len(self.failures)} kinds."
        )
        return int(bool(self.failures))

    def _ask(self, role, route):
        """Ask for an address, then send one of the forms that came."""
        from django.db import transaction

        from tests.forms import forms_of

        address = self._filled_in(route)
        if self.random.random() < 0.6:
            query = [
                (self.random.choice(list(self.names)), self._value())
                for _ in range(self.random.randint(1, 3))
            ]
            address += f"?{urlencode(query, errors='replace')}"
        client = self.clients[role]
        cookies = copy.deepcopy(client.cookies)
        with transaction.atomic():
            method = "get"
            if self.random.random() < 0.1:
                method = self.random.choice(METHODS)
            page = self._send(role, route, method, address)
            forms = forms_of(page)
            self.names.update(dict.fromkeys(re.findall(r"[?;&]([\w-]+)=", page)))
            for form in forms:
                if form.method == "get":
                    self.names.update(form.fields)
            if posted := [form for form in forms if form.method == "post"]:
                form = self.random.choice(posted)
                to = urljoin(address, form.action)
                self._send(role, route, "post", to, self._mutated(form))
            transaction.set_rollback(True)
        client.cookies = cookies

    def _send(self, role, route, method, address, fields=None):
        """Send one request, note how it is answered, and return the page."""
        from django.core.files.uploadedfile import SimpleUploadedFile

        headers = {}
        while self.random.random() < 0.1:
            # As a server hands bytes on.
            value = self._value().encode(errors="replace").decode("latin-1")
            headers[self.random.choice(HEADERS)] = value
        data = {
            name: SimpleUploadedFile(*value) if isinstance(value, tuple) else value
            for name, value in (fields or {}).items()
        }
        client = self.clients[role]
        send = getattr(client, method)
        answer = send(address, *([data] if fields else []), headers=headers)
        self.statuses[int(answer.status_code)] += 1
        if answer.status_code >= 500:
            _, error, _ = answer.exc_info or (None, None, None)
            trace = "".join(traceback.format_exception(error)[-6:])
            where = f"{answer.status_code} {method} {route}: {trace[-200:]}"
            self.failures[where] += 1
            if self.failures[where] == 1:
                told = f"{address} {headers} {fields}"[:1500]
                print(f"As {role}, {where.partition(':')[0]}\n{told}\n{trace}")
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        return answer.content.decode() if is_page and method != "head" else ""

    def _mutated(self, form):
        """Return what ``form`` sends, some of it replaced."""
        fields = dict(form.fields)
        if form.buttons and self.random.random() < 0.8:
            name, value = self.random.choice(form.buttons)
            fields[name] = [value]
        for name in form.files:
            fields[name] = self._file()
        for name in self.random.sample(sorted(fields), min(3, len(fields))):
            if self.random.random() < 0.7:
                fields[name] = [self._value()]
        if fields and self.random.random() < 0.2:
            fields.pop(self.random.choice(sorted(fields)))
        if self.random.random() < 0.3:
            fields[self.random.choice(list(self.names))] = [self._value()]
        return fields

    def _file(self):
        """Return the name and the content of a file of rows, some of it replaced."""
        name, content = self.random.choice(self.files)
        for _ in range(self.random.randint(0, 2)):
            place = self.random.randrange(len(content))
            odd = self._value().encode(errors="replace")
            content = content[:place] + odd + content[place + len(odd) :]
        return name, content

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


def _files(client):
    """Return (name, content) of files of rows as the desk gives them out."""
    found = [("empty.csv", b"x"), ("odd.xlsx", b"PK\x03\x04" + b"\0" * 99)]
    for table in ("finding", "source", "citation"):
        for extension in ("csv", "xlsx"):
            page = f"/admin/comparisons/{table}/export/?id__in=1,2,3,4,5"
            answer = client.post(page, {"format": extension})
            name = answer["Content-Disposition"].partition('"')[2].strip('"')
            found.append((name, answer.content))
    return found


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
