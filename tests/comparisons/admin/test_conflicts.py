"""Two editors at the same thing: nothing is overwritten unseen, nothing typed lost."""

import pytest
from django.db import IntegrityError
from django.test import Client

from advisor.models import Question
from comparisons.admin.matrix.cells import CellEditor
from comparisons.choices import Level, Stance, Status
from comparisons.editing.admin_urls import cell_address
from comparisons.models import (
    ChangeSet,
    Citation,
    Comparison,
    Finding,
    Task,
)
from comparisons.models.history import paused
from tests import factories as make
from tests.forms import Page, desk_address, filled_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(django_user_model):
    return sign_in(django_user_model, "Ada")


@pytest.fixture
def grace(django_user_model):
    return sign_in(django_user_model, "Grace")


def sign_in(users, name):
    client = Client()
    client.force_login(users.objects.create_superuser(name.lower(), first_name=name))
    return client


def in_form(client, row, page="change"):
    return Page(client, desk_address(type(row), page, row.pk))


def in_matrix(client, finding):
    return Page(client, cell_address(finding))


everywhere = pytest.mark.parametrize("opened", [in_form, in_matrix])


def citation(number, **values):
    return {f"citations-{number}-{name}": value for name, value in values.items()}


# Wherever a finding is edited


@everywhere
def test_second_editor_sees_both_texts_and_decides(ada, grace, knowledge, opened):
    finding = knowledge.flask_orm
    hers, mine = in_form(ada, finding), opened(grace, finding)
    hers.send(note="Ada’s note.", since_version="2.0", change_reason="Clearer words")

    refused = mine.send(note="Grace’s note.")
    finding.refresh_from_db()
    unsaved = finding.note
    saved = mine.send()

    assert (refused.status_code, unsaved) == (409, "Ada’s note.")
    assert "Ada changed this at" in refused.text
    assert "(Clearer words)" in refused.text
    assert "<p>Ada’s note.</p>" in refused.text
    assert 'value="Grace’s note."' in refused.text or ">\nGrace’s note." in refused.text
    assert "You had not changed this" in refused.text
    finding.refresh_from_db()
    assert saved.status_code == 302
    assert (finding.note, finding.since_version) == ("Grace’s note.", "2.0")
    assert ChangeSet.objects.count() == 2


@everywhere
@pytest.mark.parametrize("seen", [None, "garbled", "another row’s"])
def test_page_that_does_not_say_what_it_showed_is_refused(
    grace, knowledge, opened, seen
):
    if seen == "another row’s":
        seen = filled_in(opened(grace, knowledge.django_orm).response)["seen"]
    mine = opened(grace, knowledge.flask_orm)

    response = mine.send(note="Grace’s note.", seen=seen)

    assert response.status_code == 409
    assert "did not say" in response.text
    assert mine.shows("note") == "Grace’s note."
    assert mine.send().status_code == 302


@everywhere
def test_what_was_typed_on_something_deleted_is_saved_as_new(
    ada, grace, knowledge, opened
):
    mine = opened(grace, knowledge.contested)
    in_form(ada, knowledge.contested, "delete").send(change_reason="Twice")

    response = mine.send(note="Grace’s note.", status=Status.DRAFT)

    assert response.status_code == 409
    assert "Ada deleted this" in response.text
    assert "(Twice)" in response.text
    assert mine.shows("note") == "Grace’s note."
    if opened is in_form:
        mine.address = desk_address(Finding, "add")
    assert mine.send().status_code == 302
    again = Finding.objects.get(note="Grace’s note.")
    # The matrix does not show what its stored passages say.
    assert again.citations.count() == (2 if opened is in_form else 0)


@everywhere
def test_citation_that_the_first_added_stays_when_the_second_saves(
    ada, grace, knowledge, opened
):
    hers, mine = in_form(ada, knowledge.flask_orm), opened(grace, knowledge.flask_orm)
    hers.send(**hers.passage(knowledge.blog, says="Ada’s passage."))

    response = mine.send(note="Grace’s note.")
    again = mine.send()

    assert "Added meanwhile" in response.text
    assert again.status_code == 302
    assert knowledge.flask_orm.citations.filter(says="Ada’s passage.").exists()


@everywhere
def test_stance_that_both_changed_shows_both(ada, grace, knowledge, opened):
    hers, mine = in_form(ada, knowledge.contested), opened(grace, knowledge.contested)
    hers.send(**citation(1, stance=Stance.CONTEXT))

    response = mine.send(**citation(1, stance=Stance.SUPPORTS))

    assert "<p>Gives context</p>" in response.text
    assert "<p>Supports</p>" in response.text
    assert mine.shows("citations-1-stance") == Stance.SUPPORTS


@everywhere
def test_ticked_deletion_stays_ticked(ada, grace, knowledge, opened):
    hers, mine = in_form(ada, knowledge.contested), opened(grace, knowledge.contested)
    hers.send(**citation(1, says="Ada read this."))

    mine.send(**citation(1, DELETE="on"))

    assert mine.shows("citations-1-DELETE") == "on"
    assert mine.send().status_code == 302
    assert knowledge.contested.citations.count() == 1


# In forms


def test_citation_deleted_meanwhile_comes_back_only_if_it_was_edited(
    ada, grace, knowledge
):
    hers = in_form(ada, knowledge.contested)
    edits, leaves = (in_form(grace, knowledge.contested) for _ in range(2))
    hers.send(**citation(1, DELETE="on"))

    edited = edits.send(**citation(1, says="Grace read it again."))
    left_alone = leaves.send(note="Grace’s note.")

    assert "Deleted meanwhile" in edited.text
    assert edits.shows("citations-1-says") == "Grace read it again."
    assert edits.shows("citations-1-id") == ""
    assert leaves.shows("citations-TOTAL_FORMS") == "1"
    assert "Deleted meanwhile" in left_alone.text
    assert edits.send().status_code == 302
    assert knowledge.contested.citations.filter(says="Grace read it again.").exists()


def test_deletion_obeys_what_was_seen(ada, grace, knowledge):
    mine = in_form(grace, knowledge.flask_orm, "delete")
    in_form(ada, knowledge.flask_orm).send(note="Ada’s note.")

    response = mine.send(change_reason="Not needed")

    assert response.status_code == 409
    assert "Ada changed this" in response.text
    assert "Nothing was deleted" in response.text
    assert mine.shows("change_reason") == "Not needed"
    assert mine.send().status_code == 302
    assert not Finding.objects.filter(pk=knowledge.flask_orm.pk).exists()


def test_inline_form_of_a_citation_and_its_own_form_see_each_other(
    ada, grace, knowledge
):
    finding = in_form(ada, knowledge.flask_orm)
    passage = in_form(grace, knowledge.flask_orm.citations.get())
    finding.send(**citation(0, says="Ada read this."))

    response = passage.send(says="Grace read that.")

    assert response.status_code == 409
    assert "<p>Ada read this.</p>" in response.text


@pytest.mark.parametrize(
    ("model", "field"),
    [
        (Task, "samples-0-code"),
        (Comparison, "verdicts-0-when"),
        (Question, "choices-0-label"),
    ],
)
def test_inline_rows_are_protected(ada, grace, knowledge, model, field):
    row = model.objects.first()
    hers, mine = in_form(ada, row), in_form(grace, row)
    assert hers.send(**{field: "Ada’s words"}).status_code == 302

    response = mine.send(**{field: "Grace’s words"})

    assert response.status_code == 409
    assert "Ada’s words" in response.text
    assert mine.shows(field) == "Grace’s words"


@pytest.mark.parametrize("total", [None, "99999999999"])
@pytest.mark.parametrize("is_stale", [False, True])
def test_inlines_without_management_form_are_no_failure(
    grace, knowledge, total, is_stale
):
    mine = in_form(grace, knowledge.flask_orm)
    stale = {"seen": None} if is_stale else {}

    response = mine.send(
        note="Grace’s note.", **{"citations-TOTAL_FORMS": total}, **stale
    )

    assert response.status_code == (409 if is_stale else 200)
    assert mine.shows("note") == "Grace’s note."
    knowledge.flask_orm.refresh_from_db()
    assert knowledge.flask_orm.note != "Grace’s note."
    assert not is_stale or mine.shows("citations-TOTAL_FORMS") == "1"


@pytest.mark.parametrize("key", ["abc", "99999999999999999999"])
def test_post_on_something_that_never_was_keeps_what_was_typed(grace, knowledge, key):
    mine = in_form(grace, knowledge.flask_orm)
    mine.address = desk_address(Finding, "change", key)

    assert mine.send(note="Mine.").status_code == 409
    assert mine.shows("note") == "Mine."


def test_popup_stays_a_popup(ada, grace, knowledge):
    mine = in_form(grace, knowledge.blog)
    mine.address += "?_popup=1"
    in_form(ada, knowledge.blog).send(title="Ada’s title")

    mine.send(title="Grace’s title", _popup="1")

    assert mine.shows("_popup") == "1"
    assert "data-popup-response" in mine.send().text


# In the matrix


def test_cell_that_somebody_entered_meanwhile_is_not_overwritten(ada, grace, knowledge):
    cell = Finding(framework=knowledge.flask, feature=knowledge.throughput)
    hers, mine = in_matrix(ada, cell), in_matrix(grace, cell)
    hers.send(level=Level.HIGH, note="Ada’s note.")

    response = mine.send(level=Level.LOW)

    assert response.status_code == 409
    assert "Ada changed this" in response.text
    assert mine.shows("level") == Level.LOW
    assert mine.shows("note") == "Ada’s note."


def test_stance_of_a_passage_deleted_meanwhile_cannot_be_stored(ada, grace, knowledge):
    hers, mine = (
        in_form(ada, knowledge.contested),
        in_matrix(grace, knowledge.contested),
    )
    hers.send(**citation(1, DELETE="on"))

    response = mine.send(**citation(1, stance=Stance.CONTEXT))

    assert "<li>Gives context" in response.text
    assert mine.send().status_code == 302
    assert knowledge.contested.citations.count() == 1


def test_two_new_findings_at_the_same_moment_are_no_failure(
    grace, knowledge, monkeypatch
):
    def lose_the_race(editor):
        raise IntegrityError

    monkeypatch.setattr(CellEditor, "save", lose_the_race)
    cell = Finding(framework=knowledge.flask, feature=knowledge.throughput)
    mine = in_matrix(grace, cell)

    assert mine.send(note="Still here.").status_code == 409
    assert mine.shows("note") == "Still here."


# In lists


def listed(client, model):
    return client.get(desk_address(model, "changelist"))


def act(client, response, model, **changes):
    data = filled_in(response, **changes)
    return client.post(desk_address(model, "changelist"), data, follow=True)


def choose(action, *rows, **changes):
    return {
        "action": action,
        "index": "0",
        "_selected_action": [row.pk for row in rows],
        **changes,
    }


def test_row_changed_since_it_was_listed_is_left_out_of_a_deletion(
    ada, grace, knowledge
):
    page = listed(grace, Citation)
    kept, deleted = knowledge.flask_orm.citations.get(), knowledge.pro.citations.get()
    make.change(knowledge.pro, status=Status.DRAFT)
    in_form(ada, kept).send(says="Ada read this.", change_reason="Read again")

    chosen = choose("delete_selected", kept, deleted)
    asked = act(grace, page, Citation, **chosen)
    done = act(grace, asked, Citation, change_reason="Twice")

    assert "was left out. Ada changed this at" in asked.text
    assert "Now deleted: 1 citation" in done.text
    assert Citation.objects.filter(pk=kept.pk).exists()
    assert not Citation.objects.filter(pk=deleted.pk).exists()
    assert ChangeSet.objects.filter(reason="Twice").count() == 1


def test_confirmed_action_that_does_not_say_what_it_showed_does_nothing(
    grace, knowledge
):
    other = filled_in(in_form(grace, knowledge.django_orm, "delete").response)["seen"]
    chosen = choose("delete_selected", knowledge.flask_orm, post="yes", seen=other)
    chosen["_selected_action"] += ["abc", "²"]

    response = grace.post(desk_address(Finding, "changelist"), chosen, follow=True)

    assert "did not say" in response.text
    assert Finding.objects.filter(pk=knowledge.flask_orm.pk).exists()


def test_bulk_action_asks_first_then_does_the_rest_in_one_set(grace, knowledge):
    with paused():
        draft = make.make_finding(draft=True)
    changed = knowledge.django_orm.framework.findings.first()
    rows = [knowledge.flask_orm, draft, knowledge.contested, changed]

    asked = act(grace, listed(grace, Finding), Finding, **choose("retire", *rows))
    with paused():
        make.change(changed, note="Changed while Grace was asked.")
    done = act(grace, asked, Finding)

    assert all(str(row) in asked.text for row in rows)
    assert f"“{changed}” was left out." in done.text
    assert "Now retired: 2 findings." in done.text
    assert "Not retired: 1" in done.text
    assert "It is draft and cannot become retired." in done.text
    assert Finding.objects.filter(status=Status.RETIRED).count() == 2
    assert Finding.history.filter(change_set=ChangeSet.objects.get()).count() == 2


def test_selecting_all_pages_shows_them_before_anything_happens(grace, knowledge):
    chosen = choose("retire", knowledge.flask_orm, select_across="1")

    asked = act(grace, listed(grace, Finding), Finding, **chosen)

    assert all(str(finding) in asked.text for finding in Finding.objects.all())
    assert not Finding.objects.filter(status=Status.RETIRED).exists()
