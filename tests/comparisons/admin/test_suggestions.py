"""The queue of suggestions, and what deciding one does."""

import pytest
from django.core import mail
from django.urls import reverse

from comparisons.admin.bases.passages import PassageForm
from comparisons.choices import ChangeKind, Level
from comparisons.editing.seen import stamp
from comparisons.history.undoing import undo
from comparisons.models import ChangeSet, Citation, Finding, Source
from tests import factories as make
from tests.forms import Page
from tests.pages import read

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


def accept(client, suggestion, **changes):
    """Accept it with ``changes`` typed in: ``passage__says`` is that of the passage."""
    says = {"passage-says": "The team publishes it."} if suggestion.evidence_url else {}
    typed = {name.replace("__", "-"): value for name, value in changes.items()}
    return Page(client, page_of(suggestion)).send(**says | typed)


def reject(client, suggestion, answer="The page says otherwise."):
    data = {"reject": "Reject", "rejection-answer": answer}
    return client.post(page_of(suggestion), data)


def errors(response):
    acceptance = response.context["acceptance"]
    forms = [*acceptance.forms]
    return {
        f"{form.prefix}-{name}": [error.code for error in found]
        for form in forms
        for name, found in form.errors.as_data().items()
    }


# Accepting


def test_accepting_applies_the_proposal_with_its_passage_in_one_change_set(
    admin_client, admin_user, suggestion, recorded
):
    before = stamp(recorded.flask_orm)

    response = accept(admin_client, suggestion, closing__change_reason="Official now")

    assert response.status_code == 302
    finding = Finding.objects.get(pk=recorded.flask_orm.pk)
    assert (finding.level, finding.note) == (
        Level.OFFICIAL,
        "The team of Flask makes the usual one.",
    )
    assert finding.extension == recorded.extension
    citation = finding.citations.latest("pk")
    assert (citation.source, citation.locator) == (recorded.flask_docs, "Extensions")
    suggestion.refresh_from_db()
    changes = suggestion.change_set
    assert (suggestion.state, suggestion.decided_by) == ("accepted", admin_user)
    assert (changes.kind, changes.credit, changes.editor, changes.reason) == (
        ChangeKind.SUGGESTION,
        "Ada",
        admin_user,
        "Official now",
    )
    assert finding.history.filter(change_set=changes).count() == 1
    assert Citation.history.filter(change_set=changes).count() == 1
    undo([changes])
    assert stamp(Finding.objects.get(pk=finding.pk)) == before


def test_editor_amends_the_proposal_and_brings_a_new_source(admin_client, suggestion):
    accept(
        admin_client,
        suggestion,
        edit__note="Amended.",
        passage__address="https://new.example/page/",
        passage__source_title="A new page",
        passage__source_kind="documentation",
    )

    source = Source.objects.get(slug="a-new-page")
    assert source.url == "https://new.example/page/"
    assert Finding.objects.get(note="Amended.").citations.filter(source=source).exists()


def test_source_that_another_editor_adds_at_the_same_moment_is_no_failure(
    admin_client, suggestion, recorded, monkeypatch
):
    def lose_the_race(form):
        make.make_source(slug="new-one", url=recorded.flask_docs.url)

    monkeypatch.setattr(PassageForm, "save", lose_the_race)

    response = accept(admin_client, suggestion, edit__note="Still here.")

    assert response.status_code == 409
    assert "Still here." in response.text
    suggestion.refresh_from_db()
    assert suggestion.is_open


def test_nothing_is_cited_once_the_passage_is_emptied(
    admin_client, suggestion, recorded
):
    cited = recorded.flask_orm.citations.count()
    response = accept(
        admin_client,
        suggestion,
        passage__address="",
        passage__locator="",
        passage__says="",
    )

    assert response.status_code == 302
    assert recorded.flask_orm.citations.count() == cited


@pytest.mark.parametrize("stance", ["supports", "disputes"])
def test_answer_to_what_was_unknown_brings_its_support(admin_client, knowledge, stance):
    unknown = make.make_finding(
        framework=knowledge.flask, feature=knowledge.throughput, level=Level.UNKNOWN
    )
    Finding.objects.filter(pk=unknown.pk).update(at_most=Level.HIGH)
    suggestion = make.make_suggestion(
        finding=Finding.objects.get(pk=unknown.pk),
        proposed_level=Level.HIGH,
        evidence_url=knowledge.blog.url,
        evidence_locator="Figures",
    )

    response = accept(admin_client, suggestion, passage__stance=stance)

    unknown.refresh_from_db()
    if stance == "supports":
        assert (unknown.level, unknown.at_most) == (Level.HIGH, "")
        assert unknown.is_published
    else:
        assert errors(response) == {"passage-address": ["uncited"]}
        assert (unknown.level, unknown.at_most) == (Level.UNKNOWN, Level.HIGH)


def test_level_that_no_passage_asserts_is_accepted_with_a_decision(
    admin_client, suggestion, recorded
):
    recorded.flask_orm.citations.update(level=Level.THIRD_PARTY)

    refused = accept(admin_client, suggestion)
    decided = accept(admin_client, suggestion, edit__decision="Official: one team.")

    assert errors(refused) == {"edit-decision": ["contradicted"]}
    assert decided.status_code == 302


@pytest.mark.parametrize("name", ["pro", "fact", "adopter", "blog"])
def test_suggestion_about_each_other_kind_is_applied(admin_client, knowledge, name):
    target = getattr(knowledge, name)
    field = type(target).suggestions.rel.field.name
    text = {"pro": "statement", "fact": "value", "adopter": "note", "blog": "interest"}
    suggestion = make.make_suggestion(**{field: target}, proposed_text="It is new.")
    changes = {"edit__interest": "It is new."} if name == "blog" else {}

    response = accept(admin_client, suggestion, **changes)

    target.refresh_from_db()
    assert response.status_code == 302
    assert getattr(target, text[name]) == "It is new."


def test_accepting_what_changes_nothing_is_refused(admin_client, knowledge):
    suggestion = make.make_suggestion(finding=knowledge.flask_orm)

    response = accept(admin_client, suggestion)

    assert errors(response) == {"edit-__all__": ["nothing_changed"]}


NEW_PAGE = {"passage-address": "https://new.example/"}
NEW_SOURCE = NEW_PAGE | {"passage-source_title": "New", "passage-source_kind": "blog"}


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"edit-level": Level.VERY_HIGH}, {"edit-level"}),
        ({"edit-extension": ""}, {"edit-__all__"}),
        ({"passage-level": Level.VERY_HIGH}, {"passage-level"}),
        ({"passage-says": ""}, {"passage-says"}),
        ({"passage-address": "javascript:alert(1)"}, {"passage-address"}),
        ({"passage-accessed_date": "soon"}, {"passage-accessed_date"}),
        (NEW_PAGE, {"passage-address", "passage-source_title", "passage-source_kind"}),
        (
            NEW_SOURCE | {"passage-source_title": "x" * 201},
            {"passage-address", "passage-source_title"},
        ),
        ({"closing-change_reason": "a\0b"}, {"closing-change_reason"}),
        ({"closing-change_reason": ""}, {"closing-change_reason"}),
    ],
)
def test_nonsense_is_explained_where_it_stands_and_leaves_no_trace(
    admin_client, suggestion, typed, wrong
):
    response = accept(admin_client, suggestion, edit__since_version="Mine", **typed)

    assert response.status_code == 200
    assert errors(response).keys() == wrong
    assert "Mine" in response.text
    suggestion.refresh_from_db()
    assert suggestion.is_open
    assert not ChangeSet.objects.filter(kind=ChangeKind.SUGGESTION).exists()


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
    page = Page(admin_client, page_of(suggestion))
    reject(admin_client, suggestion)

    accepting = page.send(**{"passage-says": "Mine."})
    rejecting = reject(admin_client, suggestion, "Another reason.")

    for response, typed in ((accepting, "Mine."), (rejecting, "Another reason.")):
        assert response.status_code == 409
        assert "The page says otherwise." in response.text
        assert typed in response.text
    recorded.flask_orm.refresh_from_db()
    assert recorded.flask_orm.level == Level.THIRD_PARTY


# Rejecting and answering


def test_reader_is_told_why_and_the_address_is_forgotten(
    admin_client, suggestion, django_capture_on_commit_callbacks
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
    assert suggestion.answered_at


def test_rejection_needs_a_reason(admin_client, suggestion):
    response = reject(admin_client, suggestion, " ")

    [error] = response.context["rejection"].errors.as_data()["answer"]
    assert error.code == "required"
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
    assert not read(page).has("input", name="accept")
    assert reject(client, suggestion).status_code == 403
    data = {"accept": "1", "edit-level": Level.OFFICIAL}
    assert client.post(page_of(suggestion), data).status_code == 403
    suggestion.refresh_from_db()
    assert suggestion.is_open


def test_new_source_takes_its_permission(client, suggestion):
    client.force_login(make.make_editor("decide_suggestion"))

    response = accept(client, suggestion, passage__address="https://new.example/")

    assert errors(response).keys() == {"passage-address"}


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
    narrowed = admin_client.get(f"{QUEUE}?state__exact=open&about=source")
    assert list(narrowed.context["cl"].result_list) == [second]
    assert admin_client.get(f"{QUEUE}?about=nonsense").status_code == 200
    # Nobody finds out the address of a reader by asking for its letters.
    assert admin_client.get(f"{QUEUE}?contact__startswith=a").status_code == 400
    assert admin_client.get(f"{QUEUE}?contact__gt=a").status_code == 400
