"""What is proposed is told to the desk alone; no “Edit” link refuses an editor."""

import re

import pytest
from django.core.management import call_command
from django.test import Client

from comparisons.choices import Level
from comparisons.editing.admin_urls import cell_address, edit_address
from comparisons.editing.roles import CONTRIBUTOR, REVIEWER
from comparisons.models import ChangeSet, KnowledgeVersion, Proposal
from tests import factories as make
from tests.comparisons.admin.test_proposals import accept, end, propose, sign_in
from tests.comparisons.knowledge.conftest import files_in
from tests.forms import Page
from tests.pages import is_page, public_addresses, read

BEGINNING = "Zyxwvu"
MARK = f"{BEGINNING}ts"
# Pages whose form carries a token of the visitor's are compared by what they say.
MORE = [
    f"/search/?q={BEGINNING}",
    f"/frameworks/?q={BEGINNING}",
    f"/sources/?q={BEGINNING}",
    "/changes/feed/",
    "/frameworks/flask/feed/",
    "/frameworks/flask.csv",
    "/frameworks/flask.md",
    "/features/orm.csv",
    "/compare/django-vs-flask.csv",
    "/compare/django-vs-flask.bib",
    "/suggest/finding/flask/orm/",
    "/sitemap.xml",
    "/sitemap-findings.xml",
]


def told(client, addresses):
    """Return {address: what is answered there, with its ETag}."""
    answers = {address: client.get(address) for address in addresses}
    return {
        address: (
            answer.status_code,
            answer.get("ETag"),
            answer.get("Last-Modified"),
            (read(answer).text, read(answer).links)
            if answer["Content-Type"].startswith("text/html")
            else answer.content,
        )
        for address, answer in answers.items()
    }


def exported(folder):
    call_command("export_knowledge", folder, verbosity=0)
    return files_in(folder)


def propose_everywhere(client, knowledge):
    """Propose ``MARK`` in what readers see of each kind, once with a new source."""
    new = {
        "new-address": "https://new.example/",
        "new-source_title": MARK,
        "new-source_kind": "documentation",
        "new-locator": MARK,
        "new-says": MARK,
    }
    propose(client, knowledge.flask_orm, at=cell_address, level=Level.MANUAL, **new)
    for row, fields in [
        (knowledge.flask_orm, {"note": MARK}),
        (knowledge.pro, {"statement": MARK}),
        (knowledge.fact, {"value": MARK}),
        (knowledge.adopter, {"name": MARK}),
        (knowledge.flask, {"name": MARK, "tagline": MARK}),
        (knowledge.orm, {"name": MARK, "definition": MARK}),
        (knowledge.blog, {"title": MARK}),
        (knowledge.extension, {"name": MARK}),
        (knowledge.comparison, {"introduction": MARK}),
        (knowledge.disagreement, {"question": MARK}),
        (knowledge.task, {"title": MARK}),
        (knowledge.learning, {"name": MARK}),
        (knowledge.kinship, {"reason": MARK}),
    ]:
        propose(client, row, **fields)
    return Proposal.objects.count()


@pytest.fixture
def flask_changed(recorded):
    """The knowledge with a change in its list, so that no feed is empty."""
    Page(sign_in(REVIEWER, "Ada"), edit_address(recorded.flask)).send(summary="Small.")
    return recorded


def test_no_page_feed_file_or_version_tells_of_proposals(
    client, flask_changed, tmp_path
):
    addresses = [*public_addresses(), *MORE]
    before = told(client, addresses), exported(tmp_path / "before")
    version, sets = KnowledgeVersion.read(), ChangeSet.objects.count()

    count = propose_everywhere(sign_in(CONTRIBUTOR, "Cy"), flask_changed)

    assert count == 14
    after = told(client, addresses), exported(tmp_path / "after")
    assert [name for name in addresses if after[0][name] != before[0][name]] == []
    assert after[1] == before[1]
    assert KnowledgeVersion.read() == version
    assert ChangeSet.objects.count() == sets
    assert set(public_addresses()) <= set(addresses)
    assert MARK not in str(after)


def test_neither_does_one_that_is_sent_back_declined_or_withdrawn(
    client, flask_changed
):
    cy, grace = sign_in(CONTRIBUTOR, "Cy"), sign_in(REVIEWER, "Grace")
    addresses = [*public_addresses(), *MORE]
    before, version = told(client, addresses), KnowledgeVersion.read()

    for ending, who in (("send_back", grace), ("decline", grace), ("withdraw", cy)):
        proposal = propose(cy, flask_changed.flask_orm, note=f"{MARK} {ending}")
        end(who, proposal, ending, MARK)

    assert told(client, addresses) == before
    assert KnowledgeVersion.read() == version


def test_the_same_is_somewhere_once_it_is_accepted(client, flask_changed):
    """Otherwise the tests above would pass on what no page ever shows."""
    cy, grace = sign_in(CONTRIBUTOR, "Cy"), sign_in(REVIEWER, "Grace")
    version = KnowledgeVersion.current()

    accept(grace, propose(cy, flask_changed.flask_orm, note=MARK))

    assert MARK in client.get("/frameworks/flask/orm/").text
    assert KnowledgeVersion.current() > version


def test_no_public_edit_link_refuses_a_contributor(recorded):
    make.make_finding(framework=recorded.flask, draft=True)
    cy = sign_in(CONTRIBUTOR, "Cy")
    pages = [cy.get(f"{address}?preview=1") for address in public_addresses()]
    edits = {
        attrs["href"].partition("#")[0]
        for page in pages
        if is_page(page)
        for tag, attrs in read(page).tags
        if tag == "a" and attrs.get("class") == "edit-link"
    }

    answers = {address: cy.get(address, follow=True) for address in edits}

    assert len(edits) > 20
    assert {a: r.status_code for a, r in answers.items() if r.status_code != 200} == {}
    # Whatever it is, it can be changed there, or proposed.
    buttons = re.compile('name="(_save|_next|_propose)"')
    closed = [a for a, answer in answers.items() if not buttons.search(answer.text)]
    assert closed == []


def test_reader_without_account_sees_no_proposal(flask_changed):
    cy = sign_in(CONTRIBUTOR, "Cy")
    proposal = propose(cy, flask_changed.flask_orm, note=MARK)

    for address in (
        edit_address(proposal),
        edit_address(flask_changed.flask_orm, proposal=proposal.pk),
    ):
        response = Client().get(address)
        assert (response.status_code, MARK in response.text) == (302, False)
