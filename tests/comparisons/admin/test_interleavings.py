"""Two editors save, delete and add again in any order: no accepted word is lost.

Each of them opens now the form of the finding, now its cell of the matrix.
"""

import os
import random
from dataclasses import dataclass, field

import pytest

from comparisons.choices import Level, ProposalState, Status
from comparisons.editing.admin_urls import (
    cell_address,
    edit_address,
    proposal_address,
)
from comparisons.editing.roles import CONTRIBUTOR, REVIEWER
from comparisons.models import ChangeSet, Finding, Proposal
from tests import factories as make
from tests.comparisons.admin.test_proposals import accept, sign_in
from tests.forms import Page, desk_address, filled_in

pytestmark = pytest.mark.django_db

# More of them: INTERLEAVINGS=200 pytest tests/comparisons/admin/test_interleavings.py
SAVES = int(os.environ.get("INTERLEAVINGS", "20"))
IN_CELL = ["note", "since_version"]
IN_FORM = [*IN_CELL, "decision", "reason"]


@dataclass
class Content:
    """What a finding says: its fields, and its citations by primary key."""

    fields: dict
    citations: dict

    @classmethod
    def stored(cls, pk):
        finding = Finding.objects.get(pk=pk)
        return cls(
            {name: getattr(finding, name) for name in IN_FORM},
            dict(finding.citations.values_list("pk", "says")),
        )

    def with_edits(self, edits):
        """Return what it says after the ``edits`` of somebody who saw it."""
        fields, citations = dict(self.fields), dict(self.citations)
        for act, place, text in edits:
            if act == "field":
                fields[place] = text
            elif act == "delete":
                citations.pop(place, None)
            else:
                # A passage that is gone is added again by who edited it.
                citations[place] = text
        return Content(fields, citations)

    def __eq__(self, other):
        said = sorted(self.citations.values()), sorted(other.citations.values())
        return self.fields == other.fields and said[0] == said[1]


@dataclass
class Editor:
    """A browser with one finding open, and what was typed into it."""

    client: object
    page: Page = None
    in_cell: bool = False
    # What was typed into the page, by field, and what the finding said there.
    data: dict = None
    content: Content = None
    version: int = 0
    edits: list = field(default_factory=list)

    def open(self, pk, version, *, in_cell=False):
        finding, self.in_cell = Finding.objects.get(pk=pk), in_cell
        address = cell_address(finding) if in_cell else edit_address(finding)
        self.page = Page(self.client, address)
        self.data, self.edits = filled_in(self.page.response), []
        self.content, self.version = Content.stored(pk), version

    def type(self, chance, text, source):
        """Change a field, or edit, add or delete a citation."""
        acts = ["field", "field", "add", "delete", *([] if self.in_cell else ["edit"])]
        act = chance.choice(acts)
        rows = {
            int(self.data[f"citations-{number}-id"]): number
            for number in range(int(self.data["citations-INITIAL_FORMS"]))
        }
        # A cell takes one new passage at a time.
        if act == "add" and not self.data.get("new-says"):
            count = self.data["citations-TOTAL_FORMS"]
            self.data |= self.page.passage(source, count=count, says=text)
            self.edits.append(("add", text, text))
        elif act in ("edit", "delete") and rows:
            pk = chance.choice(sorted(rows))
            name = "DELETE" if act == "delete" else "says"
            self.data[f"citations-{rows[pk]}-{name}"] = text
            self.edits.append((act, pk, text))
        else:
            name = chance.choice(IN_CELL if self.in_cell else IN_FORM)
            self.data[name] = text
            self.edits.append(("field", name, text))

    def save(self, reason):
        return self.page.send(**self.data | {"change_reason": reason})


def test_every_accepted_save_saw_the_last_state_and_is_in_the_history(
    admin_client, client, django_user_model
):
    chance = random.Random(20261128)
    client.force_login(django_user_model.objects.create_superuser("other"))
    editors = [Editor(admin_client), Editor(client)]
    source = make.make_source()
    pk, version, accepted = make.make_finding(draft=True, cited=True).pk, 0, []
    refused = {False: 0, True: 0}
    for editor in editors:
        editor.open(pk, version)
    ChangeSet.objects.all().delete()

    for number in range(SAVES):
        editor = chance.choice(editors)
        before = Content.stored(pk)
        if chance.random() < 0.08:
            pk = replace(chance.sample(editors, 2), pk, number, source, chance)
            version += 1
            accepted += [f"delete {number}", f"add {number}"]
            for each in editors:
                each.open(pk, version)
            continue
        editor.type(chance, f"Text {number}.", source)

        response = editor.save(f"save {number}")

        if editor.version == version:
            assert response.status_code == 302
            assert Content.stored(pk) == before.with_edits(editor.edits)
            accepted.append(f"save {number}")
            version += 1
            editor.open(pk, version, in_cell=chance.random() < 0.5)
        else:
            assert response.status_code == 409
            assert Content.stored(pk) == before
            refused[editor.in_cell] += 1
            editor.data, editor.version = filled_in(response), version
            # What came back are the typed words over what is stored now.
            editor.content = before

    recorded = ChangeSet.objects.order_by("pk").values_list("reason", flat=True)
    assert list(recorded) == accepted
    assert all(refused.values())


def replace(editors, pk, number, source, chance):
    """Let one editor delete what the other is typing on; return what that adds."""
    deleting, typing = editors
    if typing.in_cell:
        # The matrix does not show enough of a passage to add it again.
        typing.open(pk, typing.version)
    asked = Page(deleting.client, desk_address(Finding, "delete", pk))
    typing.type(chance, f"Text {number}.", source)
    # Whoever types may not have seen the last state: their own is what they add.
    expected = typing.content.with_edits(typing.edits)
    assert asked.send(change_reason=f"delete {number}").status_code == 302

    response = typing.save("too late")
    assert response.status_code == 409
    typing.data, typing.page.address = filled_in(response), desk_address(Finding, "add")

    assert typing.save(f"add {number}").status_code == 302
    added = Finding.objects.get()
    assert added.status == Status.DRAFT
    assert Content.stored(added.pk) == expected
    return added.pk


def test_no_word_is_lost_between_proposals_saves_and_acceptances():
    chance = random.Random(20261130)
    ada, grace = sign_in(REVIEWER, "Ada"), sign_in(REVIEWER, "Grace")
    saving = Editor(ada)
    authors = [Editor(sign_in(CONTRIBUTOR, name)) for name in ("Cy", "Dee")]
    source = make.make_source()
    # What is unknown claims nothing, so that any passage may go.
    finding = make.make_finding(level=Level.UNKNOWN, cited=True)
    pk, waiting, merged, asked = finding.pk, [], 0, 0

    for number in range(SAVES * 2):
        before = Content.stored(pk)
        act = chance.choice(["save", "propose", "propose", "accept", "accept"])
        if act == "save":
            saving.open(pk, 0, in_cell=chance.random() < 0.5)
            saving.type(chance, f"Text {number}.", source)
            assert saving.save(f"save {number}").status_code == 302
            assert Content.stored(pk) == before.with_edits(saving.edits)
        elif act == "propose":
            author = chance.choice(authors)
            author.open(pk, 0, in_cell=chance.random() < 0.5)
            author.type(chance, f"Text {number}.", source)
            author.data["_propose"] = ""
            assert author.save(f"proposal {number}").status_code == 302
            assert Content.stored(pk) == before
            proposal = Proposal.objects.get(reason=f"proposal {number}")
            waiting.append((proposal, author.content, author.edits))
        elif waiting:
            proposal, seen, edits = waiting.pop(chance.randrange(len(waiting)))
            response = accept(grace, proposal)
            if response.status_code == 302:
                merged += 1
                assert not overlaps(edits, seen, before)
            else:
                asked += 1
                assert (response.status_code, Content.stored(pk)) == (409, before)
                assert overlaps(edits, seen, before)
                address = proposal_address(proposal, finding).partition("#")[0]
                data = filled_in(response, _accept="")
                assert grace.post(address, data).status_code == 302
            assert Content.stored(pk) == before.with_edits(edits)
            proposal.refresh_from_db()
            assert proposal.state == ProposalState.ACCEPTED

    assert merged
    assert asked


def overlaps(edits, seen, now):
    """Whether somebody else changed meanwhile what ``edits`` change."""
    for act, place, _ in edits:
        if act == "field" and seen.fields[place] != now.fields[place]:
            return True
        was_there = act in ("edit", "delete")
        if was_there and place in now.citations:
            if seen.citations[place] != now.citations[place]:
                return True
        elif act == "edit":
            return True
    return False
