"""The personas: who should be told what, and what moved."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from advisor.models import Persona, PersonaOutcome
from advisor.questionnaire.reading import Questionnaire
from advisor.trials.personas import Outcome, try_personas
from comparisons.choices import Level
from tests import factories as make

pytestmark = pytest.mark.django_db


def outcomes():
    return {outcome.persona.slug: outcome for outcome in try_personas(current())}


def current():
    return Questionnaire.current()


def test_persona_holds_if_an_expected_framework_comes_first(knowledge):
    make.make_persona(slug="other-way", expected=[knowledge.django])

    found = outcomes()

    assert found["small-service"].winners == ["flask"]
    assert found["small-service"].holds
    assert not found["other-way"].holds


def test_persona_is_ranked_as_a_visitor_with_the_same_answers(knowledge, client):
    answers = {
        "project": "microservice",
        "priority-batteries": "4",
        "must_haves": ["admin-interface"],
        "team_knows": ["flask"],
    }
    make.make_persona(slug="visitor", answers=answers, expected=[knowledge.django])

    response = client.post("/advisor/", answers)
    ranking = client.get(f"{response.url.rstrip('/')}.json").json()["ranking"]

    assert [
        (place["framework"], place["rank"], place["score"])
        for place in outcomes()["visitor"].places
    ] == [(s["framework"], s["rank"], s["score"]) for s in ranking]


def test_persona_whose_answers_are_not_asked_any_more_does_not_hold(knowledge):
    make.change(knowledge.persona, answers={"project": "microservice", "gone": ["x"]})

    outcome = outcomes()["small-service"]

    assert outcome.not_offered == [("gone", "x")]
    assert not outcome.holds


def test_persona_without_a_priority_has_no_ranking(knowledge):
    make.make_persona(slug="silent", answers={}, expected=[knowledge.flask])

    outcome = outcomes()["silent"]

    assert (outcome.places, outcome.holds) == ([], False)


@pytest.mark.parametrize(
    "answers", [[], "x", {"project": 4}, {"must_haves": [1]}, {"project": None}]
)
def test_answers_that_no_form_could_post_are_refused(answers):
    persona = Persona(slug="a", name="A", story="B", answers=answers)

    with pytest.raises(ValidationError) as caught:
        persona.full_clean()

    assert "answers" in caught.value.message_dict


def test_move_tells_what_was_and_what_is():
    def places(*rows):
        return [
            {"framework": slug, "name": slug.upper(), "rank": rank, "score": score}
            for rank, (slug, score) in enumerate(rows, start=1)
        ]

    before = places(("a", 80), ("b", 70), ("c", 60))
    now = places(("b", 90), ("a", 80), ("d", 10))

    moved = Outcome(persona=Persona(), places=now).moved(before)

    assert moved == [
        (before[1], now[0]),
        (before[0], now[1]),
        (None, now[2]),
        (before[2], None),
    ]


def test_recorded_outcome_stays_when_a_finding_changes(knowledge, capsys):
    call_command("record_personas")
    assert "Small service: flask, as expected." in capsys.readouterr().out

    finding = knowledge.flask.findings.get(feature=knowledge.microservice)
    make.change(finding, level=Level.POOR)

    (stored,) = PersonaOutcome.objects.newest_of_each()
    outcome = outcomes()["small-service"]
    assert stored.places[0]["framework"] == "flask"
    assert outcome.winners == ["django"]
    assert len(outcome.moved(stored.places)) == 2


def test_every_shipped_persona_holds_or_says_why_not(shipped_knowledge):
    found = try_personas(current())

    assert found
    missed = [each.persona for each in found if not each.holds]
    assert {persona.slug for persona in missed} == {
        "critical-api",
        "flask-meets-websockets",
    }
    assert all(persona.remark for persona in missed)
    for outcome in found:
        assert not outcome.persona.answers.get("candidates")
        assert outcome.persona.expectations.exists()
