import pytest

from comparisons.choices import Stance
from comparisons.models import Citation, Source
from comparisons.pages.bibliography import Bibliography

DOCS = Source(pk=1, slug="docs", title="Docs")
BLOG = Source(pk=2, slug="blog", title="Blog")


def cite(source, *, locator="Introduction", stance=Stance.SUPPORTS):
    return Citation(source=source, locator=locator, stance=stance)


def test_sources_are_numbered_in_order_of_first_use():
    bibliography = Bibliography()

    bibliography.footnotes([cite(BLOG)])
    bibliography.footnotes([cite(DOCS), cite(BLOG)])

    assert bibliography.entries() == [(1, BLOG), (2, DOCS)]


def test_source_keeps_its_number():
    bibliography = Bibliography()
    bibliography.footnotes([cite(BLOG), cite(DOCS)])

    [again] = bibliography.footnotes([cite(DOCS)])

    assert again.number == 2


def test_footnotes_of_a_statement_stand_in_order_of_number():
    bibliography = Bibliography()
    bibliography.number(DOCS)

    notes = bibliography.footnotes([cite(BLOG), cite(DOCS)])

    assert [note.source for note in notes] == [DOCS, BLOG]


def test_citations_of_one_source_share_a_footnote():
    citations = [cite(DOCS, locator=locator) for locator in ("Forms", "ORM", "Forms")]

    [note] = Bibliography().footnotes(citations)

    assert note.locators == ["Forms", "ORM"]


@pytest.mark.parametrize(
    ("stances", "shown"),
    [
        ([Stance.SUPPORTS, Stance.DISPUTES], Stance.DISPUTES),
        ([Stance.CONTEXT, Stance.DISPUTES], Stance.DISPUTES),
        ([Stance.CONTEXT, Stance.SUPPORTS], Stance.SUPPORTS),
        ([Stance.CONTEXT], Stance.CONTEXT),
    ],
)
def test_dispute_never_hides_behind_support(stances, shown):
    [note] = Bibliography().footnotes([cite(DOCS, stance=stance) for stance in stances])

    assert note.stance == shown
    assert note.disputes == (shown == Stance.DISPUTES)


def test_statement_without_citations_has_no_footnotes():
    bibliography = Bibliography()

    assert bibliography.footnotes([]) == []
    assert len(bibliography) == 0
