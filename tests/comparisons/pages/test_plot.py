"""Themes as lines with a dot for each framework."""

import pytest

from comparisons.choices import Status
from tests import factories as make
from tests.pages import read


def plotted(client, address):
    """Return {theme: the numbers beside its line}."""
    tables = read(client.get(address)).tables
    [rows] = [table for table in tables if table[0][0] == "Theme"] or [[]]
    return {name: numbers for name, _, *numbers in rows[1:]}


def test_line_shows_what_each_framework_reaches(client, knowledge):
    make.make_theme(slug="speed", shares={knowledge.throughput: "1.0"})

    both = plotted(client, "/compare/django-vs-flask/")

    assert both == {
        "Speed": ["50", "0 to 100"],
        "Learning": ["50", "75"],
        "Batteries": ["100", "46"],
    }
    assert plotted(client, "/frameworks/flask/") == {
        name: numbers[1:] for name, numbers in both.items()
    }


def test_no_draft_of_a_theme_is_drawn(client, knowledge):
    make.change(knowledge.learning, status=Status.DRAFT)

    assert plotted(client, "/frameworks/flask/").keys() == {"Batteries"}


@pytest.mark.parametrize(("number", "is_drawn"), [(3, True), (4, False)])
def test_more_than_three_frameworks_are_not_drawn(client, knowledge, number, is_drawn):
    others = [make.make_framework(slug=f"other-{n}") for n in range(2, number)]
    slugs = ["django", "flask", *(other.slug for other in others)]

    drawn = plotted(client, f"/compare/{'-vs-'.join(slugs)}/")

    assert bool(drawn) is is_drawn
