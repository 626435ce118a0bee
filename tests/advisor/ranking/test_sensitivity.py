import pytest

from advisor.ranking.sensitivity import OpenFact, open_facts
from tests.advisor.ranking.problems import problem_of


def test_weightiest_of_those_that_could_change_the_first_place_stand_first():
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
