"""First places worked out at once are those that ranking each alone would give."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.ranking.firsts import FirstPlace, first_places
from tests.advisor.ranking.problems import (
    answers,
    problem_of,
    problems,
    requirements,
    slugs,
)


@given(
    problem=problems(must_haves=0),
    said=st.lists(st.tuples(answers(), requirements()), max_size=5),
)
def test_first_places_are_those_of_each_ranking(problem, said):
    cases = [
        replace(problem, points=points, requirements=must_haves)
        for points, must_haves in said
    ]

    found = first_places(problem.candidates, cases)

    assert len(found) == len(cases)
    for case, first in zip(cases, found, strict=True):
        ranking = case.ranking()
        if not any(case.points.values()):
            assert first == FirstPlace()
            continue
        assert list(first.leaders) == slugs(ranking.leaders)
        one, two = (*(s.score for s in ranking.standings), 0, 0)[:2]
        several = len(ranking.standings) > 1
        assert first.lead == pytest.approx(one - two if several else 100)


def test_without_frameworks_or_answers_nobody_is_first():
    problem = problem_of([1], {"A": [1]})

    assert first_places([], [problem]) == [FirstPlace()]
    assert first_places(problem.candidates, []) == []
