"""The matrix editor: cells entered in place, with their passages, losing nothing.

What a cell has in common with the form of its finding is in ``test_statements`` and
``test_conflicts``.
"""

import pytest
from django.urls import reverse

from comparisons.choices import FeatureKind, Level, SourceKind, Stance, Status
from comparisons.models import Citation, Finding, Source
from tests import factories as make
from tests.forms import Page, desk_address
from tests.pages import read

pytestmark = pytest.mark.django_db

BY_SCRIPT = {"X-Requested-With": "XMLHttpRequest"}


def sheet(row, **query):
    axis = row._meta.model_name
    return reverse(f"desk:matrix-{axis}", args=[row.slug], query=query or None)


def passage(**values):
    typed = {"locator": "Guide", "says": "It is built in."} | values
    return {f"new-{name}": value for name, value in typed.items()}


@pytest.fixture
def cell(admin_client, knowledge):
    """The open cell that says how Django maps objects, cited once."""
    return Page(admin_client, sheet(knowledge.django, edit="orm"))


def opened_by(client, knowledge, *codenames):
    client.force_login(make.make_editor("view_finding", "change_finding", *codenames))
    return Page(client, sheet(knowledge.django, edit="orm"))


# Looking


def test_sheet_of_a_framework_lists_every_living_feature(admin_client, knowledge):
    make.make_feature(slug="draft-feature", draft=True)
    make.make_feature(slug="retired-feature", status=Status.RETIRED)

    page = read(admin_client.get(sheet(knowledge.flask)))

    assert {"routing", "orm", "throughput", "microservice", "draft-feature"} <= {
        *page.ids
    }
    assert "retired-feature" not in page.ids
    assert not page.has("form", method="post", action="?edit=orm#orm")


def test_open_row_shows_definition_thresholds_and_levels_of_its_kind(cell, knowledge):
    page = read(cell.response)
    assert knowledge.orm.definition in page.text
    assert "It works after a bare install." in page.text
    levels = [
        attrs["value"] for tag, attrs in page.tags if attrs.get("name") == "level"
    ]
    assert levels == [*FeatureKind.CAPABILITY.levels, Level.UNKNOWN]
    assert not page.doubled_ids


def test_sheets_are_linked_from_the_forms_of_framework_and_feature(
    admin_client, knowledge
):
    for row in (knowledge.flask, knowledge.orm):
        form = admin_client.get(desk_address(type(row), "change", row.pk))

        assert f'href="{sheet(row)}"' in form.text


def test_script_gets_the_rows_that_change_alone(admin_client, knowledge):
    response = admin_client.get(
        sheet(knowledge.flask, edit="orm", close="routing"), headers=BY_SCRIPT
    )

    ids = {name for name in read(response).ids if not name.startswith("id_")}
    assert ids == {"matrix-status", "orm", "routing"}


# Saving


@pytest.mark.parametrize(
    ("button", "opened"),
    [("_next", "admin-interface"), ("_stay", "orm"), ("_close", None)],
)
def test_button_decides_which_row_opens_next(admin_client, knowledge, button, opened):
    page = Page(admin_client, sheet(knowledge.flask, edit="orm"))

    response = admin_client.get(page.send(**{button: ""}).url)

    editor = response.context["editor"]
    assert (editor.line.slug if editor else None) == opened
    assert "Saved: Flask: Orm." in read(response).text


# Sources


def test_address_and_another_source_together_are_refused(cell, knowledge):
    both = passage(address="https://new.example/", source=knowledge.blog.pk)

    assert "source" in cell.send(**both).context["editor"].passage.errors


def test_script_asks_which_source_has_an_address(admin_client, knowledge):
    look_up = reverse("desk:matrix-source")

    for spelling in (knowledge.blog.url, "blog.example"):
        known = admin_client.get(look_up, {"url": spelling}).json()
        assert known == {"title": str(knowledge.blog)}
    assert admin_client.get(look_up, {"url": "x.example"}).json() == {"title": None}


# Rights


def test_who_may_only_look_opens_no_row_and_saves_none(client, knowledge):
    client.force_login(make.make_editor("view_finding"))

    assert client.get(sheet(knowledge.flask)).status_code == 200
    address = sheet(knowledge.flask, edit="orm")
    assert client.get(address).status_code == 403
    assert client.post(address, {"level": Level.NONE}).status_code == 403


def test_who_may_change_findings_alone_touches_no_passage(client, knowledge):
    page = opened_by(client, knowledge, "publish_knowledge")
    (old,) = knowledge.django_orm.citations.all()
    forged = {"citations-0-stance": Stance.DISPUTES, "citations-0-DELETE": "on"}

    page.send(note="Changed.", **forged, **passage(source=knowledge.blog.pk))

    assert Finding.objects.get(pk=knowledge.django_orm.pk).note == "Changed."
    (kept,) = knowledge.django_orm.citations.all()
    assert (kept, kept.stance) == (old, Stance.SUPPORTS)


def test_who_may_remove_passages_need_not_be_able_to_change_them(client, knowledge):
    rights = ["publish_knowledge", "add_citation", "delete_citation"]
    page = opened_by(client, knowledge, *rights)
    # Browsers send no field that is disabled.
    disabled = {"citations-0-stance": None, "citations-0-level": None}

    page.send(
        **disabled, **{"citations-0-DELETE": "on"}, **page.passage(knowledge.blog)
    )

    assert knowledge.django_orm.citations.get().source == knowledge.blog


def test_who_may_add_no_source_is_told_so(client, knowledge):
    page = opened_by(client, knowledge, "publish_knowledge", "add_citation")
    new = {"source_title": "New", "source_kind": SourceKind.BLOG}

    response = page.send(**passage(address="https://new.example/", **new))

    assert "you may add none" in read(response).text
    assert not Source.objects.filter(title="New").exists()


# Bad input


@pytest.mark.parametrize(
    "value",
    ["", "nonsense", "a\0b", "²", "x" * 5000, "-1", "<script>"],
    ids=lambda value: value[:8],
)
def test_nonsense_is_explained_and_saves_nothing(cell, knowledge, value):
    fields = ["level", "extension", "since_version", "note", "status"]
    fields += [f"citations-0-{name}" for name in ("stance", "level", "id", "DELETE")]
    fields += passage(address="", source="", accessed_date="", source_kind="")

    response = cell.send(**dict.fromkeys(fields, value))

    assert response.status_code == 200
    assert response.context["editor"].form.errors
    assert knowledge.django_orm.citations.get().stance == Stance.SUPPORTS


def test_passage_of_another_finding_cannot_be_reached(cell, knowledge):
    other = knowledge.flask_orm.citations.get()

    cell.send(**{"citations-0-id": other.pk, "citations-0-stance": Stance.DISPUTES})

    assert Citation.objects.get(pk=other.pk).stance == Stance.SUPPORTS


@pytest.mark.parametrize("slug", ["nowhere", "²", "x" * 2000, "-1"])
def test_unknown_rows_are_not_found(admin_client, knowledge, slug):
    for query in ({"edit": slug}, {"close": slug}):
        assert admin_client.get(sheet(knowledge.flask, **query)).status_code == 404
    assert admin_client.post(sheet(knowledge.flask, edit=slug), {}).status_code == 404
    assert admin_client.post(sheet(knowledge.flask), {}).status_code == 404
    address = reverse("desk:matrix-source")
    assert admin_client.get(address, {"url": slug}).status_code == 200
