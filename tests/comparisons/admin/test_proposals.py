"""Changes that editors propose: sent by the row's own form, decided by another."""

import json

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from comparisons.choices import ChangeKind, Level, ProposalState, Status
from comparisons.editing.admin_urls import (
    cell_address,
    delete_address,
    edit_address,
    proposal_address,
)
from comparisons.editing.authorship import is_author
from comparisons.editing.roles import CONTRIBUTOR, REVIEWER
from comparisons.editing.workflow import move
from comparisons.history.undoing import undo
from comparisons.models import ChangeSet, Citation, Finding, Proposal, Source
from tests import factories as make
from tests.forms import Page, filled_in
from tests.pages import read
from tests.test_rights import make_editor

pytestmark = pytest.mark.django_db

LIST = reverse("admin:comparisons_proposal_changelist")
at_both = pytest.mark.parametrize("at", [edit_address, cell_address])


def sign_in(group, name):
    """Return the client of somebody called ``name``, whose ``user`` it knows."""
    user = make_editor(group, name)
    client = Client()
    client.force_login(user)
    make.change(user, first_name=name)
    client.user = user
    return client


@pytest.fixture
def cy(db):
    """A contributor."""
    return sign_in(CONTRIBUTOR, "Cy")


@pytest.fixture
def grace(db):
    """A reviewer."""
    return sign_in(REVIEWER, "Grace")


@pytest.fixture
def finding(recorded):
    return recorded.flask_orm


def propose(client, row, *, at=edit_address, **typed):
    """Fill in the form of ``row`` and propose it; return what is stored of that."""
    page = Page(client, at(row))
    page.send(**{"change_reason": "It moved.", "_propose": ""} | typed)
    return Proposal.objects.filter(author=client.user).order_by("-sent_at").first()


def decision(client, proposal):
    return client.get(edit_address(proposal))


def accept(client, proposal):
    """Press “Accept” on the page of the proposal."""
    shown = decision(client, proposal)
    data = filled_in(shown, _accept="")
    # The form to answer it stands on the same page.
    data.pop("answer")
    return client.post(shown.context["form_address"].partition("#")[0], data)


def end(client, proposal, how, answer="Not yet."):
    return client.post(edit_address(proposal), {how: "", "answer": answer})


def again(row):
    return type(row)._base_manager.get(pk=row.pk)


def told(proposal):
    """Return {label of a field: (before, after)} that a proposal changes of its row."""
    return {
        field["label"]: (field["before"], field["after"])
        for field in proposal.changes[0]["fields"]
    }


# Proposing


@at_both
def test_contributor_proposes_where_others_save_and_nothing_changes(
    cy, grace, finding, at
):
    sets = ChangeSet.objects.count()
    form = cy.get(at(finding).partition("#")[0]).text

    proposal = propose(cy, finding, at=at, since_version="3.0", level="manual")

    assert 'name="_propose"' in form
    assert not {"_save", "_continue", "_next", "_stay"} & {*form.split('"')}
    assert again(finding).level == Level.THIRD_PARTY
    assert told(proposal) == {
        "level": ("Third-party package", "Write it yourself"),
        "since version": ("", "3.0"),
    }
    assert (proposal.author, proposal.reason) == (cy.user, "It moved.")
    assert ChangeSet.objects.count() == sets
    shown = read(decision(grace, proposal)).text
    assert "by Cy" in shown
    assert "When each level is given" in shown


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"note": "Typed.", "change_reason": ""}, "Say why"),
        ({}, "changes nothing"),
        ({"extension": ""}, "names the package"),
        ({"citations-0-stance": "context"}, "without a supporting citation"),
    ],
)
def test_what_cannot_be_proposed_is_explained(cy, finding, typed, why):
    page = Page(cy, edit_address(finding))

    response = page.send(**{"change_reason": "To see", "_propose": ""} | typed)

    told = response if response.status_code == 200 else cy.get(response.url)
    assert why in read(told).text
    assert not Proposal.objects.exists()


def test_save_of_a_row_published_meanwhile_becomes_a_proposal(cy, finding):
    draft = make.make_finding(draft=True, cited=True)
    page = Page(cy, edit_address(draft))
    make.change(draft, status=Status.PUBLISHED)

    refused = page.send(note="Typed.", change_reason="Why not.", _save="")
    page.send(_propose="")

    assert refused.status_code == 409
    assert again(draft).note == ""
    assert Proposal.objects.get().posted["note"] == ["Typed."]


def test_what_readers_never_saw_is_changed_and_not_proposed(cy, grace):
    row = make.make_finding(status=Status.IN_REVIEW, cited=True)

    for client in (cy, grace):
        assert 'name="_propose"' not in client.get(edit_address(row)).text
    Page(cy, edit_address(row)).send(note="Saved.", _propose="")

    assert again(row).note == "Saved."
    assert not Proposal.objects.exists()


@at_both
@pytest.mark.parametrize(
    ("stored", "wanted"), [("published", "retired"), ("retired", "published")]
)
def test_state_is_proposed_and_accepted(cy, grace, finding, at, stored, wanted):
    if stored != finding.status:
        move(finding, stored, grace.user)

    proposal = propose(cy, finding, at=at, status=wanted)
    kept = again(finding).status
    accept(grace, proposal)

    assert kept == stored
    assert told(proposal)["status"] == (stored.title(), wanted.title())
    assert again(finding).status == wanted
    assert again(proposal).change_set.accepted_by == grace.user


def test_deletion_is_proposed_and_accepted(cy, grace, finding):
    form = cy.get(edit_address(finding)).text
    passages = list(finding.citations.all())
    page = Page(cy, delete_address(finding))

    without_reason = page.send()
    page.send(change_reason="Twice", _propose="")
    proposal = Proposal.objects.get()
    kept = list(again(finding).citations.all())
    shown = decision(grace, proposal).text
    accept(grace, proposal)

    assert delete_address(finding) in form
    assert "Say why" in without_reason.text
    assert kept == passages
    assert "Deleted" in shown
    assert not Finding.objects.filter(pk=finding.pk).exists()
    assert again(proposal).state == ProposalState.ACCEPTED
    changes = again(proposal).change_set
    assert (changes.editor, changes.accepted_by) == (cy.user, grace.user)
    undo([changes])
    assert list(again(finding).citations.all()) == passages


def test_row_changed_since_is_not_deleted_unseen(cy, grace, finding):
    Page(cy, delete_address(finding)).send(change_reason="Twice", _propose="")
    Page(grace, edit_address(finding)).send(note="Grace’s note.")

    response = accept(grace, Proposal.objects.get())

    assert response.status_code == 409
    assert "Nothing was deleted" in response.text
    assert Finding.objects.filter(pk=finding.pk).exists()


@at_both
def test_preview_is_the_page_of_readers_as_it_would_be(cy, grace, finding, at, client):
    proposal = propose(cy, finding, at=at, note="Nobody has read this.")
    sets = ChangeSet.objects.count()
    data = filled_in(decision(grace, proposal), _preview="")
    data.pop("answer")
    address = decision(grace, proposal).context["form_address"].partition("#")[0]

    response = grace.post(address, data)

    assert response.status_code == 200
    assert "Nobody has read this." in read(response).text
    assert "Nothing of it is stored" in read(response).text
    assert "form-action 'none'" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]
    assert again(finding).note == finding.note
    assert again(proposal).is_open
    assert ChangeSet.objects.count() == sets
    assert "Nobody" not in client.get(finding.get_absolute_url()).text


def test_draft_is_previewed_before_it_is_stored(cy):
    draft = make.make_comparison(draft=True)

    shown = Page(cy, edit_address(draft)).send(title="Not saved yet", _preview="")

    assert "Not saved yet" in shown.text
    assert again(draft).title == draft.title


@at_both
def test_sent_twice_is_stored_once(cy, finding, at):
    page, other_tab = Page(cy, at(finding)), Page(cy, at(finding))
    typed = {"note": "Once.", "change_reason": "It moved.", "_propose": ""}
    data = filled_in(page.response, **typed)

    cy.post(page.address, data)
    cy.post(page.address, data)
    other_tab.send(**typed)

    assert Proposal.objects.count() == 1


def test_two_tabs_with_different_words_are_two_proposals(cy, finding):
    page, other_tab = Page(cy, edit_address(finding)), Page(cy, edit_address(finding))

    page.send(note="One.", change_reason="First", _propose="")
    other_tab.send(reason="Two.", change_reason="Second", _propose="")

    reasons = Proposal.objects.order_by("pk").values_list("reason", flat=True)
    assert list(reasons) == ["First", "Second"]
    assert "First" in read(cy.get(edit_address(finding))).text


# Accepting


@pytest.mark.parametrize(
    ("name", "at", "field", "text"),
    [
        ("flask_orm", cell_address, "note", "Another note."),
        ("comparison", edit_address, "introduction", "Another introduction."),
        ("blog", edit_address, "title", "Another title"),
        ("task", edit_address, "description", "Another description."),
        ("learning", edit_address, "description", "Another description."),
    ],
)
def test_accepted_proposal_is_the_authors_change_and_can_be_undone(
    cy, grace, recorded, name, at, field, text
):
    row = getattr(recorded, name)
    before = getattr(row, field)
    proposal = propose(cy, row, at=at, **{field: text})
    assert getattr(again(row), field) == before

    response = accept(grace, proposal)

    assert (response.status_code, response.url) == (302, LIST)
    assert getattr(again(row), field) == text
    proposal.refresh_from_db()
    changes = proposal.change_set
    assert (proposal.state, proposal.decided_by) == ("accepted", grace.user)
    assert (changes.kind, changes.editor, changes.accepted_by, changes.reason) == (
        ChangeKind.PROPOSAL,
        cy.user,
        grace.user,
        "It moved.",
    )
    assert ChangeSet.objects.exclude(kind=ChangeKind.LOAD).get() == changes
    undo([changes])
    assert getattr(again(row), field) == before


def test_public_list_names_the_author_and_who_accepted(cy, grace, finding, client):
    accept(grace, propose(cy, finding, note="Both are named."))

    public = read(client.get("/changes/")).text
    assert "Accepted proposal by Cy, accepted by Grace" in public


def test_passages_are_part_of_a_proposal(cy, grace, recorded):
    row = recorded.contested
    first, second = row.citations.order_by("pk")
    page = Page(cy, edit_address(row))
    page.send(
        **page.passage(recorded.django_docs, says="A third passage."),
        **{"citations-0-says": "Other words.", "citations-1-DELETE": "on"},
        change_reason="Read again",
        _propose="",
    )
    proposal = Proposal.objects.get()
    assert row.citations.count() == 2
    acts = {each["act"] for each in proposal.changes}
    assert acts == {"Added", "Changed", "Deleted"}

    accept(grace, proposal)

    assert sorted(row.citations.values_list("says", flat=True)) == [
        "A third passage.",
        "Other words.",
    ]
    assert Citation.objects.filter(pk=first.pk).exists()
    assert not Citation.objects.filter(pk=second.pk).exists()


def test_source_that_a_proposal_brings_is_stored_once_it_is_accepted(
    cy, grace, finding
):
    proposal = propose(
        cy,
        finding,
        at=cell_address,
        **{
            "new-address": "https://new.example/page/",
            "new-source_title": "A new page",
            "new-source_kind": "documentation",
            "new-locator": "Here",
            "new-says": "So it is.",
        },
    )
    assert not Source.objects.filter(slug="a-new-page").exists()

    accept(grace, proposal)

    assert finding.citations.filter(source__slug="a-new-page").exists()


@at_both
def test_word_mended_while_accepting_makes_no_author(cy, grace, finding, at):
    proposal = propose(cy, finding, at=at, note="A tpyo.")

    page = Page(grace, proposal_address(proposal, finding))
    assert page.shows("note") == "A tpyo."
    page.send(note="A typo.", _accept="")

    assert again(finding).note == "A typo."
    proposal.refresh_from_db()
    assert proposal.change_set.editor == cy.user
    assert not is_author(grace.user, again(finding))


def test_accepting_what_stands_already_changes_nothing(cy, grace, finding):
    proposal = propose(cy, finding, note="The same.")
    Page(grace, edit_address(finding)).send(note="The same.")

    accept(grace, proposal)

    proposal.refresh_from_db()
    assert (proposal.state, proposal.change_set) == ("accepted", None)


# What somebody else stored meanwhile


@at_both
def test_field_that_a_colleague_changed_meanwhile_stays(cy, grace, finding, at):
    proposal = propose(cy, finding, at=at, note="Proposed.")
    Page(grace, edit_address(finding)).send(since_version="9", decision="Stands.")

    shown = decision(grace, proposal)
    accept(grace, proposal)

    assert "Grace changed this" in read(shown).text
    row = again(finding)
    assert (row.note, row.since_version, row.decision) == ("Proposed.", "9", "Stands.")


@at_both
def test_where_both_changed_the_same_the_reviewer_decides(cy, grace, finding, at):
    proposal = propose(cy, finding, at=at, note="Proposed.", since_version="3.0")
    Page(grace, edit_address(finding)).send(note="Stored.")

    asked = accept(grace, proposal)

    assert asked.status_code == 409
    text = read(asked).text
    assert "Proposed Proposed." in text
    assert "Stored now Stored." in text
    assert again(finding).note == "Stored."
    proposal.refresh_from_db()
    assert proposal.is_open

    address = proposal_address(proposal, finding).partition("#")[0]
    grace.post(address, filled_in(asked, note="Both.", _accept=""))

    row = again(finding)
    assert (row.note, row.since_version) == ("Both.", "3.0")
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.ACCEPTED


def test_passage_that_a_colleague_reworded_is_not_deleted_unseen(cy, grace, finding):
    proposal = propose(
        cy, finding, **Page(cy, edit_address(finding)).passage(make.make_source())
    )
    page = Page(cy, edit_address(finding))
    page.send(
        **{"citations-0-DELETE": "on"},
        **page.passage(make.make_source()),
        change_reason="A better one",
        _propose="",
    )
    removing = Proposal.objects.exclude(pk=proposal.pk).get()
    Page(grace, edit_address(finding)).send(**{"citations-0-says": "Read again."})

    asked = accept(grace, removing)

    assert asked.status_code == 409
    assert finding.citations.filter(says="Read again.").exists()


def test_form_opened_to_accept_shows_what_was_stored_meanwhile(cy, grace, finding):
    proposal = propose(cy, finding, note="Proposed.")
    Page(grace, edit_address(finding)).send(note="Stored.", since_version="9")
    sets = ChangeSet.objects.count()

    page = Page(grace, proposal_address(proposal, finding))

    assert page.response.status_code == 200
    assert "Stored now Stored." in read(page.response).text
    assert (page.shows("note"), page.shows("since_version")) == ("Proposed.", "9")
    assert ChangeSet.objects.count() == sets


def test_row_that_is_gone_cannot_be_accepted(cy, grace, finding):
    proposal = propose(cy, finding, note="Too late.")
    finding.delete()

    page = decision(grace, proposal)

    assert page.status_code == 200
    assert "deleted" in read(page).text
    assert 'name="_accept"' not in page.text
    assert end(grace, proposal, "decline").status_code == 302


# Who decides, and how else it ends


def test_not_even_a_superuser_accepts_the_own(admin_client, finding):
    admin_client.user = User.objects.get(username="admin")
    proposal = propose(admin_client, finding, note="My own.")

    Page(admin_client, proposal_address(proposal, finding)).send(_accept="")

    assert 'name="_accept"' not in decision(admin_client, proposal).text
    assert again(proposal).is_open
    assert again(finding).note != "My own."


@pytest.mark.parametrize(
    ("how", "may_withdraw"), [("send_back", True), ("decline", False)]
)
def test_answer_says_why_and_ends_it_for_the_reviewer(
    cy, grace, finding, how, may_withdraw
):
    proposal = propose(cy, finding, note="Unclear.")

    without_a_word = end(grace, proposal, how, "")
    was_open = again(proposal).is_open
    end(grace, proposal, how, "The page says otherwise.")

    assert "Say why" in read(without_a_word).text
    assert was_open
    assert 'name="_accept"' not in decision(grace, proposal).text
    assert end(grace, proposal, "decline").status_code == 409
    shown = decision(cy, proposal).text
    assert "The page says otherwise." in shown
    assert ('name="withdraw"' in shown) is may_withdraw
    withdrawn = end(cy, proposal, "withdraw", "")
    assert withdrawn.status_code == (302 if may_withdraw else 409)


def test_contributor_sees_the_own_proposals_alone(cy, finding):
    dee = sign_in(CONTRIBUTOR, "Dee")
    proposal = propose(cy, finding, note="From Cy.", change_reason="Mine alone")

    assert "Mine alone" in cy.get(LIST).text
    assert "Mine alone" not in dee.get(LIST).text
    assert decision(dee, proposal).status_code == 302
    assert "From Cy." not in dee.get(proposal_address(proposal, finding)).text
    assert end(dee, proposal, "withdraw").status_code == 302
    proposal.refresh_from_db()
    assert proposal.is_open


@at_both
def test_what_is_sent_back_is_mended_and_sent_again(cy, grace, finding, at):
    proposal = propose(cy, finding, at=at, note="Unclear.")
    end(grace, proposal, "send_back", "Say which version.")

    queue = read(cy.get("/admin/queue/")).text
    page = Page(cy, proposal_address(proposal, finding))
    assert page.shows("note") == "Unclear."
    assert "Say which version." in read(page.response).text
    page.send(note="Clear since 3.0.", _propose="")

    assert "Say which version." in queue
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by) == (ProposalState.OPEN, None)
    assert proposal.posted["note"] == ["Clear since 3.0."]
    assert Proposal.objects.count() == 1
    assert 'name="_accept"' in decision(grace, proposal).text


@at_both
def test_second_reviewer_is_told_and_keeps_what_was_typed(cy, grace, finding, at):
    proposal = propose(cy, finding, at=at, note="Proposed.")
    ada = sign_in(REVIEWER, "Ada")
    page = Page(ada, proposal_address(proposal, finding))
    end(grace, proposal, "decline")

    response = page.send(note="Ada mends it.", _accept="")

    assert "was declined meanwhile" in read(response).text
    assert again(finding).note == "Flask brings none of its own."
    assert page.shows("note") == "Ada mends it."
    # The form that came back is an ordinary one.
    Page(ada, at(finding)).send(note=page.shows("note"))
    assert again(finding).note == "Ada mends it."


def test_what_the_author_sent_again_is_not_accepted_unseen(cy, grace, finding):
    proposal = propose(cy, finding, note="First words.")
    shown = Page(grace, proposal_address(proposal, finding))
    Page(cy, proposal_address(proposal, finding)).send(note="Second.", _propose="")

    response = shown.send(_accept="")

    assert "sent this proposal again" in read(response).text
    assert again(finding).note == "Flask brings none of its own."


def test_words_sent_again_after_the_decision_are_a_new_proposal(cy, grace, finding):
    proposal = propose(cy, finding, note="First words.")
    page = Page(cy, proposal_address(proposal, finding))
    end(grace, proposal, "decline")

    page.send(note="Second words.", _propose="")

    assert [p.posted["note"] for p in Proposal.objects.open()] == [["Second words."]]


def test_queue_shows_proposals_to_those_who_may_decide(cy, grace, finding):
    propose(cy, finding, note="Proposed.", change_reason="For the queue")
    own = propose(grace, finding, note="Own.", change_reason="Of my own")

    sections = {
        client: {
            entry.remark: listing.section.slug
            for listing in client.get("/admin/queue/").context["waiting"]
            for entry in listing.entries
        }
        for client in (cy, grace)
    }

    assert "proposals" not in sections[cy].values()
    assert [
        remark for remark, slug in sections[grace].items() if slug == "proposals"
    ] == ["– For the queue"]
    assert "my-proposals" in sections[cy].values()
    assert own.reason in json.dumps([*sections[grace]])


def test_nothing_is_proposed_but_what_the_form_read(cy, grace, finding):
    """What was slipped into a post would be shown to nobody, and accepted unseen."""
    proposal = propose(
        cy,
        finding,
        note="Seen.",
        framework_slug="django",
        **{"verdicts-0-when": "Unseen.", "_continue": "", "digest": "1"},
    )

    names = {*proposal.posted}

    assert {"note", "level", "seen", "citations-TOTAL_FORMS"} <= names
    assert not {"framework_slug", "verdicts-0-when", "_continue", "digest"} & names
