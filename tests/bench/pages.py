"""What each kind of page costs beside a hello-world view in the same process.

    DATABASE_URL=… python -m tests.bench.pages measure

prints it as JSON, and ``weigh`` the memory of a worker that has shown the pages which
it is given, those that ``list`` prints: its own and its share of what it has in common
with the process that it was forked from (PSS), as under gunicorn. Times are
processor time, which says how many readers a machine can serve. What socket and server
take is the same for every answer, and was measured to be 2.6 times what hello-world
takes.
"""

import io
import json
import os
import re
import statistics
import sys
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import django
from django.core.cache import caches
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpResponse
from django.test.utils import override_settings
from django.urls import path

from config import gunicorn

# What the socket takes, in times of hello-world.
SOCKET = 2.6
# Each turn makes a page once and calls what is quick a few times; there are so many
# turns, fewer after so many seconds.
TURNS, FEWEST_TURNS, CALLS, SECONDS = 15, 3, 10, 4
# Those of startproject, and one for the static files.
HELLO_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TOKEN = "a" * 32
ANSWERS = f"project=rest-api&priority-learning=4&csrfmiddlewaretoken={TOKEN}"

urlpatterns = [path("", lambda request: HttpResponse("Hello, world!"))]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of page, and what is asked of it.

    ``first`` is the least that a first rendering may reach of hello-world's speed,
    ``growth`` the most that it may take longer with 12,000 frameworks than with 12,
    ``kilobytes`` the most that it may weigh, compressed by gzip.
    """

    address: str
    first: float = 0.0
    growth: float
    kilobytes: float | None = None
    is_kept: bool = True
    body: str = ""


SIX = "aiohttp-vs-bottle-vs-django-vs-falcon-vs-fastapi-vs-flask"
KINDS = {
    "home": Kind(address="/", first=0.08, growth=2, kilobytes=10),
    "pair": Kind(
        address="/compare/django-vs-flask/", first=0.06, growth=1.2, kilobytes=14
    ),
    "six": Kind(address=f"/compare/{SIX}/", first=0.03, growth=1.2, kilobytes=16),
    "profile": Kind(
        address="/frameworks/django/", first=0.05, growth=1.2, kilobytes=14
    ),
    "finding": Kind(address="/frameworks/django/orm/", growth=1.2, kilobytes=4),
    "list": Kind(address="/frameworks/", first=0.08, growth=1.2),
    "picker": Kind(address="/compare/", growth=2),
    "feature": Kind(address="/features/orm/", first=0.05, growth=2, kilobytes=9),
    "features": Kind(address="/features/", growth=2),
    "source": Kind(address="/sources/codete-2021/", first=0.05, growth=1.2),
    "sources": Kind(address="/sources/", growth=1.2),
    "disagreements": Kind(address="/disagreements/", first=0.04, growth=2),
    "comparisons": Kind(address="/comparisons/", growth=2),
    "changes": Kind(address="/changes/", growth=1.2),
    "feed": Kind(address="/changes/feed/", growth=1.2),
    "search": Kind(address="/search/?q=orm", first=0.04, growth=2),
    "method": Kind(address="/advisor/method/", growth=1.2),
    "form": Kind(address="/advisor/", first=0.04, growth=2, is_kept=False),
    "advice": Kind(
        address="/advisor/", first=0.02, growth=10, is_kept=False, body=ANSWERS
    ),
}


class HelloRequest(WSGIRequest):
    """Led to the view of this module, whatever the settings say."""

    urlconf = __name__


class HelloHandler(WSGIHandler):
    request_class = HelloRequest


def measure():
    """Return {kind: {what: microseconds, or bytes}}, served as gunicorn does."""
    gunicorn.when_ready(None)
    with override_settings(MIDDLEWARE=HELLO_MIDDLEWARE):
        hello = HelloHandler()
    site = WSGIHandler()
    return {name: _measure(kind, site, hello) for name, kind in KINDS.items()}


def _measure(kind, site, hello):
    ask = partial(call, site, kind.address, body=kind.body)
    status, headers, content = ask(HTTP_ACCEPT_ENCODING="gzip")
    if status not in ("200 OK", "302 Found"):
        sys.exit(f"{kind.address} answers {status}.")
    quick = {"hello": partial(call, hello, "/")}
    if kind.is_kept:
        quick["kept"] = ask
        quick["known"] = partial(ask, HTTP_IF_NONE_MATCH=headers["ETag"])
    taken = {name: [] for name in ("first", *quick)}
    start = time.monotonic()
    while len(taken["first"]) < TURNS:
        if time.monotonic() - start > SECONDS and len(taken["first"]) >= FEWEST_TURNS:
            break
        for cache in ("pages", "queries"):
            caches[cache].clear()
        taken["first"].append(_time(ask))
        for name, function in quick.items():
            taken[name] += [_time(function) for _ in range(CALLS)]
    medians = {name: statistics.median(times) for name, times in taken.items()}
    return medians | {"bytes": len(content)}


def _time(function):
    start = time.process_time_ns()
    function()
    return (time.process_time_ns() - start) / 1000


def addresses():
    """Return the address of every page; a process that does so has read all rows."""
    # Models cannot be imported before Django is set up.
    from tests.pages import public_addresses

    return public_addresses()


def weigh():
    """Return the megabytes of a worker that has shown every page there is."""
    from config.wsgi import application

    shown = [(address, "") for address in json.load(sys.stdin)]
    shown += [(kind.address, kind.body) for kind in KINDS.values()]
    gunicorn.when_ready(None)
    reading, writing = os.pipe()
    if not os.fork():
        for address, body in shown:
            call(application, address, body=body)
        os.write(writing, Path("/proc/self/smaps_rollup").read_bytes())
        os._exit(0)
    os.close(writing)
    with open(reading) as rollup:
        return int(re.search(r"Pss:\s+(\d+) kB", rollup.read())[1]) / 1024


def call(application, address, *, body="", **headers):
    """Return status, headers and body of what a WSGI ``application`` answers."""
    answer = {}

    def start_response(status, given, error=None):
        answer.update(status=status, headers=dict(given))

    where, _, query = address.partition("?")
    parts = application(
        {
            "REQUEST_METHOD": "POST" if body else "GET",
            "PATH_INFO": where,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_HOST": "127.0.0.1",
            "HTTP_COOKIE": f"csrftoken={TOKEN}",
            "HTTP_ACCEPT": "text/html,application/xhtml+xml,*/*;q=0.8",
            "HTTP_ACCEPT_ENCODING": "gzip, deflate, br",
            "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0)",
            "wsgi.input": io.BytesIO(body.encode()),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
        }
        | headers,
        start_response,
    )
    content = b"".join(parts)
    parts.close()
    return answer["status"], answer["headers"], content


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    answers = {"measure": measure, "list": addresses, "weigh": weigh}
    print(json.dumps(answers[sys.argv[1]]()))
