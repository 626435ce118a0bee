"""A page that did not change is not sent again; one that did is."""

import pytest

from comparisons.choices import Status
from comparisons.models import Citation, Finding
from comparisons.web import caching
from tests.pages import PAGES, RESULTS, SUGGESTING

# Says what readers said until this moment.
COUNTING = ["/advisor/record/"]
# Made of the knowledge alone: the form also carries a token of the visitor's.
FORMS = ["/advisor/", "/advisor/interview/", "/advisor/groups/"]
KNOWLEDGE_PAGES = [
    page for page in PAGES if page not in (*RESULTS, *SUGGESTING, *COUNTING, *FORMS)
]


def etag(client, address="/"):
    return client.get(address)["ETag"]


@pytest.mark.parametrize("page", KNOWLEDGE_PAGES)
def test_page_that_did_not_change_is_not_sent_again(client, knowledge, page):
    first = client.get(page)
    known = first["ETag"]

    response = client.get(page, headers={"if-none-match": known})

    assert (response.status_code, response.content) == (304, b"")
    assert response["ETag"] == known
    assert first["Cache-Control"] == response["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("known", ['"0-0"', 'W/"1"', "nonsense"])
def test_page_is_sent_to_whoever_knows_another(client, knowledge, known):
    response = client.get("/frameworks/", headers={"if-none-match": known})

    assert response.status_code == 200


@pytest.mark.parametrize("address", ["/frameworks/nowhere/", "/frameworks/?page=9"])
def test_missing_page_has_no_etag(client, knowledge, address):
    response = client.get(address)

    assert response.status_code == 404
    assert not response.has_header("ETag")


@pytest.mark.parametrize("page", RESULTS)
def test_result_has_no_etag(client, advice, page):
    assert not client.get(page.format(advice=advice.pk)).has_header("ETag")


def test_form_is_not_shared_between_visitors(client, knowledge):
    response = client.get("/advisor/")

    assert "Cookie" in response["Vary"]
    assert not response.has_header("ETag")


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
def test_published_change_changes_the_etag(client, knowledge, change):
    before = etag(client)

    change(knowledge)

    assert etag(client) != before
    assert client.get("/", headers={"if-none-match": before}).status_code == 200


def test_new_release_changes_the_etag(client, knowledge, monkeypatch):
    before = etag(client)

    monkeypatch.setattr(caching, "release", lambda: "another")

    assert etag(client) != before


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
