"""The ranking agrees with published examples and keeps its promises.

The examples are the oracles of ``ranking.md``; the promises are checked on
generated problems. Nothing here needs the database.
"""

import math
import random
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from advisor.ranking import (
    UNKNOWN,
    Candidate,
    Requirement,
    Tier,
    rank,
    relaxations,
    shown,
    weigh,
)
from comparisons.choices import Level

# Derandomized, so that a run in CI can be repeated.
thorough = settings(max_examples=200, deadline=None, derandomize=True, database=None)

WORTHS = sorted({level.worth for level in Level if level.is_known})
POINTS = [0, 1, 2, 4]
FEATURES = ["orm", "admin", "forms", "caching", "async"]
THEMES = ["security", "speed", "learning", "structure"]
# How editors split themes: every split sums to one.
SPLITS = [
    (1.0,),
    (0.5, 0.5),
    (0.7, 0.3),
    (0.4, 0.2, 0.2, 0.2),
    (0.35, 0.3, 0.15, 0.15, 0.05),
]


@dataclass(frozen=True, kw_only=True)
class Problem:
    """All that a ranking is made from, so that a test can change one thing."""

    points: dict
    shares: dict
    candidates: tuple
    requirements: tuple = ()

    @property
    def criteria(self):
        return weigh(self.points, self.shares)

    def ranking(self):
        return rank(self.criteria, self.candidates, self.requirements)

    def with_bounds(self, index, bounds):
        """Return the problem with other facts on the framework at ``index``."""
        candidates = list(self.candidates)
        candidates[index] = replace(candidates[index], bounds=bounds)
        return replace(self, candidates=tuple(candidates))

    def completed(self, fact):
        """Return the problem with all known: ``fact(candidate, feature)``."""
        return replace(
            self,
            candidates=tuple(
                replace(
                    candidate,
                    bounds={
                        feature: known(fact(candidate, feature)) for feature in FEATURES
                    },
                )
                for candidate in self.candidates
            ),
        )


def known(value):
    return (value, value)


def problem_of(points, rows):
    """Return a problem with one theme per column; None is an unknown fact."""
    features = [f"f{column}" for column in range(len(points))]
    return Problem(
        points=dict(zip(features, points, strict=True)),
        shares={feature: {feature: 1.0} for feature in features},
        candidates=tuple(
            Candidate(
                slug=name.lower(),
                name=name,
                bounds={
                    feature: known(value)
                    for feature, value in zip(features, row, strict=True)
                    if value is not None
                },
            )
            for name, row in rows.items()
        ),
    )


def scores(ranking):
    return {s.candidate.name: s.score for s in ranking.standings}


def places(ranking):
    return [(s.rank, s.candidate.name) for s in ranking.standings]


def slugs(standings):
    return [standing.candidate.slug for standing in standings]


def everyone(ranking):
    return [*ranking.standings, *ranking.excluded]


def summary(standing):
    return (
        standing.candidate.slug,
        standing.tier,
        standing.rank,
        standing.shown_score,
        standing.score,
        standing.low,
        standing.high,
        standing.coverage,
        set(standing.failed),
        set(standing.unverified),
    )


def outcome(ranking):
    """Return everything that a ranking says, in its order."""
    return [summary(standing) for standing in everyone(ranking)]


values = st.sampled_from(WORTHS) | st.floats(0, 1)
# A narrower range than 0.001 could vanish in the rounding of a sum.
ranges = st.sampled_from([UNKNOWN, *combinations(WORTHS, 2)]) | st.tuples(
    st.floats(0, 0.5), st.floats(0.501, 1)
)
facts = values.map(known) | values.map(known) | ranges
tables = st.fixed_dictionaries(
    dict.fromkeys(FEATURES[:3], facts), optional=dict.fromkeys(FEATURES[3:], facts)
)
shares_of_a_theme = st.dictionaries(
    st.sampled_from(FEATURES),
    st.sampled_from([0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1.0]) | st.floats(0.001, 1),
    min_size=1,
    max_size=4,
)
must_haves = st.lists(
    st.builds(
        Requirement,
        feature=st.sampled_from(FEATURES),
        threshold=values.filter(lambda threshold: threshold > 0),
    ),
    max_size=3,
    unique_by=lambda requirement: (requirement.feature, requirement.threshold),
).map(tuple)


@st.composite
def problems(draw, min_candidates=1):
    themes = draw(
        st.lists(st.sampled_from(THEMES), min_size=1, max_size=3, unique=True)
    )
    # Two frameworks may have the same name; their slugs differ.
    names = st.sampled_from(["Ada", "Bea", "Cyd"])
    return Problem(
        points=draw(
            st.fixed_dictionaries(
                dict.fromkeys(themes, st.sampled_from(POINTS))
            ).filter(lambda points: any(points.values()))
        ),
        shares={theme: draw(shares_of_a_theme) for theme in themes},
        candidates=tuple(
            Candidate(slug=f"framework-{number}", name=draw(names), bounds=draw(tables))
            for number in range(draw(st.integers(min_candidates, 4)))
        ),
        requirements=draw(must_haves),
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

    @thorough
    @given(problem=problems())
    def test_weights_are_positive_and_sum_to_one(self, problem):
        weights = [criterion.weight for criterion in problem.criteria]

        assert min(weights) > 0
        assert math.fsum(weights) == pytest.approx(1, rel=1e-12)


class TestScores:
    @thorough
    @given(problem=problems())
    def test_score_is_the_weighted_sum_in_exact_arithmetic(self, problem):
        for standing in everyone(problem.ranking()):
            exact = exact_score(problem, standing.candidate, Fraction)

            assert standing.score == pytest.approx(float(exact), rel=1e-12, abs=1e-300)

    @thorough
    @given(problem=problems())
    def test_contributions_add_up_to_the_score(self, problem):
        for standing in everyone(problem.ranking()):
            total = sum(part.points for part in standing.contributions)
            by_theme = sum(standing.by_theme().values())

            assert total == pytest.approx(standing.score, rel=1e-12, abs=0)
            assert by_theme == pytest.approx(standing.score, rel=1e-12, abs=0)

    @thorough
    @given(problem=problems())
    def test_points_had_and_lost_make_a_hundred(self, problem):
        for standing in everyone(problem.ranking()):
            parts = standing.contributions

            assert sum(part.points + part.lost for part in parts) == pytest.approx(100)
            assert all(part.lost >= 0 for part in parts)

    @thorough
    @given(problem=problems())
    def test_open_facts_make_up_the_interval(self, problem):
        for standing in everyone(problem.ranking()):
            spread = sum(part.spread for part in standing.contributions)

            assert spread == pytest.approx(standing.high - standing.low, abs=1e-9)

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

    @thorough
    @given(problem=problems())
    def test_everything_is_a_finite_number_on_its_scale(self, problem):
        ranking = problem.ranking()

        for standing in everyone(ranking):
            for number in (standing.low, standing.score, standing.high):
                assert 0 <= number <= 100 + 1e-9
            assert 0 <= standing.coverage <= 1 + 1e-12
            assert 0 <= standing.shown_score <= 100
        assert all(standing.rank >= 1 for standing in ranking.standings)
        assert all(standing.rank == 0 for standing in ranking.excluded)


def exact_score(problem, candidate, exactly):
    """Return the score as a fraction; ``exactly`` reads a number as one."""
    total_points = sum(problem.points.values())
    score = Fraction(0)
    for theme, points in problem.points.items():
        shares = {
            feature: exactly(share) for feature, share in problem.shares[theme].items()
        }
        for feature, share in shares.items():
            low, high = candidate.bounds.get(feature, (0, 1))
            weight = Fraction(points, total_points) * share / sum(shares.values())
            score += 100 * weight * (exactly(low) + exactly(high)) / 2
    return score


class TestIntervals:
    @thorough
    @given(problem=problems())
    def test_score_lies_between_its_bounds(self, problem):
        for standing in everyone(problem.ranking()):
            assert standing.low <= standing.score <= standing.high

    @thorough
    @given(problem=problems())
    def test_bounds_are_equal_only_when_all_is_known(self, problem):
        for standing in everyone(problem.ranking()):
            is_all_known = math.isclose(standing.coverage, 1, abs_tol=1e-9)

            assert (standing.low == standing.score == standing.high) is is_all_known

    @thorough
    @given(problem=problems(), data=st.data())
    def test_learning_a_fact_keeps_the_interval_inside_the_old(self, problem, data):
        before = Problem(
            points=problem.points,
            shares=problem.shares,
            candidates=problem.candidates[:1],
        )
        candidate = before.candidates[0]
        feature = data.draw(st.sampled_from(FEATURES))
        between = st.floats(*candidate.bounds_on(feature))
        fact = data.draw(
            between.map(known) | st.tuples(between, between).map(sorted).map(tuple)
        )

        after = before.with_bounds(0, {**candidate.bounds, feature: fact})

        old, new = before.ranking().standings[0], after.ranking().standings[0]
        assert old.low <= new.low <= new.score <= new.high <= old.high
        assert new.coverage >= old.coverage

    def test_an_unknown_fact_is_neither_punished_nor_rewarded(self):
        rows = {"Unknown": [1, None], "Best": [1, 1], "Worst": [1, 0]}

        ranking = problem_of([1, 1], rows).ranking()

        assert scores(ranking) == {"Best": 100, "Unknown": 75, "Worst": 50}

    def test_a_bound_that_an_editor_knows_narrows_the_interval(self):
        problem = problem_of([1], {"A": [None]}).with_bounds(0, {"f0": (0.25, 0.6)})

        standing = problem.ranking().standings[0]

        assert (standing.low, standing.score, standing.high) == pytest.approx(
            (25, 42.5, 60)
        )
        assert standing.coverage == 0

    def test_under_sixty_percent_is_too_little_known(self):
        standing = problem_of([59, 41], {"A": [1, None]}).ranking().standings[0]

        assert standing.is_too_little_known

    def test_sixty_percent_are_enough_whatever_the_order_of_summation(self):
        # 4/9 + 2/9 × 0.7 is 0.6, but 0.5999999999999999 in floats.
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

        assert standing.coverage < 0.6
        assert not standing.is_too_little_known


class TestNeutrality:
    @thorough
    @given(problem=problems(), data=st.data())
    def test_the_order_of_the_input_changes_nothing(self, problem, data):
        def shuffled(mapping):
            return dict(data.draw(st.permutations(list(mapping.items()))))

        permuted = Problem(
            points=shuffled(problem.points),
            shares={
                theme: shuffled(shares)
                for theme, shares in shuffled(problem.shares).items()
            },
            candidates=tuple(data.draw(st.permutations(problem.candidates))),
            requirements=tuple(data.draw(st.permutations(problem.requirements))),
        )

        assert outcome(permuted.ranking()) == outcome(problem.ranking())

    @thorough
    @given(problem=problems(min_candidates=2), data=st.data())
    def test_another_framework_leaves_scores_and_order_alone(self, problem, data):
        leaver = data.draw(st.sampled_from(problem.candidates))
        others = [other for other in problem.candidates if other is not leaver]

        with_it = problem.ranking()
        without_it = replace(problem, candidates=tuple(others)).ranking()

        assert unplaced(without_it.standings) == [
            row for row in unplaced(with_it.standings) if row[0] != leaver.slug
        ]
        assert unplaced(without_it.excluded) == [
            row for row in unplaced(with_it.excluded) if row[0] != leaver.slug
        ]

    @thorough
    @given(problem=problems())
    def test_doubling_all_points_changes_nothing(self, problem):
        points = {theme: 2 * given for theme, given in problem.points.items()}

        doubled = replace(problem, points=points)

        assert outcome(doubled.ranking()) == outcome(problem.ranking())

    @thorough
    @given(problem=problems(), shares=shares_of_a_theme)
    def test_a_theme_without_points_changes_nothing(self, problem, shares):
        ignored = replace(
            problem,
            points={"ignored": 0, **problem.points},
            shares={"ignored": shares, **problem.shares},
        )

        assert outcome(ignored.ranking()) == outcome(problem.ranking())

    @thorough
    @given(problem=problems(), data=st.data())
    def test_raising_a_value_never_lowers_that_rank(self, problem, data):
        index = data.draw(st.sampled_from(range(len(problem.candidates))))
        feature = data.draw(st.sampled_from(FEATURES))
        candidate = problem.candidates[index]
        low, high = candidate.bounds_on(feature)
        raised_low = max(low, data.draw(values))
        raised = (raised_low, max(high, raised_low, data.draw(values)))

        after = problem.with_bounds(index, {**candidate.bounds, feature: raised})

        old = standing_of(problem.ranking(), candidate)
        new = standing_of(after.ranking(), candidate)
        assert new.score >= old.score
        if old.tier != Tier.EXCLUDED:
            assert new.tier != Tier.EXCLUDED
            assert new.rank <= old.rank

    @thorough
    @given(problem=problems(), data=st.data())
    def test_raising_a_known_value_moves_nothing_down(self, problem, data):
        index = data.draw(st.sampled_from(range(len(problem.candidates))))
        candidate = problem.candidates[index]
        settled = [f for f, (low, high) in candidate.bounds.items() if low == high]
        assume(settled)
        feature = data.draw(st.sampled_from(settled))
        raised = max(candidate.bounds[feature][0], data.draw(values))

        after = problem.with_bounds(index, {**candidate.bounds, feature: known(raised)})

        old, new = slugs(problem.ranking().standings), slugs(after.ranking().standings)
        if candidate.slug in old:
            assert new.index(candidate.slug) <= old.index(candidate.slug)


def unplaced(standings):
    """Return what is said about each framework, without its place."""
    return [
        (slug, tier, *rest)
        for slug, tier, _, *rest in (summary(standing) for standing in standings)
    ]


def standing_of(ranking, candidate):
    return next(
        standing
        for standing in everyone(ranking)
        if standing.candidate.slug == candidate.slug
    )


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

    @thorough
    @given(problem=problems())
    def test_tiers_follow_from_the_facts(self, problem):
        ranking = problem.ranking()

        for standing in everyone(ranking):
            bounds = [
                (standing.candidate.bounds_on(required.feature), required.threshold)
                for required in problem.requirements
            ]
            fails = any(high < threshold for (_, high), threshold in bounds)
            fits = all(low >= threshold for (low, _), threshold in bounds)
            assert (standing.tier == Tier.EXCLUDED) is fails
            assert (standing.tier == Tier.FITS) is fits

    @thorough
    @given(problem=problems())
    def test_a_failed_must_have_never_ranks(self, problem):
        ranking = problem.ranking()

        assert all(standing.failed for standing in ranking.excluded)
        assert not any(standing.failed for standing in ranking.standings)
        assert sorted(slugs(everyone(ranking))) == sorted(
            candidate.slug for candidate in problem.candidates
        )

    @thorough
    @given(problem=problems(), threshold=values.filter(lambda value: value > 0))
    def test_a_must_have_on_an_unknown_fact_never_excludes(self, problem, threshold):
        requirement = Requirement(feature="nobody-knows", threshold=threshold)

        stricter = replace(problem, requirements=(*problem.requirements, requirement))

        before, after = problem.ranking(), stricter.ranking()
        assert slugs(after.excluded) == slugs(before.excluded)
        assert all(requirement in s.unverified for s in everyone(after))
        assert all(s.tier == Tier.UNVERIFIED for s in after.standings)

    @thorough
    @given(problem=problems())
    def test_no_must_have_changes_a_score(self, problem):
        free = replace(problem, requirements=()).ranking()

        for standing in everyone(problem.ranking()):
            same = standing_of(free, standing.candidate)
            assert standing.contributions == same.contributions
            assert standing.score == same.score
            assert (standing.low, standing.high) == (same.low, same.high)
            assert standing.coverage == same.coverage

    @thorough
    @given(problem=problems())
    def test_order_inside_a_tier_is_that_without_must_haves(self, problem):
        ranking = problem.ranking()
        free = slugs(replace(problem, requirements=()).ranking().standings)

        for tier in (Tier.FITS, Tier.UNVERIFIED):
            inside = slugs(s for s in ranking.standings if s.tier == tier)
            assert inside == [slug for slug in free if slug in inside]

    @thorough
    @given(problem=problems())
    def test_those_that_fit_stand_before_the_unverified(self, problem):
        tiers = [standing.tier for standing in problem.ranking().standings]

        assert tiers == sorted(tiers, key=[Tier.FITS, Tier.UNVERIFIED].index)

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


class TestRelaxations:
    def test_each_must_have_tells_how_many_come_back_without_it(self):
        orm, admin = (
            Requirement(feature=feature, threshold=0.6) for feature in ("f0", "f1")
        )
        candidates = problem_of(
            [1, 1],
            {
                "Orm only": [1, 0],
                "Orm and perhaps": [0.25, None],
                "Admin only": [0, 1],
                "Neither": [0, 0],
            },
        ).candidates

        assert relaxations(candidates, [orm, admin]) == {orm: 2, admin: 1}

    def test_no_must_haves_need_no_relaxing(self):
        assert relaxations([Candidate(slug="a", name="A")], []) == {}

    @thorough
    @given(problem=problems())
    def test_count_is_what_a_ranking_without_the_must_have_holds(self, problem):
        counts = relaxations(iter(problem.candidates), problem.requirements)

        assert counts == {
            dropped: len(
                rank(
                    problem.criteria,
                    problem.candidates,
                    [other for other in problem.requirements if other != dropped],
                ).standings
            )
            for dropped in problem.requirements
        }


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

        ranking = problem.with_bounds(
            1, {"f0": known(0.5), "f1": (0.25, 0.75)}
        ).ranking()

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

        ranking = problem.with_bounds(1, {"f0": (0.4, 0.6), "f1": (0.4, 0.6)}).ranking()

        assert [s.low for s in ranking.standings] == pytest.approx([25, 40])
        assert places(ranking) == [(1, "A"), (1, "B")]

    def test_the_order_of_summation_does_not_decide_a_tie(self):
        # 0.1 + 0.2 is more than 0.3 in floats.
        rows = {"Zope": [0, 0, None, None], "Aiohttp": [None, None, 0, None]}

        ranking = problem_of([0.1, 0.2, 0.3, 0.4], rows).ranking()

        known_of = {s.candidate.name: s.coverage for s in ranking.standings}
        assert known_of["Zope"] > known_of["Aiohttp"]
        assert places(ranking) == [(1, "Aiohttp"), (1, "Zope")]

    @thorough
    @given(problem=problems())
    def test_place_counts_those_that_stand_before(self, problem):
        standings = problem.ranking().standings

        for standing in standings:
            before = [
                other
                for other in standings
                if (other.tier == Tier.FITS) > (standing.tier == Tier.FITS)
                or (
                    other.tier == standing.tier
                    and other.shown_score > standing.shown_score
                )
            ]
            assert standing.rank == 1 + len(before)
        assert all(a.rank <= b.rank for a, b in pairwise(standings))


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
        # 2/3 × 0.85 + 1/3 × (0.7 × 0.85 + 0.3 × 0.6) is 0.825.
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

        assert standing.score < 82.5
        assert standing.shown_score == 83

    @thorough
    @given(data=st.data())
    def test_levels_and_splits_round_as_in_exact_arithmetic(self, data):
        themes = data.draw(st.lists(st.sampled_from(THEMES), min_size=1, unique=True))
        points = {theme: data.draw(st.sampled_from(POINTS[1:])) for theme in themes}
        shares = {
            theme: dict(zip(FEATURES, data.draw(st.sampled_from(SPLITS)), strict=False))
            for theme in themes
        }
        levels = st.sampled_from(WORTHS)
        bounds = data.draw(
            st.dictionaries(
                st.sampled_from(FEATURES),
                levels.map(known) | st.tuples(levels, levels).map(sorted).map(tuple),
            )
        )
        problem = Problem(
            points=points,
            shares=shares,
            candidates=(Candidate(slug="a", name="A", bounds=bounds),),
        )

        standing = problem.ranking().standings[0]

        exact = exact_score(
            problem, standing.candidate, lambda number: Fraction(str(number))
        )
        assert standing.shown_score == math.floor(exact + Fraction(1, 2))


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
        # 1/11 + 2/11 is more than 3/11 in floats.
        rows = {"A": [1, 1, 0, 0], "B": [0, 0, 1, 0]}

        ranking = problem_of([1, 2, 3, 5], rows).ranking()

        assert ranking.standings[0].low > ranking.standings[1].high
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

    @thorough
    @given(problem=problems(), data=st.data())
    def test_whoever_is_best_once_all_is_known_was_a_possible_winner(
        self, problem, data
    ):
        possible = slugs(problem.ranking().possible_winners())

        later = problem.completed(
            lambda candidate, feature: data.draw(
                st.floats(*candidate.bounds_on(feature))
            )
        ).ranking()

        best = max((standing.score for standing in later.standings), default=0)
        assert {
            standing.candidate.slug
            for standing in later.standings
            if standing.score == best
        } <= set(possible)

    @thorough
    @given(problem=problems())
    def test_a_possible_winner_is_best_when_all_turns_out_for_it(self, problem):
        for winner in problem.ranking().possible_winners():
            later = problem.completed(
                lambda candidate, feature, slug=winner.candidate.slug: (
                    candidate.bounds_on(feature)[candidate.slug == slug]
                )
            ).ranking()

            best = max(standing.score for standing in later.standings)
            mine = standing_of(later, winner.candidate)
            assert mine.tier == Tier.FITS
            assert mine.score == pytest.approx(best, abs=1e-8)

    @thorough
    @given(problem=problems())
    def test_the_necessary_winner_is_best_when_all_turns_out_against_it(self, problem):
        winner = problem.ranking().necessary_winner()

        assert slugs([winner] if winner else []) == [
            candidate.slug
            for candidate in problem.candidates
            if wins_at_its_worst(problem, candidate)
        ]

    @thorough
    @given(problem=problems())
    def test_a_necessary_winner_leads_already(self, problem):
        best_of_all = dict.fromkeys(FEATURES, known(1.0))

        ranking = problem.with_bounds(0, best_of_all).ranking()

        winner = ranking.necessary_winner()
        assert winner is None or winner in ranking.leaders
        assert winner is None or ranking.possible_winners() == [winner]


def wins_at_its_worst(problem, candidate):
    """Whether the framework wins at its lowest against all others at their highest."""
    worst = problem.completed(
        lambda other, feature: other.bounds_on(feature)[other.slug != candidate.slug]
    ).ranking()
    mine = standing_of(worst, candidate)
    return mine in worst.standings and all(
        mine.score - other.score > 1e-7 for other in worst.standings if other != mine
    )


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
