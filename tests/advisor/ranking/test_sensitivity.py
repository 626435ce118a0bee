import pytest

from advisor.ranking.order import Requirement
from advisor.ranking.sensitivity import OpenFact, open_facts
from advisor.ranking.why_not import why_not
from tests.advisor.ranking.problems import problem_of, standing_of

ADMIN = Requirement(feature="f1", threshold=0.6)


def why_not_in(problem, slug):
    ranking = problem.ranking()
    return why_not(ranking, standing_of(ranking, slug))


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


class TestWhyNot:
    def test_losses_are_named_until_they_cover_what_is_won(self):
        rows = {"A": [1, 1, 1, 0], "B": [0, 0.5, 0.5, 1]}

        found = why_not_in(problem_of([4, 2, 1, 4], rows), "b")

        # Four points are lost on the first theme, and as many won on the last.
        assert list(found.losses) == ["f0"]
        assert found.gains == pytest.approx(400 / 11)

    def test_an_excluded_framework_fails_first_and_is_compared_as_well(self):
        found = why_not_in(
            problem_of([4, 1], {"A": [0.5, 1], "B": [0.25, 0]}, [ADMIN]), "b"
        )

        assert found.failed == [ADMIN]
        assert list(found.losses) == ["f0"]

    def test_one_that_is_not_verified_stands_behind_with_more_points(self):
        rows = {"Fits": [0.25, 0.6], "Open": [1, None]}

        found = why_not_in(problem_of([4, 1], rows, [ADMIN]), "open")

        assert found.unverified == [ADMIN]
        assert found.losses == {}

    def test_the_first_has_nothing_to_explain(self):
        problem = problem_of([1], {"A": [1], "B": [1], "C": [0]})

        assert why_not_in(problem, "a") is None
        assert why_not_in(problem, "b") is None

    def test_without_a_leader_only_the_must_haves_speak(self):
        found = why_not_in(problem_of([4, 1], {"A": [1, 0]}, [ADMIN]), "a")

        assert found.failed == [ADMIN]
        assert (found.leader, found.losses) == (None, {})
