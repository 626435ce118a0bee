import datetime

import pytest

from comparisons.audit import Audit, GapKind
from comparisons.choices import Status
from tests import factories as make


def gaps(kind):
    audit = Audit.load(datetime.date(2026, 11, 29))
    return [str(gap) for gap in audit.narrowed([kind])]


def test_row_that_decides_has_to_differ(knowledge):
    assert gaps(GapKind.BROKEN) == []

    knowledge.comparison.features.add(knowledge.routing)

    [gap] = gaps(GapKind.BROKEN)
    assert "lets “Routing” decide, on which all levels are the same" in gap


@pytest.mark.parametrize("key", ["nothing", "flask-orm-1"])
def test_footnote_has_to_lead_to_a_published_passage(knowledge, key):
    make.change(knowledge.comparison, introduction=f"It is small.[[{key}]]")
    make.change(knowledge.flask_orm, status=Status.DRAFT)

    assert any(f"no published passage: {key}" in gap for gap in gaps(GapKind.BROKEN))


def test_paragraphs_without_a_footnote_are_counted(knowledge):
    make.change(knowledge.section, body="One.[[django-orm-1]]\n\nTwo.\n\nThree.")

    [gap] = gaps(GapKind.UNFOOTNOTED)
    assert "has 2 paragraphs without a footnote" in gap


def test_verdict_whose_document_judges_in_our_words_is_overstated(knowledge):
    make.make_citation(verdict=knowledge.verdict, says="It is best for a shop.")

    [gap] = gaps(GapKind.OVERSTATED)
    assert "say “best” without such a mark" in gap
