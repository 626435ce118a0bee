import pytest

from comparisons.pages.matrix import read_matrix
from comparisons.pages.selection import Selection, filters


@pytest.fixture
def matrix(knowledge):
    return read_matrix([knowledge.django, knowledge.flask])


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        ({"differences": True}, 5),
        ({"differences": True, "show": ("flask",)}, 0),
        ({"contested": True}, 1),
        ({"contested": True, "show": ("django",)}, 0),
        ({"unknown": True}, 1),
        ({"group": ("core",)}, 3),
        ({"group": ("core",), "differences": True}, 2),
        ({"rows": ("orm", "microservice")}, 2),
        ({"notes": True}, 6),
    ],
)
def test_rows_are_those_of_which_all_that_is_asked_holds(matrix, asked, rows):
    assert len(Selection(**asked).apply(matrix).rows) == rows


def test_each_link_changes_one_thing_and_takes_it_back(matrix):
    chosen = Selection(differences=True, group=("core",))

    links = filters(chosen, matrix)
    queries = {link.label: link.query for name in links for link in links[name]}

    assert queries == {
        "All 6": "",
        "5 differ": "?group=core",
        "1 contested": "?differences=1&contested=1&group=core",
        "1 unknown": "?differences=1&unknown=1&group=core",
        "Core": "?differences=1",
        "Judged": "?differences=1&group=judged",
        "Uses": "?differences=1&group=uses",
        "With notes": "?differences=1&group=core&notes=1",
    }
    assert [link.label for name in links for link in links[name] if link.is_chosen] == [
        "5 differ",
        "Core",
    ]
