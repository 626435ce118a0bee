"""What the audit of the questionnaire finds, and what it refuses to publish."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from advisor.choices import QuestionKind
from advisor.models import Effect, Question
from advisor.questionnaire.reading import Questionnaire
from advisor.trials.answers import random_trial
from advisor.trials.audit import FlawKind, Severity, audit, find_faults
from advisor.trials.dominance import what_dominates
from comparisons.choices import FeatureKind, Status
from tests import factories as make
from tests.advisor.ranking.problems import known

pytestmark = pytest.mark.django_db

STEPS = ("0", "1", "2", "4")


def ask_about(theme, steps=STEPS):
    question = make.make_question(slug=f"priority-{theme.slug}", theme=theme)
    for step in steps:
        choice = make.make_choice(question=question, slug=step)
        make.make_effect(choice=choice, theme=theme, points=int(step))
    return question


def make_quality(levels, frameworks):
    """Return a quality of which the frameworks have ``levels``, None if unknown."""
    feature = make.make_feature(kind=FeatureKind.QUALITY)
    for framework, level in zip(frameworks, levels, strict=True):
        if level:
            make.make_finding(framework=framework, feature=feature, level=level)
    return feature


@pytest.fixture
def frameworks():
    """Five frameworks, in the order of their slugs."""
    return [make.make_framework(slug=f"framework-{letter}") for letter in "abcde"]


def trial(sets=60):
    return random_trial(Questionnaire.current(), sets=sets)


def flaws(kind):
    return [flaw for flaw in audit(trial()) if flaw.kind == kind]


def test_framework_that_is_never_first_names_the_one_that_dominates(frameworks):
    for _ in range(2):
        feature = make_quality(["high", "low", "medium", "low", "very_low"], frameworks)
        ask_about(make.make_theme(shares={feature: "1"}))

    found = flaws(FlawKind.NEVER_FIRST)

    assert {flaw.subject for flaw in found} == {f.name for f in frameworks[1:]}
    assert all(
        "at least as good in every criterion is Framework a." in flaw.message
        for flaw in found
    )


def test_framework_between_others_names_them_and_what_the_closest_is_behind_in():
    values = {"between": (0.5, 0.5, 0.5), "one": (1, 0, 0.9), "other": (0, 1, 0)}

    text = what_dominates(
        "between",
        {slug: slug.title() for slug in values},
        {feature.title(): {feature: 1} for feature in ("speed", "size", "taste")},
        {
            slug: dict(zip(("speed", "size", "taste"), map(known, row), strict=True))
            for slug, row in values.items()
        },
    )

    assert "in every criterion is One, but for Size; there Other." in text


def test_reach_shares_sum_to_one_and_show_answers(frameworks):
    fast = make_quality(["high", "low", "low", "low", "low"], frameworks)
    easy = make_quality(["low", "high", "low", "low", "low"], frameworks)
    for feature in (fast, easy):
        ask_about(make.make_theme(shares={feature: "1"}))

    reaches = {reach.slug: reach for reach in trial(400).reaches}

    assert sum(reach.share for reach in reaches.values()) == pytest.approx(1)
    assert len(reaches["framework-a"].answers) == 1
    assert len(reaches["framework-b"].answers) == 1
    assert reaches["framework-c"].answers is None


def test_question_whose_answers_change_nothing_is_dead(frameworks):
    telling = make_quality(["high", "low", "medium", "low", "low"], frameworks)
    same = make_quality(["high"] * 5, frameworks)
    ask_about(make.make_theme(shares={telling: "1"}))
    dead = ask_about(make.make_theme(shares={same: "1"}, slug="same"))
    make.change(dead, text="Does the same matter?")

    found = flaws(FlawKind.DEAD_QUESTION)

    assert [flaw.subject for flaw in found] == ["Does the same matter?"]


def test_features_of_a_theme_that_say_the_same_count_twice(frameworks):
    levels = ["very_high", "high", "medium", "low", "very_low"]
    one, other = (make_quality(levels, frameworks) for _ in range(2))
    different = make_quality(["low", "high", "low", "very_high", "low"], frameworks)
    ask_about(make.make_theme(shares={one: "0.4", other: "0.4", different: "0.2"}))

    (flaw,) = flaws(FlawKind.DOUBLE_COUNTING)

    assert one.name in flaw.message
    assert other.name in flaw.message


def test_knowing_more_must_not_score_more(frameworks):
    for count in range(2, 5):
        levels = ["very_high"] * count + [None] * (5 - count)
        ask_about(make.make_theme(shares={make_quality(levels, frameworks): "1"}))

    found = flaws(FlawKind.COVERAGE)

    assert "score higher" in found[0].message
    assert any(flaw.subject == "Framework e" for flaw in found)


def test_same_answer_everywhere_that_tilts_breaks_the_questionnaire(frameworks):
    fast = make_quality(["high", "low", "low", "low", "low"], frameworks)
    easy = make_quality(["low", "medium", "low", "low", "low"], frameworks)
    ask_about(make.make_theme(shares={fast: "1"}))
    tilted = ask_about(make.make_theme(shares={easy: "1"}))
    assert not flaws(FlawKind.ACQUIESCENCE)

    Effect.objects.filter(choice__question=tilted, choice__slug="4").update(points=8)
    Effect.objects.filter(choice__question=tilted, choice__slug="2").update(points=7)

    (flaw,) = flaws(FlawKind.ACQUIESCENCE)
    assert flaw.severity == Severity.BROKEN


def test_feature_that_nobody_has_a_finding_on_is_listed(frameworks):
    ask_about(make.make_theme(shares={make_quality([None] * 5, frameworks): "1"}))

    (flaw,) = flaws(FlawKind.NO_FINDING)

    assert flaw.severity == Severity.WARNING


@pytest.mark.parametrize("sets", [0, 5])
def test_empty_questionnaire_has_an_audit(sets):
    assert audit(trial(sets)) == []


def test_two_runs_are_the_same(knowledge):
    assert audit(trial()) == audit(trial())
    assert trial().reaches == trial().reaches


# Rows that would break the questionnaire


def faults():
    return [flaw.message for flaw in find_faults()]


def test_sound_questionnaire_has_no_faults(knowledge):
    assert faults() == []


def test_shares_that_do_not_sum_to_one_are_a_fault(knowledge):
    knowledge.batteries.shares.filter(feature=knowledge.orm).delete()

    assert faults() == ["Its shares sum to 0.4, not to 1."]
    with pytest.raises(CommandError):
        call_command("audit_questionnaire")


def test_choice_without_effect_is_a_fault(knowledge):
    make.make_choice(question=Question.objects.get(slug="project"), slug="other")

    assert faults() == ["The choice “Other” has no effect."]


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        (
            "microservice",
            "The choice “Microservice” acts on “Microservice”, which is not published.",
        ),
        ("batteries", "It weighs “Batteries”, which is not published."),
    ],
)
def test_question_about_a_draft_is_a_fault(knowledge, name, fault):
    make.change(getattr(knowledge, name), status=Status.DRAFT)

    assert faults() == [fault]


def test_published_question_after_a_draft_is_a_fault(knowledge):
    first = make.make_choice(question=make.make_question(text="First?", draft=True))
    make.make_effect(
        choice=make.make_choice(question=make.make_question(shown_if=first))
    )

    assert faults() == ["Its condition asks “First?”, which is not published."]


def publish(row):
    row.status = Status.PUBLISHED
    row.full_clean()


def test_broken_theme_is_not_published_and_a_sound_one_is():
    theme = make.make_theme(shares={make.make_feature(): "0.5"}, draft=True)

    with pytest.raises(ValidationError) as caught:
        publish(theme)
    assert "sum to 0.5" in " ".join(caught.value.message_dict["status"])

    make.make_share(theme=theme, share="0.5")
    publish(type(theme).objects.get(pk=theme.pk))


def test_theme_with_a_draft_feature_is_not_published():
    theme = make.make_theme(shares={make.make_feature(draft=True): "1"}, draft=True)

    with pytest.raises(ValidationError) as caught:
        publish(theme)

    assert list(caught.value.message_dict) == ["status"]


def test_broken_question_is_not_published_and_a_sound_one_is():
    question = make.make_question(draft=True)
    choice = make.make_choice(question=question, slug="orm")

    with pytest.raises(ValidationError) as caught:
        publish(question)
    assert "has no effect" in " ".join(caught.value.message_dict["status"])

    make.make_effect(choice=choice)
    publish(Question.objects.get(pk=question.pk))


def test_question_about_frameworks_needs_no_choices():
    publish(make.make_question(kind=QuestionKind.CANDIDATES, draft=True))


def test_draft_may_be_as_broken_as_it_likes():
    make.make_question(draft=True).full_clean()
    make.make_theme(draft=True).full_clean()


def test_looking_at_a_question_costs_the_same_with_many_choices(
    django_assert_max_num_queries,
):
    question = make.make_question(draft=True)
    for _ in range(12):
        make.make_effect(choice=make.make_choice(question=question))

    # Two of them record the change.
    with django_assert_max_num_queries(14):
        publish(Question.objects.get(pk=question.pk))


def test_preview_has_drafts_and_the_questionnaire_has_not(knowledge):
    draft = make.make_theme(draft=True, shares={knowledge.orm: "1"})
    question = make.make_question(slug="priority-draft", theme=draft, draft=True)
    choice = make.make_choice(question=question, slug="4")
    make.make_effect(choice=choice, theme=draft, points=4)
    retired = make.make_question(status=Status.RETIRED)

    preview, live = Questionnaire.preview(), Questionnaire.current()

    assert question in preview.questions
    assert draft in preview.themes
    assert preview.preferences({"priority-draft": ["4"]}).criteria
    assert retired not in preview.questions
    assert question not in live.questions
    assert draft not in live.themes


def test_shipped_questionnaire_is_sound(shipped_knowledge, capsys):
    call_command("audit_questionnaire")

    printed = capsys.readouterr().out
    assert float(re.search(r"are worth ([\d.]+) independent", printed)[1]) >= 4
    assert "0 broken" in printed
