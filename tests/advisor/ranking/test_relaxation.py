from advisor.ranking.order import Requirement
from advisor.ranking.relaxation import drops, lowerings
from tests.advisor.ranking.problems import problem_of

ORM, ADMIN, FORMS = (
    Requirement(feature=feature, threshold=0.85) for feature in ("f0", "f1", "f2")
)


def candidates(**rows):
    return problem_of([1, 1, 1], rows).candidates


def said(relaxations):
    return [([*r.requirements], [*r.returning]) for r in relaxations]


def test_each_must_have_names_who_returns_without_it():
    rows = candidates(Orm=[1, 0, 1], Admin=[0, 1, 1], Perhaps=[1, 0.6, None])

    assert said(drops(rows, [ORM, ADMIN])) == [
        ([ORM], ["admin"]),
        ([ADMIN], ["orm", "perhaps"]),
    ]


def test_pairs_follow_only_where_no_single_one_helps():
    rows = candidates(Forms=[0, 0, 1], Nothing=[0, 0, 0])

    assert said(drops(rows, [ORM, ADMIN, FORMS])) == [
        ([ORM], []),
        ([ADMIN], []),
        ([FORMS], []),
        ([ORM, ADMIN], ["forms"]),
    ]


def test_larger_sets_follow_where_no_pair_helps():
    found = drops(candidates(Nothing=[0, 0, 0]), [ORM, ADMIN, FORMS])

    assert said(found)[3:] == [([ORM, ADMIN, FORMS], ["nothing"])]


def test_third_party_will_do_alone_and_for_all():
    rows = candidates(One=[0.6, 1, 1], Both=[0.6, 0.6, 1], Neither=[0.25, 0.6, 1])

    assert said(lowerings(rows, [ORM, ADMIN], 0.6)) == [
        ([ORM], ["one"]),
        ([ADMIN], []),
        ([ORM, ADMIN], ["one", "both"]),
    ]
