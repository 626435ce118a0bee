import pytest

from advisor.choices import EffectKind, Provenance
from advisor.models import Question, Share
from advisor.questionnaire.elicitation import provenance
from advisor.questionnaire.reading import Questionnaire
from comparisons.choices import Level
from tests import factories as make


@pytest.fixture
def questionnaire(knowledge):
    return Questionnaire.current()


def weights(preferences):
    return {
        (criterion.theme, criterion.feature): pytest.approx(criterion.weight)
        for criterion in preferences.criteria
    }


def question(questionnaire, slug):
    [found] = [q for q in questionnaire.questions if q.slug == slug]
    return found


# Reading it


# What answers mean


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, {}),
        # A theme without points does not count; zero everywhere is no signal.
        ({"priority-learning": ["0"], "priority-batteries": ["0"]}, {}),
        ({"candidates": ["flask"]}, {}),
        ({"must_haves": ["admin-interface"]}, {}),
        (
            {"priority-learning": ["4"], "priority-batteries": ["1"]},
            {("learning", "ease-of-learning"): 0.8}
            | {("batteries", "orm"): 0.12, ("batteries", "admin-interface"): 0.08},
        ),
        # A project is a theme of its own,
        (
            {"project": ["microservice"], "priority-learning": ["4"]},
            {("project", "microservice"): 0.5, ("learning", "ease-of-learning"): 0.5},
        ),
        # and what the team knows counts once in another, however much that is.
        (
            {"team_knows": ["django", "flask"], "priority-learning": ["2"]},
            {
                ("learning", "familiarity"): 0.5,
                ("learning", "ease-of-learning"): 0.5,
            },
        ),
    ],
    ids=str,
)
def test_points_divided_by_all_points_weigh_a_feature(questionnaire, answers, expected):
    preferences = questionnaire.preferences(answers)

    assert weights(preferences) == expected
    assert preferences.candidates == frozenset(answers.get("candidates", ()))


def test_stricter_of_two_requirements_holds(knowledge):
    for slug, level in (("strict", Level.BUILT_IN), ("lenient", Level.MANUAL)):
        make.make_answer("must_haves", slug, feature=knowledge.orm, level=level)

    preferences = Questionnaire.current().preferences(
        {"must_haves": ["lenient", "strict"]}
    )

    [must_have] = preferences.must_haves
    assert must_have.level == Level.BUILT_IN


@pytest.mark.parametrize("position", [0, 9], ids=["first", "last"])
@pytest.mark.parametrize(
    ("kind", "answer", "points"),
    [
        (EffectKind.ADD_POINTS, "4", 6),
        # The higher one holds.
        (EffectKind.SET_POINTS, "4", 4),
        (EffectKind.SET_POINTS, "1", 2),
    ],
)
def test_order_of_the_questions_decides_no_points(
    knowledge, kind, answer, points, position
):
    asked = make.make_question(slug="a-hurry", position=position)
    make.make_answer(asked, "yes", theme=knowledge.learning, kind=kind, points=2)

    questionnaire = Questionnaire.current()

    assert questionnaire.questions[0 if position == 0 else -1] == asked
    preferences = questionnaire.preferences(
        {"priority-learning": [answer], "a-hurry": ["yes"]}
    )
    assert preferences.points == {"learning": points}


def test_choice_may_have_several_effects(knowledge):
    choice = make.make_choice(question=Question.objects.get(slug="project"), slug="cms")
    make.make_effect(choice=choice, feature=knowledge.microservice, points=3)
    make.make_effect(choice=choice, feature=knowledge.routing, points=1)
    make.make_effect(choice=choice, theme=knowledge.learning, points=4)
    make.make_effect(choice=choice, feature=knowledge.admin, level=Level.BUILT_IN)

    preferences = Questionnaire.current().preferences({"project": ["cms"]})

    assert weights(preferences) == {
        ("project", "microservice"): pytest.approx(3 / 9),
        ("project", "routing"): pytest.approx(1 / 9),
        ("learning", "ease-of-learning"): pytest.approx(4 / 9),
        # What must be there counts a point.
        ("must_haves", "admin-interface"): pytest.approx(1 / 9),
    }
    assert [must_have.feature for must_have in preferences.must_haves] == [
        knowledge.admin
    ]


def test_theme_without_a_published_feature_does_not_count(knowledge):
    Share.objects.filter(theme=knowledge.learning).delete()

    preferences = Questionnaire.current().preferences(
        {"priority-learning": ["4"], "priority-batteries": ["1"]}
    )

    assert preferences.points == {"batteries": 1}


# What counts of the answers, and what to know about them


def test_each_weight_says_who_gave_it(questionnaire):
    answers = {"priority-learning": ["4"], "priority-batteries": ["0"]}
    preset = {"preset": ["small-services"]}

    kept = provenance(questionnaire, answers | preset)
    changed = provenance(questionnaire, answers | preset | {"priority-learning": ["2"]})

    assert kept == {"learning": Provenance.PRESET, "batteries": Provenance.VISITOR}
    assert changed["learning"] == Provenance.VISITOR


def test_answers_that_pull_against_each_other_are_warned_of_and_count(questionnaire):
    preferences = questionnaire.preferences(
        {"priority-learning": ["4"], "priority-batteries": ["4"]}
    )

    assert preferences.warnings == ["Few are good at both."]
    assert preferences.points == {"learning": 4, "batteries": 4}


def test_answer_whose_condition_is_not_met_does_not_count(knowledge):
    project = Question.objects.get(slug="project")
    asked = make.make_question(slug="cloud", shown_if=project.choices.get(), position=9)
    make.make_answer(asked, "yes", theme=knowledge.learning, points=4)
    questionnaire = Questionnaire.current()

    met = questionnaire.preferences({"project": ["microservice"], "cloud": ["yes"]})
    unmet = questionnaire.preferences({"cloud": ["yes"]})

    assert met.points["learning"] == 4
    assert met.warnings == []
    assert unmet.points == {}
    assert "only for those who chose “Microservice”" in unmet.warnings[0]


def tie_of_four(knowledge):
    themes = [knowledge.learning, knowledge.batteries]
    for slug in ("security", "growth"):
        theme = make.make_theme(slug=slug, shares={make.make_feature(): "1.0"})
        themes.append(theme)
        make.make_priority(theme, position=2)
    make.make_tie_break(slug="most", themes=themes, points=3, position=3)
    answers = {f"priority-{theme.slug}": ["4"] for theme in themes}
    return Questionnaire.current(), answers


def test_place_adds_points_to_one_of_four_themes_that_tie(knowledge):
    questionnaire, answers = tie_of_four(knowledge)

    unordered = questionnaire.preferences(answers)
    ordered = questionnaire.preferences({**answers, "most": ["growth"]})

    assert set(unordered.points.values()) == {4}
    assert ordered.points == unordered.points | {"growth": 7}


def test_place_without_a_tie_does_not_count(knowledge):
    questionnaire, answers = tie_of_four(knowledge)
    del answers["priority-security"]

    preferences = questionnaire.preferences({**answers, "most": ["growth"]})

    assert preferences.points["growth"] == 4
    assert "its place does not count" in preferences.warnings[0]


# What the team knows


def test_what_the_team_knows_has_no_points_of_its_own(questionnaire):
    answers = {"team_knows": ["flask"], "priority-batteries": ["2"]}

    silent = questionnaire.preferences(answers)
    no_matter = questionnaire.preferences({**answers, "priority-learning": ["0"]})

    for preferences in (silent, no_matter):
        assert preferences.points == {"batteries": 2}
        [warning] = preferences.warnings
        assert "a part of “Learning”. You gave that no points" in warning
    # What is skipped may count all the same, and what the team knows with it.
    assert "familiarity" in silent.shares["learning"]
    assert silent.skipped == ["learning"]


def known_to(questionnaire, *frameworks):
    [familiarity] = questionnaire.preferences({"team_knows": frameworks}).familiarity
    return familiarity


def test_knowing_a_framework_helps_with_its_relatives(questionnaire):
    known = known_to(questionnaire, "django")

    assert known.bounds("django") == (1, 1)
    assert known.bounds("flask") == (0.5, 0.5)
    assert known.answer("flask") == "You named Django, which helps with it."
    assert known.note("flask").startswith("Both route in the same way. (")


def test_closest_of_two_relatives_counts(knowledge):
    bottle = make.make_framework(slug="bottle")
    make.make_kinship(known=bottle, helped=knowledge.flask, worth="0.75")

    known = known_to(Questionnaire.current(), "bottle", "django")

    assert known.bounds("flask") == (0.75, 0.75)
    assert "Bottle" in known.answer("flask")
