"""Editors read what changed and take it back, if they may."""

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from comparisons.choices import Status
from comparisons.history.recording import change_set, record_present_state
from comparisons.history.undoing import undo
from comparisons.models import ChangeSet, Finding, ProCon
from tests import factories as make
from tests.forms import desk_address
from tests.pages import read

pytestmark = pytest.mark.django_db

LIST = "/admin/comparisons/changeset/"


@pytest.fixture
def reviewer():
    return make.make_editor("view_changeset", "undo_changeset", "view_finding")


@pytest.fixture
def reworded(recorded, reviewer):
    """A set in which the reviewer rewords a finding."""
    return make.edit(
        recorded.flask_orm, editor=reviewer, why="A better note", note="Reworded."
    )


def undo_address(changes):
    return reverse("desk:undo-set", args=[changes.pk])


def by_editor(editor, since="2000-01-01"):
    address = reverse("desk:undo-editor")
    return f"{address}?editor={editor.pk}&since={since}"


def note():
    return Finding.objects.get(framework__slug="flask", feature__slug="orm").note


def test_set_is_shown_with_drafts_and_undone_once_it_is_confirmed_with_a_reason(
    client, reworded, reviewer
):
    with change_set() as changes:
        make.make_framework(name="Hidden", draft=True)
    client.force_login(reviewer)

    hidden = read(client.get(f"{LIST}{changes.pk}/change/"))
    asked = read(client.get(undo_address(reworded)))
    refused = client.post(undo_address(reworded), {"reason": "a\0b"})
    unchanged = note()
    response = client.post(undo_address(reworded), {"reason": "It was right"})

    assert "Added framework: Hidden" in hidden.text
    assert undo_address(changes) in hidden.links
    assert f"{LIST}{changes.pk}/change/" in read(client.get(LIST)).links
    assert "Changed finding: Flask: Orm" in asked.text
    assert (refused.status_code, unchanged) == (200, "Reworded.")
    undone = ChangeSet.objects.first()
    assert response.url == f"{LIST}{undone.pk}/change/"
    assert (undone.editor, undone.reason) == (reviewer, "It was right")
    assert note() == "Flask brings none of its own."


def test_conflict_names_and_links_what_stands_in_the_way(
    client, reworded, reviewer, recorded
):
    later = make.edit(recorded.flask_orm, why="Even better", note="Again.")
    client.force_login(reviewer)

    response = client.post(undo_address(reworded), {"reason": "No"})

    page = read(response)
    assert response.status_code == 409
    assert "changed again by “Even better”" in page.text
    assert f"{LIST}{later.pk}/change/" in page.links
    assert note() == "Again."


def test_work_of_one_editor_is_undone_as_it_was_confirmed_and_where_nobody_went_on(
    client, reworded, reviewer, recorded
):
    with change_set(editor=reviewer):
        recorded.pro.delete()
    make.edit(recorded.flask_orm, note="Mine.")
    client.force_login(reviewer)
    asked = client.get(by_editor(reviewer))
    with change_set(editor=reviewer):
        recorded.con.delete()

    until = asked.context["form"]["until"].value()
    reason = {"reason": "Vandalism", "until": until}
    response = client.post(by_editor(reviewer), reason, follow=True)

    assert "Undo 2 sets" in asked.text
    assert "Left as it is: 1" in read(response).text
    assert note() == "Mine."
    assert ProCon.objects.filter(slug="flask-pro-small").exists()
    assert not ProCon.objects.filter(slug="flask-con-assembly").exists()


@pytest.mark.parametrize(
    "query", ["", "?editor=x&since=y", "?editor=0&since=2026-99-99", "?editor=1"]
)
def test_nonsense_is_explained(client, reworded, reviewer, query):
    client.force_login(reviewer)
    address = reverse("desk:undo-editor")

    assert client.get(address + query).status_code == 200
    assert client.post(address + query, {"reason": "No"}).status_code == 200
    assert note() == "Reworded."


def test_what_was_deleted_is_found_from_its_list_and_its_address_until_it_is_back(
    client, reworded, reviewer, recorded
):
    reviewer.user_permissions.add(Permission.objects.get(codename="view_procon"))
    pk = recorded.pro.pk
    with change_set() as changes:
        recorded.pro.delete()
    client.force_login(reviewer)
    address = reverse("desk:deleted")
    of_kind = f"{address}?of=comparisons.procon"

    listed = read(client.get("/admin/comparisons/procon/"))
    gone = read(client.get(of_kind))
    former = read(client.get(desk_address(ProCon, "change", pk), follow=True))
    others = read(client.get(f"{address}?of=comparisons.finding"))
    undo([changes])

    assert of_kind in listed.links
    assert "Pro or con: It is quick to learn." in gone.text
    assert "It was deleted." in former.text
    for page in (gone, former):
        assert undo_address(changes) in page.links
    assert undo_address(changes) not in others.links
    assert "Nothing is missing." in read(client.get(address)).text
    assert client.get(f"{address}?of=x.y").status_code == 404


def test_what_is_retired_is_listed_with_its_form(client, reworded, reviewer):
    retired = make.make_theme(status=Status.RETIRED)
    client.force_login(reviewer)

    page = read(client.get(reverse("desk:deleted")))

    assert desk_address(type(retired), "change", retired.pk) in page.links


def test_list_says_what_changed_and_is_searched_for_objects(client, reworded, reviewer):
    with change_set(reason="Elsewhere"):
        make.make_source(title="The Waltz manual")
    client.force_login(reviewer)

    everything = read(client.get(LIST))
    found = read(client.get(f"{LIST}?q=waltz+manual"))

    assert "Changed finding: Flask: Orm" in everything.text
    assert "Elsewhere" in found.text
    assert "Added source: The Waltz manual" in found.text
    assert "A better note" not in found.text


def test_history_of_an_object_is_what_was_recorded(client, reworded, reviewer):
    client.force_login(reviewer)
    finding = Finding.objects.get(framework__slug="flask", feature__slug="orm")

    page = read(client.get(f"/admin/comparisons/finding/{finding.pk}/history/"))

    assert "A better note" in page.text
    assert "Added citation: Flask docs, Orm" in page.text
    for nonsense in ("x", "0", "9" * 40):
        address = f"/admin/comparisons/finding/{nonsense}/history/"
        assert client.get(address).status_code == 404


def test_history_has_the_name_of_the_object_and_not_of_its_passage(
    admin_client, recorded
):
    page = admin_client.get(desk_address(Finding, "history", recorded.flask_orm.pk))

    assert page.context["title"] == f"History: {recorded.flask_orm}"


def test_history_of_a_row_of_every_registered_model_opens(
    client, knowledge, advice, admin_user
):
    make.make_link()
    make.make_suggestion()
    make.make_proposal()
    record_present_state()
    client.force_login(admin_user)
    rows = [model._base_manager.first() for model in site._registry]

    answers = {
        row: client.get(desk_address(type(row), "history", row.pk)).status_code
        for row in rows
    }

    assert answers == dict.fromkeys(rows, 200)


def test_who_may_only_look_cannot_undo(client, reworded):
    onlooker = make.make_editor("view_changeset")
    client.force_login(onlooker)

    page = read(client.get(f"{LIST}{reworded.pk}/change/"))

    assert undo_address(reworded) not in page.links
    for address in (undo_address(reworded), reverse("desk:undo-editor")):
        assert client.get(address).status_code == 403
        assert client.post(address, {"reason": "No"}).status_code == 403
    with pytest.raises(PermissionDenied):
        undo([reworded], editor=onlooker)
    assert note() == "Reworded."


def test_nobody_edits_history(client, reworded, admin_user):
    client.force_login(admin_user)

    for page in ("add/", f"{reworded.pk}/delete/"):
        assert client.post(f"{LIST}{page}").status_code == 403
    client.post(f"{LIST}{reworded.pk}/change/", {"reason": "Forged"})
    assert ChangeSet.objects.get(pk=reworded.pk).reason == "A better note"
