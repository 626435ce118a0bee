"""The database is gone, hangs or is locked: what readers and editors see."""

import sqlite3
import time
from contextlib import closing
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.signals import request_finished
from django.db import OperationalError, connection
from django.test import Client

from comparisons.models import KnowledgeVersion
from comparisons.web import kept, outages
from config import limits
from tests.pages import read

AWAY = OperationalError("the database system is shutting down")


@pytest.fixture
def reader():
    return Client(raise_request_exception=False)


@pytest.fixture
def outage(monkeypatch, db):
    """Return a function that takes the database away until it is called again."""
    monkeypatch.setattr(kept, "KNOWN", kept.Known())
    monkeypatch.setattr(kept, "PAUSE", 0)
    monkeypatch.setattr(kept.connection, "close", lambda: None)
    read_version = KnowledgeVersion.read

    def refuse():
        raise AWAY

    def switch(is_away=True):
        monkeypatch.setattr(
            KnowledgeVersion, "read", refuse if is_away else read_version
        )

    return switch


def test_page_that_was_read_before_goes_on_and_says_how_old_it_is(
    knowledge, outage, reader
):
    before = reader.get("/frameworks/flask/")
    outage()

    during = reader.get("/frameworks/flask/")
    feed = reader.get("/changes/feed/")

    assert during.status_code == 200
    assert "This page is as it was at" in read(during).text
    assert during["Cache-Control"] == "no-store"
    assert "ETag" not in during
    assert during["Content-Security-Policy"] == before["Content-Security-Policy"]
    assert feed.status_code == 503

    outage(is_away=False)
    assert reader.get("/frameworks/flask/").content == before.content


def test_no_connection_is_kept_for_the_next_request_after_an_outage(
    db, rf, monkeypatch
):
    closed = []
    stub = SimpleNamespace(in_atomic_block=False, close=lambda: closed.append(True))
    monkeypatch.setattr(outages, "connection", stub)
    monkeypatch.setattr(outages, "_steady", SimpleNamespace(after=0))
    request_finished.send(sender=None)
    assert not closed

    try:
        raise AWAY
    except OperationalError:
        outages.failed(rf.get("/"))
    request_finished.send(sender=None)

    assert len(closed) == 2


@pytest.fixture
def work_as(settings):
    """Return a function that makes this process the worker of a name."""

    def work_as(name):
        own = settings.CACHES["pages"] | {"LOCATION": name}
        settings.CACHES = settings.CACHES | {"pages": own}

    return work_as


@pytest.fixture
def shared(settings, monkeypatch):
    """The cache that workers share, in this process."""
    backend = settings.CACHES["pages"]["BACKEND"]
    settings.CACHES = settings.CACHES | {"shared": {"BACKEND": backend}}
    monkeypatch.setattr(kept, "SHARED", kept.Shared())
    return caches["shared"]


def change_worker():
    """Forget what one worker keeps."""
    caches["pages"].clear()
    kept.KNOWN.edition = None


def test_page_that_another_worker_made_goes_on(knowledge, outage, reader, shared):
    for page in ("/frameworks/flask/", "/frameworks/?q=flask"):
        assert reader.get(page).status_code == 200
    change_worker()
    outage()

    assert "as it was at" in read(reader.get("/frameworks/flask/")).text
    # Anybody can make up a query.
    caches["queries"].clear()
    assert reader.get("/frameworks/?q=flask").status_code == 503
    assert reader.get("/frameworks/").status_code == 503


def test_page_of_another_worker_is_of_the_last_version(
    knowledge, outage, reader, shared
):
    reader.get("/frameworks/flask/")
    knowledge.flask.tagline = "Changed meanwhile."
    knowledge.flask.save()
    reader.get("/frameworks/")
    change_worker()
    outage()

    assert reader.get("/frameworks/").status_code == 200
    assert reader.get("/frameworks/flask/").status_code == 503


def test_page_that_another_worker_made_anew_is_not_made_twice(
    knowledge, reader, shared, work_as, django_assert_num_queries
):
    page = "/frameworks/flask/"
    for name in ("one", "another"):
        work_as(name)
        reader.get(page)
    knowledge.flask.tagline = "Changed meanwhile."
    knowledge.flask.save()

    work_as("one")
    reader.get(page)
    work_as("another")
    # Which version the knowledge has.
    with django_assert_num_queries(1):
        answer = reader.get(page)

    assert "Changed meanwhile." in read(answer).text


def test_shared_cache_that_fails_is_left_alone(
    knowledge, outage, reader, shared, monkeypatch
):
    asked = []

    def refuse(key, *args):
        asked.append(key)
        raise ConnectionError

    monkeypatch.setattr(shared, "get", refuse)
    monkeypatch.setattr(shared, "set", refuse)

    assert reader.get("/frameworks/").status_code == 200
    change_worker()
    outage()
    assert reader.get("/frameworks/").status_code == 503
    assert len(asked) == 1


def test_page_of_an_older_version_does_not_come_back(knowledge, outage, reader):
    reader.get("/frameworks/flask/")
    knowledge.flask.tagline = "Changed meanwhile."
    knowledge.flask.save()
    reader.get("/frameworks/")
    reader.get("/frameworks/")
    outage()

    assert reader.get("/frameworks/flask/").status_code == 503


def test_what_cannot_be_answered_says_when_to_come_back(knowledge, outage, reader):
    outage()

    answer = reader.get("/features/")

    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "does not answer just now" in read(answer).text
    assert answer["Cache-Control"] == "no-store"
    assert "Content-Security-Policy" in answer


def test_what_was_typed_comes_back(knowledge, reader, monkeypatch):
    def refuse(*args, **kwargs):
        raise AWAY

    monkeypatch.setattr("comparisons.suggestions.views.deciding.find_target", refuse)

    answer = reader.post(
        "/suggest/finding/flask/orm/",
        {"problem": "Typed for an <hour>.", "csrfmiddlewaretoken": "x", "credit": ""},
    )

    assert answer.status_code == 503
    assert "Typed for an &lt;hour&gt;." in answer.content.decode()
    assert "csrfmiddlewaretoken" not in answer.content.decode()
    assert "credit" not in answer.content.decode()


FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data"


@pytest.mark.parametrize(
    ("content_type", "body", "length", "status"),
    [
        (f"{FORM}; charset=latin-1", "a=1", 3, 415),
        (f"{PARTS}; boundary=x; charset=utf-16", "--x--", 5, 415),
        ("text/plain", "x", 300_000_000, 413),
        (f"{PARTS}; boundary=x", "--x\r\nnonsense", 13, 400),
        (PARTS, "x", 1, 400),
    ],
)
@pytest.mark.parametrize("address", ["/advisor/", "/nowhere/"])
def test_request_that_cannot_be_read_is_refused_with_our_headers(
    db, address, content_type, body, length, status
):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32

    answer = client.generic(
        "POST", address, body, content_type=content_type, CONTENT_LENGTH=str(length)
    )

    # What takes no form need not read it.
    assert answer.status_code in ({status} if status > 400 else {400, 403, 404, 405})
    for header in (
        "Content-Security-Policy",
        "Cross-Origin-Resource-Policy",
        "Permissions-Policy",
        "X-Content-Type-Options",
        "X-Frame-Options",
    ):
        assert header in answer
    assert "Cache-Control" in answer


# What a load balancer asks


def test_process_is_alive_whatever_its_database_does(client, django_assert_num_queries):
    assert client.get("/healthz").content == b"ok"


@pytest.mark.django_db(transaction=True)
def test_readiness_names_the_version(client, knowledge, monkeypatch):
    monkeypatch.setattr(outages, "READY_WITHIN", 30)

    answer = client.get("/readyz")

    assert answer.content.decode() == f"ok, version {KnowledgeVersion.current()}"


@pytest.mark.django_db(transaction=True)
def test_not_ready_without_database_or_cache_and_soon(client, monkeypatch):
    def refuse(*args, **kwargs):
        raise AWAY

    def hang(*args, **kwargs):
        time.sleep(1)

    monkeypatch.setattr(outages.KnowledgeVersion, "current", refuse)
    assert client.get("/readyz").status_code == 503

    monkeypatch.setattr(outages, "READY_WITHIN", 0.1)
    monkeypatch.setattr(outages, "_ask", hang)
    assert "in time" in client.get("/readyz").content.decode()


# How long anybody waits


@pytest.fixture
def limited(monkeypatch, tmp_path, transactional_db):
    """Another connection, with a short limit."""
    monkeypatch.setattr(limits, "SECONDS", 0.2)
    another = connection.copy()
    if connection.vendor == "sqlite":
        another.settings_dict["NAME"] = tmp_path / "locked.sqlite3"
    another.connect()
    limits._limit(another)
    with closing(another):
        yield another


def give_up(limited, statement):
    began = time.monotonic()
    with pytest.raises(OperationalError), limited.cursor() as cursor:
        cursor.execute(statement)
    assert time.monotonic() - began < 2


def test_nobody_waits_long_for_a_lock(limited):
    if connection.vendor != "sqlite":
        return give_up(limited, "SELECT pg_sleep(5)")
    with closing(sqlite3.connect(limited.settings_dict["NAME"])) as holder:
        holder.execute("BEGIN IMMEDIATE")
        give_up(limited, "BEGIN IMMEDIATE")


def test_nobody_waits_long_for_a_server_that_hangs(limited):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite is no server.")
    with limited.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    give_up(limited, "SELECT pg_sleep(5)")
    assert not limited.is_usable()
