"""Two editors at the same thing: nothing is overwritten unseen, nothing typed lost."""

import pytest
from django.test import Client

from advisor.models import Question
from comparisons.choices import Status
from comparisons.models import ChangeSet, Citation, Comparison, Finding, Framework, Task
from comparisons.models.history import paused
from tests import factories as make
from tests.forms import desk_address, filled_in

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


class Editing:
    """One form that an editor has open."""

    def __init__(self, client, row, page="change"):
        self.client = client
        self.address = desk_address(type(row), page, row.pk)
        self.response = client.get(self.address)

    def save(self, **changes):
        data = filled_in(self.response, **changes)
        self.response = self.client.post(self.address, data)
        return self.response

    @property
    def errors(self):
        return self.response.context["adminform"].form.errors


def citation(number, **values):
    return {f"citations-{number}-{name}": value for name, value in values.items()}


def add_citation(knowledge, number, **values):
    """Return what to post for one more citation, the first that is not stored."""
    new = {
        "id": "",
        "source": knowledge.blog.pk,
        "stance": "supports",
        "locator": "Here",
        "says": "So it is.",
        "level": "",
        "accessed_date": "2026-11-20",
        "key": "",
    } | values
    return citation(number, **new) | {"citations-TOTAL_FORMS": number + 1}


def test_second_editor_sees_both_texts_side_by_side(ada, grace, knowledge):
    hers, mine = Editing(ada, knowledge.flask_orm), Editing(grace, knowledge.flask_orm)
    hers.save(note="Ada’s note.", change_reason="Clearer words")

    response = mine.save(note="Grace’s note.")

    knowledge.flask_orm.refresh_from_db()
    assert response.status_code == 409
    assert knowledge.flask_orm.note == "Ada’s note."
    assert "Ada changed this at" in response.text
    assert "(Clearer words)" in response.text
    assert "Ada’s note." in mine.errors["note"][0]
    assert filled_in(response)["note"] == "Grace’s note."
    assert ChangeSet.objects.count() == 1


def test_saving_again_after_seeing_the_other_text_is_a_decision(ada, grace, knowledge):
    hers, mine = Editing(ada, knowledge.flask_orm), Editing(grace, knowledge.flask_orm)
    hers.save(note="Ada’s note.")
    mine.save(note="Grace’s note.")

    response = mine.save()

    knowledge.flask_orm.refresh_from_db()
    assert response.status_code == 302
    assert knowledge.flask_orm.note == "Grace’s note."


def test_what_the_second_editor_left_alone_follows_the_first(ada, grace, knowledge):
    hers, mine = Editing(ada, knowledge.flask_orm), Editing(grace, knowledge.flask_orm)
    hers.save(note="Ada’s note.")

    mine.save(since_version="2.0")
    mine.save()

    knowledge.flask_orm.refresh_from_db()
    assert knowledge.flask_orm.note == "Ada’s note."
    assert knowledge.flask_orm.since_version == "2.0"


def test_a_third_change_between_two_tries_is_seen_as_well(ada, grace, knowledge):
    mine = Editing(grace, knowledge.flask_orm)
    Editing(ada, knowledge.flask_orm).save(note="Ada’s note.")
    mine.save(note="Grace’s note.")
    Editing(ada, knowledge.flask_orm).save(note="Ada’s second note.")

    response = mine.save()

    assert response.status_code == 409
    assert "Ada’s second note." in mine.errors["note"][0]
    assert filled_in(response)["note"] == "Grace’s note."


def test_inline_changed_by_both_shows_both(ada, grace, knowledge):
    hers, mine = Editing(ada, knowledge.contested), Editing(grace, knowledge.contested)
    hers.save(**citation(1, says="Ada read this."))

    response = mine.save(**citation(1, says="Grace read that."))

    assert response.status_code == 409
    assert "Ada read this." in response.text
    assert filled_in(response)["citations-1-says"] == "Grace read that."


def test_citation_that_the_first_added_stays_when_the_second_saves(
    ada, grace, knowledge
):
    hers, mine = Editing(ada, knowledge.flask_orm), Editing(grace, knowledge.flask_orm)
    hers.save(**add_citation(knowledge, 1, says="Ada’s passage."))

    response = mine.save(**add_citation(knowledge, 1, says="Grace’s passage."))
    again = mine.save()

    assert "Added meanwhile" in response.text
    assert again.status_code == 302
    said = set(knowledge.flask_orm.citations.values_list("says", flat=True))
    assert {"Ada’s passage.", "Grace’s passage."} <= said


def test_citation_deleted_meanwhile_comes_back_only_if_it_was_edited(
    ada, grace, knowledge
):
    hers = Editing(ada, knowledge.contested)
    edits, leaves = (Editing(grace, knowledge.contested) for _ in range(2))
    hers.save(**citation(1, DELETE="on"))

    edited = edits.save(**citation(1, says="Grace read it again."))
    left_alone = leaves.save(note="Grace’s note.")

    assert "Deleted meanwhile" in edited.text
    assert filled_in(edited)["citations-1-says"] == "Grace read it again."
    assert filled_in(edited)["citations-1-id"] == ""
    assert filled_in(left_alone)["citations-TOTAL_FORMS"] == "1"
    assert "not touched by you" in left_alone.text
    assert edits.save().status_code == 302
    assert knowledge.contested.citations.filter(says="Grace read it again.").exists()


def test_ticked_deletion_stays_ticked(ada, grace, knowledge):
    hers, mine = Editing(ada, knowledge.contested), Editing(grace, knowledge.contested)
    hers.save(**citation(1, says="Ada read this."))

    response = mine.save(**citation(1, DELETE="on"))

    assert filled_in(response)["citations-1-DELETE"] == "on"
    assert "Ada read this." in response.text
    assert mine.save().status_code == 302
    assert knowledge.contested.citations.count() == 1


def test_what_was_typed_on_something_deleted_is_saved_as_new(ada, grace, knowledge):
    mine = Editing(grace, knowledge.contested)
    Editing(ada, knowledge.contested, "delete").save(change_reason="Twice")

    response = mine.save(note="Grace’s note.", **citation(0, says="Grace read this."))

    assert response.status_code == 409
    assert "Ada deleted this" in response.text
    assert "(Twice)" in response.text
    data = filled_in(response)
    assert data["note"] == "Grace’s note."
    saved = grace.post(desk_address(Finding, "add"), data)
    assert saved.status_code == 302
    again = Finding.objects.get(note="Grace’s note.")
    assert again.citations.count() == 2


def test_deletion_obeys_the_stamp(ada, grace, knowledge):
    mine = Editing(grace, knowledge.flask_orm, "delete")
    Editing(ada, knowledge.flask_orm).save(note="Ada’s note.")

    response = mine.save(change_reason="Not needed")

    assert response.status_code == 409
    assert "Ada changed this" in response.text
    assert "Nothing was deleted" in response.text
    assert filled_in(response)["change_reason"] == "Not needed"
    assert mine.save().status_code == 302
    assert not Finding.objects.filter(pk=knowledge.flask_orm.pk).exists()


def test_inline_form_of_a_citation_and_its_own_form_see_each_other(
    ada, grace, knowledge
):
    finding = Editing(ada, knowledge.flask_orm)
    passage = Editing(grace, knowledge.flask_orm.citations.get())
    finding.save(**citation(0, says="Ada read this."))

    response = passage.save(says="Grace read that.")

    assert response.status_code == 409
    assert "Ada read this." in passage.errors["says"][0]


@pytest.mark.parametrize(
    ("model", "field"),
    [
        (Framework, "tagline"),
        (Task, "samples-0-code"),
        (Comparison, "verdicts-0-when"),
        (Question, "choices-0-label"),
    ],
)
def test_every_form_and_its_inlines_are_protected(ada, grace, knowledge, model, field):
    row = model.objects.first()
    hers, mine = Editing(ada, row), Editing(grace, row)
    assert hers.save(**{field: "Ada’s words"}).status_code == 302

    response = mine.save(**{field: "Grace’s words"})

    assert response.status_code == 409
    assert "Ada’s words" in response.text
    assert filled_in(response)[field] == "Grace’s words"


# What a form carries may be missing, garbled or another row's


@pytest.mark.parametrize("seen", [None, "garbled", "a:b:c"])
def test_form_that_does_not_say_what_it_showed_is_refused(grace, knowledge, seen):
    mine = Editing(grace, knowledge.flask_orm)

    response = mine.save(note="Grace’s note.", _seen=seen)

    assert response.status_code == 409
    assert "did not say" in response.text
    assert filled_in(response)["note"] == "Grace’s note."
    assert mine.save().status_code == 302


def test_stamp_of_another_row_is_refused(grace, knowledge):
    other = filled_in(Editing(grace, knowledge.django_orm).response)["_seen"]

    response = Editing(grace, knowledge.flask_orm).save(_seen=other)

    assert response.status_code == 409


@pytest.mark.parametrize("total", [None, "x"])
def test_inlines_without_management_form_are_an_error_and_nothing_is_lost(
    grace, knowledge, total
):
    mine = Editing(grace, knowledge.flask_orm)

    response = mine.save(note="Grace’s note.", **{"citations-TOTAL_FORMS": total})

    assert response.status_code == 200
    assert filled_in(response)["note"] == "Grace’s note."
    knowledge.flask_orm.refresh_from_db()
    assert knowledge.flask_orm.note != "Grace’s note."


@pytest.mark.parametrize("total", [None, "99999999999"])
def test_stale_form_without_management_form_shows_what_is_stored(
    grace, knowledge, total
):
    mine = Editing(grace, knowledge.flask_orm)

    response = mine.save(_seen=None, **{"citations-TOTAL_FORMS": total})

    assert response.status_code == 409
    assert filled_in(response)["citations-TOTAL_FORMS"] == "1"


@pytest.mark.parametrize("key", ["abc", "99999999999999999999"])
def test_post_on_something_that_never_was_keeps_what_was_typed(grace, knowledge, key):
    data = filled_in(Editing(grace, knowledge.flask_orm).response, note="Mine.")

    response = grace.post(desk_address(Finding, "change", key), data)

    assert response.status_code == 409
    assert filled_in(response)["note"] == "Mine."


def test_popup_stays_a_popup(ada, grace, knowledge):
    mine = Editing(grace, knowledge.blog)
    mine.address += "?_popup=1"
    Editing(ada, knowledge.blog).save(title="Ada’s title")

    response = mine.save(title="Grace’s title", _popup="1")
    saved = mine.save()

    assert filled_in(response)["_popup"] == "1"
    assert "data-popup-response" in saved.text


# Lists


def listed(client, model, query=""):
    return client.get(desk_address(model, "changelist") + query)


def act(client, response, model, action, *rows, **changes):
    data = filled_in(
        response,
        action=action,
        index="0",
        _selected_action=[row.pk for row in rows],
        **changes,
    )
    return client.post(desk_address(model, "changelist"), data, follow=True)


def test_row_changed_since_it_was_listed_is_left_out_of_a_deletion(
    ada, grace, knowledge
):
    page = listed(grace, Citation)
    kept, deleted = knowledge.flask_orm.citations.get(), knowledge.pro.citations.get()
    knowledge.pro.status = Status.DRAFT
    knowledge.pro.save()
    Editing(ada, kept).save(says="Ada read this.", change_reason="Read again")

    asked = act(grace, page, Citation, "delete_selected", kept, deleted)
    done = grace.post(
        desk_address(Citation, "changelist"),
        filled_in(asked, change_reason="Twice"),
        follow=True,
    )

    assert "was left out. Ada changed this at" in asked.text
    assert "Successfully deleted 1 citation" in done.text
    assert Citation.objects.filter(pk=kept.pk).exists()
    assert not Citation.objects.filter(pk=deleted.pk).exists()
    assert ChangeSet.objects.filter(reason="Twice").count() == 1


def test_confirmed_action_without_stamps_does_nothing(grace, knowledge):
    response = grace.post(
        desk_address(Finding, "changelist"),
        {
            "action": "delete_selected",
            "post": "yes",
            "_selected_action": [knowledge.flask_orm.pk, "abc", "²"],
        },
        follow=True,
    )

    assert "did not say what it had shown" in response.text
    assert Finding.objects.filter(pk=knowledge.flask_orm.pk).exists()


def test_bulk_action_asks_first_then_does_the_rest_in_one_set(grace, knowledge):
    with paused():
        draft = make.make_finding(draft=True)
    changed = knowledge.django_orm.framework.findings.first()
    rows = [knowledge.flask_orm, draft, knowledge.contested, changed]

    asked = act(grace, listed(grace, Finding), Finding, "retire", *rows)
    with paused():
        changed.note = "Changed while Grace was asked."
        changed.save()
    done = grace.post(
        desk_address(Finding, "changelist"), filled_in(asked), follow=True
    )

    assert all(str(row) in asked.text for row in rows)
    assert f"“{changed}” was left out." in done.text
    assert "Now retired: 2 findings." in done.text
    assert "Not retired: 1" in done.text
    assert "It is draft and cannot become retired." in done.text
    assert Finding.objects.filter(status=Status.RETIRED).count() == 2
    assert Finding.history.filter(change_set=ChangeSet.objects.get()).count() == 2


def test_selecting_all_pages_shows_them_before_anything_happens(grace, knowledge):
    asked = act(
        grace,
        listed(grace, Finding),
        Finding,
        "retire",
        knowledge.flask_orm,
        select_across="1",
    )

    assert all(str(finding) in asked.text for finding in Finding.objects.all())
    assert not Finding.objects.filter(status=Status.RETIRED).exists()
