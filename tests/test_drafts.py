"""What is not published is nowhere: on no page, in no list, count or choice."""

import json
import re

import pytest

from advisor.choices import ThemeBasis
from advisor.models import Theme
from comparisons.choices import Status
from comparisons.history.recording import change_set, record_present_state
from comparisons.models import (
    Comparison,
    Disagreement,
    Finding,
    KnowledgeVersion,
    Synonym,
)
from tests import factories as make
from tests.pages import ANSWERS, FIXED, ask_advisor, public_addresses, read
from tests.texts import all_rows, texts, write_everywhere
from tests.unseen import hide

# What is in review passes no other door.
HIDDEN = [Status.DRAFT, Status.RETIRED]
# A search for the beginning finds the mark, and the page repeats only that.
BEGINNING = "Zyxwvu"
MARK = f"{BEGINNING}ts"
# Where hidden rows would show if they were published.
PUBLIC = [
    *FIXED,
    "/frameworks/flask/",
    "/frameworks/?provides=orm",
    f"/frameworks/?q={BEGINNING}",
    "/compare/django-vs-flask/",
    "/compare/bottle-vs-flask/",
    "/features/orm/",
    "/features/throughput/",
    "/sources/blog/",
    "/changes/feed/",
    f"/sources/?q={BEGINNING}",
    f"/search/?q={BEGINNING}",
]


@pytest.fixture
def published(knowledge):
    """The small knowledge base with a third framework, compared by nobody.

    A change of Flask is recorded, so that no feed is empty and dated by the clock.
    """
    make.edit(knowledge.flask, summary="It leaves much to you.")
    knowledge.bottle = make.make_framework(slug="bottle")
    record_present_state()
    return knowledge


def hide_marked(knowledge, status):
    """Add rows that readers do not see, each of which tells its model in its texts."""
    before = set(all_rows())
    with change_set():
        hide(knowledge, status)
        rows = set(all_rows()) - before
        write_everywhere(rows, f"{MARK} {{pk}} {{model}}")
    return rows


def shown(client, addresses):
    """Return what the pages at ``addresses`` show, and the advice that is given."""
    pages = {address: client.get(address) for address in addresses}
    pages["unasked"] = client.post("/advisor/", {**ANSWERS, "priority-hidden": "4"})
    advice = ask_advisor(client, {**ANSWERS, "must_haves": ["admin-interface"]})
    assert MARK not in "".join(page.content.decode() for page in pages.values())
    # Which version a page is of is told on it, and says nothing of what is hidden.
    version = re.compile(rf"\b{KnowledgeVersion.current()}\b")
    told = {
        name: [version.sub("", each) for each in (read(page).text, *read(page).links)]
        for name, page in pages.items()
    }
    return told | {"advice": json.dumps(advice.result, sort_keys=True)}


@pytest.mark.parametrize("status", HIDDEN)
def test_what_is_not_published_is_nowhere(client, published, status):
    addresses = public_addresses()
    before = shown(client, PUBLIC)

    hide_marked(published, status)

    own = set(public_addresses()) - set(addresses)
    after = shown(client, [*PUBLIC, *own])
    assert [name for name in before if after[name] != before[name]] == []


def test_the_same_rows_are_somewhere_once_they_are_published(client, published):
    """Otherwise the test above would pass on rows that no page ever shows."""
    rows = hide_marked(published, Status.PUBLISHED)

    contents = "".join(
        client.get(address).content.decode() for address in public_addresses()
    )

    told = set(re.findall(rf"{MARK} (\d+) (\w+)", contents))
    hidden = {
        (str(row.pk), type(row).__name__)
        for row in rows
        # What readers call things is looked for, and shown to nobody.
        if texts(type(row)) and not isinstance(row, Synonym)
    }
    assert hidden <= told


@pytest.mark.parametrize("status", HIDDEN)
@pytest.mark.parametrize(
    ("name", "addresses"),
    [
        ("flask", ["/frameworks/flask/", "/compare/django-vs-flask/"]),
        ("orm", ["/features/orm/"]),
    ],
)
def test_page_of_what_is_withdrawn_is_not_found(
    client, knowledge, name, addresses, status
):
    row = getattr(knowledge, name)
    make.change(row, status=status)

    assert {client.get(address).status_code for address in addresses} == {404}


def test_withdrawing_takes_along_what_hangs_on_it(client, knowledge):
    make.change(knowledge.flask, status=Status.RETIRED)

    assert not Comparison.objects.published().exists()
    assert not Disagreement.objects.published().exists()
    assert not Finding.objects.published().filter(framework=knowledge.flask).exists()
    assert "flask" not in read(client.get("/advisor/")).text.lower()


def test_advisor_does_not_know_a_kinship_that_is_a_draft(client, knowledge):
    make.change(knowledge.kinship, status=Status.DRAFT)

    advice = ask_advisor(client, {**ANSWERS, "team_knows": ["django"]})

    assert "Django helps with Flask" not in str(advice.result)


def test_advisor_does_without_the_theme_of_familiarity(client, knowledge):
    Theme.objects.filter(basis=ThemeBasis.TEAM).update(status=Status.DRAFT)

    advice = ask_advisor(client)

    themes = {theme["slug"] for theme in advice.result["themes"]}
    assert themes == {"project", "learning", "batteries"}
