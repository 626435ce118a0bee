"""A page as it stood at an earlier version of the knowledge."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comparisons.choices import Level, Stance, Status
from comparisons.history.recording import change_set, record_present_state
from comparisons.models import KnowledgeVersion
from tests import factories as make
from tests.pages import read

PAGES = [
    "/frameworks/flask/",
    "/frameworks/flask/orm/",
    "/compare/django-vs-flask/",
    "/features/orm/",
    "/extensions/flask-sqlalchemy/",
]
MARK = "Written after."


@pytest.fixture
def before(knowledge):
    """The version of the knowledge before all of it changed."""
    record_present_state()
    version = KnowledgeVersion.current()
    with change_set():
        late = make.make_extension(name=MARK, frameworks=[knowledge.flask])
        make.change(knowledge.flask_orm, level=Level.MANUAL, note=MARK)
        knowledge.flask_orm.alternatives.set([late])
        make.make_citation(
            finding=knowledge.flask_orm, says=MARK, stance=Stance.CONTEXT
        )
        make.make_pro_con(
            framework=knowledge.flask, feature=knowledge.orm, statement=MARK
        )
        knowledge.comparison.introduction = knowledge.orm.definition = MARK
        knowledge.extension.summary = MARK
        for row in (knowledge.comparison, knowledge.orm, knowledge.extension):
            row.save()
    with change_set():
        knowledge.pro.delete()
    return version


def body(response):
    """Return what a page shows between its bars and its foot."""
    content = response.content.decode()
    return content[content.index("<h1") : content.index('<p class="foot')]


def test_page_is_shown_as_it_stood_and_says_so(client, before):
    for page in PAGES:
        now, then = client.get(page), client.get(f"{page}?at={before}")

        assert MARK in now.text
        assert MARK not in then.text
        assert f"as it stood in version {before} of " in read(then).text
        assert f"http://testserver{page}?at={before}" in read(then).text
        assert f"/changes/?since={before}" in read(then).links
        assert read(then).has("meta", name="robots", content="noindex")
        assert then["X-Robots-Tag"] == "noindex"


def test_the_past_asks_for_one_thing_more(client, before):
    for page in PAGES:
        with CaptureQueriesContext(connection) as today:
            client.get(page)
        with CaptureQueriesContext(connection) as past:
            client.get(f"{page}?at={before}")

        assert len(past) <= len(today) + 1


def test_what_was_deleted_stands_where_it_stood(client, knowledge, before):
    then = read(client.get(f"/frameworks/flask/ease-of-learning/?at={before}"))

    assert "flask-pro-small" in then.ids
    assert "flask-pro-small" not in read(client.get(PAGES[0])).ids


def test_page_of_the_past_leads_to_others_of_then(client, before):
    page = read(client.get(f"/compare/django-vs-flask/?at={before}"))

    assert f"/frameworks/flask/orm/?at={before}" in page.links
    assert f"?differences=1&at={before}#matrix" in page.links
    narrowed = client.get(f"/compare/django-vs-flask/?at={before}&rows=orm,nothing")
    assert narrowed.url == f"/compare/django-vs-flask/?rows=orm&at={before}"


def test_the_latest_version_is_the_page_of_today(client, before):
    version = KnowledgeVersion.current()
    for page in PAGES:
        today = client.get(page)

        assert f'href="?at={version}"' in today.text
        dated = body(client.get(f"{page}?at={version}"))
        # Its links lead to others of this version.
        assert re.sub(rf"(\?|&amp;)at={version}", "", dated) == body(today)


def test_no_such_version_is_not_found(client, before):
    for at in ["0", "-1", "x", "", "1.5", "9" * 30, "٣", "999999"]:
        for page in PAGES:
            assert client.get(page, {"at": at}).status_code == 404


def test_version_before_the_first_record_is_not_found(client, before):
    assert client.get(f"{PAGES[0]}?at=1").status_code == 404


def test_what_was_a_draft_then_stays_unseen(client, admin_client, knowledge):
    with change_set():
        draft = make.make_pro_con(
            framework=knowledge.flask,
            feature=knowledge.orm,
            statement="Hidden thought.",
            draft=True,
            cited=True,
        )
    record_present_state()
    version = KnowledgeVersion.current()
    make.edit(draft, statement="Second thought.", status=Status.PUBLISHED)

    assert "Second thought." in client.get(PAGES[1]).text
    for reader in (client, admin_client):
        then = reader.get(f"{PAGES[1]}?at={version}&preview=1")
        assert "thought" not in then.text


def test_only_what_readers_see_has_a_version_of_its_own(client, before):
    known = client.get("/changes/")["ETag"]

    with change_set(editor=get_user_model().objects.create(username="ada")):
        make.make_framework(draft=True)

    assert client.get("/changes/")["ETag"] == known
