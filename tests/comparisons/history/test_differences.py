"""What a set changed is told object by object, down to the words."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comparisons.choices import Level, Stance, Status
from comparisons.editing.admin_urls import edit_address
from comparisons.history.differences import (
    ADDED,
    KEPT,
    REMOVED,
    UNNAMED,
    differences,
    word_differences,
)
from comparisons.history.recording import change_set
from comparisons.models import ChangedObject
from tests import factories as make

pytestmark = pytest.mark.django_db


def told(changes, *, public=True):
    """The differences of a set by the name of their objects."""
    listed = changes.objects_changed.all()
    if public:
        found = differences(listed.public())
    else:
        found = differences(listed, edit_address=edit_address)
    return {difference.changed.name: difference for difference in found}


def fields(difference):
    return {field.label: field for field in difference.fields}


@pytest.mark.parametrize(
    ("before", "after", "parts"),
    [
        ("one two", "one two", [(KEPT, "one two")]),
        ("", "new", [(ADDED, "new")]),
        (
            "It has a mapper.",
            "It has no mapper.",
            [(KEPT, "It has "), (REMOVED, "a "), (ADDED, "no "), (KEPT, "mapper.")],
        ),
        ("one two", "one two three", [(KEPT, "one two"), (ADDED, " three")]),
        (
            "one two three",
            "one\n\ntwo four",
            [
                (KEPT, "one"),
                (REMOVED, " "),
                (ADDED, "\n\n"),
                (KEPT, "two "),
                (REMOVED, "three"),
                (ADDED, "four"),
            ],
        ),
        ("one two", "three four", [(REMOVED, "one two"), (ADDED, "three four")]),
    ],
)
def test_words_are_compared(before, after, parts):
    assert word_differences(before, after) == parts


@pytest.mark.parametrize(
    ("before", "after"),
    [("a  b\n\nc d e", "b c\n\nx e f "), (" a b", "\na b "), ("a b", "a b a b")],
)
def test_parts_together_are_the_two_texts(before, after):
    parts = word_differences(before, after)

    assert "".join(text for how, text in parts if how != ADDED) == before
    assert "".join(text for how, text in parts if how != REMOVED) == after


def test_long_texts_of_which_little_is_alike_are_told_whole():
    before, after = (
        " ".join(f"{name}{number} the" for number in range(500)) for name in "ab"
    )

    assert word_differences(f"So {before} end", f"So {after} end") == [
        (KEPT, "So "),
        (REMOVED, before.removesuffix("the")),
        (ADDED, after.removesuffix("the")),
        (KEPT, "the end"),
    ]


def test_edit_of_a_long_text_is_told_by_its_words():
    text = " ".join(f"word{number}" for number in range(1000))

    assert word_differences(text, text.replace("word500", "another")) == [
        (KEPT, text.partition("word500")[0]),
        (REMOVED, "word500 "),
        (ADDED, "another "),
        (KEPT, text.partition("word500 ")[2]),
    ]


def test_values_are_told_as_people_read_them(recorded):
    finding, peewee = recorded.flask_orm, make.make_extension(name="Pony")
    with change_set() as changes:
        make.change(
            finding,
            level=Level.OFFICIAL,
            note="Flask brings one of its own.",
            extension=peewee,
        )
        finding.alternatives.set([recorded.extension])

    difference = told(changes, public=False)["Flask: Orm"]

    assert difference.act == "Changed"
    assert difference.address.startswith("/admin/comparisons/finding/")
    found = fields(difference)
    assert (found["level"].before, found["level"].after) == (
        "Third-party package",
        "Official package",
    )
    assert (found["extension"].before, found["extension"].after) == (
        "Flask sqlalchemy",
        "Pony",
    )
    assert (REMOVED, "none ") in found["note"].words
    assert found["alternatives"].added == ["Flask sqlalchemy"]
    assert found["alternatives"].removed == ["Peewee"]


def test_citations_stand_under_their_statement(recorded):
    finding = recorded.flask_orm
    with change_set() as changes:
        make.change(finding, note="Another.")
        citation = finding.citations.get()
        make.change(citation, says="It says more.")

    [difference] = told(changes).values()

    [below] = difference.citations
    assert below.changed.name == "Flask docs, Orm"
    assert below.about == ""


def test_citation_alone_names_its_statement(recorded):
    with change_set() as changes:
        make.make_citation(
            finding=recorded.flask_orm, source=recorded.blog, locator="Part 2"
        )

    difference = told(changes)["Blog, Part 2"]

    assert (difference.act, difference.about) == ("Added", "Flask: Orm")


def test_what_is_gone_keeps_its_last_name(recorded):
    with change_set() as changes:
        recorded.disagreement.delete()
        recorded.comparison.delete()
        recorded.flask.delete()

    found = told(changes)

    assert found["Flask: Orm"].act == "Deleted"
    assert found["Flask: Orm"].address == ""
    assert fields(found["Flask: Orm"])["framework"].before == "Flask"


def test_editors_see_what_a_draft_was_and_readers_do_not(recorded):
    draft = make.make_finding(
        framework=recorded.flask,
        feature=recorded.throughput,
        level=Level.LOW,
        note="An early guess.",
        draft=True,
        cited={"source": recorded.blog},
    )
    changes = make.edit(draft, note="What was measured.", status=Status.PUBLISHED)

    seen = told(changes)["Flask: Throughput"]
    known = told(changes, public=False)["Flask: Throughput"]

    assert seen.act == "Published"
    assert fields(seen)["note"].before == ""
    assert fields(seen)["note"].after == "What was measured."
    assert (REMOVED, "An early guess.") in fields(known)["note"].words


def test_withdrawing_tells_readers_what_went_and_not_what_came(recorded):
    finding = recorded.django_orm
    make.change(finding, note="Seen.")
    changes = make.edit(finding, note="Unseen.", status=Status.DRAFT)

    seen = told(changes)["Django: Orm"]

    assert seen.act == "Withdrawn"
    assert (fields(seen)["note"].before, fields(seen)["note"].after) == ("Seen.", "")


def test_readers_are_told_no_name_of_what_is_not_published(recorded):
    hidden = make.make_framework(name="Zyx", draft=True)
    changes = make.edit(recorded.blog, framework=hidden, title="Weblog")

    [seen] = told(changes).values()
    [known] = told(changes, public=False).values()

    assert fields(seen)["framework"].after == UNNAMED
    assert fields(known)["framework"].after == "Zyx"


def test_number_of_queries_does_not_grow_with_the_objects(recorded):
    def cite(number):
        with change_set() as changes:
            for _ in range(number):
                make.make_citation(
                    finding=recorded.flask_orm,
                    source=recorded.blog,
                    stance=Stance.CONTEXT,
                )
        with CaptureQueriesContext(connection) as queries:
            told(changes)
        return len(queries)

    assert cite(9) == cite(2)
    assert ChangedObject.objects.filter(name__startswith="Blog").count() >= 11
