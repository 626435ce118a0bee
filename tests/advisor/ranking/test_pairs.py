import pytest

from advisor.ranking.draws import Evidence, Person
from advisor.ranking.order import Candidate, rank, weigh
from advisor.ranking.pairs import worthy_pair
from tests.advisor.ranking.problems import known


def pair_of(rows, points=None):
    """Return the pair for two projects, half each, of the frameworks in ``rows``."""
    person = Person(
        points={"project": 4, **(points or {})},
        shares={
            "project": {"api": 2, "shop": 2},
            **{theme: {theme: 1} for theme in ("speed", "api")},
        },
    )
    candidates = [
        Candidate(slug=slug, name=slug, bounds={f: known(v) for f, v in row.items()})
        for slug, row in rows.items()
    ]
    ranking = rank(weigh(person.points, person.shares), candidates)
    return worthy_pair(ranking, person, "project", Evidence())


def test_two_that_do_what_each_is_good_at_are_told_of():
    found = pair_of(
        {
            "fast": {"api": 1, "shop": 0.4},
            "whole": {"api": 0.6, "shop": 1},
            "other": {"api": 0.9, "shop": 0.5},
        }
    )

    assert set(found.frameworks) == {"fast", "whole"}
    assert (found.score, found.alone) == pytest.approx((100, 80))
    assert found.serves == {"api": "fast", "shop": "whole"}


def test_of_pairs_that_are_level_the_one_that_stands_higher_is_meant():
    found = pair_of(
        {
            "any": {"api": 1, "shop": 0},
            "fast": {"api": 1, "shop": 0.4},
            "whole": {"api": 0.5, "shop": 1},
        }
    )

    assert found.frameworks == ("whole", "fast")


def test_a_theme_that_is_called_as_a_project_counts_beside_it():
    rows = {
        "fast": {"api": 1, "shop": 0, "speed": 1},
        "whole": {"api": 0, "shop": 1, "speed": 1},
    }

    found = pair_of(rows, points={"api": 1, "speed": 8})

    # Thirteen points: two for each project, one for the theme, eight for speed.
    assert found.score == pytest.approx((100 + 100 * 12 / 13) / 2)
    assert found.alone == pytest.approx((100 + 100 * 9 / 13) / 2)


@pytest.mark.parametrize(
    "rows",
    [
        {"one": {"api": 0.5, "shop": 0.5}},
        # Three points and a half: two cost more.
        {"one": {"api": 1, "shop": 0.93}, "two": {"api": 0.93, "shop": 1}},
    ],
    ids=len,
)
def test_where_one_will_do_no_two_are_told_of(rows):
    assert pair_of(rows) is None
