"""The matrix editor: cells entered in place, with their passages, losing nothing."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from comparisons.choices import FeatureKind, Level, SourceKind, Stance, Status
from comparisons.models import ChangeSet, Citation, Finding, Source
from tests import factories as make
from tests.forms import filled_in
from tests.pages import read

pytestmark = pytest.mark.django_db

NONSENSE = ["", "nonsense", "a\0b", "²", "x" * 5000, "-1", "<script>"]
BY_SCRIPT = {"X-Requested-With": "XMLHttpRequest"}


def sheet(row, **query):
    axis = row._meta.model_name
    return reverse(f"desk:matrix-{axis}", args=[row.slug], query=query or None)


def fill(client, address, **values):
    """Return what the form at ``address`` would post with ``values`` typed in."""
    typed = {"change_reason": "I read it"} | values
    return filled_in(client.get(address), **typed)


def passage(**values):
    typed = {"locator": "Guide", "says": "It is built in."} | values
    return {f"new-{name.replace('__', '-')}": value for name, value in typed.items()}


@pytest.fixture
def editor(client, django_user_model):
    """Return a function that signs in somebody with these permissions alone."""

    def sign_in(*codenames):
        user = django_user_model.objects.create_user("editor", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        client.force_login(user)
        return client

    return sign_in


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


def test_open_row_shows_definition_thresholds_and_levels_of_its_kind(
    admin_client, knowledge
):
    response = admin_client.get(sheet(knowledge.flask, edit="orm"))

    page = read(response)
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
        model = row._meta.model_name
        form = reverse(f"admin:comparisons_{model}_change", args=[row.pk])

        assert f'href="{sheet(row)}"' in admin_client.get(form).text


@pytest.mark.parametrize("query", [{}, {"edit": "orm"}])
def test_sheet_runs_the_same_queries_for_many_rows(admin_client, knowledge, query):
    def ask():
        with CaptureQueriesContext(connection) as queries:
            admin_client.get(sheet(knowledge.flask, **query))
        return len(queries)

    ask()
    few = ask()
    for _ in range(8):
        make.make_finding(framework=knowledge.flask)
        make.make_citation(finding=knowledge.flask_orm)

    assert ask() == few <= 25


def test_script_gets_the_rows_that_change_alone(admin_client, knowledge):
    response = admin_client.get(
        sheet(knowledge.flask, edit="orm", close="routing"), headers=BY_SCRIPT
    )

    page = read(response)
    assert {name for name in page.ids if not name.startswith("id_")} == {
        "matrix-status",
        "orm",
        "routing",
    }


# Saving


def test_cell_is_corrected_with_its_passage_in_one_recorded_set(
    admin_client, admin_user, knowledge
):
    address = sheet(knowledge.flask, edit="admin-interface")
    data = fill(
        admin_client,
        address,
        level=Level.BUILT_IN,
        **passage(address=knowledge.flask_docs.url, level=Level.BUILT_IN),
    )

    response = admin_client.post(address, data)

    finding = knowledge.flask.findings.get(feature=knowledge.admin)
    added = finding.citations.latest("pk")
    changes = ChangeSet.objects.get()
    assert response.status_code == 302
    assert (finding.level, finding.status) == (Level.BUILT_IN, Status.PUBLISHED)
    assert (added.source, added.locator) == (knowledge.flask_docs, "Guide")
    assert added.accessed_date == timezone.localdate()
    assert (changes.editor, changes.reason) == (admin_user, "I read it")
    assert Citation.history.filter(change_set=changes).count() == 1


@pytest.mark.parametrize(
    ("button", "opened"),
    [("_next", "admin-interface"), ("_stay", "orm"), ("_close", None)],
)
def test_button_decides_which_row_opens_next(admin_client, knowledge, button, opened):
    address = sheet(knowledge.flask, edit="orm")
    data = fill(admin_client, address, **{button: ""})

    response = admin_client.post(address, data, follow=True)

    editor = response.context["editor"]
    assert (editor.line.slug if editor else None) == opened
    assert "Saved: Flask: Orm." in read(response).text


def test_new_cell_is_entered_down_the_column_of_a_feature(admin_client, knowledge):
    address = sheet(knowledge.throughput, edit="flask")
    data = fill(
        admin_client,
        address,
        level=Level.LOW,
        status=Status.PUBLISHED,
        **passage(source=knowledge.blog.pk),
    )

    admin_client.post(address, data)

    finding = knowledge.flask.findings.get(feature=knowledge.throughput)
    assert finding.is_published
    assert finding.citations.get().key == "flask-throughput-1"


def test_refused_cell_keeps_what_was_typed(admin_client, knowledge):
    address = sheet(knowledge.throughput, edit="flask")
    data = fill(
        admin_client,
        address,
        level=Level.LOW,
        status=Status.PUBLISHED,
        note="A note of mine.",
        **passage(source=knowledge.blog.pk, stance=Stance.DISPUTES),
    )

    response = admin_client.post(address, data)

    errors = response.context["editor"].form.non_field_errors().as_data()
    assert errors[0].code == "uncited"
    assert "A note of mine." in response.text
    assert "It is built in." in response.text
    assert not Finding.objects.filter(
        feature=knowledge.throughput, note__gt=""
    ).exists()


def test_exchanging_the_only_support_leaves_it_published(admin_client, knowledge):
    finding = knowledge.django_orm
    (old,) = finding.citations.all()
    address = sheet(knowledge.django, edit="orm")
    data = fill(
        admin_client,
        address,
        **{"citations-0-DELETE": "on"},
        **passage(source=knowledge.blog.pk),
    )

    admin_client.post(address, data)

    finding.refresh_from_db()
    assert finding.is_published
    assert finding.citations.get().source == knowledge.blog


def test_removing_the_only_support_is_refused(admin_client, knowledge):
    (old,) = knowledge.django_orm.citations.all()
    address = sheet(knowledge.django, edit="orm")
    data = fill(admin_client, address, **{"citations-0-DELETE": "on"})

    response = admin_client.post(address, data)

    assert response.status_code == 200
    assert Citation.objects.filter(pk=old.pk).exists()


def test_stored_passage_may_dispute_from_now_on(admin_client, knowledge):
    (old,) = knowledge.django_orm.citations.all()
    address = sheet(knowledge.django, edit="orm")
    data = fill(
        admin_client,
        address,
        **{"citations-0-stance": Stance.DISPUTES},
        **passage(source=knowledge.blog.pk),
    )

    admin_client.post(address, data)

    old.refresh_from_db()
    assert old.stance == Stance.DISPUTES
    assert Finding.objects.get(pk=knowledge.django_orm.pk).is_contested


def test_known_level_drops_the_bounds_of_the_unknown_one(admin_client, knowledge):
    unknown = make.make_finding(
        framework=knowledge.flask,
        feature=knowledge.throughput,
        level=Level.UNKNOWN,
        at_least=Level.LOW,
    )
    address = sheet(knowledge.flask, edit="throughput")
    data = fill(
        admin_client, address, level=Level.HIGH, **passage(source=knowledge.blog.pk)
    )

    admin_client.post(address, data)

    unknown.refresh_from_db()
    assert (unknown.level, unknown.at_least) == (Level.HIGH, "")


def test_package_level_without_its_package_is_explained(admin_client, knowledge):
    address = sheet(knowledge.django, edit="orm")
    data = fill(admin_client, address, level=Level.THIRD_PARTY)

    response = admin_client.post(address, data)

    assert "names the package" in read(response).text


# Sources


@pytest.mark.parametrize(
    "spelling",
    [
        "https://blog.example/",
        "http://blog.example",
        "blog.example/#part",
        " https://blog.example/ ",
    ],
)
def test_source_is_found_by_its_address(admin_client, knowledge, spelling):
    address = sheet(knowledge.django, edit="orm")
    data = fill(admin_client, address, **passage(address=spelling))

    admin_client.post(address, data)

    assert knowledge.django_orm.citations.filter(source=knowledge.blog).exists()


def test_new_address_asks_what_it_is_before_anything_is_saved(admin_client, knowledge):
    address = sheet(knowledge.django, edit="orm")
    data = fill(admin_client, address, **passage(address="https://new.example/page"))

    response = admin_client.post(address, data)

    assert response.context["editor"].passage.is_of_new_source
    assert "say what it is" in read(response).text
    assert {"title", "kind"} == {*response.context["editor"].passage.source_form.errors}
    assert not Source.objects.filter(url__contains="new.example").exists()


def test_new_source_is_added_in_the_same_step(admin_client, knowledge):
    make.make_source(slug="a-new-page")
    address = sheet(knowledge.django, edit="orm")
    data = fill(
        admin_client,
        address,
        **passage(
            address="https://new.example/page",
            source__title="A new page",
            source__publisher="New Press",
            source__kind=SourceKind.ARTICLE,
            source__published_date="2026-05-01",
        ),
    )

    admin_client.post(address, data)

    source = Source.objects.get(url="https://new.example/page")
    assert (source.slug, source.publisher) == ("a-new-page-2", "New Press")
    assert source.citations.get().finding == knowledge.django_orm


def test_address_and_another_source_together_are_refused(admin_client, knowledge):
    address = sheet(knowledge.django, edit="orm")
    both = passage(address="https://new.example/", source=knowledge.blog.pk)

    response = admin_client.post(address, fill(admin_client, address, **both))

    assert "source" in response.context["editor"].passage.errors


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://a.example/", "no page"])
def test_what_is_no_web_address_is_refused(admin_client, knowledge, url):
    address = sheet(knowledge.django, edit="orm")
    data = fill(admin_client, address, **passage(address=url))

    response = admin_client.post(address, data)

    assert "address" in response.context["editor"].passage.errors


def test_script_asks_which_source_has_an_address(admin_client, knowledge):
    look_up = reverse("desk:matrix-source")

    for spelling in (knowledge.blog.url, "blog.example"):
        known = admin_client.get(look_up, {"url": spelling}).json()
        assert known == {"title": str(knowledge.blog)}
    assert admin_client.get(look_up, {"url": "x.example"}).json() == {"title": None}


# Rights


def test_stranger_is_sent_to_sign_in(client, knowledge):
    assert client.get(sheet(knowledge.flask)).url.startswith("/admin/login/")


def test_who_may_only_look_opens_no_row_and_saves_none(editor, knowledge):
    client = editor("view_finding")

    assert client.get(sheet(knowledge.flask)).status_code == 200
    address = sheet(knowledge.flask, edit="orm")
    assert client.get(address).status_code == 403
    assert client.post(address, {"level": Level.NONE}).status_code == 403


def test_who_may_change_findings_alone_touches_no_passage(editor, knowledge):
    client = editor("view_finding", "change_finding", "publish_knowledge")
    (old,) = knowledge.django_orm.citations.all()
    address = sheet(knowledge.django, edit="orm")
    data = fill(
        client,
        address,
        note="Changed.",
        **{"citations-0-stance": Stance.DISPUTES},
        **{"citations-0-DELETE": "on"},
        **passage(source=knowledge.blog.pk),
    )

    client.post(address, data)

    assert Finding.objects.get(pk=knowledge.django_orm.pk).note == "Changed."
    (kept,) = knowledge.django_orm.citations.all()
    assert (kept, kept.stance) == (old, Stance.SUPPORTS)


def test_who_may_remove_passages_need_not_be_able_to_change_them(editor, knowledge):
    client = editor(
        "view_finding",
        "change_finding",
        "publish_knowledge",
        "add_citation",
        "delete_citation",
    )
    (old,) = knowledge.django_orm.citations.all()
    address = sheet(knowledge.django, edit="orm")
    data = fill(client, address, **passage(source=knowledge.blog.pk))
    # Browsers send no field that is disabled.
    del data["citations-0-stance"], data["citations-0-level"]

    client.post(address, data | {"citations-0-DELETE": "on"})

    assert knowledge.django_orm.citations.get().source == knowledge.blog


def test_who_may_add_no_source_is_told_so(editor, knowledge):
    client = editor(
        "view_finding", "change_finding", "publish_knowledge", "add_citation"
    )
    address = sheet(knowledge.django, edit="orm")
    data = fill(
        client,
        address,
        **passage(
            address="https://new.example/",
            source__title="New",
            source__kind=SourceKind.BLOG,
        ),
    )

    response = client.post(address, data)

    assert "you may add none" in read(response).text
    assert not Source.objects.filter(title="New").exists()


# Bad input


@pytest.mark.parametrize("value", NONSENSE, ids=lambda value: value[:8])
def test_nonsense_is_explained_and_saves_nothing(admin_client, knowledge, value):
    (old,) = knowledge.django_orm.citations.all()
    address = sheet(knowledge.django, edit="orm")
    data = fill(admin_client, address)
    kept = ("seen", "change_reason", "csrfmiddlewaretoken")
    fields = [name for name in data if name not in kept]
    wrong = dict.fromkeys([*fields, "new-source-kind", "new-source-title"], value)

    response = admin_client.post(address, data | wrong)

    assert response.status_code == 200
    assert response.context["editor"].form.errors
    old.refresh_from_db()
    assert old.stance == Stance.SUPPORTS


def test_empty_post_is_refused_as_unseen(admin_client, knowledge):
    response = admin_client.post(sheet(knowledge.django, edit="orm"), {})

    assert response.status_code == 409
    assert not ChangeSet.objects.exists()


def test_passage_of_another_finding_cannot_be_reached(admin_client, knowledge):
    other = knowledge.flask_orm.citations.get()
    address = sheet(knowledge.django, edit="orm")
    forged = {"citations-0-id": other.pk, "citations-0-stance": Stance.DISPUTES}

    admin_client.post(address, fill(admin_client, address, **forged))

    other.refresh_from_db()
    assert other.stance == Stance.SUPPORTS


@pytest.mark.parametrize("slug", ["nowhere", "²", "x" * 2000, "-1"])
def test_unknown_rows_are_not_found(admin_client, knowledge, slug):
    for query in ({"edit": slug}, {"close": slug}):
        assert admin_client.get(sheet(knowledge.flask, **query)).status_code == 404
    assert admin_client.post(sheet(knowledge.flask, edit=slug), {}).status_code == 404
    assert admin_client.post(sheet(knowledge.flask), {}).status_code == 404
    address = reverse("desk:matrix-source")
    assert admin_client.get(address, {"url": slug}).status_code == 200
