"""The ranking agrees with published examples and with hand-made ones.

The examples are the oracles of the method; what holds for all problems is in
``test_properties.py``. Nothing here needs the database.
"""

import random
from dataclasses import replace

import numpy as np
import pytest

from advisor.ranking.order import (
    Candidate,
    Requirement,
    rank,
    shown,
    weigh,
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

    def test_tied_leaders_of_the_weighted_sum_share_the_first_place(self):
        # On the scale to 100 the 21.50 would be shown as 22 as well.
        weights, rows, _ = PUBLISHED["weighted sum"]

        ranking = problem_of(weights, on_scale(rows, 30)).ranking()

        assert places(ranking) == [(1, "A2"), (1, "A3"), (3, "A1")]

    def test_a_dominated_newcomer_does_not_reverse_the_order(self):
        rows = {"A": [8, 5], "B": [5, 7], "C": [0, 6]}

        before = problem_of([1, 1], on_scale(rows, 10)).ranking()
        after = problem_of([1, 1], on_scale(rows | {"D": [2, 0]}, 10)).ranking()

        assert scores(before) == pytest.approx({"A": 65, "B": 60, "C": 30})
        assert places(before) == [(1, "A"), (2, "B"), (3, "C")]
        assert scores(after) == pytest.approx(scores(before) | {"D": 10})
        assert places(after) == [*places(before), (4, "D")]

    @pytest.mark.parametrize("library", ["pymcdm", "scikit-criteria"])
    def test_random_tables_agree_with_another_implementation(self, library):
        weighted_sum = WEIGHTED_SUMS[library]()
        generator = random.Random(20)

        for _ in range(1000):
            points = [generator.uniform(0.1, 4) for _ in range(generator.randint(2, 7))]
            rows = {
                f"R{row}": [generator.random() for _ in points]
                for row in range(generator.randint(2, 7))
            }
            weights = [given / sum(points) for given in points]

            ranking = problem_of(points, rows).ranking()

            expected = weighted_sum(list(rows.values()), weights)
            ours = scores(ranking)
            assert [ours[name] / 100 for name in rows] == pytest.approx(
                list(expected), rel=0, abs=1e-9
            )


def on_scale(rows, top):
    """Return the rows on the fixed scale from 0 to ``top``."""
    return {name: [value / top for value in row] for name, row in rows.items()}


def pymcdm_weighted_sum():
    # Imported late, as it brings matplotlib along.
    from pymcdm.methods import WSM

    model = WSM(normalization_function=lambda column, cost: column)

    def weighted_sum(matrix, weights):
        # Validation warns about a dominated row, and warnings are errors here.
        return model(matrix, weights, [1] * len(weights), validation=False)

    return weighted_sum


def scikit_criteria_weighted_sum():
    # Imported late, as it brings pandas along.
    import skcriteria
    from skcriteria.agg.simple import WeightedSumModel

    def weighted_sum(matrix, weights):
        decision = skcriteria.mkdm(matrix, [max] * len(weights), weights=weights)
        return WeightedSumModel().evaluate(decision).e_.score

    return weighted_sum


WEIGHTED_SUMS = {
    "pymcdm": pymcdm_weighted_sum,
    "scikit-criteria": scikit_criteria_weighted_sum,
}


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


@pytest.mark.parametrize(
    ("points", "shares", "weights"),
    [
        (
            {"security": 4, "speed": 1},
            {"security": {"forms": 0.7, "orm": 0.3}, "speed": {"async": 1.0}},
            {("security", "forms"): 0.56, ("security", "orm"): 0.24}
            | {("speed", "async"): 0.2},
        ),
        # Shares that do not sum to one are scaled.
        (
            {"security": 4},
            {"security": {"forms": 2, "orm": 1}},
            {("security", "forms"): 2 / 3, ("security", "orm"): 1 / 3},
        ),
        # A feature of two themes counts in both.
        (
            {"security": 1, "speed": 3},
            {"security": {"orm": 1.0}, "speed": {"orm": 1.0}},
            {("security", "orm"): 0.25, ("speed", "orm"): 0.75},
        ),
        # A theme without points does not count; no points at all are no criteria.
        (
            {"security": 0, "speed": 2},
            {"security": {"forms": 1.0}, "speed": {"async": 1.0}},
            {("speed", "async"): 1},
        ),
        ({"security": 0.0}, {"security": {"forms": 1.0}}, {}),
        ({}, {"security": {"forms": 1.0}}, {}),
    ],
)
def test_points_become_shares_of_the_whole(points, shares, weights):
    criteria = weigh(points, shares)

    assert {(c.theme, c.feature): c.weight for c in criteria} == pytest.approx(weights)


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
    def test_under_sixty_percent_is_too_little_known(self):
        standing = problem_of([59, 41], {"A": [1, None]}).ranking().standings[0]

        assert standing.is_too_little_known

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


class TestMustHaves:
    def test_a_worse_framework_that_fits_stands_before_a_better_unverified_one(self):
        problem = problem_of([4, 1], {"Fits": [0, 0.6], "Unverified": [1, None]})
        must_have = Requirement(feature="f1", threshold=0.6)

        ranking = replace(problem, requirements=(must_have,)).ranking()

        assert places(ranking) == [(1, "Fits"), (2, "Unverified")]
        assert [s.shown_score for s in ranking.standings] == [12, 90]
        assert list(ranking.standings[1].unverified) == [must_have]

    def test_equal_scores_in_different_tiers_do_not_share_a_place(self):
        problem = problem_of([1, 1], {"Fits": [0.5, 0.5], "Unverified": [0.5, None]})
        must_have = Requirement(feature="f1", threshold=0.5)

        ranking = replace(problem, requirements=(must_have,)).ranking()

        assert [s.shown_score for s in ranking.standings] == [50, 50]
        assert places(ranking) == [(1, "Fits"), (2, "Unverified")]

    def test_excluded_frameworks_stand_in_order_of_what_they_fail(self):
        rows = {"Both": [1, 0, 0], "Worse": [0, 0, 1], "Better": [0.5, 1, 0]}
        problem = problem_of([1, 1, 1], rows)
        must_haves = tuple(
            Requirement(feature=feature, threshold=0.6) for feature in ("f1", "f2")
        )

        ranking = replace(problem, requirements=must_haves).ranking()

        assert ranking.standings == []
        assert slugs(ranking.excluded) == ["better", "worse", "both"]
        assert [s.failed for s in ranking.excluded] == [
            [must_haves[1]],
            [must_haves[0]],
            [*must_haves],
        ]


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

    @pytest.mark.parametrize(
        ("row", "bounds", "first"),
        [
            ([0.5, None], {"f1": (0.25, 0.75)}, "B"),
            # It does not outweigh coverage.
            ([None, None], {"f0": (0.4, 0.6), "f1": (0.4, 0.6)}, "A"),
        ],
    )
    def test_in_a_tie_of_equal_coverage_the_higher_floor_comes_first(
        self, row, bounds, first
    ):
        problem = problem_of([1, 1], {"A": [0.5, None], "B": row})

        ranking = problem.with_bounds("b", **bounds).ranking()

        assert {place for place, _ in places(ranking)} == {1}
        assert places(ranking)[0] == (1, first)


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


MUST_HAVE = Requirement(feature="f1", threshold=0.6)


@pytest.mark.parametrize(
    ("points", "rows", "must_haves", "necessary", "possible"),
    [
        ([4, 1], {"Sure": [1, 0.75], "Open": [0.5, None]}, (), "sure", ["sure"]),
        # A draw at best is still a possible win.
        ([1, 1], {"Sure": [1, 0.5], "Open": [0.5, None]}, (), None, ["sure", "open"]),
        # The error of a sum wins nothing: 1/11 + 2/11 may be more than 3/11.
        ([1, 2, 3, 5], {"A": [1, 1, 0, 0], "B": [0, 0, 1, 0]}, (), None, ["a", "b"]),
        # One that is not verified may still win, and may fail after all.
        (
            [4, 1],
            {"Fits": [0, 0.6], "Open": [1, None]},
            (MUST_HAVE,),
            None,
            ["fits", "open"],
        ),
        ([1, 1], {"Only": [1, None]}, (MUST_HAVE,), None, ["only"]),
        # Who is alike has no winner among them, known or not.
        ([4, 1], {"A": [1, 0.1], "B": [1, 0.1]}, (), None, ["a", "b"]),
        ([4, 1], {"A": [0.6, None], "B": [0.6, None]}, (), None, ["a", "b"]),
        ([1, 1], {"A": [0.25, 0]}, (), "a", ["a"]),
        ([1, 1], {"A": [0.25, 0], "B": [0, 0]}, (MUST_HAVE,), None, []),
        ([1, 1], {}, (), None, []),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, dict) else "",
)
def test_winner_is_necessary_or_possible(points, rows, must_haves, necessary, possible):
    ranking = problem_of(points, rows, must_haves).ranking()

    winner = ranking.necessary_winner()
    assert (winner and winner.candidate.slug) == necessary
    assert slugs(ranking.possible_winners()) == possible
    assert bool(ranking.leaders) is bool(ranking.standings)


class TestDegenerateInput:
    def test_nothing_answered_places_nobody_above_another(self):
        candidates = problem_of([1], {"A": [1], "B": [0], "C": [None]}).candidates

        ranking = rank([], candidates)

        assert places(ranking) == [(1, "A"), (1, "B"), (1, "C")]
        assert [s.score for s in ranking.standings] == [0, 0, 0]
        assert [s.coverage for s in ranking.standings] == [0, 0, 0]
        assert all(standing.is_too_little_known for standing in ranking.standings)
        assert ranking.necessary_winner() is None

    def test_nothing_answered_still_applies_the_must_haves(self):
        candidates = problem_of([1], {"A": [1], "B": [0]}).candidates

        ranking = rank([], candidates, [Requirement(feature="f0", threshold=0.6)])

        assert slugs(ranking.standings) == ["a"]
        assert slugs(ranking.excluded) == ["b"]
