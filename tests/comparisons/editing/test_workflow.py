"""Moves from state to state, and whose they are."""

from io import StringIO

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command

from comparisons.choices import Action, Status
from comparisons.editing import roles as groups
from comparisons.editing.workflow import may, move, refusal, targets
from comparisons.history.recording import change_set
from comparisons.history.undoing import undo
from comparisons.models import ChangeSet, Finding, Proposal, Publishable
from tests import factories as make
from tests.test_rights import address, chosen, form_data, make_editor

pytestmark = pytest.mark.django_db

MODELS = [
    model
    for model in apps.get_models()
    if issubclass(model, Publishable) and "Historical" not in model.__name__
]


@pytest.fixture
def contributor():
    return make_editor(groups.CONTRIBUTOR)


@pytest.fixture
def reviewer():
    return make_editor(groups.REVIEWER)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_contributor_touches_nothing_published(client, contributor, model):
    row = make.make_row(model)
    before = model.objects.values().get(pk=row.pk)
    data = form_data(model, row) | {"status": Status.DRAFT}
    client.force_login(contributor)

    shown = client.get(address(row, "change", row.pk))
    posted = client.post(address(row, "change", row.pk), data)
    deleted = client.post(address(row, "delete", row.pk), {"post": "yes"})
    client.post(
        address(row, "changelist"), {"action": "withdraw", **chosen(row), "post": "yes"}
    )

    assert 'name="_save"' not in shown.text
    # What is posted could be proposed, if it said why and left the state alone.
    assert posted.status_code == 200
    # So could its deletion, by who had seen what would go.
    assert deleted.status_code in (403, 409)
    assert not Proposal.objects.exists()
    assert model.objects.values().get(pk=row.pk) == before


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_contributor_forges_no_publication(client, contributor, model):
    row = make.make_row(model, draft=True)
    data = form_data(model, row) | {"status": Status.PUBLISHED}
    client.force_login(contributor)

    response = client.post(address(row, "change", row.pk), data)
    client.post(
        address(row, "changelist"), {"action": "publish", **chosen(row), "post": "yes"}
    )

    errors = response.context["adminform"].form.errors.as_data()
    assert errors["status"][0].code == "invalid_choice"
    row.refresh_from_db()
    assert row.status == Status.DRAFT


def test_sample_is_not_published_from_the_form_of_its_task(client, contributor):
    sample = make.make_sample(draft=True)
    data = form_data(type(sample.task), sample.task)
    client.force_login(contributor)

    client.post(
        address(sample.task, "change", sample.task.pk),
        data | {"samples-0-note": "Look.", "samples-0-status": Status.PUBLISHED},
    )

    sample.refresh_from_db()
    assert (sample.note, sample.status) == ("Look.", Status.DRAFT)


def test_citation_of_another_statement_is_out_of_reach(client, contributor):
    mine, theirs = make.make_finding(draft=True, cited=True), make.make_finding()
    taken = theirs.citations.get()
    data = form_data(Finding, mine) | {"citations-0-id": taken.pk}
    client.force_login(contributor)

    client.post(
        address(mine, "change", mine.pk), data | {"citations-0-says": "Forged."}
    )

    taken.refresh_from_db()
    assert taken.says != "Forged."
    assert taken.finding == theirs


def test_what_may_not_be_published_is_saved_all_the_same(client, reviewer):
    draft = make.make_finding(draft=True, cited=True)
    data = form_data(Finding, draft)
    client.force_login(reviewer)

    response = client.post(
        address(draft, "change", draft.pk),
        data | {"note": "Mine.", "status": Status.PUBLISHED},
        follow=True,
    )

    draft.refresh_from_db()
    assert (draft.note, draft.status) == ("Mine.", Status.DRAFT)
    assert "somebody else has to publish it" in response.text


def test_editor_of_what_was_withdrawn_does_not_publish_it_again(reviewer):
    finding = make.make_finding()
    move(finding, Status.DRAFT, reviewer)
    assert may(reviewer, Action.PUBLISH, finding)

    make.edit(finding, editor=reviewer, note="Otherwise.")

    assert not may(reviewer, Action.PUBLISH, finding)


def test_change_that_was_published_makes_nobody_an_author_any_more(reviewer):
    finding = make.make_finding()
    make.edit(finding, editor=reviewer, note="Corrected in place.")

    move(finding, Status.RETIRED, reviewer)

    assert may(reviewer, Action.PUBLISH, finding)


def test_choice_makes_an_author_of_its_question(reviewer):
    question = make.make_question(draft=True)
    with change_set(editor=reviewer):
        make.make_effect(choice=make.make_choice(question=question))

    assert not may(reviewer, Action.PUBLISH, question)


def test_move_is_one_recorded_set_and_can_be_undone(reviewer):
    draft = make.make_finding(draft=True, cited=True)

    move(draft, Status.PUBLISHED, reviewer, reason="Read it")

    changes = ChangeSet.objects.get(editor=reviewer)
    assert changes.reason == "Read it"
    undo([changes])
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_move_judges_what_is_stored(contributor):
    row = make.make_framework()
    row.status = Status.DRAFT

    with pytest.raises(ValidationError):
        move(row, Status.IN_REVIEW, contributor)


@pytest.mark.parametrize("status", Status)
def test_move_to_the_same_state_is_none(admin_user, status):
    row = make.make_framework(status=status)

    with pytest.raises(ValidationError, match="cannot become"):
        move(row, status, admin_user)


@pytest.mark.parametrize(
    "unready",
    [
        lambda: make.make_finding(draft=True),
        lambda: make.make_disagreement(draft=True),
        lambda: make.make_disagreement(draft=True, decision=""),
        lambda: make.make_theme(draft=True, shares={make.make_feature(): "0.4"}),
    ],
    ids=["uncited", "one-sided", "undecided", "unequal shares"],
)
def test_what_is_not_ready_is_not_published(admin_user, unready):
    row = unready()

    with pytest.raises(ValidationError):
        move(row, Status.PUBLISHED, admin_user)

    row.refresh_from_db()
    assert row.status == Status.DRAFT


def test_move_without_the_right_says_why(contributor):
    with pytest.raises(PermissionDenied, match="Only a reviewer publishes"):
        move(make.make_framework(draft=True), Status.PUBLISHED, contributor)


def test_refusal_names_what_an_account_lacks():
    stranger = User.objects.create(is_staff=True)

    assert refusal(stranger, Action.CHANGE, Finding) == (
        "Your account may not change findings."
    )
    assert targets(stranger, make.make_finding()) == []


def test_first_editor_publishes_own_drafts():
    call_command("create_first_editor", stdout=StringIO())
    editor = User.objects.get()
    with change_set(editor=editor):
        draft = make.make_finding(draft=True, cited=True)

    assert may(editor, Action.PUBLISH, draft)


def test_granting_again_takes_nothing_away():
    contributors = Group.objects.get(name=groups.CONTRIBUTOR)
    extra = Permission.objects.get(codename="add_user")
    contributors.permissions.add(extra)
    before = set(contributors.permissions.all())

    groups.grant(app_config=apps.get_app_config("comparisons"))

    assert set(contributors.permissions.all()) == before


def test_every_model_that_editors_curate_is_in_the_admin_with_its_moves():
    for model in MODELS:
        assert {"submit", "publish", "retire", "withdraw"} <= set(
            admin.site.get_model_admin(model).actions
        )
