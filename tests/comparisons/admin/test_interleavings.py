"""Two editors save, delete and add again in any order: no accepted word is lost."""

import os
import random
from dataclasses import dataclass, field

import pytest

from comparisons.choices import Status
from comparisons.models import ChangeSet, Finding
from tests import factories as make
from tests.forms import desk_address, filled_in

pytestmark = pytest.mark.django_db

# More of them: INTERLEAVINGS=200 pytest tests/comparisons/admin/test_interleavings.py
SAVES = int(os.environ.get("INTERLEAVINGS", "25"))
FIELDS = ["note", "since_version", "decision", "reason"]


@dataclass
class Content:
    """What a finding says: its fields, and its citations by primary key."""

    fields: dict
    citations: dict

    @classmethod
    def stored(cls, pk):
        finding = Finding.objects.get(pk=pk)
        return cls(
            {name: getattr(finding, name) for name in FIELDS},
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
    """A browser with the form of one finding, and what was typed into it."""

    client: object
    data: dict = None
    content: Content = None
    version: int = 0
    edits: list = field(default_factory=list)

    def open(self, pk, version):
        response = self.client.get(desk_address(Finding, "change", pk))
        self.data, self.edits = filled_in(response), []
        self.content, self.version = Content.stored(pk), version

    def type(self, chance, text, source):
        """Change a field, or edit, add or delete a citation."""
        act = chance.choice(["field", "field", "edit", "add", "delete"])
        rows = {
            int(self.data[f"citations-{number}-id"]): number
            for number in range(int(self.data["citations-INITIAL_FORMS"]))
        }
        if act == "field" or (act != "add" and not rows):
            name = chance.choice(FIELDS)
            self.data[name] = text
            self.edits.append(("field", name, text))
        elif act == "add":
            number = int(self.data["citations-TOTAL_FORMS"])
            self.data |= {
                "citations-TOTAL_FORMS": number + 1,
                f"citations-{number}-source": source.pk,
                f"citations-{number}-stance": "supports",
                f"citations-{number}-locator": "Here",
                f"citations-{number}-says": text,
                f"citations-{number}-accessed_date": "2026-11-20",
            }
            self.edits.append(("add", text, text))
        else:
            pk = chance.choice(sorted(rows))
            name = "DELETE" if act == "delete" else "says"
            self.data[f"citations-{rows[pk]}-{name}"] = text
            self.edits.append((act, pk, text))

    def save(self, address, reason):
        return self.client.post(address, self.data | {"change_reason": reason})


def test_every_accepted_save_saw_the_last_state_and_is_in_the_history(
    admin_client, admin_user, client, django_user_model
):
    chance = random.Random(20261128)
    other = django_user_model.objects.create_superuser("other")
    client.force_login(other)
    editors = [Editor(admin_client), Editor(client)]
    source = make.make_source()
    finding = make.make_finding(draft=True, cited=True, note="At first.")
    pk, version, accepted, refused = finding.pk, 0, [], 0
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
        reason = f"save {number}"

        response = editor.save(desk_address(Finding, "change", pk), reason)

        if editor.version == version:
            assert response.status_code == 302
            assert Content.stored(pk) == before.with_edits(editor.edits)
            accepted.append(reason)
            version += 1
            editor.open(pk, version)
        else:
            assert response.status_code == 409
            assert Content.stored(pk) == before
            refused += 1
            editor.data, editor.version = filled_in(response), version
            # What came back are the typed words over what is stored now.
            editor.content = before

    recorded = ChangeSet.objects.order_by("pk").values_list("reason", flat=True)
    assert list(recorded) == accepted
    assert refused


def replace(editors, pk, number, source, chance):
    """Let one editor delete what the other is typing on; return what that adds."""
    deleting, typing = editors
    address = desk_address(Finding, "delete", pk)
    asked = filled_in(deleting.client.get(address))
    typing.type(chance, f"Text {number}.", source)
    # Whoever types may not have seen the last state: their own is what they add.
    expected = typing.content.with_edits(typing.edits)
    reason = {"change_reason": f"delete {number}"}
    assert deleting.client.post(address, asked | reason).status_code == 302

    response = typing.save(desk_address(Finding, "change", pk), "too late")
    assert response.status_code == 409
    data = filled_in(response) | {"change_reason": f"add {number}"}
    saved = typing.client.post(desk_address(Finding, "add"), data)

    assert saved.status_code == 302
    added = Finding.objects.get()
    assert added.status == Status.DRAFT
    assert Content.stored(added.pk) == expected
    return added.pk
