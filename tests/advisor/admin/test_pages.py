"""The editors' pages about the questionnaire as a whole."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from advisor.models import Choice, Persona, PersonaOutcome
from advisor.questionnaire.reading import Questionnaire
from comparisons.choices import Level
from tests import factories as make
from tests.forms import Page, desk_address, filled_in
from tests.pages import read

pytestmark = pytest.mark.django_db

NAMES = ["audit", "preview", "personas"]
PAGES = [f"/admin/advisor/{name}/" for name in NAMES]
WRITING = ("INSERT", "UPDATE", "DELETE")


@pytest.fixture
def draft(knowledge):
    """A draft question about a draft theme that would make Django first."""
    theme = make.make_theme(
        slug="draft", name="Unfinished", draft=True, shares={knowledge.orm: "1"}
    )
    question = make.make_priority(theme, steps=[], text="Is it unfinished?", draft=True)
    make.make_answer(question, "4", theme=theme, points=8)
    make.make_persona(
        slug="tester",
        answers={"project": "microservice", "priority-draft": "4"},
        expected=[knowledge.django],
    )
    return question


@pytest.mark.parametrize("page", PAGES)
def test_page_answers_an_editor_and_writes_nothing(page, admin_client, advice, draft):
    with CaptureQueriesContext(connection) as queries:
        response = admin_client.get(page)

    assert response.status_code == 200
    assert not [q["sql"] for q in queries if q["sql"].startswith(WRITING)]
    found = read(response)
    assert found.count("h1") == 1
    assert not any(found.inline)


@pytest.mark.parametrize("page", PAGES)
def test_page_is_for_staff_with_the_permission(page, client):
    assert client.get(page).status_code == 302

    client.force_login(make.make_editor())
    assert client.get(page).status_code == 403

    client.force_login(make.make_editor("view_question", "view_persona"))
    assert client.get(page).status_code == 200


def test_editors_find_the_pages_from_front_and_lists(admin_client, knowledge):
    for address in ("/admin/", reverse("admin:advisor_question_changelist")):
        assert set(PAGES) <= set(read(admin_client.get(address)).links)


def test_preview_shows_drafts_and_what_they_would_move(admin_client, draft):
    response = admin_client.get("/admin/advisor/preview/")

    assert "Is it unfinished?" in response.text
    moved = {now.persona.slug: (now, then) for now, then, _ in response.context["rows"]}
    now, then = moved["tester"]
    assert (now.winners, then.winners) == (["flask"], ["django"])
    assert not now.holds
    assert then.holds


def test_preview_shows_draft_presets_conflicts_and_conditions(admin_client, draft):
    project = Choice.objects.get(question__slug="project", slug="microservice")
    answer = draft.choices.get()
    preset = make.make_preset(choice=project, points={draft.theme: 4}, draft=True)
    conflict = make.make_conflict(first=project, second=answer, draft=True)
    asked_next = make.make_question(
        text="And then?", shown_if=answer, theme=draft.theme, draft=True
    )

    preview = Questionnaire.preview()

    assert preset in preview.presets
    assert preview.preset(preset.slug).points.get().theme == draft.theme
    assert conflict in preview.conflicts
    assert asked_next in preview.questions
    page = admin_client.get("/admin/advisor/preview/")
    assert {
        ("preset", preset),
        ("conflict", conflict),
        ("question", asked_next),
    } <= set(page.context["drafts"])
    assert f"Preset: {preset} (Draft)" in read(page).text
    live = Questionnaire.current()
    assert not {preset, conflict, asked_next} & {
        *live.presets,
        *live.conflicts,
        *live.questions,
    }


def test_recording_stores_one_outcome_for_each_persona(admin_client, knowledge):
    address = reverse("advisor-admin:record-personas")
    assert admin_client.get(address).status_code == 405

    response = admin_client.post(address, follow=True)

    assert PersonaOutcome.objects.count() == 1
    assert "Recorded the outcomes of 1 personas" in response.text


def test_recording_needs_the_permission_to_change(client, knowledge):
    client.force_login(make.make_editor("view_persona"))

    shown = client.get("/admin/advisor/personas/")
    posted = client.post(reverse("advisor-admin:record-personas"))

    assert "Record the outcomes" not in shown.text
    assert posted.status_code == 403
    assert not PersonaOutcome.objects.exists()


def test_panel_shows_what_moved_since_the_last_record(admin_client, knowledge):
    admin_client.post(reverse("advisor-admin:record-personas"))
    finding = knowledge.flask.findings.get(feature=knowledge.microservice)
    finding.level = Level.POOR
    finding.save()

    shown = read(admin_client.get("/admin/advisor/personas/")).text

    assert "Flask: 1. with 100 → 2. with 0" in shown


def test_persona_answers_as_the_advisor_asks(admin_client, knowledge, draft):
    page = Page(admin_client, desk_address(Persona, "add"))
    answers = {"answer-project": "microservice", "answer-must_haves": "admin-interface"}
    said = {"project": ["microservice"], "must_haves": ["admin-interface"]}

    page.send(name="New", story="They start.", expected=knowledge.flask.pk, **answers)
    persona = Persona.objects.get(slug="new")
    page = Page(admin_client, desk_address(Persona, "change", persona.pk))
    shown = {name: page.shows(name) for name in answers}
    page.send(**{"answer-priority-draft": "4"})

    assert shown == answers
    assert persona.answers == said
    persona.refresh_from_db()
    assert persona.answers == said | {"priority-draft": ["4"]}


def test_answer_that_nobody_offers_is_refused_and_one_of_old_is_dropped(
    admin_client, knowledge
):
    persona = Persona.objects.first()
    persona.answers = {"castle": "x", "project": "microservice"}
    persona.save()
    page = Page(admin_client, desk_address(Persona, "change", persona.pk))
    told = read(page.response).text

    refused = page.send(**{"answer-project": "castle"})
    page.send(**{"answer-project": "microservice"})

    assert "saving drops it: castle: x" in told
    assert "answer-project" in refused.context["adminform"].form.errors
    persona.refresh_from_db()
    assert persona.answers == {"project": ["microservice"]}


def test_two_editors_answer_for_one_persona(admin_client, knowledge):
    persona = Persona.objects.first()
    address = desk_address(Persona, "change", persona.pk)
    first, second = Page(admin_client, address), Page(admin_client, address)
    first.send(**{"answer-must_haves": "admin-interface"})

    refused = second.send(**{"answer-project": ""})
    shown = second.shows("answer-must_haves")
    second.send()

    assert (refused.status_code, shown) == (409, "admin-interface")
    persona.refresh_from_db()
    assert persona.answers == {"must_haves": ["admin-interface"]}


def question_data(status, **choices):
    return {
        "slug": "small",
        "kind": "must_haves",
        "text": "What?",
        "position": 1,
        "status": status,
        "choices-TOTAL_FORMS": 0,
        "choices-INITIAL_FORMS": 0,
        **choices,
    }


def test_broken_question_is_not_published_in_the_admin(admin_client, knowledge):
    question = make.make_question(slug="small", draft=True)
    make.make_choice(question=question, slug="nothing")

    response = admin_client.post(
        reverse("admin:advisor_question_change", args=[question.pk]),
        question_data("published"),
    )

    errors = response.context["adminform"].form.errors["status"]
    assert "The choice “Nothing” has no effect." in errors
    question.refresh_from_db()
    assert not question.is_published


@pytest.mark.parametrize(("status", "added"), [("published", 0), ("draft", 1)])
def test_new_choice_goes_to_a_draft_or_comes_with_its_effects(
    admin_client, knowledge, status, added
):
    question = make.make_question(slug="small")
    make.make_effect(choice=make.make_choice(question=question))
    page = reverse("admin:advisor_question_change", args=[question.pk])
    choice = {
        "choices-TOTAL_FORMS": "2",
        "choices-1-slug": "new",
        "choices-1-label": "New",
    }

    admin_client.post(page, filled_in(admin_client.get(page), status=status, **choice))

    assert question.choices.filter(slug="new").count() == added
