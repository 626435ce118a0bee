from advisor.questionnaire.preferences import MustHave
from advisor.ranking.order import Requirement
from advisor.ranking.robustness import Certainty
from advisor.ranking.why_not import why_not
from advisor.results import wording
from advisor.results.wording import Names
from comparisons.choices import Level
from comparisons.models import Feature
from tests.advisor.ranking.problems import problem_of, standing_of

NAMES = Names(
    frameworks={"a": "A", "b": "B"},
    themes={"f0": "Speed", "f1": "Security", "f2": "Learning"},
    features={"f0": "Async", "f1": "Forms", "f2": "Familiarity"},
)
FORMS = Requirement(feature="f1", threshold=0.6)


def why_not_b(points, rows, requirements=()):
    problem = problem_of(points, rows, requirements)
    ranking = problem.ranking()
    said = why_not(ranking, standing_of(ranking, "b"))
    failings = ["leaves “Forms” to you"] if said.failed else []
    return wording.why_not_sentences(said, NAMES, failings)


def test_losses_are_named_with_what_is_won_elsewhere():
    assert why_not_b([4, 2, 1], {"A": [1, 0, 1], "B": [0, 1, 0]}) == [
        "B loses to A on “Speed” (57.1 points), which the 28.6 points that it wins "
        "elsewhere do not cover.",
    ]


def test_failed_must_haves_come_first():
    assert why_not_b([4, 2], {"A": [1, 1], "B": [0, 0.25]}, [FORMS]) == [
        "B is left out: it leaves “Forms” to you.",
        "B loses to A on “Speed” (66.7 points), and wins nowhere.",
    ]


def test_what_is_not_verified_is_said_of_one_with_more_points():
    assert why_not_b([4, 2], {"A": [0.5, 1], "B": [1, None]}, [FORMS]) == [
        "It is not verified that B meets “Forms”; A meets every must-have.",
        "On points alone B is not behind A.",
    ]


def test_without_a_leader_the_must_haves_say_it_all():
    assert why_not_b([4, 2], {"B": [1, 0]}, [FORMS]) == [
        "B is left out: it leaves “Forms” to you."
    ]


def test_a_package_is_named_and_no_lack_of_the_framework():
    sql = MustHave(
        feature=Feature(name="SQL databases"),
        level=Level.OFFICIAL,
        question="must_haves_in_the_box",
        choice="sql-databases",
    )

    def said(level, *packages):
        return wording.failing(sql, {"level": level, "packages": packages})

    assert said("third_party", "SQLAlchemy") == (
        "needs a package for “SQL databases”: SQLAlchemy"
    )
    assert said("official", "alpha-sql") == (
        "has no stable and recent package for “SQL databases”, only alpha-sql"
    )
    assert said("manual") == "leaves “SQL databases” to you"
    assert said("none") == "does not have “SQL databases”"
    # Not known, but no better than by hand.
    assert said("unknown") == "does not reach “official package” for “SQL databases”"


def test_what_is_judged_too_low_is_not_called_missing():
    fast = MustHave(
        feature=Feature(name="Throughput"),
        level=Level.HIGH,
        question="must_haves",
        choice="throughput",
    )

    assert wording.failing(fast, {"level": "low", "packages": ()}) == (
        "does not reach “high” for “Throughput”"
    )


def stored(ranks=(1, 2), **points):
    """A stored result of A and B with their ``points`` on each theme."""
    return {
        "themes": [{"slug": slug, "name": slug.title()} for slug in points],
        "ranking": [
            {
                "name": name,
                "rank": rank,
                "by_theme": {slug: own[place] for slug, own in points.items()},
            }
            for place, (name, rank) in enumerate(zip("AB", ranks, strict=True))
        ],
    }


def test_three_largest_leads_are_named_and_the_largest_the_other_way():
    result = stored(w=(9, 1), x=(5, 4), y=(7, 1), z=(5, 3), u=(0, 1), v=(0, 2))

    assert wording.because(result) == (
        "Because A leads B by 8.0 points on “W”, 6.0 points on “Y” and 2.0 points "
        "on “Z”; B leads by 2.0 points on “V”."
    )


def test_those_that_are_level_have_no_because():
    assert wording.because(stored((1, 1), x=(5, 4))) == (
        "A leads B by 1.0 points on “X”."
    )
    assert wording.because(stored((1, 1), x=(5, 5))) == (
        "A and B have the same points on each theme."
    )


def test_alone_there_is_nothing_to_compare_with():
    assert wording.because({"ranking": [], "themes": []}) == ""


def test_a_tie_names_all_and_who_the_draws_prefer():
    rows = {"A": [0.7], "B": [0.695], "C": [0.6]}

    assert verdict(Certainty.TIE, ["C", "A"], rows) == (
        "A and B are level: 70 of 100 points. C may come first as well."
    )


def test_several_that_may_meet_every_must_have_are_level():
    rows = {"A": [1, None], "B": [1, None]}

    assert verdict(Certainty.TIE, [], rows, [FORMS]) == (
        "No framework is known to meet every must-have. Of those that may, A and B "
        "are level: 75 of 100 points."
    )
    assert verdict(None, [], {"A": [1, None]}, [FORMS]).endswith(
        "Of those that may, A comes first with 75 of 100 points."
    )


def verdict(certainty, leaders, rows, requirements=()):
    columns = len(next(iter(rows.values())))
    ranking = problem_of([1] * columns, rows, requirements).ranking()
    return wording.verdict(ranking, certainty, leaders)


def test_a_close_call_names_the_leader_even_if_few_draws_do():
    rows = {"A": [0.7], "B": [0.65]}

    assert verdict(Certainty.CLOSE_CALL, ["B"], rows) == (
        "A close call between A and B: A is ahead, 70 of 100 points."
    )
    assert verdict(Certainty.CLOSE_CALL, ["B", "A"], rows).startswith(
        "A close call between B and A: A is ahead"
    )
