"""Oracles of how sure the order is, of what makes it doubtful, and what to ask."""

from dataclasses import replace

import pytest

from advisor.ranking.draws import Doubt, Evidence, Ladder, Person
from advisor.ranking.order import rank
from advisor.ranking.robustness import (
    Acceptability,
    Certainty,
    Draws,
    certainty,
)
from tests.advisor.ranking.problems import problem_of

LADDER = Ladder(worths=[0, 0.5, 1], ranges=[(0, 0), (0.4, 0.6), (1, 1)], slip=0.1)


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
        people = [problem_of(points, rows).person for points in ([4, 0], [0, 4])]

        draws = Draws(problem_of([1, 1], rows).ranking().standings, people)
        found = draws.acceptability(40_000)

        assert found.first_share("a") == pytest.approx(0.5, abs=0.015)
        assert found.first_share("b") == pytest.approx(0.5, abs=0.015)
        assert found.rank_shares["both"] == [0, 1, 0]


class TestLabels:
    @pytest.mark.parametrize(
        ("share", "label"),
        [
            (1.0, Certainty.CLEAR),
            (0.82, Certainty.CLEAR),
            # Ties that are split may not add up to the last bit.
            (0.82 - 1e-12, Certainty.CLEAR),
            (0.81, Certainty.LIKELY),
            (0.5, Certainty.LIKELY),
            (0.49, Certainty.CLOSE_CALL),
        ],
    )
    def test_share_of_first_places_decides_the_label(self, share, label):
        ranking = problem_of([1], {"A": [0.8], "B": [0.5]}).ranking()
        found = Acceptability(rank_shares={"a": [share, 1 - share]})

        assert certainty(ranking, found, themes=2) == label

    def test_level_frameworks_are_never_told_apart_by_the_draws(self):
        ranking = problem_of([1], {"A": [0.8], "B": [0.795]}).ranking()

        found = Acceptability(rank_shares={"a": [1.0, 0.0]})

        assert certainty(ranking, found, themes=2) == Certainty.TIE

    def test_one_theme_alone_is_never_clear(self):
        ranking = problem_of([1], {"A": [0.8], "B": [0.5]}).ranking()

        found = Acceptability(rank_shares={"a": [1.0, 0.0]})

        assert certainty(ranking, found, themes=1) == Certainty.LIKELY

    def test_without_a_choice_nothing_is_sure_or_doubtful(self):
        ranking = problem_of([1], {"A": [0.8]}).ranking()

        assert certainty(ranking, Acceptability(rank_shares={"a": [1.0]}), 2) is None

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
        found = Draws([], []).acceptability()

        assert (found.rank_shares, found.leaders()) == ({}, [])

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

        found = Draws(rank([], candidates).standings, []).acceptability()

        assert found.rank_shares == {"a": [0.5, 0.5], "b": [0.5, 0.5]}


class TestDoubts:
    """Each doubt alone, where the share of first places is known exactly."""

    def share(self, rows, doubt, points=(1,), skipped=(), **evidence):
        problem = problem_of(points, rows)
        person = Person(
            points={k: v for k, v in problem.points.items() if k not in skipped},
            shares=problem.shares,
            skipped=skipped,
        )
        draws = Draws(problem.ranking().standings, [person], Evidence(**evidence))
        found = draws.acceptability(40_000, drawn=frozenset({doubt}))
        return found.first_share("a")

    def test_what_a_level_is_worth_varies_within_its_range(self):
        # The middle level, anywhere from .4 to .6, against a value of .55.
        rows = {"A": [0.5], "B": [0.55]}

        found = self.share(rows, Doubt.SCALE, ladders={"f0": LADDER})

        assert found == pytest.approx(0.25, abs=0.015)

    @pytest.mark.parametrize(
        ("contested", "behind"), [(frozenset(), 0.1), (frozenset({("a", "f0")}), 0.3)]
    )
    def test_a_finding_is_one_step_off_and_a_contested_one_more_often(
        self, contested, behind
    ):
        found = self.share(
            {"A": [1], "B": [0.9]},
            Doubt.FINDINGS,
            ladders={"f0": LADDER},
            contested=contested,
        )

        assert found == pytest.approx(1 - behind, abs=0.02)

    def test_a_skipped_theme_may_count_and_one_that_does_not_matter_does_not(self):
        # B passes A once the second theme has at least 2 points beside 4.
        rows = {"A": [0.6, 0], "B": [0.3, 0.7]}

        found = self.share(rows, Doubt.SKIPPED, [4, 0], skipped=["f1"])

        assert found == pytest.approx(0.8, abs=0.015)
        assert self.share(rows, Doubt.SKIPPED, [4, 0]) == 1

    def test_the_doubt_that_takes_the_first_place_away_is_named(self):
        problem = problem_of([1], {"A": [0.6], "B": [None]})

        found = Draws(problem.ranking().standings, [problem.person]).doubts()

        assert max(found, key=found.get) == Doubt.FACTS
        assert found[Doubt.FACTS] == pytest.approx(0.4, abs=0.1)
        assert found[Doubt.SCALE] == 0


class TestNextQuestion:
    ROWS = {"A": [1, 0, 0.5], "B": [0.8, 1, 0.5]}

    def settled(self, points, skipped, rows=None):
        problem = problem_of([1, 1, 1], rows or self.ROWS)
        person = Person(points=points, shares=problem.shares, skipped=skipped)
        standings = replace(problem, points=points).ranking().standings
        return Draws(standings, [person]).settled()

    def test_the_theme_that_tells_them_apart_is_asked_about(self):
        found = self.settled({"f0": 4}, ["f1", "f2"])

        assert found.next_theme == "f1"
        assert found.gains["f1"] > found.gains["f2"]

    def test_nothing_is_asked_where_no_answer_changes_the_first(self):
        found = self.settled({"f0": 4}, ["f1", "f2"], {"A": [1, 1, 1], "B": [0, 0, 0]})

        assert (found.share, found.next_theme) == (1, None)

    def test_nothing_is_asked_of_whom_nothing_is_open(self):
        assert self.settled({"f0": 4, "f1": 1, "f2": 1}, []).next_theme is None
