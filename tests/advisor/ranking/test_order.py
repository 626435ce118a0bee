"""The ranking agrees with published examples and with hand-made ones.

The examples are the oracles of the method; what holds for all problems is in
``test_properties.py``. Nothing here needs the database.
"""

import numpy as np
import pytest

from advisor.ranking.order import (
    Candidate,
    shown,
)
from tests.advisor.ranking.problems import (
    Problem,
    known,
    places,
    problem_of,
    scores,
    slugs,
)

# Weights, rows, and the scores that the publication found.
PUBLISHED = {
    "weighted sum": (
        [20, 15, 40, 25],
        {"A1": [25, 20, 15, 30], "A2": [10, 30, 20, 30], "A3": [30, 10, 30, 10]},
        {"A2": 22, "A3": 22, "A1": 21.5},
    ),
    # Goodwin & Wright, Decision Analysis for Management Judgment, ch. 3.
    "office location": (
        [32, 26, 23, 10, 6, 3],
        {
            "A": [100, 60, 100, 75, 0, 90],
            "B": [20, 80, 10, 30, 100, 30],
            "C": [80, 70, 0, 0, 10, 100],
            "D": [70, 50, 30, 55, 30, 90],
            "E": [40, 60, 90, 100, 60, 70],
            "F": [0, 0, 70, 0, 80, 0],
            "G": [60, 100, 20, 50, 50, 80],
        },
        {"A": 80.8, "E": 64.8, "G": 60.2, "D": 52.3, "C": 47.4, "B": 39.4, "F": 20.9},
    ),
    # doi 10.1109/CITSM50537.2020.9268874; each column divided by its maximum. The
    # paper rounds D from 64.1666… up.
    "school": (
        [0.1, 0.1, 0.1, 0.15, 0.2, 0.25, 0.1],
        {
            "A": [100, 50, 100, 0, 0, 0, 100],
            "B": [100, 100, 100, 0, 0, 0, 75],
            "C": [100, 75, 100, 0, 100, 100, 100],
            "D": [200 / 3, 50, 100, 100, 100, 0, 75],
        },
        {"C": 82.5, "D": 64.2, "B": 37.5, "A": 35},
    ),
}


class TestPublishedExamples:
    @pytest.mark.parametrize("example", PUBLISHED)
    def test_scores_and_order_are_those_of_the_publication(self, example):
        weights, rows, published = PUBLISHED[example]

        ranking = problem_of(weights, on_scale(rows, 100)).ranking()

        assert scores(ranking) == pytest.approx(published, abs=0.05)
        assert [name for _, name in places(ranking)] == list(published)


def on_scale(rows, top):
    """Return the rows on the fixed scale from 0 to ``top``."""
    return {name: [value / top for value in row] for name, row in rows.items()}


def test_toy_is_as_worked_out_by_hand():
    # Of C a fact is unknown in the second theme, which has 2/7 of the weight.
    rows = {"A": [0.75, 0.5, 0.25], "B": [0.5, 1, 0.5], "C": [0.75, None, 0.5]}

    ranking = problem_of([4, 2, 1], rows).ranking()

    b, c, a = ranking.standings
    assert [s.score for s in (a, b, c)] == pytest.approx([425 / 7, 450 / 7, 450 / 7])
    assert [s.shown_score for s in (a, b, c)] == [61, 64, 64]
    assert places(ranking) == [(1, "B"), (1, "C"), (3, "A")]
    assert (c.low, c.high) == pytest.approx((50, 550 / 7))
    assert b.low == b.score == b.high
    assert [s.coverage for s in (a, b, c)] == pytest.approx([1, 1, 5 / 7])
    assert [part.spread for part in c.contributions] == pytest.approx([0, 200 / 7, 0])
    assert slugs(ranking.leaders) == slugs(ranking.possible_winners()) == ["b", "c"]
    assert ranking.necessary_winner() is None


class TestScores:
    def test_a_score_is_the_same_to_the_bit_among_others_and_alone(self):
        generator = np.random.RandomState(8)
        rows = {f"R{row}": generator.rand(29).tolist() for row in range(13)}

        together = scores(problem_of([1] * 29, rows).ranking())

        for name, row in rows.items():
            assert scores(problem_of([1] * 29, {name: row}).ranking()) == {
                name: together[name]
            }


class TestIntervals:
    def test_sixty_percent_are_enough_whatever_the_order_of_summation(self):
        # 4/9 + 2/9 × 0.7 is 0.6, but may be 0.5999999999999999 in floats.
        problem = Problem(
            points={"security": 2, "speed": 1, "learning": 4, "structure": 2},
            shares={
                "security": {"orm": 0.3, "admin": 0.7},
                "speed": {"forms": 1.0},
                "learning": {"caching": 0.7, "async": 0.3},
                "structure": {"sessions": 1.0},
            },
            candidates=(
                Candidate(
                    slug="a",
                    name="A",
                    bounds=dict.fromkeys(["admin", "caching", "async"], known(1.0)),
                ),
            ),
        )

        standing = problem.ranking().standings[0]

        assert not standing.is_too_little_known


class TestPlaces:
    @pytest.mark.parametrize(
        ("points", "rows", "expected"),
        [
            # Who is less than a point behind shares a place; some are left out then.
            (
                [1],
                {"A": [0.7], "B": [0.704], "C": [0.69], "D": [0.9]},
                [(1, "D"), (2, "B"), (2, "A"), (4, "C")],
            ),
            ([1], {"A": [1], "B": [0.5]}, [(1, "A"), (2, "B")]),
            # Of equal ones the better known comes first,
            (
                [1, 1, 1],
                {"Less": [1, None, None], "Better": [1, 0.5, None]},
                [(1, "Better"), (1, "Less")],
            ),
            # but a fraction of a point counts before,
            (
                [98, 2],
                {"Better": [0.7, 0.5], "Ahead": [0.704, None]},
                [(1, "Ahead"), (1, "Better")],
            ),
            # then, in a full tie, the name. 0.1 + 0.2 may be more than 0.3 in floats.
            (
                [0.1, 0.2, 0.3, 0.4],
                {"Zope": [0, 0, None, None], "Aiohttp": [None, None, 0, None]},
                [(1, "Aiohttp"), (1, "Zope")],
            ),
        ],
        ids=["shared", "apart", "coverage", "fraction", "name"],
    )
    def test_what_is_shown_is_ranked(self, points, rows, expected):
        ranking = problem_of(points, rows).ranking()

        assert places(ranking) == expected
        assert [s.candidate.name for s in ranking.leaders] == [
            name for place, name in expected if place == 1
        ]

    def test_in_a_tie_of_equal_coverage_the_higher_floor_comes_first(self):
        problem = problem_of([1, 1], {"A": [0.5, None], "B": [0.5, None]})

        ranking = problem.with_bounds("b", f1=(0.25, 0.75)).ranking()

        assert places(ranking) == [(1, "B"), (1, "A")]


class TestRounding:
    @pytest.mark.parametrize(
        ("score", "whole"),
        [
            (0, 0),
            (0.4999, 0),
            (0.5, 1),
            (1.5, 2),
            (2.5, 3),
            (64.499999, 64),
            # A sum of floats that should have been 64.5.
            (64.49999999999999, 65),
            (64.5 - 1e-10, 65),
            (99.5, 100),
            (100, 100),
            (100.00000000000001, 100),
        ],
    )
    def test_half_a_point_rounds_up(self, score, whole):
        assert shown(score) == whole
