import pytest

from advisor.ranking.order import Requirement
from advisor.ranking.robustness import Certainty
from advisor.ranking.together import Member, rank_for_group
from tests.advisor.ranking.problems import problem_of, scores, slugs

ROWS = {"A": [1, 0, 0.25], "B": [0, 1, 0.25], "Both": [0.6, 0.6, 0.25]}
ADMIN = Requirement(feature="f2", threshold=0.25)


def member(name, *points, requirements=()):
    return Member(
        name=name,
        person=problem_of(points, ROWS).person,
        requirements=requirements,
    )


def group_of(*members, rows=ROWS):
    return rank_for_group(members, problem_of([1, 1, 1], rows).candidates)


def test_everyone_has_a_first_place_and_the_group_a_compromise():
    found = group_of(member("Ada", 4, 1, 0), member("Ben", 1, 4, 0))

    assert found.first_places == [["a"], ["b"]]
    assert slugs(found.ranking.leaders) == ["both"]
    assert found.compromise.frameworks == ["both"]
    assert found.compromise.worst_rank == 2


def test_must_haves_are_the_union_with_those_who_set_them():
    strict = Requirement(feature="f0", threshold=0.6)

    found = group_of(
        member("Ada", 4, 0, 0, requirements=[ADMIN]),
        member("Ben", 0, 4, 0, requirements=[ADMIN, strict]),
    )

    assert {veto.requirement: veto.set_by for veto in found.vetoes} == {
        ADMIN: ["Ada", "Ben"],
        strict: ["Ben"],
    }
    assert slugs(found.ranking.excluded) == ["b"]
    # Ada alone does not ask for it.
    assert found.first_places[0] == ["a"]


def test_a_must_have_that_decides_the_first_place_is_never_silent():
    strict = Requirement(feature="f1", threshold=0.6)

    found = group_of(
        member("Ada", 4, 0, 0), member("Ben", 4, 0, 0, requirements=[strict])
    )
    agreed = group_of(*[member(name, 4, 0, 0, requirements=[strict]) for name in "AB"])

    [veto] = found.vetoes
    assert (veto.leaves_out, veto.first_without) == (["a"], ["a"])
    assert veto.decides
    assert slugs(found.ranking.leaders) == ["both"]
    assert found.certainty == Certainty.CLOSE_CALL
    # Nobody of them decides alone.
    assert not agreed.vetoes[0].decides
    # A compromise is sought among all, with who leaves it out beside it.
    assert found.compromise.vetoes == {"a": ["Ben"]}


def test_a_group_disagrees_most_on_the_theme_of_the_largest_spread():
    found = group_of(
        member("Ada", 4, 1, 0), member("Ben", 2, 2, 0), member("Cy", 0, 1, 1)
    )

    assert found.divide.themes == ["f0"]
    assert found.divide.members == ["Ada", "Ben", "Cy"]
    assert found.divide.weights == pytest.approx([0.8, 0.5, 0])
    assert found.divide.spread == pytest.approx(0.33, abs=0.01)


def test_those_who_agree_have_nothing_that_divides_them():
    assert group_of(member("Ada", 4, 2, 0), member("Ben", 2, 1, 0)).divide is None


def test_one_who_gave_no_points_sets_must_haves_only():
    found = group_of(
        member("Ada", 4, 0, 0), member("Ben", 0, 0, 0, requirements=[ADMIN])
    )

    assert scores(found.ranking) == scores(group_of(member("Ada", 4, 0, 0)).ranking)
    assert found.first_places == [["a"], []]
    assert found.acceptability.first_share("a") == 1
    assert found.divide is None


@pytest.mark.parametrize("members", [[], [member("Ada", 0, 0, 0)]])
def test_a_group_that_says_nothing_has_no_winner(members):
    found = group_of(*members)

    assert {standing.rank for standing in found.ranking.standings} == {1}
    assert found.divide is None
    assert found.compromise is None


def test_a_group_without_frameworks_has_no_result():
    found = group_of(member("Ada", 4, 0, 0), rows={})

    assert found.ranking.standings == []
    assert found.acceptability.leaders() == []
    assert found.compromise is None
    assert found.first_places == [[]]
