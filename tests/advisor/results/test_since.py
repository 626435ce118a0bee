"""What changed since a result was stored."""

import pytest

from advisor.groups.since import changes_since_for_group
from advisor.groups.storing import combine
from advisor.models import Advice, Choice, Effect, Question, Share, Theme
from advisor.questionnaire.reading import Questionnaire
from advisor.results.since import changes_since
from advisor.results.storing import advise
from comparisons.choices import Level, Status
from comparisons.models import Finding, Framework, Source
from tests import factories as make
from tests.pages import read

ANSWERS = {
    "project": ["microservice"],
    "priority-learning": ["4"],
    "priority-batteries": ["2"],
    "team_knows": ["flask"],
}


@pytest.fixture
def stored(knowledge):
    return advise(Questionnaire.current(), ANSWERS)


def causes(advice):
    return [(c.what, c.then, c.now) for c in changes_since(advice).causes]


def moves(advice):
    return [(move.what, move.then, move.now) for move in changes_since(advice).moves]


def test_nothing_has_changed_at_first(stored):
    assert not changes_since(stored)


def test_change_that_it_does_not_rest_on_is_none(knowledge, stored):
    make.make_finding(framework=knowledge.flask, feature=knowledge.throughput)
    Source.objects.update(title="Another title")

    assert not changes_since(stored)


def test_level_that_changed_moves_the_scores(knowledge, stored):
    knowledge.flask_orm.level = Level.BUILT_IN
    knowledge.flask_orm.save()

    changes = changes_since(stored)

    [cause] = changes.causes
    assert (cause.framework, cause.feature) == ("flask", "orm")
    assert (cause.what, cause.then, cause.now) == (
        "Flask: Orm",
        "Third-party package",
        "Built in",
    )
    assert moves(stored) == [("Flask", "place 1, 84 points", "place 1, 89 points")]
    assert changes.verdict.startswith("Flask clearly fits best: 89")


def test_places_that_changed_are_named(knowledge, stored):
    Finding.objects.filter(
        framework=knowledge.flask, feature=knowledge.microservice
    ).update(level=Level.POOR)
    Finding.objects.filter(
        framework=knowledge.django, feature=knowledge.ease_of_learning
    ).update(level=Level.VERY_HIGH)

    assert moves(stored) == [
        ("Flask", "place 1, 84 points", "place 2, 44 points"),
        ("Django", "place 2, 46 points", "place 1, 56 points"),
    ]


@pytest.mark.parametrize("status", [Status.DRAFT, Status.RETIRED])
def test_finding_that_was_withdrawn_is_unknown_today(knowledge, stored, status):
    Finding.objects.filter(pk=knowledge.django_orm.pk).update(status=status)

    assert causes(stored) == [("Django: Orm", "Built in", "Unknown")]


def test_bounds_that_narrowed_are_told(knowledge):
    unknown = make.make_finding(
        framework=knowledge.flask, feature=knowledge.throughput, level=Level.UNKNOWN
    )
    make.make_share(theme=knowledge.learning, feature=knowledge.throughput)
    stored = advise(Questionnaire.current(), ANSWERS)

    unknown.at_least = Level.MEDIUM
    unknown.save()

    assert causes(stored) == [
        ("Flask: Throughput", "Unknown", "Unknown, worth 0.5 to 1")
    ]


def test_note_that_was_shown_and_reads_otherwise_is_told(knowledge, stored):
    Finding.objects.filter(pk=knowledge.contested.pk).update(note="It reads anew.")

    [cause] = changes_since(stored).causes

    assert (cause.what, cause.note) == ("Flask: Ease of learning", "It reads anew.")
    assert moves(stored) == []


def test_must_have_of_which_more_is_known_is_told(knowledge):
    stored = advise(
        Questionnaire.current(),
        {"project": ["microservice"], "must_haves": ["admin-interface"]},
    )

    Finding.objects.filter(framework=knowledge.flask, feature=knowledge.admin).update(
        level=Level.NONE
    )
    assert causes(stored) == [
        ("Flask: Admin interface", "Write it yourself", "Not available")
    ]
    assert moves(stored) == []

    Effect.objects.filter(feature=knowledge.admin).update(level=Level.MANUAL)
    Finding.objects.filter(framework=knowledge.flask, feature=knowledge.admin).update(
        level=Level.MANUAL
    )
    assert causes(stored) == [
        (
            "Must-have: Admin interface",
            "Third-party package or better",
            "Write it yourself or better",
        )
    ]
    assert moves(stored) == [
        ("Django", "place 1, 52 points", "place 2, 52 points"),
        ("Flask", "left out by a must-have", "place 1, 85 points"),
    ]


def test_share_that_changed_is_told(knowledge, stored):
    Share.objects.filter(feature=knowledge.orm).update(share="0.8")
    Share.objects.filter(feature=knowledge.admin).update(share="0.2")

    assert causes(stored) == [
        ("Orm in “Batteries”", "60 %", "80 %"),
        ("Admin interface in “Batteries”", "40 %", "20 %"),
    ]


def test_points_that_changed_are_told(knowledge, stored):
    Effect.objects.filter(feature=knowledge.microservice).update(points=1)

    assert ("Theme: Microservice", "4 points", "1 point") in causes(stored)


# What is gone since


def test_framework_that_was_withdrawn_is_not_listed(knowledge, stored):
    Framework.objects.filter(slug="flask").update(status=Status.RETIRED)

    assert moves(stored) == [
        ("Flask", "place 1, 84 points", "not listed"),
        ("Django", "place 2, 46 points", "place 1, 46 points"),
    ]


def test_framework_that_is_new_was_not_listed(knowledge, stored):
    make.make_framework(slug="newcomer")

    assert moves(stored) == [("Newcomer", "not listed", "place 3, 40 points")]


def test_theme_that_was_withdrawn_counts_no_longer(knowledge, stored):
    Theme.objects.filter(slug="batteries").update(status=Status.RETIRED)

    assert ("Theme: Batteries", "2 points", "no longer counts") in causes(stored)
    assert not any("Orm" in what for what, _, _ in causes(stored))


def test_feature_that_was_withdrawn_counts_no_longer(knowledge, stored):
    knowledge.admin.status = Status.RETIRED
    knowledge.admin.save()

    assert causes(stored) == [
        ("Orm in “Batteries”", "60 %", "100 %"),
        ("Admin interface in “Batteries”", "40 %", "no longer counts"),
    ]


def test_choice_that_is_gone_is_told_and_not_posted_again(knowledge, stored):
    knowledge.preset.delete()
    Choice.objects.filter(slug="microservice").delete()

    changes = changes_since(stored)

    assert causes(stored)[0] == (
        "Your answer to “What do you need?”",
        "Microservice",
        "no longer offered",
    )
    assert "project" not in changes.answers
    assert changes.answers["priority-learning"] == ["4"]


def test_all_questions_may_be_gone(knowledge, stored, client):
    Question.objects.update(status=Status.RETIRED)

    changes = changes_since(stored)

    assert changes.answers == {}
    assert moves(stored) == [
        ("Flask", "place 1, 84 points", "not ranked"),
        ("Django", "place 2, 46 points", "not ranked"),
    ]
    assert client.get(stored.get_absolute_url()).status_code == 200


# The page


def test_page_says_that_nothing_it_rests_on_has_changed(knowledge, stored, client):
    make.make_framework(slug="elsewhere").delete()

    page = read(client.get(stored.get_absolute_url())).text

    assert "nothing that it rests on has changed since" in page
    assert "What this result rests on has changed since" not in page


def test_page_shows_what_changed_and_works_it_out_again(knowledge, stored, client):
    knowledge.flask_orm.level = Level.BUILT_IN
    knowledge.flask_orm.save()

    page = read(client.get(stored.get_absolute_url()))

    assert "Third-party package Built in" in page.text
    assert "place 1, 84 points place 1, 89 points" in page.text
    hidden = [
        (attributes["name"], attributes["value"])
        for tag, attributes in page.tags
        if tag == "input" and attributes.get("type") == "hidden"
    ]
    posted = {name: value for name, value in hidden if name in ANSWERS}
    assert posted == {question: values[0] for question, values in ANSWERS.items()}
    client.post("/advisor/", posted)
    again = Advice.objects.exclude(pk=stored.pk).get()
    assert again.answers == stored.answers
    assert again.result["ranking"][0]["score"] == 89
    stored.refresh_from_db()
    assert stored.result["ranking"][0]["score"] == 84


def test_many_changes_are_listed_in_part(knowledge, client):
    features = [make.make_feature() for _ in range(50)]
    shares = dict.fromkeys(features, "0.02")
    make.make_priority(make.make_theme(slug="many", shares=shares))
    stored = advise(Questionnaire.current(), {"priority-many": ["4"]})
    for feature in features:
        make.make_finding(framework=knowledge.flask, feature=feature)

    page = read(client.get(stored.get_absolute_url())).text

    assert "And 10 more." in page


def test_suggestion_that_was_followed_is_no_answer_that_went(knowledge):
    answers = {**ANSWERS, "preset": [knowledge.preset.slug]}
    given = advise(Questionnaire.current(), answers)
    touch(knowledge.django_orm)

    assert not [what for what, _, _ in causes(given) if "preset" in what]
    assert changes_since(given).answers["preset"] == [knowledge.preset.slug]


def test_group_is_told_which_answers_went_and_how_the_weights_moved(knowledge):
    group = make.make_advice_group()
    for number, answers in enumerate(
        [{"priority-learning": ["4"]}, {"project": ["microservice"]}], start=1
    ):
        make.make_member(group=group, number=number, name=f"P{number}", answers=answers)
    given = combine(Questionnaire.current(), group)
    touch(knowledge.django_orm)
    assert not changes_since_for_group(given)

    Question.objects.filter(slug="project").update(status=Status.DRAFT)

    told = changes_since_for_group(given)
    assert {
        ("P2’s answer to “project”", "microservice", "no longer offered"),
        ("Theme: Learning", "50 % of the weight", "100 % of the weight"),
    } <= {(cause.what, cause.then, cause.now) for cause in told.causes}
    assert [move.what for move in told.moves] == ["Flask", "Django"]


def touch(finding):
    finding.note = "Looked at again."
    finding.save()
