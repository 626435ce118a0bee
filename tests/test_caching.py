"""A page is made once for each version of the knowledge, and nobody gets an old one."""

import gzip
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

import brotli
import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comparisons.choices import Status
from comparisons.models import Citation, Finding, KnowledgeVersion
from comparisons.web import caching, kept
from comparisons.web.caching import Edition
from tests.pages import PAGES, RESULTS, SUGGESTING, read

# Says what readers said until this moment.
COUNTING = ["/advisor/record/"]
# Made of the knowledge alone: the form also carries a token of the visitor's.
FORMS = ["/advisor/", "/advisor/interview/", "/advisor/groups/"]
KNOWLEDGE_PAGES = [
    page for page in PAGES if page not in (*RESULTS, *SUGGESTING, *COUNTING, *FORMS)
]
OPEN = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}


@pytest.fixture(autouse=True)
def _nothing_kept():
    forget()


def forget():
    for name in ("pages", "queries"):
        caches[name].clear()


@contextmanager
def only_the_version_is_read():
    with CaptureQueriesContext(connection) as queries:
        yield
    [query] = [query["sql"] for query in queries]
    assert "knowledgeversion" in query


@pytest.mark.parametrize("page", KNOWLEDGE_PAGES)
def test_next_reader_gets_the_very_answer_of_the_first(page, knowledge):
    for encoding in OPEN:
        accepts = {"Accept-Encoding": encoding}
        first = Client().get(page, headers=accepts)

        with only_the_version_is_read():
            second = Client().get(page, headers=accepts)
        with only_the_version_is_read():
            known = Client().get(page, headers={"if-none-match": first["ETag"]})

        assert second.content == first.content
        assert dict(second.items()) == dict(first.items())
        assert int(second["Content-Length"]) == len(second.content)
        assert "Accept-Encoding" in second["Vary"]
        assert second.get("Content-Encoding", "") == encoding
        assert (known.status_code, known.content) == (304, b"")
        assert known["ETag"] == first["ETag"]
        assert known["Cache-Control"] == first["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("known", ['"0-0"', 'W/"1"', "nonsense"])
def test_page_is_sent_to_whoever_knows_another(client, knowledge, known):
    response = client.get("/frameworks/", headers={"if-none-match": known})

    assert response.status_code == 200


@pytest.mark.parametrize("known", ['"0-0", {}', "{}"])
def test_etag_is_known_without_the_mark_of_a_weak_one(client, knowledge, known):
    etag = client.get("/frameworks/")["ETag"].removeprefix("W/")

    response = client.get("/frameworks/", headers={"if-none-match": known.format(etag)})

    assert response.status_code == 304


@pytest.mark.parametrize("address", ["/changes/feed/", "/frameworks/flask/feed/"])
def test_feed_is_only_read(client, knowledge, address):
    assert client.get(address).status_code == client.head(address).status_code == 200
    assert client.post(address).status_code == client.put(address).status_code == 405


@pytest.mark.parametrize("encoding", OPEN)
@pytest.mark.parametrize("first", OPEN)
def test_page_is_the_same_in_every_encoding(first, encoding, client, knowledge):
    Client().get("/frameworks/", headers={"Accept-Encoding": first})

    with only_the_version_is_read():
        given = client.get("/frameworks/", headers={"Accept-Encoding": encoding})

    forget()
    plain = client.get("/frameworks/")
    assert OPEN[encoding](given.content) == plain.content
    assert given["ETag"] == plain["ETag"]


@pytest.mark.parametrize("is_kept", [False, True])
def test_head_tells_what_get_would_answer(client, knowledge, is_kept):
    if is_kept:
        client.get("/about/")

    head = client.head("/about/")
    forget()
    whole = client.get("/about/")

    assert (head.status_code, head.content) == (200, b"")
    assert dict(head.items()) == dict(whole.items())


def rename(knowledge):
    knowledge.flask.name = "Flask!"
    knowledge.flask.save()


def rate(knowledge):
    Finding.objects.filter(pk=knowledge.flask_orm.pk).update(note="A new note.")


def withdraw(knowledge):
    Finding.objects.filter(pk=knowledge.flask_orm.pk).update(status=Status.RETIRED)


def drop_citation(knowledge):
    Citation.objects.filter(finding=knowledge.contested, stance="disputes").delete()


# Of every other change tests/comparisons/test_version.py asks whether the version,
# which the tag follows, rises.
PUBLISHED_CHANGES = [rename, rate, withdraw, drop_citation]


@pytest.mark.parametrize("change", PUBLISHED_CHANGES)
def test_no_page_is_older_than_the_knowledge(client, knowledge, change):
    before = {page: client.get(page)["ETag"] for page in KNOWLEDGE_PAGES}

    change(knowledge)

    for page, etag in before.items():
        told = client.get(page, headers={"if-none-match": etag})
        assert (told.status_code, told["ETag"] == etag) == (200, False), page
    given = {page: client.get(page).content for page in KNOWLEDGE_PAGES}
    forget()
    assert given == {page: client.get(page).content for page in KNOWLEDGE_PAGES}


def test_page_that_was_made_too_late_is_given_to_nobody(client, knowledge, monkeypatch):
    """A slow worker keeps a page of the version before, beside a newer one."""
    old = client.get("/frameworks/flask/")
    knowledge.flask.name = "Flask!"
    knowledge.flask.save()

    with monkeypatch.context() as patch:
        patch.setattr(KnowledgeVersion, "read", lambda: (0, 0.0, "2026-01-01"))
        client.get("/frameworks/flask/")

    assert "Flask!" in read(client.get("/frameworks/flask/")).text
    assert "Flask!" not in read(old).text


def test_page_of_a_change_that_was_rolled_back_is_given_to_nobody(client, knowledge):
    with transaction.atomic():
        Finding.objects.filter(pk=knowledge.flask_orm.pk).update(note="Never stored.")
        assert "Never stored." in read(client.get("/frameworks/flask/orm/")).text
        transaction.set_rollback(True)
    Finding.objects.filter(pk=knowledge.flask_orm.pk).update(note="Stored.")

    assert "Stored." in read(client.get("/frameworks/flask/orm/")).text


def test_page_that_many_find_outdated_at_once_is_made_once(rf, monkeypatch):
    now, made, together = Edition("1", "", 1, None), [], Barrier(8)

    def make(request):
        made.append(request)
        time.sleep(0.1)
        response = HttpResponse(f"The page of version {now.version}")
        response.edition = now
        return response

    def ask(_):
        together.wait()
        return pages(rf.get("/")).content

    monkeypatch.setattr(kept.Known, "ask", lambda self: now)
    monkeypatch.setattr(kept, "TURN", 60)
    pages = kept.KeptPages(make)
    pages(rf.get("/"))
    now = now._replace(version=2)

    with ThreadPoolExecutor(8) as readers:
        answers = set(readers.map(ask, range(8)))

    assert len(made) == 2
    assert len(answers) == 1


def test_editor_is_given_no_page_of_readers_and_leaves_none(
    admin_client, client, knowledge
):
    before = client.get("/frameworks/flask/")

    preview = admin_client.get("/frameworks/flask/?preview=1")
    own = admin_client.get("/frameworks/flask/")

    assert "editor" in read(own).text
    assert "no-store" in own["Cache-Control"]
    assert not own.has_header("ETag")
    assert client.get("/frameworks/flask/").content == before.content
    assert client.get("/frameworks/flask/?preview=1").content != preview.content


@pytest.mark.parametrize("form", ["/advisor/", "/suggest/finding/flask/orm/"])
def test_token_of_a_form_is_given_to_nobody_else(form, knowledge):
    tokens = set()
    for _ in range(2):
        reader = Client()
        answer = reader.get(form)
        tokens.add(reader.cookies[settings.CSRF_COOKIE_NAME].value)
        assert read(answer).count("form")
        assert "Cookie" in answer["Vary"]
        assert not answer.has_header("ETag")

    assert len(tokens) == 2


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/frameworks/flask-classic/", 301),
        ("/frameworks/nowhere/", 404),
        ("/frameworks/?page=9", 404),
        *((page, 200) for page in RESULTS),
    ],
)
def test_what_is_no_page_of_knowledge_is_not_kept(client, advice, address, status):
    for _ in range(2):
        response = client.get(address.format(advice=advice.pk))

        assert response.status_code == status
        assert not response.has_header("ETag")


def test_made_up_queries_drive_out_no_page(client, knowledge):
    client.get("/about/")

    for number in range(settings.CACHES["queries"]["OPTIONS"]["MAX_ENTRIES"] + 10):
        client.get("/about/", {"made": number})

    with only_the_version_is_read():
        client.get("/about/")
    assert len(caches["queries"]._cache) <= caches["queries"]._max_entries


def test_query_is_the_same_in_any_order(client, knowledge):
    client.get("/changes/?framework=flask&kind=edit&kind=load")

    with only_the_version_is_read():
        client.get("/changes/?kind=edit&kind=load&framework=flask")


@pytest.mark.parametrize("other", [{"HTTP_HOST": "localhost"}, {"secure": True}])
def test_each_name_of_the_site_has_its_own_links(client, knowledge, other):
    plain = client.get("/changes/feed/").content.decode()

    named = client.get("/changes/feed/", **other).content.decode()

    assert "http://testserver/" in plain
    assert "http://testserver/" not in named


def test_date_of_a_page_is_known_again(client, knowledge):
    date = client.get("/")["Last-Modified"]

    response = client.get("/", headers={"if-modified-since": date})

    assert (response.status_code, response.content) == (304, b"")


@pytest.mark.parametrize("is_kept", [False, True])
def test_two_changes_of_one_second_have_two_dates(client, knowledge, is_kept):
    date = client.get("/")["Last-Modified"]
    knowledge.flask.save()
    if is_kept:
        client.get("/")

    response = client.get("/", headers={"if-modified-since": date})

    assert response.status_code == 200
    assert response["Last-Modified"] != date


def test_number_that_is_counted_again_names_another_version(client, knowledge):
    """The database came back from a copy, and other changes were made."""
    number = KnowledgeVersion.current()
    knowledge.flask.save()
    lost, raised = client.get("/")["ETag"], KnowledgeVersion.current()
    KnowledgeVersion.objects.update(number=number)
    knowledge.django.save()

    response = client.get("/", headers={"if-none-match": lost})

    assert KnowledgeVersion.current() == raised
    assert response.status_code == 200


def test_new_release_changes_the_etag(client, knowledge, monkeypatch):
    before = client.get("/")["ETag"]

    monkeypatch.setattr(caching, "release", lambda: "another")

    assert client.get("/")["ETag"] != before


def test_release_follows_the_templates(settings, tmp_path):
    caching.release.cache_clear()
    here = caching.release()
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "base.html").write_text("another")
    settings.BASE_DIR = tmp_path

    caching.release.cache_clear()
    there = caching.release()
    caching.release.cache_clear()

    assert there != here
