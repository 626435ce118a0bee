"""The promises of the ranking, on generated problems.

Each holds for all answers and all facts; nothing here needs the database.
"""

import math
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.ranking.draws import Person
from advisor.ranking.order import (
    LEVEL,
    Candidate,
    Requirement,
    Tier,
    is_level,
    rank,
)
from advisor.ranking.relaxation import drops, lowerings
from advisor.ranking.sensitivity import open_facts
from advisor.ranking.together import Member, rank_for_group
from advisor.ranking.why_not import why_not
from tests.advisor.ranking.problems import (
    FEATURES,
    KNOWN,
    THEMES,
    THRESHOLDS,
    VALUES,
    answers,
    everyone,
    known,
    outcome,
    problems,
    requirements,
    slugs,
    standing_of,
)

# Few draws of weights, as the promises hold for each.
FEW = 20


def permutations(things):
    return st.permutations(things).map(tuple)


# Weights and scores


@given(problem=problems())
def test_contributions_add_up_to_the_score(problem):
    for standing in everyone(problem.ranking()):
        parts = standing.contributions

        assert sum(part.points for part in parts) == pytest.approx(
            standing.score, rel=1e-12, abs=1e-12
        )
        assert sum(standing.by_theme().values()) == pytest.approx(
            standing.score, rel=1e-12, abs=1e-12
        )
        assert sum(part.points + part.lost for part in parts) == pytest.approx(100)
        assert sum(part.spread for part in parts) == pytest.approx(
            standing.high - standing.low, abs=1e-9
        )


@given(problem=problems())
def test_what_is_shown_is_the_exact_sum_rounded_half_up(problem):
    for standing in everyone(problem.ranking()):
        exact = exact_score(problem, standing.candidate)

        assert standing.score == pytest.approx(float(exact), rel=1e-12, abs=1e-12)
        assert standing.shown_score == math.floor(exact + Fraction(1, 2))


def exact_score(problem, candidate):
    def exactly(number):
        return Fraction(str(number))

    score = Fraction(0)
    for theme, points in problem.points.items():
        for feature, share in problem.shares[theme].items():
            weight = Fraction(points, sum(problem.points.values())) * exactly(share)
            score += 50 * weight * sum(map(exactly, candidate.bounds[feature]))
    return score


@given(problem=problems())
def test_score_lies_between_its_bounds_and_on_them_only_if_all_is_known(problem):
    for standing in everyone(problem.ranking()):
        low, score, high = standing.low, standing.score, standing.high

        assert 0 <= low <= score <= high <= 100 + 1e-9
        assert (low == score == high) is math.isclose(standing.coverage, 1)


@given(problem=problems(at_most=1), feature=st.sampled_from(FEATURES), data=st.data())
def test_learning_a_fact_keeps_the_interval_inside_the_old(problem, feature, data):
    between = st.floats(*problem.candidates[0].bounds_on(feature))
    fact = tuple(sorted(data.draw(st.tuples(between, between))))

    [old] = everyone(problem.ranking())
    [new] = everyone(problem.with_bounds("framework-0", **{feature: fact}).ranking())

    assert old.low <= new.low <= new.score <= new.high <= old.high
    assert new.coverage >= old.coverage


# Neutrality


@given(problem=problems(), data=st.data())
def test_the_order_of_the_input_changes_nothing(problem, data):
    themes = data.draw(permutations(THEMES))
    features = data.draw(permutations(FEATURES))
    permuted = replace(
        problem,
        points={theme: problem.points[theme] for theme in themes},
        shares={
            theme: {f: shares[f] for f in features if f in shares}
            for theme in themes
            for shares in [problem.shares[theme]]
        },
        candidates=data.draw(permutations(problem.candidates)),
        requirements=problem.requirements[::-1],
    )

    assert outcome(permuted.ranking()) == outcome(problem.ranking())
    assert permuted.acceptability(draws=FEW) == problem.acceptability(draws=FEW)


@given(problem=problems(at_least=2))
def test_another_framework_leaves_scores_and_order_alone(problem):
    without_it = replace(problem, candidates=problem.candidates[1:])

    def rows(standings):
        return [
            (slug, *said[:1], *said[2:])
            for slug, *said in outcome(standings)
            if slug != "framework-0"
        ]

    assert rows(without_it.ranking()) == rows(problem.ranking())


@given(problem=problems())
def test_doubling_all_points_changes_nothing(problem):
    doubled = replace(
        problem, points={theme: 2 * given for theme, given in problem.points.items()}
    )

    assert outcome(doubled.ranking()) == outcome(problem.ranking())
    assert doubled.acceptability(draws=FEW) == problem.acceptability(draws=FEW)


@given(
    problem=problems(), feature=st.sampled_from(FEATURES), value=st.sampled_from(VALUES)
)
def test_raising_a_value_never_lowers_that_rank(problem, feature, value):
    low, high = problem.candidates[0].bounds_on(feature)
    raised = (max(low, value), max(high, value))

    old = standing_of(problem.ranking(), "framework-0")
    new = standing_of(
        problem.with_bounds("framework-0", **{feature: raised}).ranking(), "framework-0"
    )

    assert new.score >= old.score
    if old.tier != Tier.EXCLUDED:
        assert new.tier != Tier.EXCLUDED
        assert new.rank <= old.rank


# Must-haves and places


@given(problem=problems(), threshold=st.sampled_from(THRESHOLDS))
def test_a_must_have_on_an_unknown_fact_never_excludes(problem, threshold):
    requirement = Requirement(feature="nobody-knows", threshold=threshold)

    before = problem.ranking()
    after = replace(
        problem, requirements=(*problem.requirements, requirement)
    ).ranking()

    assert slugs(after.excluded) == slugs(before.excluded)
    assert all(requirement in standing.unverified for standing in everyone(after))
    assert all(standing.tier == Tier.UNVERIFIED for standing in after.standings)


@given(problem=problems())
def test_tiers_follow_from_the_facts_and_a_failed_must_have_never_ranks(problem):
    ranking = problem.ranking()

    assert sorted(slugs(everyone(ranking))) == slugs(
        standing_of(ranking, candidate.slug) for candidate in problem.candidates
    )
    for standing in everyone(ranking):
        bounds = [
            (standing.candidate.bounds_on(required.feature), required.threshold)
            for required in problem.requirements
        ]
        fails = any(high < threshold for (_, high), threshold in bounds)
        fits = all(low >= threshold for (low, _), threshold in bounds)
        assert (standing in ranking.excluded) is fails
        assert (standing.tier == Tier.FITS) is fits


@given(problem=problems())
def test_order_inside_a_tier_is_that_without_must_haves(problem):
    ranking = problem.ranking()
    free = replace(problem, requirements=()).ranking()

    for tier in (Tier.FITS, Tier.UNVERIFIED):
        inside = slugs(s for s in ranking.standings if s.tier == tier)
        assert inside == [slug for slug in slugs(free.standings) if slug in inside]
    for standing in everyone(ranking):
        assert standing.score == standing_of(free, standing.candidate.slug).score


@given(problem=problems())
def test_place_counts_those_that_stand_before(problem):
    standings = problem.ranking().standings

    for number, standing in enumerate(standings):
        first = standings[standing.rank - 1]
        assert number == standing.rank - 1 or is_level(first, standing)
    assert all(one.rank <= other.rank for one, other in pairwise(standings))
    assert not any(
        is_level(one, other)
        for one, other in combinations(standings, 2)
        if one is standings[one.rank - 1] and one.rank != other.rank
    )


# Winners


@given(problem=problems())
def test_a_possible_winner_is_best_when_all_turns_out_for_it(problem):
    possible = problem.ranking().possible_winners()

    assert slugs(possible) == [
        slug
        for slug in slugs(problem.ranking().standings)
        for best in [turned_out(problem, for_it=slug)]
        for mine in [standing_of(best, slug)]
        if mine.score > max(other.score for other in best.standings) - LEVEL + 1e-9
    ]


@given(problem=problems())
def test_the_necessary_winner_is_best_when_all_turns_out_against_it(problem):
    winner = problem.ranking().necessary_winner()

    assert slugs([winner] if winner else []) == [
        candidate.slug
        for candidate in problem.candidates
        for worst in [turned_out(problem, against=candidate.slug)]
        for mine in [standing_of(worst, candidate.slug)]
        if mine in worst.standings
        and all(
            mine.score - other.score >= LEVEL - 1e-9
            for other in worst.standings
            if other is not mine
        )
    ]


def turned_out(problem, for_it=None, against=None):
    """Return the ranking with all known, the best or the worst for one framework."""
    return problem.completed(
        lambda candidate, feature: candidate.bounds_on(feature)[
            candidate.slug == for_it if for_it else candidate.slug != against
        ]
    ).ranking()


# How sure


@given(problem=problems())
def test_shares_of_ranks_sum_to_one_both_ways(problem):
    shares = problem.acceptability(draws=FEW).rank_shares

    for row in [*shares.values(), *zip(*shares.values(), strict=True)]:
        assert math.fsum(row) == pytest.approx(1)
    assert all(share >= 0 for row in shares.values() for share in row)


@given(problem=problems(facts=KNOWN, must_haves=0))
def test_a_dominating_framework_is_always_first(problem):
    best = Candidate(slug="best", name="Best", bounds=dict.fromkeys(FEATURES, (2, 2)))

    dominated = replace(problem, candidates=(*problem.candidates, best))

    found = dominated.acceptability(draws=FEW)
    assert found.first_share("best") == 1
    assert found.leaders() == ["best"]


@given(problem=problems(at_least=2))
def test_one_that_is_not_verified_never_passes_one_that_fits(problem):
    standings = problem.ranking().standings
    fitting = sum(standing.tier == Tier.FITS for standing in standings)

    shares = problem.acceptability(draws=FEW).rank_shares

    for standing in standings:
        if standing.tier == Tier.FITS:
            assert sum(shares[standing.candidate.slug][fitting:]) == 0
        else:
            assert sum(shares[standing.candidate.slug][:fitting]) == 0


@given(problem=problems())
def test_leaders_reach_nine_draws_of_ten_and_fewer_do_not(problem):
    found = problem.acceptability(draws=FEW)
    leaders = found.leaders()

    firsts = [found.first_share(slug) for slug in leaders]
    assert math.fsum(firsts) >= 0.9 - 1e-9 or not found.rank_shares
    # Those that are level with the last one stand and fall together.
    fewer = [share for share in firsts if share > firsts[-1] + 1e-9]
    assert math.fsum(fewer) < 0.9
    assert all(
        found.first_share(slug) < firsts[-1] - 1e-9
        for slug in found.rank_shares
        if slug not in leaders
    )


# What would change it


@given(problem=problems(), chance=st.floats(0, 1))
def test_an_open_fact_changes_the_first_place_only_if_it_is_said_to(problem, chance):
    first = set(slugs(problem.ranking().leaders))

    for fact in open_facts(problem.ranking()):
        standing = standing_of(problem.ranking(), fact.framework)
        low, high = standing.candidate.bounds_on(fact.feature)

        def learned(value, fact=fact):
            later = problem.with_bounds(fact.framework, **{fact.feature: known(value)})
            return set(slugs(later.ranking().leaders))

        # A fact that counts in two themes is learned in both.
        parts = [
            c for c in standing.contributions if c.criterion.feature == fact.feature
        ]
        assert fact.points == pytest.approx(sum(part.spread for part in parts))
        changes = first != learned(low) or first != learned(high)
        assert fact.could_change_first is changes
        assert changes or learned(low + chance * (high - low)) == first


@given(problem=problems(at_least=2))
def test_why_not_covers_what_a_framework_wins_with_what_it_loses(problem):
    ranking = problem.ranking()

    for standing in everyone(ranking):
        said = why_not(ranking, standing)
        if standing in ranking.leaders:
            assert said is None
            continue
        assert said.failed == standing.failed
        assert (said.leader is None) is (ranking.standings == [])
        losses = list(said.losses.values())
        assert losses == sorted(losses, reverse=True)
        assert all(loss > 0 for loss in losses)
        if losses:
            assert math.fsum(losses) >= said.gains - 1e-9
            assert math.fsum(losses[:-1]) < said.gains or len(losses) == 1
        else:
            leader = ranking.standings[0] if ranking.standings else standing
            assert standing.score >= leader.score - 1e-6


# Relaxations


def returning(problem, must_haves):
    later = replace(problem, requirements=tuple(must_haves)).ranking()
    return set(slugs(later.standings)) - set(slugs(problem.ranking().standings))


@given(problem=problems())
def test_dropping_is_what_a_ranking_without_the_must_have_holds(problem):
    must_haves = problem.requirements

    found = drops(problem.candidates, must_haves)

    for way in found:
        left = [must for must in must_haves if must not in way.requirements]
        assert set(way.returning) == returning(problem, left)
    alone, together = found[: len(must_haves)], found[len(must_haves) :]
    assert [way.requirements for way in alone] == [[must] for must in must_haves]
    assert not together or not any(way.returning for way in alone)
    # Something comes back, unless nothing is left out.
    assert any(way.returning for way in found) or not problem.ranking().excluded


@given(problem=problems())
def test_lowering_is_what_a_ranking_with_the_lower_must_have_holds(problem):
    for way in lowerings(problem.candidates, problem.requirements, 0.6):
        lower = [
            replace(must, threshold=0.6) if must in way.requirements else must
            for must in problem.requirements
        ]
        assert set(way.returning) == returning(problem, lower)
        assert all(must.threshold > 0.6 for must in way.requirements)


# Groups


members = st.lists(st.tuples(answers(), requirements()), max_size=3)


@given(problem=problems(must_haves=0), people=members)
def test_a_group_agrees_with_its_members(problem, people):
    group = [
        Member(
            name=str(number),
            person=Person(points=points, shares=problem.shares),
            requirements=must_haves,
        )
        for number, (points, must_haves) in enumerate(people)
    ]

    found = rank_for_group(group, problem.candidates)

    union = [veto.requirement for veto in found.vetoes]
    assert set(union) == {r for one in group for r in one.requirements}
    weighing = [one for one in group if one.criteria]
    alone = [rank(one.criteria, problem.candidates, union) for one in weighing]
    for standing in everyone(found.ranking):
        own = [standing_of(r, standing.candidate.slug).score for r in alone]
        mean = sum(own) / len(own) if own else 0
        assert standing.score == pytest.approx(mean, rel=1e-9, abs=1e-9)
    if not found.compromise:
        assert not weighing or not found.ranking.standings
        return
    free = [rank(one.criteria, problem.candidates) for one in weighing]
    worst = {
        candidate.slug: max(standing_of(r, candidate.slug).rank for r in free)
        for candidate in problem.candidates
    }
    best = found.compromise.worst_rank
    assert best == min(worst.values())
    assert set(found.compromise.frameworks) == {s for s in worst if worst[s] == best}


@given(problem=problems())
def test_a_group_of_one_is_that_person(problem):
    person = Member(
        name="Ada", person=problem.person, requirements=problem.requirements
    )

    found = rank_for_group([person], problem.candidates)

    assert outcome(found.ranking) == outcome(problem.ranking())
    assert found.first_places[0] == slugs(problem.ranking().leaders)
    assert found.divide is None
