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
    weighted_sum,
)
from comparisons.choices import Level
from tests.advisor.ranking.problems import (
    Problem,
    everyone,
    known,
    places,
    problem_of,
    scores,
    slugs,
)


class TestPublishedExamples:
    def test_weighted_sum_finds_the_scores_of_its_example(self):
        weights = [20, 15, 40, 25]
        rows = {"A1": [25, 20, 15, 30], "A2": [10, 30, 20, 30], "A3": [30, 10, 30, 10]}

        ranking = problem_of(weights, on_scale(rows, 100)).ranking()

        assert scores(ranking) == pytest.approx({"A1": 21.5, "A2": 22, "A3": 22})

    def test_tied_leaders_of_the_weighted_sum_share_the_first_place(self):
        # On the scale to 100 the 21.50 would be shown as 22 as well.
        weights = [20, 15, 40, 25]
        rows = {"A1": [25, 20, 15, 30], "A2": [10, 30, 20, 30], "A3": [30, 10, 30, 10]}

        ranking = problem_of(weights, on_scale(rows, 30)).ranking()

        assert places(ranking) == [(1, "A2"), (1, "A3"), (3, "A1")]

    def test_smart_finds_the_office_location(self):
        # Goodwin & Wright, Decision Analysis for Management Judgment, ch. 3.
        weights = [32, 26, 23, 10, 6, 3]
        rows = {
            "A": [100, 60, 100, 75, 0, 90],
            "B": [20, 80, 10, 30, 100, 30],
            "C": [80, 70, 0, 0, 10, 100],
            "D": [70, 50, 30, 55, 30, 90],
            "E": [40, 60, 90, 100, 60, 70],
            "F": [0, 0, 70, 0, 80, 0],
            "G": [60, 100, 20, 50, 50, 80],
        }

        ranking = problem_of(weights, on_scale(rows, 100)).ranking()

        assert scores(ranking) == pytest.approx(
            {
                "A": 80.8,
                "B": 39.4,
                "C": 47.4,
                "D": 52.3,
                "E": 64.8,
                "F": 20.9,
                "G": 60.2,
            }
        )
        assert [name for _, name in places(ranking)] == list("AEGDCBF")

    def test_simple_additive_weighting_finds_the_school(self):
        # doi 10.1109/CITSM50537.2020.9268874
        weights = [0.1, 0.1, 0.1, 0.15, 0.2, 0.25, 0.1]
        rows = {
            "A": [0.75, 0.5, 0.75, 0, 0, 0, 1],
            "B": [0.75, 1, 0.75, 0, 0, 0, 0.75],
            "C": [0.75, 0.75, 0.75, 0, 0.5, 0.25, 1],
            "D": [0.5, 0.5, 0.75, 1, 0.5, 0, 0.75],
        }
        best = [max(column) for column in zip(*rows.values(), strict=True)]
        scaled = {
            name: [value / top for value, top in zip(row, best, strict=True)]
            for name, row in rows.items()
        }

        ranking = problem_of(weights, scaled).ranking()

        # The paper rounds D from 64.1666… up.
        assert scores(ranking) == pytest.approx(
            {"A": 35, "B": 37.5, "C": 82.5, "D": 64.2}, abs=0.05
        )
        assert [name for _, name in places(ranking)] == ["C", "D", "B", "A"]

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


class TestOwnToy:
    """Three frameworks, of which C has an unknown fact in the second theme."""

    @pytest.fixture
    def ranking(self):
        rows = {"A": [0.75, 0.5, 0.25], "B": [0.5, 1, 0.5], "C": [0.75, None, 0.5]}
        return problem_of([4, 2, 1], rows).ranking()

    def test_scores_are_weighted_means(self, ranking):
        assert scores(ranking) == pytest.approx(
            {"A": 1700 / 28, "B": 1800 / 28, "C": 1800 / 28}
        )

    def test_an_unknown_fact_widens_the_score(self, ranking):
        c = ranking.standings[1]

        assert (c.low, c.score, c.high) == pytest.approx((50, 64.2857142, 78.5714285))

    def test_a_known_framework_has_no_interval(self, ranking):
        b = ranking.standings[0]

        assert b.low == b.score == b.high

    def test_coverage_is_the_known_share_of_the_weight(self, ranking):
        assert [s.coverage for s in ranking.standings] == pytest.approx([1, 5 / 7, 1])

    def test_the_better_known_comes_first_in_the_tie(self, ranking):
        assert [s.shown_score for s in ranking.standings] == [64, 64, 61]
        assert places(ranking) == [(1, "B"), (1, "C"), (3, "A")]
        assert slugs(ranking.leaders) == ["b", "c"]

    def test_the_unknown_one_is_a_possible_winner(self, ranking):
        assert slugs(ranking.possible_winners()) == ["b", "c"]

    def test_nobody_wins_necessarily(self, ranking):
        assert ranking.necessary_winner() is None

    def test_the_missing_fact_is_worth_its_weight(self, ranking):
        c = ranking.standings[1]

        assert [part.spread for part in c.contributions] == pytest.approx(
            [0, 200 / 7, 0]
        )


class TestWeights:
    def test_points_become_shares_of_the_whole(self):
        criteria = weigh(
            {"security": 4, "speed": 1},
            {"security": {"forms": 0.7, "orm": 0.3}, "speed": {"async": 1.0}},
        )

        assert {c.feature: c.weight for c in criteria} == pytest.approx(
            {"forms": 0.56, "orm": 0.24, "async": 0.2}
        )

    def test_shares_that_do_not_sum_to_one_are_scaled(self):
        criteria = weigh({"security": 4}, {"security": {"forms": 2, "orm": 1}})

        assert [c.weight for c in criteria] == pytest.approx([2 / 3, 1 / 3])

    def test_a_theme_without_points_has_no_criteria(self):
        criteria = weigh(
            {"security": 0, "speed": 2},
            {"security": {"forms": 1.0}, "speed": {"async": 1.0}},
        )

        assert [(c.theme, c.weight) for c in criteria] == [("speed", 1)]

    def test_a_feature_of_two_themes_counts_in_both(self):
        criteria = weigh(
            {"security": 1, "speed": 3},
            {"security": {"orm": 1.0}, "speed": {"orm": 1.0}},
        )

        assert [(c.theme, c.weight) for c in criteria] == [
            ("security", 0.25),
            ("speed", 0.75),
        ]

    @pytest.mark.parametrize("points", [{}, {"security": 0}, {"security": 0.0}])
    def test_no_points_at_all_make_no_criteria(self, points):
        assert weigh(points, {"security": {"forms": 1.0}}) == []


class TestScores:
    def test_one_sum_serves_the_ranking_and_its_draws(self):
        generator = np.random.RandomState(7)
        points = generator.rand(30)
        rows = {f"R{row}": generator.rand(30).tolist() for row in range(12)}
        ranking = problem_of(points.tolist(), rows).ranking()

        draws = np.tile((points / points.sum())[:, None], 50)
        drawn = weighted_sum(list(rows.values()), draws)

        ours = np.array([scores(ranking)[name] / 100 for name in rows])
        assert drawn.shape == (12, 50)
        assert abs(drawn - ours[:, None]).max() < 1e-12

    def test_a_score_is_the_same_to_the_bit_among_others_and_alone(self):
        generator = np.random.RandomState(8)
        rows = {f"R{row}": generator.rand(29).tolist() for row in range(13)}

        together = scores(problem_of([1] * 29, rows).ranking())

        for name, row in rows.items():
            assert scores(problem_of([1] * 29, {name: row}).ranking()) == {
                name: together[name]
            }

    def test_points_by_theme_are_in_the_order_of_the_criteria(self):
        problem = Problem(
            points={"speed": 1, "security": 4, "learning": 0},
            shares={
                "security": {"forms": 0.7, "orm": 0.3},
                "speed": {"async": 1.0},
                "learning": {"orm": 1.0},
            },
            candidates=(
                Candidate(
                    slug="a",
                    name="A",
                    bounds={"forms": known(1.0), "orm": known(0.5)},
                ),
            ),
        )

        by_theme = problem.ranking().standings[0].by_theme()

        assert list(by_theme) == ["speed", "security"]
        assert by_theme == pytest.approx({"security": 68, "speed": 10})


class TestIntervals:
    def test_an_unknown_fact_is_neither_punished_nor_rewarded(self):
        rows = {"Unknown": [1, None], "Best": [1, 1], "Worst": [1, 0]}

        ranking = problem_of([1, 1], rows).ranking()

        assert scores(ranking) == {"Best": 100, "Unknown": 75, "Worst": 50}

    def test_a_bound_that_an_editor_knows_narrows_the_interval(self):
        problem = problem_of([1], {"A": [None]}).with_bounds("a", f0=(0.25, 0.6))

        standing = problem.ranking().standings[0]

        assert (standing.low, standing.score, standing.high) == pytest.approx(
            (25, 42.5, 60)
        )
        assert standing.coverage == 0

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
    @pytest.mark.parametrize(
        ("bounds", "met"),
        [
            ((0.6, 0.6), True),
            ((0.85, 0.85), True),
            ((0.6, 1.0), True),
            ((0.25, 0.25), False),
            ((0.0, 0.25), False),
            ((0.25, 0.6), None),
            ((0.0, 1.0), None),
        ],
    )
    def test_requirement_is_met_failed_or_not_verified(self, bounds, met):
        requirement = Requirement(feature="orm", threshold=Level.THIRD_PARTY.worth)

        assert requirement.verdict(bounds) is met

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
    def test_equal_shown_scores_share_a_place(self):
        rows = {"A": [0.7], "B": [0.704], "C": [0.69], "D": [0.9]}

        ranking = problem_of([1], rows).ranking()

        assert places(ranking) == [(1, "D"), (2, "B"), (2, "A"), (4, "C")]

    def test_a_shared_first_place_is_followed_by_the_third(self):
        ranking = problem_of([1], {"A": [1], "B": [1], "C": [0.5]}).ranking()

        assert places(ranking) == [(1, "A"), (1, "B"), (3, "C")]

    def test_inside_a_tie_the_better_known_comes_first(self):
        rows = {"Less known": [1, None, None], "Better known": [1, 0.5, None]}

        ranking = problem_of([1, 1, 1], rows).ranking()

        assert places(ranking) == [(1, "Better known"), (1, "Less known")]

    def test_inside_a_tie_of_equal_coverage_the_higher_floor_comes_first(self):
        problem = problem_of([1, 1], {"A": [0.5, None], "B": [0.5, None]})

        ranking = problem.with_bounds("b", f1=(0.25, 0.75)).ranking()

        assert places(ranking) == [(1, "B"), (1, "A")]

    def test_inside_a_full_tie_the_name_decides(self):
        candidates = [
            Candidate(slug="first", name="Zope", bounds={"f0": known(1.0)}),
            Candidate(slug="second", name="Aiohttp", bounds={"f0": known(1.0)}),
        ]

        ranking = rank(problem_of([1], {}).criteria, candidates)

        assert places(ranking) == [(1, "Aiohttp"), (1, "Zope")]

    def test_inside_a_tie_a_hidden_fraction_of_a_point_does_not_count(self):
        rows = {"Ahead": [0.704, None], "Better known": [0.7, 0.5]}

        ranking = problem_of([98, 2], rows).ranking()

        assert [s.shown_score for s in ranking.standings] == [70, 70]
        assert places(ranking) == [(1, "Better known"), (1, "Ahead")]

    def test_leaders_are_those_in_the_first_place_only(self):
        ranking = problem_of([1], {"A": [1], "B": [0.5]}).ranking()

        assert places(ranking) == [(1, "A"), (2, "B")]
        assert slugs(ranking.leaders) == ["a"]

    def test_a_higher_floor_does_not_outweigh_coverage(self):
        problem = problem_of([1, 1], {"A": [0.5, None], "B": [None, None]})

        ranking = problem.with_bounds("b", f0=(0.4, 0.6), f1=(0.4, 0.6)).ranking()

        assert [s.low for s in ranking.standings] == pytest.approx([25, 40])
        assert places(ranking) == [(1, "A"), (1, "B")]

    def test_the_order_of_summation_does_not_decide_a_tie(self):
        # 0.1 + 0.2 may be more than 0.3 in floats.
        rows = {"Zope": [0, 0, None, None], "Aiohttp": [None, None, 0, None]}

        ranking = problem_of([0.1, 0.2, 0.3, 0.4], rows).ranking()

        assert places(ranking) == [(1, "Aiohttp"), (1, "Zope")]


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

    def test_what_is_shown_does_not_depend_on_the_error_of_a_sum(self):
        # 2/3 × 0.85 + 1/3 × (0.7 × 0.85 + 0.3 × 0.6) is 0.825, or nearly in floats.
        problem = Problem(
            points={"security": 2, "speed": 1},
            shares={"security": {"orm": 1.0}, "speed": {"admin": 0.7, "forms": 0.3}},
            candidates=(
                Candidate(
                    slug="a",
                    name="A",
                    bounds={
                        "orm": known(0.85),
                        "admin": known(0.85),
                        "forms": known(0.6),
                    },
                ),
            ),
        )

        standing = problem.ranking().standings[0]

        assert standing.shown_score == 83


class TestWinners:
    def test_one_that_is_ahead_whatever_is_learned_wins_necessarily(self):
        rows = {"Sure": [1, 0.75], "Open": [0.5, None]}

        ranking = problem_of([4, 1], rows).ranking()

        assert ranking.necessary_winner().candidate.name == "Sure"
        assert slugs(ranking.possible_winners()) == ["sure"]

    def test_a_draw_at_best_is_still_a_possible_win(self):
        rows = {"Sure": [1, 0.5], "Open": [0.5, None]}

        ranking = problem_of([1, 1], rows).ranking()

        assert ranking.necessary_winner() is None
        assert slugs(ranking.possible_winners()) == ["sure", "open"]

    def test_the_error_of_a_sum_wins_nothing(self):
        # 1/11 + 2/11 may be more than 3/11 in floats.
        rows = {"A": [1, 1, 0, 0], "B": [0, 0, 1, 0]}

        ranking = problem_of([1, 2, 3, 5], rows).ranking()

        assert ranking.necessary_winner() is None
        assert slugs(ranking.possible_winners()) == ["a", "b"]

    def test_an_unverified_framework_may_still_win(self):
        problem = problem_of([4, 1], {"Fits": [0, 0.6], "Unverified": [1, None]})
        must_have = Requirement(feature="f1", threshold=0.6)

        ranking = replace(problem, requirements=(must_have,)).ranking()

        assert ranking.necessary_winner() is None
        assert slugs(ranking.possible_winners()) == ["fits", "unverified"]

    def test_one_that_may_fail_a_must_have_does_not_win_necessarily(self):
        problem = problem_of([1, 1], {"Only": [1, None]})
        must_have = Requirement(feature="f1", threshold=0.6)

        ranking = replace(problem, requirements=(must_have,)).ranking()

        assert places(ranking) == [(1, "Only")]
        assert ranking.necessary_winner() is None


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

    def test_no_frameworks_make_an_empty_ranking(self):
        ranking = problem_of([1], {}).ranking()

        assert everyone(ranking) == []
        assert ranking.leaders == []
        assert ranking.possible_winners() == []
        assert ranking.necessary_winner() is None

    def test_all_excluded_leave_no_winner(self):
        problem = problem_of([1], {"A": [0.25], "B": [0]})
        must_have = Requirement(feature="f0", threshold=0.6)

        ranking = replace(problem, requirements=(must_have,)).ranking()

        assert ranking.leaders == []
        assert ranking.possible_winners() == []
        assert ranking.necessary_winner() is None

    def test_one_framework_stands_first(self):
        ranking = problem_of([1], {"A": [0.25]}).ranking()

        assert places(ranking) == [(1, "A")]
        assert ranking.necessary_winner() is ranking.standings[0]

    def test_all_unknown_is_a_draw_in_the_middle(self):
        rows = {"A": [None, None], "B": [None, None]}

        ranking = problem_of([4, 1], rows).ranking()

        assert places(ranking) == [(1, "A"), (1, "B")]
        for standing in ranking.standings:
            assert (standing.low, standing.score, standing.high) == pytest.approx(
                (0, 50, 100)
            )
            assert standing.coverage == 0
        assert slugs(ranking.possible_winners()) == ["a", "b"]
        assert ranking.necessary_winner() is None

    def test_identical_frameworks_have_no_winner(self):
        rows = dict.fromkeys(["A", "B", "C"], [0.6, 0.25, None])

        ranking = problem_of([4, 2, 1], rows).ranking()

        assert places(ranking) == [(1, "A"), (1, "B"), (1, "C")]
        assert slugs(ranking.possible_winners()) == ["a", "b", "c"]
        assert ranking.necessary_winner() is None

    def test_identical_and_fully_known_frameworks_have_no_winner(self):
        ranking = problem_of([4, 1], {"A": [1, 0.1], "B": [1, 0.1]}).ranking()

        assert slugs(ranking.leaders) == ["a", "b"]
        assert ranking.necessary_winner() is None

    def test_frameworks_may_come_from_a_generator(self):
        problem = problem_of([1], {"A": [1], "B": [0]})

        ranking = rank(problem.criteria, iter(problem.candidates))

        assert places(ranking) == [(1, "A"), (2, "B")]
