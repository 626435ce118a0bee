"""The table of ``docs/rights.md``: every cell, by each way in that there is.

A row of ``ROWS`` is a row of the table: its words, what is there before the
attempt, and the ways to attempt it, each of which tells whether it worked.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import Group, User
from django.test import Client, RequestFactory
from django.urls import reverse

from comparisons.choices import Action, Status
from comparisons.editing.admin_urls import cell_address, edit_address, proposal_address
from comparisons.editing.roles import ADMINISTRATOR, CONTRIBUTOR, REVIEWER
from comparisons.editing.seen import SEEN_FIELD, Seen
from comparisons.editing.workflow import may, move
from comparisons.history.recording import change_set
from comparisons.models import (
    ChangeSet,
    Citation,
    Extension,
    Finding,
    Framework,
    Proposal,
    Source,
    Suggestion,
)
from tests import factories as make
from tests.comparisons.spreadsheets.test_imports import confirm, edited, export, upload
from tests.forms import Page, filled_in
from tests.forms import desk_address as address

pytestmark = pytest.mark.django_db

GROUPS = [CONTRIBUTOR, REVIEWER, ADMINISTRATOR]
DRAFT, IN_REVIEW, PUBLISHED, RETIRED = Status


def form_data(model, row=None):
    """Return what a browser would send of the form in which all fields are open."""
    request = RequestFactory().get("/")
    request.user = User(pk=0, is_superuser=True)
    page = admin.site.get_model_admin(model).changeform_view(
        request, row and str(row.pk)
    )
    forms = [page.context_data["adminform"].form]
    for inline in page.context_data["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.initial_forms]
    fields = [field for form in forms for field in form]
    values = {field.html_name: field.value() for field in fields}
    values[SEEN_FIELD] = str(page.context_data["seen"] or "")
    return {name: value for name, value in values.items() if value is not None}


def chosen(*rows):
    """Return what a list sends of the rows that are ticked in it, as they are."""
    return {
        ACTION_CHECKBOX_NAME: [row.pk for row in rows],
        SEEN_FIELD: [str(Seen.of(row)) for row in rows],
    }


@dataclass
class Attempt:
    """Somebody of a group tries something with ``row``."""

    user: User
    client: object
    row: object = None

    def stored(self):
        return type(self.row)._base_manager.filter(pk=self.row.pk).first()

    def post(self, **values):
        """Post the form of ``row`` with ``values``, whether it is shown or not."""
        page = address(self.row, "change", self.row.pk)
        return self.client.post(page, form_data(type(self.row), self.row) | values)

    def post_list(self, action, **values):
        data = {"action": action, **chosen(self.row)} | values
        return self.client.post(address(self.row, "changelist"), data, follow=True)


# What is there before. ``editor`` is the one who will try.


def finding(status):
    return lambda editor: make.make_finding(status=status, cited=True)


def own_finding(editor):
    with change_set(editor=editor):
        return make.make_finding(draft=True, cited=True)


def draft_with_own_citation(editor):
    draft = make.make_finding(draft=True, cited=True)
    make.edit(draft.citations.get(), editor=editor, says="In other words.")
    return draft


def sent_by_editor(editor):
    draft = make.make_finding(draft=True, cited=True)
    return move(draft, IN_REVIEW, editor)


def framework_with_finding(editor):
    return make.make_finding(framework=make.make_framework(draft=True)).framework


def source(*, published):
    def prepare(editor):
        return make.make_finding(draft=not published, cited=True).citations.get().source

    return prepare


def reworded(status):
    def prepare(editor):
        row = make.make_finding(status=status, cited=True)
        make.edit(Finding.objects.get(pk=row.pk), note="Reworded.")
        return row

    return prepare


def deleted(status):
    def prepare(editor):
        row = make.make_finding(status=status, cited=True)
        with change_set():
            Finding.objects.get(pk=row.pk).delete()
        return row

    return prepare


def own_that_they_withdrew(editor):
    with change_set(editor=editor):
        row = make.make_finding(cited=True)
    make.edit(Finding.objects.get(pk=row.pk), editor=editor, status=DRAFT)
    return row


def citation_of_draft(editor):
    make.make_finding()
    return make.make_citation()


def extension(editor):
    make.make_framework()
    return make.make_extension()


def nothing(editor):
    return None


# Ways in


def ask(action):
    def asks(attempt):
        return may(attempt.user, action, attempt.row)

    return asks


def sees(attempt):
    listed = attempt.client.get(address(Finding, "changelist"))
    return str(attempt.row.feature) in listed.text


def previews(attempt):
    page = f"{attempt.row.framework.get_absolute_url()}?preview=1"
    return 'class="state' in attempt.client.get(page).text


def opens_form(attempt):
    page = attempt.client.get(address(attempt.row, "change", attempt.row.pk))
    return 'name="_save"' in page.text


def saves(field, value="Another text."):
    def posts(attempt):
        attempt.post(**{field: value})
        return getattr(attempt.stored(), field) == value

    return posts


def of_superuser():
    """Return a client that is shown everything, to copy what it would send."""
    client = Client()
    client.force_login(User.objects.create_superuser("of-all-rights"))
    return client


def fills_in_the_cell(attempt):
    page = Page(of_superuser(), cell_address(attempt.row))
    page.client = attempt.client
    page.send(note="Another text.")
    return attempt.stored().note == "Another text."


def imports(status=None):
    """Import the file of all findings with another note, or in another state."""

    def uploads(attempt):
        cells = {"status": status} if status else {"note": "Another text."}
        content = export(of_superuser(), Finding)
        content = edited(content, "csv", attempt.row.feature.slug, **cells)
        shown = upload(attempt.client, Finding, content)
        if shown.context["work"].is_ready:
            confirm(attempt.client, shown)
        return all(getattr(attempt.stored(), name) == cells[name] for name in cells)

    return uploads


def withdraws_with(field):
    """Take it back to draft and change ``field`` in one post."""

    def posts(attempt):
        attempt.post(status=DRAFT, **{field: "Forged."})
        return getattr(attempt.stored(), field) == "Forged."

    return posts


def offers(status):
    def offered(attempt):
        page = attempt.client.get(address(attempt.row, "change", attempt.row.pk))
        # Who may only propose finds the states as well.
        is_saved = 'name="_save"' in page.text
        return is_saved and f'<option value="{status}"' in page.text

    return offered


def moves_by_form(status):
    def posts(attempt):
        attempt.post(status=status)
        return attempt.stored().status == status

    return posts


def moves_in_bulk(action, status):
    def posts(attempt):
        attempt.post_list(action, post="yes")
        return attempt.stored().status == status

    return posts


def moves_by(action, status):
    return [
        ask(action),
        offers(status),
        moves_by_form(status),
        moves_in_bulk(action, status),
    ]


def changes_and_publishes(attempt):
    attempt.post(note="Mine.", status=PUBLISHED)
    assert attempt.stored().note in ("", "Mine.")
    return attempt.stored().status == PUBLISHED


def deletes_by_form(attempt):
    attempt.client.post(
        address(attempt.row, "delete", attempt.row.pk),
        {"post": "yes", SEEN_FIELD: str(Seen.of(attempt.row))},
    )
    return attempt.stored() is None


def deletes_in_bulk(attempt):
    attempt.post_list("delete_selected", post="yes")
    return attempt.stored() is None


def adds_finding(status):
    def posts(attempt):
        framework, feature = make.make_framework(), make.make_feature()
        about = {"framework": framework.pk, "feature": feature.pk}
        data = form_data(Finding) | about | {"level": "built_in", "status": status}
        attempt.client.post(address(Finding, "add"), data | new_citation())
        return Finding.objects.filter(status=status, **about).exists()

    return posts


def new_citation(number=0, **values):
    values |= {"source": make.make_source().pk, "stance": "supports"}
    values |= {"locator": "Here", "says": "So.", "accessed_date": "2026-11-20"}
    total = {"citations-TOTAL_FORMS": number + 1}
    return total | {f"citations-{number}-{name}": each for name, each in values.items()}


def cites_in_its_form(attempt):
    attempt.post(**new_citation(number=1))
    return attempt.row.citations.count() == 2


def cites_by_itself(attempt):
    data = {
        name.removeprefix("citations-0-"): value
        for name, value in new_citation().items()
    }
    attempt.client.post(address(Citation, "add"), data | {"finding": attempt.row.pk})
    return attempt.row.citations.count() == 2


def moves_citation(attempt):
    published = Finding.objects.get(status=PUBLISHED)
    attempt.post(finding=published.pk)
    return attempt.stored().finding == published


def adds_source(attempt):
    data = {"slug": "new", "title": "New", "kind": "documentation"}
    attempt.client.post(address(Source, "add"), data)
    return Source.objects.filter(slug="new").exists()


def attaches_to_framework(attempt):
    attempt.post(frameworks=[Framework.objects.get().pk])
    return attempt.stored().frameworks.exists()


def adds_attached_extension(attempt):
    data = {"slug": "new", "name": "New", "kind": "official", "maintenance": "active"}
    data["frameworks"] = [Framework.objects.get().pk]
    attempt.client.post(address(Extension, "add"), data)
    return Extension.objects.filter(slug="new").exists()


def lists_accounts(attempt):
    return attempt.client.get(reverse("admin:auth_user_changelist")).status_code == 200


def adds_account(attempt):
    data = {"username": "new", "usable_password": "false"}
    attempt.client.post(reverse("admin:auth_user_add"), data)
    return User.objects.filter(username="new").exists()


def undoes(attempt):
    """Undo the last set of changes, and see whether its row is as it was."""
    changes = ChangeSet.objects.first()
    page = reverse("desk:undo-set", args=[changes.pk])
    attempt.client.post(page, {"reason": "It was right."})
    stored = attempt.stored()
    was = (attempt.row.note, attempt.row.status)
    return stored is not None and (stored.note, stored.status) == was


def opens_undo_editor(attempt):
    return attempt.client.get(reverse("desk:undo-editor")).status_code == 200


def merges(attempt):
    """Try to merge it with another source, keeping either of them."""
    tries = []
    for keeps_the_other in (False, True):
        twin = make.make_source()
        kept, gone = (twin, attempt.row) if keeps_the_other else (attempt.row, twin)
        page = reverse("desk:merge-source")
        shown = attempt.client.get(page, {"row": [kept.pk, gone.pk], "keep": kept.pk})
        attempt.client.post(page, filled_in(shown))
        tries.append(not Source.objects.filter(pk=gone.pk).exists())
    assert len(set(tries)) == 1
    return tries[0]


def suggested(editor):
    return make.make_suggestion()


def rejects(attempt):
    page = address(Suggestion, "change", attempt.row.pk)
    attempt.client.post(page, {"answer": "It holds."})
    return attempt.stored().state == "rejected"


def proposes_by(address_of):
    """Propose another note by a form, which changes nothing."""

    def posts(attempt):
        page = Page(of_superuser(), address_of(attempt.row))
        page.client = attempt.client
        page.send(note="Mine.", change_reason="It moved.", _propose="")
        assert attempt.stored().note == ""
        proposals = Proposal.objects.about(attempt.row).filter(author=attempt.user)
        return proposals.exists()

    return posts


def proposed_by(author):
    client, row = Client(), make.make_finding(cited=True)
    client.force_login(author)
    page = Page(client, address(row, "change", row.pk))
    page.send(note="Theirs.", change_reason="It moved.", _propose="")
    return Proposal.objects.get()


def proposed(editor):
    return proposed_by(make_editor(CONTRIBUTOR, "somebody"))


def ends(how, state):
    def posts(attempt):
        page = address(Proposal, "change", attempt.row.pk)
        attempt.client.post(page, {how: "", "answer": "Not yet."})
        return attempt.stored().state == state

    return posts


def accepts(attempt):
    row = attempt.row.model.objects.get(pk=attempt.row.object_pk)
    data = attempt.row.posted | {"digest": attempt.row.digest, "change_reason": "Yes."}
    page = proposal_address(attempt.row, row)
    attempt.client.post(page, data | {"_accept": ""})
    is_applied = type(row).objects.get(pk=row.pk).note == "Theirs."
    assert is_applied == (attempt.stored().state == "accepted")
    return is_applied


CHANGES = [ask(Action.CHANGE), opens_form, saves("note"), fills_in_the_cell]
DELETES = [ask(Action.DELETE), deletes_by_form, deletes_in_bulk]
PUBLISHES = moves_by(Action.PUBLISH, PUBLISHED)
CITES = [cites_in_its_form, cites_by_itself]
CHANGES_SOURCE = [ask(Action.CHANGE), opens_form, saves("title")]
ROWS = [
    ("See drafts, in the admin and in a preview", finding(DRAFT), [sees, previews]),
    ("Add a draft", nothing, [adds_finding(DRAFT), adds_finding(IN_REVIEW)]),
    ("Add a statement that is published at once", nothing, [adds_finding(PUBLISHED)]),
    ("Change a draft", finding(DRAFT), [*CHANGES, imports()]),
    ("Change what is in review", finding(IN_REVIEW), CHANGES),
    (
        "Change what is published",
        finding(PUBLISHED),
        [*CHANGES, imports(), withdraws_with("note")],
    ),
    ("Change what is retired", finding(RETIRED), CHANGES),
    (
        "Propose a change of what is published",
        finding(PUBLISHED),
        [ask(Action.PROPOSE), proposes_by(edit_address), proposes_by(cell_address)],
    ),
    ("Delete a draft", finding(DRAFT), DELETES),
    ("Delete what is published", finding(PUBLISHED), DELETES),
    (
        "Delete a draft under which something is published",
        framework_with_finding,
        [deletes_by_form, deletes_in_bulk],
    ),
    ("Send a draft to review", finding(DRAFT), moves_by(Action.SUBMIT, IN_REVIEW)),
    (
        "Take back what is in review",
        finding(IN_REVIEW),
        moves_by(Action.WITHDRAW, DRAFT),
    ),
    (
        "Publish a draft of somebody else",
        finding(DRAFT),
        [*PUBLISHES, imports(PUBLISHED)],
    ),
    ("Publish what is in review, of somebody else", finding(IN_REVIEW), PUBLISHES),
    (
        "Publish a draft of somebody else that they change in the same step",
        finding(DRAFT),
        [changes_and_publishes],
    ),
    (
        "Publish an own draft",
        own_finding,
        [*PUBLISHES, imports(PUBLISHED), changes_and_publishes],
    ),
    (
        "Publish a draft whose citation they changed",
        draft_with_own_citation,
        PUBLISHES,
    ),
    (
        "Publish a draft that they only sent to review",
        sent_by_editor,
        PUBLISHES,
    ),
    (
        "Take back to draft what is published",
        finding(PUBLISHED),
        moves_by(Action.WITHDRAW, DRAFT),
    ),
    ("Retire what is published", finding(PUBLISHED), moves_by(Action.RETIRE, RETIRED)),
    ("Publish again what is retired", finding(RETIRED), PUBLISHES),
    ("Cite for a draft", finding(DRAFT), CITES),
    ("Cite for what is published", finding(PUBLISHED), CITES),
    ("Move a citation to what is published", citation_of_draft, [moves_citation]),
    ("Add a source", nothing, [adds_source]),
    (
        "Change a source that no published statement uses",
        source(published=False),
        CHANGES_SOURCE,
    ),
    (
        "Change a source that a published statement uses",
        source(published=True),
        CHANGES_SOURCE,
    ),
    (
        "Attach an extension to a published framework",
        extension,
        [attaches_to_framework, adds_attached_extension],
    ),
    (
        "Merge a source that no published statement uses",
        source(published=False),
        [merges],
    ),
    (
        "Merge a source that a published statement uses",
        source(published=True),
        [merges],
    ),
    ("Decide what a reader suggested", suggested, [rejects]),
    (
        "Decide what another editor proposed",
        proposed,
        [accepts, ends("send_back", "returned"), ends("decline", "declined")],
    ),
    ("Accept an own proposal", proposed_by, [accepts]),
    ("Withdraw an own proposal", proposed_by, [ends("withdraw", "withdrawn")]),
    ("Keep accounts and groups", nothing, [lists_accounts, adds_account]),
    ("Undo a change of a draft", reworded(DRAFT), [undoes]),
    ("Undo a change of what is published", reworded(PUBLISHED), [undoes]),
    ("Bring back a deleted draft", deleted(DRAFT), [undoes]),
    (
        "Bring back what was published when it was deleted",
        deleted(PUBLISHED),
        [undoes],
    ),
    ("Publish an own draft again by undoing", own_that_they_withdrew, [undoes]),
    ("Undo whatever one editor did", nothing, [opens_undo_editor]),
]


def documented():
    """Return {words of a row: {group: whether it may}} as the page says it."""
    text = Path(settings.BASE_DIR / "docs" / "rights.md").read_text()
    lines = re.findall(r"^\| (.*) \|$", text, re.MULTILINE)
    (_, *groups), *rows = (line.split(" | ") for line in lines)
    return {
        words: {group: cell == "yes" for group, cell in zip(groups, cells, strict=True)}
        for words, *cells in rows
    }


def make_editor(group, name=None):
    editor = User.objects.create(username=name or group, is_staff=True)
    editor.groups.add(Group.objects.get(name=group))
    return editor


@pytest.fixture(params=GROUPS)
def editor(request, db):
    return make_editor(request.param)


@pytest.fixture
def attempt(editor, client):
    client.force_login(editor)
    return Attempt(user=editor, client=client)


def test_every_row_of_the_table_is_tried():
    assert [words for words, _, _ in ROWS] == list(documented())


@pytest.mark.parametrize(
    ("words", "prepare", "way"),
    [
        pytest.param(
            words, prepare, way, id=f"{words}: {way.__qualname__.split('.')[0]}"
        )
        for words, prepare, ways in ROWS
        for way in ways
    ],
)
def test_group_may_do_what_the_table_says(attempt, editor, words, prepare, way):
    attempt.row = prepare(editor)

    done = way(attempt)

    assert done == documented()[words][editor.groups.get().name]
