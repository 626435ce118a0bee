"""Oracles of how sure the order is, and of what would change it."""

from dataclasses import replace

import pytest

from advisor.ranking.flips import flips
from advisor.ranking.order import Requirement, rank
from advisor.ranking.robustness import Acceptability, Certainty, acceptability
from tests.advisor.ranking.problems import known, problem_of

TOY = {"A": [0.75, 0.5, 0.25], "B": [0.5, 1, 0.5], "C": [0.75, None, 0.5]}


def flips_between(problem, leader=0, challenger=1):
    return flips(
        problem.candidates[leader],
        problem.candidates[challenger],
        problem.points,
        problem.shares,
    )


class TestExactShares:
    """Shares that are known exactly, within six standard errors of the draws."""

    @pytest.mark.parametrize(
        ("concentration", "points", "exact"),
        [(2, [1, 1], 0.571429), (10, [6, 4], 0.865323), (20, [3, 7], 0.108660)],
    )
    def test_two_themes_follow_the_beta_distribution(
        self, concentration, points, exact
    ):
        # A is first where the first weight exceeds 3/7.
        problem = problem_of(points, {"A": [0.7, 0.3], "B": [0.3, 0.6]})

        found = problem.acceptability(draws=40_000, spread=(concentration + 1) ** -0.5)

        assert found.first_share("a") == pytest.approx(exact, abs=0.015)
        assert found.first_share("b") == pytest.approx(1 - exact, abs=0.015)

    def test_three_specialists_leave_little_to_the_all_rounder(self):
        rows = {"A": [1, 0, 0], "B": [0, 1, 0], "C": [0, 0, 1], "D": [0.4, 0.4, 0.4]}

        # Flat over three themes: a concentration of three.
        found = problem_of([1, 1, 1], rows).acceptability(draws=40_000, spread=0.5**0.5)

        assert found.first_share("d") == pytest.approx(0.04, abs=0.006)
        for slug in "abc":
            assert found.first_share(slug) == pytest.approx(0.32, abs=0.014)

    def test_with_one_theme_only_unknown_facts_vary(self):
        rows = {"Sure": [0.7], "Open": [None]}

        found = problem_of([4], rows).acceptability(draws=40_000)

        assert found.first_share("open") == pytest.approx(0.3, abs=0.014)

    def test_a_fact_that_counts_in_two_themes_is_drawn_once(self):
        problem = problem_of([1, 1], {"Sure": [0.9, 0.9], "Open": [None, None]})
        one_fact = replace(problem, shares={"f0": {"f0": 1}, "f1": {"f0": 1}})

        # The mean of two facts exceeds .9 in .02 of draws, one fact in .1.
        found = one_fact.acceptability(draws=40_000)

        assert found.first_share("open") == pytest.approx(0.1, abs=0.009)

    def test_a_group_draws_a_person_first(self):
        # Each of the two themes alone makes another framework the first.
        rows = {"A": [1, 0], "B": [0, 1], "Both": [0.5, 0.5]}
        people = [problem_of(points, rows).criteria for points in ([4, 0], [0, 4])]

        found = acceptability(
            problem_of([1, 1], rows).ranking().standings, people, draws=40_000
        )

        assert found.first_share("a") == pytest.approx(0.5, abs=0.015)
        assert found.first_share("b") == pytest.approx(0.5, abs=0.015)
        assert found.rank_shares["both"] == [0, 1, 0]


class TestLabels:
    @pytest.mark.parametrize(
        ("share", "certainty"),
        [
            (1.0, Certainty.CLEAR),
            (0.8, Certainty.CLEAR),
            # Ties that are split may not add up to the last bit.
            (0.8 - 1e-12, Certainty.CLEAR),
            (0.79, Certainty.LIKELY),
            (0.5, Certainty.LIKELY),
            (0.49, Certainty.CLOSE_CALL),
        ],
    )
    def test_share_of_first_places_decides_the_label(self, share, certainty):
        found = Acceptability(rank_shares={"a": [share, 1 - share]})

        assert found.certainty("a") == certainty

    @pytest.mark.parametrize(
        ("shares", "leaders"),
        [
            ([0.9, 0.06, 0.04], ["a"]),
            ([0.04, 0.5, 0.46], ["b", "c"]),
            ([0.5, 0.25, 0.25], ["a", "b", "c"]),
            # Neither of two equals is named without the other.
            ([0.8, 0.1, 0.1], ["a", "b", "c"]),
        ],
    )
    def test_leaders_are_the_smallest_set_that_favours_nobody(self, shares, leaders):
        rank_shares = {slug: [share] for slug, share in zip("abc", shares, strict=True)}

        assert Acceptability(rank_shares=rank_shares).leaders() == leaders


class TestDegenerateInput:
    def test_no_frameworks_share_no_places(self):
        assert acceptability([]).rank_shares == {}
        assert acceptability([]).leaders() == []

    def test_one_framework_is_always_first(self):
        assert problem_of([4, 1], {"A": [None, 0]}).acceptability().rank_shares == {
            "a": [1.0]
        }

    def test_identical_frameworks_split_every_place(self):
        rows = dict.fromkeys(["A", "B"], [0.6, 0.25])

        found = problem_of([4, 1], rows).acceptability()

        assert found.rank_shares == {"a": [0.5, 0.5], "b": [0.5, 0.5]}

    def test_nothing_answered_splits_every_place(self):
        candidates = problem_of([1], {"A": [1], "B": [None]}).candidates

        found = acceptability(rank([], candidates).standings)

        assert found.rank_shares == {"a": [0.5, 0.5], "b": [0.5, 0.5]}

    def test_one_that_is_not_verified_is_never_first(self):
        must_have = Requirement(feature="f1", threshold=0.6)
        rows = {"Fits": [0, 0.6], "Open": [1, None]}

        found = problem_of([4, 1], rows, [must_have]).acceptability()

        assert found.first_share("fits") == 1


class TestFlips:
    def test_flips_of_the_toy_have_their_closed_form(self):
        found = flips_between(problem_of([4, 2, 1], TOY), leader=1, challenger=0)

        assert found.margin == pytest.approx(1 / 28)
        assert {flip.theme: flip.after for flip in found.themes} == pytest.approx(
            {"f0": 5, "f1": 1.5, "f2": 0}
        )
        assert found.transfer.taken == pytest.approx({"f1": 1 / 21})
        assert found.transfer.to == "f0"
        # 1/28 over weights of 4/7, 2/7 and 1/7.
        assert {flip.feature: flip.after for flip in found.facts} == pytest.approx(
            {"f0": 0.8125, "f1": 0.625, "f2": 0.5}
        )

    def test_dominated_framework_cannot_overtake(self):
        found = flips_between(problem_of([1, 0], {"A": [1, 1], "B": [0.5, 0.5]}))

        assert found.is_dominated
        assert found.transfer is None

    def test_a_theme_without_points_is_a_way_to_overtake(self):
        found = flips_between(problem_of([4, 0], {"A": [1, 0], "B": [0.5, 1]}))

        assert not found.is_dominated
        assert {flip.theme: flip.after for flip in found.themes} == {"f1": 2}

    def test_taking_away_the_only_points_is_no_flip(self):
        found = flips_between(problem_of([4, 0], {"A": [1, 0.5], "B": [0.5, 0.5]}))

        assert found.themes == []

    def test_a_transfer_exhausts_one_theme_before_the_next(self):
        rows = {"A": [1, 0.75, 0], "B": [0, 0, 0.25]}

        found = flips_between(problem_of([1, 4, 0], rows))

        # 0.8 are to be gained: 0.2 of weight at 1.25, then the rest at 1.
        assert found.transfer.taken == pytest.approx({"f0": 0.2, "f1": 0.55})

    def test_an_unknown_fact_flips_only_within_its_bounds(self):
        problem = problem_of([1, 1], {"A": [0.9, 0.5], "B": [0.5, None]})

        wide = flips_between(problem).facts
        narrow = flips_between(problem.with_bounds("b", f1=(0.25, 0.75))).facts

        assert [(f.feature, f.is_known) for f in wide] == [
            ("f0", True),
            ("f1", False),
        ]
        assert [f.feature for f in narrow] == ["f0"]

    def test_level_frameworks_need_no_change(self):
        found = flips_between(problem_of([1, 1], {"A": [1, 0], "B": [0, 1]}))

        assert found.is_level
        assert not found.is_dominated
        assert found.facts == []

    def test_without_points_nothing_flips(self):
        found = flips_between(problem_of([0, 0], {"A": [1, 0], "B": [0, 1]}))

        assert (found.themes, found.transfer, found.facts) == ([], None, [])
        assert found.is_level

    def test_bounds_of_an_unknown_leader_count_in_the_middle(self):
        problem = problem_of([1, 1], {"A": [1, None], "B": [0.75, 0.5]})

        assert flips_between(problem).margin == pytest.approx(0.125)
        settled = problem.with_bounds("a", f1=known(0.5))
        assert flips_between(settled).margin == pytest.approx(0.125)
