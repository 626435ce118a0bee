"""The queue of suggestions, and what deciding one does."""

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from comparisons.admin.bases.passages import SourcedForm
from comparisons.choices import ChangeKind, Level
from comparisons.editing.admin_urls import edit_address
from comparisons.editing.seen import stamp
from comparisons.history.undoing import undo
from comparisons.models import ChangeSet, Citation, Finding
from tests import factories as make
from tests.forms import Page
from tests.pages import read

# Completes the passage that is filled in with what the reader cites.
READ = {"citations-1-says": "The team makes it."}
QUEUE = reverse("admin:comparisons_suggestion_changelist")


@pytest.fixture
def suggestion(recorded):
    """A reader's view that Flask's mapper is official, with a page that shows it."""
    return make.make_suggestion(
        finding=recorded.flask_orm,
        problem="Its own team makes it.",
        proposed_level=Level.OFFICIAL,
        proposed_text="The team of Flask makes the usual one.",
        evidence_url="https://flask-docs.example",
        evidence_locator="Extensions",
        credit="Ada",
        contact="ada@reader.example",
    )


def page_of(suggestion):
    return reverse("admin:comparisons_suggestion_change", args=[suggestion.pk])


def form_of(client, suggestion):
    """Open the form of what it is about, as its page offers."""
    return Page(client, edit_address(suggestion.target, suggestion=suggestion.pk))


def reject(client, suggestion, answer="The page says otherwise."):
    return client.post(page_of(suggestion), {"answer": answer})


# Accepting


def test_accepting_stores_the_form_with_its_passage_in_one_change_set(
    admin_client, admin_user, suggestion, recorded
):
    before = stamp(recorded.flask_orm)
    page = form_of(admin_client, suggestion)

    assert page.address in read(admin_client.get(page_of(suggestion))).links
    assert "Its own team makes it." in page.response.text
    assert page.shows("citations-1-address") == "https://flask-docs.example"
    response = page.send(
        **READ,
        change_reason="Official now",
        answer="Thank you.",
        _accept="",
    )

    assert (response.status_code, response.url) == (302, QUEUE)
    finding = Finding.objects.get(pk=recorded.flask_orm.pk)
    assert (finding.level, finding.note) == (
        Level.OFFICIAL,
        "The team of Flask makes the usual one.",
    )
    cited = finding.citations.latest("pk")
    assert (cited.source, cited.locator) == (recorded.flask_docs, "Extensions")
    suggestion.refresh_from_db()
    changes = suggestion.change_set
    assert (suggestion.state, suggestion.decided_by) == ("accepted", admin_user)
    assert suggestion.answer == "Thank you."
    assert (changes.kind, changes.credit, changes.editor, changes.reason) == (
        ChangeKind.SUGGESTION,
        "Ada",
        admin_user,
        "Official now",
    )
    assert Citation.history.filter(change_set=changes).count() == 1
    undo([changes])
    assert stamp(Finding.objects.get(pk=finding.pk)) == before


@pytest.mark.parametrize("name", ["pro", "fact", "adopter", "blog"])
def test_suggestion_about_each_other_kind_is_accepted(admin_client, knowledge, name):
    target = getattr(knowledge, name)
    field = type(target).suggestions.rel.field.name
    text = {"pro": "statement", "fact": "value", "adopter": "note", "blog": "interest"}
    suggestion = make.make_suggestion(**{field: target}, proposed_text="It is new.")
    changes = {"interest": "It is new."} if name == "blog" else {}

    form_of(admin_client, suggestion).send(**changes, _accept="")

    target.refresh_from_db()
    suggestion.refresh_from_db()
    assert getattr(target, text[name]) == "It is new."
    assert suggestion.state == "accepted"


def test_what_the_form_refuses_leaves_it_open(admin_client, suggestion):
    page = form_of(admin_client, suggestion)

    page.send(extension="", answer="A word.", _accept="")

    assert page.response.status_code == 200
    assert page.shows("answer") == "A word."
    suggestion.refresh_from_db()
    assert suggestion.is_open
    assert not ChangeSet.objects.filter(kind=ChangeKind.SUGGESTION).exists()


def test_source_that_another_editor_adds_at_the_same_moment_is_cited(
    admin_client, suggestion, monkeypatch
):
    save = SourcedForm.save

    def lose_the_race(form, commit=True):
        monkeypatch.setattr(SourcedForm, "save", save)
        raise IntegrityError

    monkeypatch.setattr(SourcedForm, "save", lose_the_race)
    page = form_of(admin_client, suggestion)

    response = page.send(**READ, _accept="")

    assert response.status_code == 302
    suggestion.refresh_from_db()
    assert suggestion.state == "accepted"
    assert suggestion.finding.citations.filter(locator="Extensions").count() == 1


def test_preview_accepts_nothing(admin_client, suggestion, recorded):
    shown = form_of(admin_client, suggestion).send(_preview="")

    assert "The team of Flask makes the usual one." in shown.text
    suggestion.refresh_from_db()
    assert suggestion.is_open
    recorded.flask_orm.refresh_from_db()
    assert recorded.flask_orm.level == Level.THIRD_PARTY


# What somebody else did


def test_page_tells_that_the_target_has_changed_since(
    admin_client, suggestion, recorded
):
    notice = "It has been changed since this was suggested."
    assert notice not in admin_client.get(page_of(suggestion)).text

    Finding.objects.filter(pk=recorded.flask_orm.pk).update(note="Another note.")

    assert notice in admin_client.get(page_of(suggestion)).text


def test_second_editor_sees_what_was_decided_and_keeps_what_was_typed(
    admin_client, suggestion, recorded
):
    page = form_of(admin_client, suggestion)
    reject(admin_client, suggestion)

    accepting = page.send(note="Mine.", _accept="")
    rejecting = reject(admin_client, suggestion, "Another reason.")

    assert "has been decided meanwhile" in accepting.text
    assert page.shows("note") == "Mine."
    assert rejecting.status_code == 409
    assert "The page says otherwise." in rejecting.text
    assert "Another reason." in rejecting.text
    recorded.flask_orm.refresh_from_db()
    assert recorded.flask_orm.level == Level.THIRD_PARTY
    # The form that came back is an ordinary one.
    page.address = edit_address(recorded.flask_orm)
    assert page.send(**READ, _save="").status_code == 302


# Rejecting and answering


def test_reader_is_told_why_and_the_address_is_forgotten(
    admin_client, admin_user, suggestion, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        reject(admin_client, suggestion)

    [message] = mail.outbox
    assert message.to == ["ada@reader.example"]
    assert "Flask: Orm" in message.body
    assert "The page says otherwise." in message.body
    # Nobody is sent a text by way of this site.
    assert suggestion.problem not in message.body
    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.contact) == ("rejected", "")
    assert suggestion.decided_by == admin_user
    assert suggestion.answered_at


def test_rejection_needs_a_reason(admin_client, suggestion):
    response = reject(admin_client, suggestion, " ")

    assert "Say why" in response.text
    suggestion.refresh_from_db()
    assert suggestion.is_open


def test_decision_outlives_a_mail_server_that_fails(
    admin_client, suggestion, monkeypatch, django_capture_on_commit_callbacks
):
    def fail(*args, **kwargs):
        raise OSError("Connection refused")

    with (
        monkeypatch.context() as patch,
        django_capture_on_commit_callbacks(execute=True),
    ):
        patch.setattr("comparisons.web.mail.send_mail", fail)
        assert reject(admin_client, suggestion).status_code == 302

    suggestion.refresh_from_db()
    assert suggestion.state == "rejected"
    assert suggestion.mail_error == "OSError: Connection refused"
    assert suggestion.contact == "ada@reader.example"

    action = {"action": "send_answers_again", "_selected_action": [suggestion.pk]}
    admin_client.post(QUEUE, action)

    assert len(mail.outbox) == 1
    suggestion.refresh_from_db()
    assert (suggestion.contact, suggestion.mail_error) == ("", "")


@pytest.mark.parametrize("decision", ["rejected", "accepted"])
def test_who_decides_is_told_at_once_that_the_answer_failed(
    admin_client, suggestion, monkeypatch, decision
):
    def fail(*args, **kwargs):
        raise OSError("Connection refused")

    monkeypatch.setattr("comparisons.web.mail.send_mail", fail)
    monkeypatch.setattr(transaction, "on_commit", lambda act, **options: act())

    if decision == "rejected":
        reject(admin_client, suggestion)
    else:
        form_of(admin_client, suggestion).send(**READ, _accept="")

    assert "The answer could not be sent" in admin_client.get(QUEUE).text
    suggestion.refresh_from_db()
    assert suggestion.state == decision


def test_nobody_is_mailed_without_an_address(
    admin_client, knowledge, django_capture_on_commit_callbacks
):
    suggestion = make.make_suggestion(finding=knowledge.flask_orm)
    with django_capture_on_commit_callbacks(execute=True):
        reject(admin_client, suggestion)

    assert mail.outbox == []


# Who may


def test_decision_takes_its_permission(client, suggestion):
    client.force_login(make.make_editor("view_suggestion", "change_finding"))

    page = client.get(page_of(suggestion))

    assert page.status_code == 200
    assert "a reviewer decides them" in page.text
    assert reject(client, suggestion).status_code == 403
    form_of(client, suggestion).send(note="Mine.", _accept="", _propose="")
    suggestion.refresh_from_db()
    assert suggestion.is_open


def test_stranger_sees_no_suggestion(client, suggestion):
    for address in (QUEUE, page_of(suggestion)):
        assert client.get(address).status_code == 302
    client.force_login(make.make_editor())
    for address in (QUEUE, page_of(suggestion)):
        assert client.get(address).status_code == 403


# The queue


def test_queue_shows_what_is_open_first(admin_client, knowledge):
    first = make.make_suggestion(source=knowledge.blog, problem="First.")
    second = make.make_suggestion(source=knowledge.blog, problem="Second.")
    reject(admin_client, first)

    listed = list(admin_client.get(QUEUE).context["cl"].result_list)

    assert listed == [second, first]
    narrowed = admin_client.get(f"{QUEUE}?state__exact=open")
    assert list(narrowed.context["cl"].result_list) == [second]
    # Nobody finds out the address of a reader by asking for its letters.
    assert admin_client.get(f"{QUEUE}?contact__startswith=a").status_code == 400
    assert admin_client.get(f"{QUEUE}?contact__gt=a").status_code == 400
