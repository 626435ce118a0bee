"""A page that did not change is not sent again; one that did is."""

import pytest
from django.db import transaction
from django.db.models import F

from advisor.models import Share, Theme
from comparisons.choices import LinkState, Stance, Status
from comparisons.models import Citation, Finding, Framework, Link, Source
from comparisons.web import caching
from tests import factories as make
from tests.pages import PAGES, RESULTS, SUGGESTING

# Made of the knowledge alone: the form also carries a token of the visitor's.
KNOWLEDGE_PAGES = [
    page
    for page in PAGES
    if page not in (*RESULTS, *SUGGESTING, "/advisor/", "/advisor/groups/")
]


def etag(client, address="/"):
    return client.get(address)["ETag"]


@pytest.mark.parametrize("page", KNOWLEDGE_PAGES)
def test_page_may_be_kept_but_is_asked_for_again(client, knowledge, page):
    response = client.get(page)

    assert response["ETag"]
    assert response["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("page", KNOWLEDGE_PAGES)
def test_page_that_did_not_change_is_not_sent_again(client, knowledge, page):
    known = etag(client, page)

    response = client.get(page, headers={"if-none-match": known})

    assert (response.status_code, response.content) == (304, b"")
    assert response["ETag"] == known
    assert response["Cache-Control"] == "no-cache"


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


def publish(knowledge):
    make.make_framework(slug="bottle")


def cite(knowledge):
    make.make_citation(finding=knowledge.flask_orm, stance=Stance.CONTEXT)


def drop_citation(knowledge):
    Citation.objects.filter(finding=knowledge.contested, stance="disputes").delete()


def correct_source(knowledge):
    Source.objects.filter(pk=knowledge.blog.pk).update(title="A better title")


def move_threshold(knowledge):
    knowledge.orm.thresholds.update(text="It works with one setting.")


def curate(knowledge):
    knowledge.comparison.features.add(knowledge.routing)


def weigh(knowledge):
    Share.objects.filter(theme=knowledge.learning).update(share="0.9")


def name_theme(knowledge):
    Theme.objects.filter(pk=knowledge.learning.pk).update(name="Ease")


PUBLISHED_CHANGES = [
    rename,
    rate,
    withdraw,
    publish,
    cite,
    drop_citation,
    correct_source,
    move_threshold,
    curate,
    weigh,
    name_theme,
]


@pytest.mark.parametrize("change", PUBLISHED_CHANGES)
def test_published_change_changes_the_etag(client, knowledge, change):
    before = etag(client)

    change(knowledge)

    assert etag(client) != before
    assert client.get("/", headers={"if-none-match": before}).status_code == 200


@pytest.mark.parametrize("change", PUBLISHED_CHANGES)
def test_change_that_is_rolled_back_keeps_the_etag(client, knowledge, change):
    before = etag(client)

    with transaction.atomic():
        change(knowledge)
        during = etag(client)
        transaction.set_rollback(True)

    assert during != before
    assert etag(client) == before


@pytest.mark.parametrize(
    "make_draft",
    [
        lambda knowledge: make.make_framework(draft=True),
        lambda knowledge: make.make_feature(group=knowledge.orm.group, draft=True),
        lambda knowledge: make.make_finding(
            framework=knowledge.flask, feature=knowledge.throughput, draft=True
        ),
        lambda knowledge: make.make_pro_con(
            framework=knowledge.flask, feature=knowledge.orm, draft=True
        ),
        lambda knowledge: make.make_fact(
            framework=knowledge.flask, kind="origin", draft=True
        ),
        lambda knowledge: make.make_adopter(framework=knowledge.flask, draft=True),
        lambda knowledge: make.make_disagreement(feature=knowledge.orm, draft=True),
        lambda knowledge: make.make_theme(draft=True),
        lambda knowledge: make.make_question(draft=True),
    ],
    ids=[
        "framework",
        "feature",
        "finding",
        "pro or con",
        "fact",
        "adopter",
        "disagreement",
        "theme",
        "question",
    ],
)
def test_draft_does_not_change_the_etag(client, knowledge, make_draft):
    before = etag(client)

    draft = make_draft(knowledge)
    draft.save()
    draft.delete()

    assert etag(client) == before


def test_link_changes_the_etag_only_where_pages_speak_of_it(client, knowledge):
    link = make.make_link(source=knowledge.blog)
    before = etag(client)

    Link.objects.filter(pk=link.pk).update(state=LinkState.OK, failures=2)
    same = etag(client)
    Link.objects.filter(pk=link.pk).update(state=LinkState.GONE)

    assert same == before
    assert etag(client) != before


def test_publishing_a_draft_changes_the_etag(client, knowledge):
    draft = make.make_framework(draft=True)
    before = etag(client)

    draft.status = Status.PUBLISHED
    draft.save()

    assert etag(client) != before


def test_storing_advice_does_not_change_the_etag(client, knowledge):
    before = etag(client)

    make.make_advice()

    assert etag(client) == before


def test_change_of_many_rows_at_once_changes_the_etag(client, knowledge):
    before = etag(client)

    Framework.objects.update(tagline=F("name"))

    assert etag(client) != before


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
