import pytest

from advisor.ranking.flips import FactFlip, ThemeFlip, flips
from advisor.ranking.order import Requirement
from advisor.ranking.robustness import Certainty
from advisor.ranking.why_not import why_not
from advisor.results import wording
from advisor.results.wording import Names, Scale
from comparisons.choices import FeatureKind
from tests.advisor.ranking.problems import problem_of, standing_of

LEVELS = {level.label: level.worth for level in FeatureKind.CAPABILITY.levels}
NAMES = Names(
    frameworks={"a": "A", "b": "B"},
    themes={"f0": "Speed", "f1": "Security", "f2": "Learning"},
    # What a team knows has no levels.
    scales={
        "f0": Scale(name="Async", levels=LEVELS),
        "f1": Scale(name="Forms", levels=LEVELS),
        "f2": Scale(name="Familiarity"),
    },
)
FORMS = Requirement(feature="f1", threshold=0.6)


def flips_in(points, rows):
    problem = problem_of(points, rows)
    return flips(*problem.candidates, problem.points, problem.shares)


def flip_sentence(points, rows):
    return wording.flip_sentence("B", flips_in(points, rows), NAMES)


def why_not_b(points, rows, requirements=()):
    problem = problem_of(points, rows, requirements)
    ranking = problem.ranking()
    said = why_not(ranking, standing_of(ranking, "b"), problem.rivals())
    failings = ["leaves “Forms” to you"] if said.failed else []
    return wording.why_not_sentences(said, NAMES, failings)


class TestFlipSentence:
    @pytest.mark.parametrize(
        ("rows", "change"),
        [
            ({"A": [1, 0], "B": [0.25, 1]}, "rose from 2 to 3 points"),
            # At exactly 2.16 points: 2.1 would be too few.
            ({"A": [0.77, 0.5], "B": [0.5, 1]}, "rose from 2 to 2.2 points"),
        ],
    )
    def test_points_of_one_theme_are_the_plainest(self, rows, change):
        assert flip_sentence([4, 2], rows) == (
            f"B would draw level if “Security” {change}."
        )

    def test_one_point_is_singular(self):
        assert flip_sentence([4, 2], {"A": [0.5, 0], "B": [0, 0.25]}) == (
            "B would draw level if “Speed” fell from 4 to 1 point."
        )

    def test_one_fact_comes_where_no_theme_reaches(self):
        rows = {"A": [1, 0.6, 0], "B": [0.85, None, 0.01]}

        assert flip_sentence([4, 4, 0], rows) == (
            "B would be ahead if “Forms” turned out to be “Official package”."
        )

    def test_moved_weight_comes_where_no_fact_helps(self):
        rows = {"A": [1, 1, 0], "B": [0.6, 0.85, 0.05]}

        # Exactly 3/4: 1/2 of “Speed”, 1/4 of “Security”.
        assert flip_sentence([4, 4, 0], rows) == (
            "B would draw level if 75% of the weight moved from “Speed” and "
            "“Security” to “Learning”."
        )

    def test_a_level_one_needs_no_change(self):
        assert flip_sentence([1], {"A": [1], "B": [1]}) == (
            "B has as many points already."
        )

    def test_a_dominated_one_cannot_overtake(self):
        assert flip_sentence([1], {"A": [1], "B": [0]}) == (
            "B cannot overtake, whatever your priorities."
        )


class TestNextLevel:
    def flip(self, after, **options):
        return FactFlip(feature="f0", before=0.5, after=after, **options)

    @pytest.mark.parametrize(
        ("after", "level"),
        [
            (0.5, "Third-party package"),
            (0.6, "Third-party package"),
            (0.61, "Official package"),
            (1.0, "Built in"),
        ],
    )
    def test_the_lowest_level_that_suffices_is_named(self, after, level):
        assert wording.next_level(self.flip(after), LEVELS) == level

    def test_a_level_beyond_what_is_known_is_none(self):
        flip = self.flip(0.61, most=0.7, is_known=False)

        assert wording.next_level(flip, LEVELS) is None

    def test_a_level_that_just_suffices_draws_level(self):
        flips = flips_in([1], {"A": [0.85], "B": [0.25]})

        assert wording.fact_sentence("B", flips, NAMES) == (
            "B would draw level if “Async” were “Official package”."
        )


class TestChangeSentences:
    FALLS = ("C", flips_in([4, 4], {"A": [1, 0.9], "C": [0.85, 0.95]}))
    HOPELESS = flips_in([4, 4], {"A": [1, 0.9], "B": [0.6, 0.25]})

    def said(self, *challengers):
        return wording.change_sentences(challengers, NAMES)

    def test_those_without_hope_share_the_last_sentence(self):
        assert self.said(("B", self.HOPELESS), self.FALLS, ("D", self.HOPELESS)) == [
            "C would draw level if “Speed” fell from 4 to 1.3 points.",
            "C would be ahead if “Async” were “Built in”.",
            "B and D cannot overtake, whatever your priorities.",
        ]

    def test_there_are_never_more_than_three(self):
        several = [(name, self.FALLS[1]) for name in "CDEF"]

        assert [said[0] for said in self.said(*several)] == ["C", "D", "E"]
        assert [said[0] for said in self.said(*several, ("B", self.HOPELESS))] == [
            *"CDB"
        ]

    def test_no_challengers_need_no_words(self):
        assert self.said() == []


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (1.46, "at 1.4 points instead of 2, B draws level."),
        (2, "B is level, and any change of it decides."),
    ],
)
def test_hinge_names_the_theme_and_its_points(after, said):
    flip = ThemeFlip(theme="f1", before=2, after=after)

    assert wording.hinge_sentence("B", flip, NAMES) == (
        f"The first place hinges most on “Security”: {said}"
    )


class TestWhyNotSentences:
    def test_losses_come_before_the_flip(self):
        assert why_not_b([4, 2, 1], {"A": [1, 0, 1], "B": [0, 1, 0]}) == [
            "B loses to A on “Speed” (57.1 points), which the 28.6 points that it wins "
            "elsewhere do not cover.",
            "B would draw level if “Speed” fell from 4 to 1 point.",
            "B would be ahead if “Async” were “Official package”.",
        ]

    def test_failed_must_haves_come_first(self):
        assert why_not_b([4, 2], {"A": [1, 1], "B": [0, 0.25]}, [FORMS]) == [
            "B is left out: it leaves “Forms” to you.",
            "B loses to A on “Speed” (66.7 points), and wins nowhere.",
            "On points alone, B cannot overtake, whatever your priorities.",
        ]

    def test_what_is_not_verified_is_said_of_one_with_more_points(self):
        assert why_not_b([4, 2], {"A": [0.5, 1], "B": [1, None]}, [FORMS]) == [
            "It is not verified that B meets “Forms”; A meets every must-have.",
            "On points alone B is not behind A.",
        ]

    def test_without_a_leader_the_must_haves_say_it_all(self):
        assert why_not_b([4, 2], {"B": [1, 0]}, [FORMS]) == [
            "B is left out: it leaves “Forms” to you."
        ]


class TestVerdict:
    def verdict(self, certainty, leaders, rows):
        ranking = problem_of([1], rows).ranking()
        return wording.verdict(ranking, certainty, leaders)

    def test_a_close_call_names_the_leader_even_if_few_draws_do(self):
        rows = {"A": [0.7], "B": [0.65]}

        assert self.verdict(Certainty.CLOSE_CALL, ["B"], rows) == (
            "A close call between A and B: A is ahead, 70 of 100 points."
        )
        assert self.verdict(Certainty.CLOSE_CALL, ["B", "A"], rows).startswith(
            "A close call between B and A: A is ahead"
        )
