"""Sums for many answers at once are those that ranking each alone would give."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.ranking.order import sums
from tests.advisor.ranking.problems import answers, problems


@given(problem=problems(), said=st.lists(answers(), max_size=5))
def test_sums_of_many_answers_are_those_of_each(problem, said):
    cases = [replace(problem, points=points) for points in said]

    scores, *_ = sums([case.criteria for case in cases], problem.candidates)

    for case, column in zip(cases, scores.T, strict=True):
        ranking = case.ranking()
        each = {s.candidate.slug: s.score for s in ranking.standings}
        each |= {s.candidate.slug: s.score for s in ranking.excluded}
        alone = [each[candidate.slug] for candidate in problem.candidates]
        assert column.tolist() == pytest.approx(alone, abs=1e-9)
