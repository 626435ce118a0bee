"""Readers follow what changed: list, set, page of its own, feed."""

import html
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import caches

from comparisons.choices import ChangeKind, Level, Status
from comparisons.history.recording import change_set, record_present_state
from comparisons.history.undoing import undo
from comparisons.models import ChangeSet, Citation, KnowledgeVersion
from tests import factories as make
from tests.pages import read

pytestmark = pytest.mark.django_db
ATOM = {"atom": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def editor():
    return get_user_model().objects.create(
        username="ada99", email="ada@example.org", first_name="Ada", last_name="Byron"
    )


@pytest.fixture
def edited(knowledge, editor):
    """A set that rewords a finding."""
    record_present_state(reason="First load of the files")
    with change_set(editor=editor, reason="The page moved", credit="Eve") as changes:
        make.change(knowledge.flask_orm, note="Flask brings one of its own.")
    return changes


def titles(client, address):
    feed = ElementTree.fromstring(client.get(address).content)
    return [entry.text for entry in feed.findall("atom:entry/atom:title", ATOM)]


def test_list_tells_who_when_why_and_what(client, edited):
    page = read(client.get("/changes/"))

    assert (
        "2 changes Flask, Orm: still third-party package (Flask sqlalchemy), "
        "details changed The page moved · "
    ) in page.text
    assert "Edit by Ada Byron, suggested by Eve" in page.text
    assert edited.get_absolute_url() in page.links


def test_sentence_tells_the_answer_before_and_after(client, knowledge):
    record_present_state()
    orm, license = knowledge.flask_orm, knowledge.fact
    routing = knowledge.flask.findings.get(feature=knowledge.routing)
    with change_set():
        make.change(orm, level=Level.BUILT_IN, extension=None)
        make.change(license, value="MIT")
    with change_set():
        routing.delete()
    with change_set():
        make.make_finding(
            framework=knowledge.flask, feature=knowledge.throughput, level=Level.LOW
        )

    told = read(client.get("/changes/")).text

    for sentence in (
        "Flask, Orm: third-party package (Flask sqlalchemy) → built in",
        "Flask, Licence: BSD-3-Clause → MIT",
        "Flask, Routing: built in → unknown",
        "Flask, Throughput: unknown → low",
    ):
        assert sentence in told


def test_sentence_tells_no_answer_of_a_draft(client, knowledge):
    finding = make.make_finding(
        framework=knowledge.flask,
        feature=knowledge.throughput,
        level=Level.LOW,
        draft=True,
        cited=True,
    )
    record_present_state()
    make.edit(finding, level=Level.HIGH, status=Status.PUBLISHED)

    told = read(client.get("/changes/")).text

    assert "Flask, Throughput: unknown → high" in told


def test_list_begins_where_a_reader_left(client, edited):
    first, second = ChangeSet.objects.order_by("pk")
    ChangeSet.objects.filter(pk=first.pk).update(created_at="2026-03-04T23:59Z")
    ChangeSet.objects.filter(pk=second.pk).update(created_at="2026-03-05T00:00Z")

    def since(moment):
        page = client.get("/changes/", {"since": moment})
        return [summary.change_set for summary in page.context["changes"]]

    assert since("2026-03-05") == since(first.version) == [second]
    assert since("2026-03-04") == since("") == [second, first]
    assert since("2026-03-06") == since(second.version) == []
    for nonsense in ("yesterday", "2026-02-31", "-1", "9" * 30):
        page = client.get("/changes/", {"since": nonsense})
        assert page.status_code == 200
        assert page.context["filter"].errors["since"]
    left = KnowledgeVersion.current()
    assert f"?since={left}" in read(client.get("/changes/")).links


def test_large_set_is_told_by_number(client, edited):
    page = read(client.get("/changes/?kind=load"))

    assert "First load of the files" in page.text
    assert f"{Citation.objects.count()} citations, " in page.text
    assert "Edit by" not in page.text


def test_set_shows_removed_and_added_words_in_words_too(client, edited):
    page = read(client.get(edited.get_absolute_url()))

    assert "[removed: none ] [added: one ] of its own." in page.text
    assert page.count("ins") == page.count("del") == 1


def test_no_page_tells_user_name_or_address(client, edited, editor):
    make.change(editor, first_name="", last_name="")

    for address in ("/", "/changes/", edited.get_absolute_url(), "/changes/feed/"):
        content = client.get(address).content.decode()
        assert "an editor" in content
        assert "ada99" not in content
        assert "example.org" not in content


def test_set_of_drafts_alone_is_not_found(client, knowledge):
    with change_set(reason="Secret plan") as changes:
        make.make_framework(draft=True)

    assert client.get(changes.get_absolute_url()).status_code == 404
    assert "Secret plan" not in client.get("/changes/").content.decode()


@pytest.mark.parametrize("pk", ["0", "999", "9" * 40])
def test_unknown_set_is_not_found(client, knowledge, pk):
    assert client.get(f"/changes/{pk}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("framework=flask", 2),
        ("framework=django", 1),
        ("feature=orm", 2),
        ("feature=routing", 1),
        ("source=blog", 1),
        ("kind=edit", 1),
        ("kind=undo", 0),
        ("framework=nowhere", 0),
        ("source=%F0%9F%A6%84", 0),
    ],
)
def test_list_is_narrowed_to_one_page(client, edited, query, number):
    response = client.get(f"/changes/?{query}")

    assert response.status_code == 200
    assert len(response.context["changes"]) == number


def test_profile_feature_and_source_lead_to_their_history(client, edited):
    for page, query in (
        ("/frameworks/flask/", "framework=flask"),
        ("/features/orm/", "feature=orm"),
        ("/sources/blog/", "source=blog"),
    ):
        assert f"/changes/?{query}" in read(client.get(page)).links


def test_undo_and_what_it_took_back_lead_to_each_other(client, edited):
    undone = undo([edited], reason="It did not move")

    assert undone.kind == ChangeKind.UNDO
    assert edited.get_absolute_url() in read(client.get(f"/changes/{undone.pk}/")).links
    page = read(client.get(edited.get_absolute_url()))
    assert "Taken back by It did not move" in page.text


def test_feed_tells_the_latest_first(client, edited):
    assert titles(client, "/changes/feed/") == [
        "The page moved",
        "First load of the files",
    ]


def test_feed_of_a_framework_tells_of_it_alone(client, edited, knowledge):
    assert titles(client, "/frameworks/django/feed/") == ["First load of the files"]

    make.change(knowledge.django, status=Status.RETIRED)

    assert client.get("/frameworks/django/feed/").status_code == 404


@pytest.mark.parametrize(
    ("stored", "told"), [("\x1f", "\ufffd"), ("\ufffe", "\ufffd"), ("]]>&", "]]>&")]
)
def test_feed_tells_whatever_is_stored(client, edited, knowledge, stored, told):
    changes = make.edit(knowledge.flask, editor=edited.editor, name=f"<dialog>{stored}")
    # Past all that keeps such characters out.
    ChangeSet.objects.filter(pk=changes.pk).update(reason=f"Moved {stored} away")

    feed = ElementTree.fromstring(client.get("/changes/feed/").content)

    entry, summary = feed.find("atom:entry", ATOM), "atom:summary[@type='html']"
    assert entry.findtext("atom:title", namespaces=ATOM) == f"Moved {told} away"
    # A reader makes a page of it, on which the tag is text.
    assert f"<dialog>{told}" in html.unescape(entry.find(summary, ATOM).text)
    assert "<" not in entry.find(summary, ATOM).text
    assert feed.findtext("atom:author/atom:name", namespaces=ATOM) == "Framewise"


def test_pages_name_their_feed(client, edited):
    for page, feed in (
        ("/", "/changes/feed/"),
        ("/changes/", "/changes/feed/"),
        ("/frameworks/flask/", "/frameworks/flask/feed/"),
    ):
        assert read(client.get(page)).has(
            "link", rel="alternate", type="application/atom+xml", href=feed
        )


def test_home_shows_the_three_latest(client, edited, knowledge):
    for number in range(6):
        make.edit(knowledge.flask, why=f"Reason {number}", tagline=f"Line {number}")

    page = read(client.get("/"))

    assert "Reason 5" in page.text
    assert "Reason 3" in page.text
    assert "Reason 2" not in page.text
    assert ChangeSet.objects.count() == 8


def test_version_is_removed_from_the_conditions_however_it_is_written(client, edited):
    page = read(client.get("/changes/?since=007&kind=edit"))

    assert "?kind=edit" in page.links


def test_profile_marks_the_rows_that_changed_within_a_month(client, edited):
    def marked():
        tables = read(client.get("/frameworks/flask/")).tables
        heads = [row[0] for table in tables for row in table if row]
        return [head for head in heads if "changed" in head]

    day = edited.created_at
    assert marked() == [f"Orm changed {day:%-d %b %Y}"]
    ChangeSet.objects.filter(pk=edited.pk).update(created_at=day - timedelta(days=31))
    caches["pages"].clear()
    assert marked() == []
