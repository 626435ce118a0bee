import pytest

from advisor.ranking.order import Requirement
from advisor.ranking.sensitivity import OpenFact, open_facts
from tests.advisor.ranking.problems import problem_of

ADMIN = Requirement(feature="f1", threshold=0.6)


class TestOpenFacts:
    def test_weightiest_of_those_that_could_change_the_first_place_stand_first(self):
        rows = {"A": [0.6, 0.5, 0.5], "B": [0.5, 0.5, None], "C": [0, None, 0.5]}

        assert open_facts(problem_of([5, 4, 1], rows).ranking()) == [
            OpenFact(
                framework="b",
                feature="f2",
                points=pytest.approx(10),
                could_change_first=True,
            ),
            OpenFact(
                framework="c",
                feature="f1",
                points=pytest.approx(40),
                could_change_first=False,
            ),
        ]

    def test_a_must_have_that_is_not_verified_could_change_it_without_points(self):
        problem = problem_of([4, 0], {"Fits": [0.5, 0.6], "Open": [1, None]}, [ADMIN])

        [fact] = open_facts(problem.ranking())

        assert (fact.framework, fact.feature, fact.points) == ("open", "f1", 0)
        assert fact.could_change_first
