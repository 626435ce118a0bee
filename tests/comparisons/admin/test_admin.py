"""The editors' forms: publishing with its citations in one step, and refusals."""

import datetime

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext

from advisor.models import Advice
from comparisons.admin.bases.forms import KnowledgeForm
from comparisons.admin.bases.knowledge import KnowledgeAdmin
from comparisons.choices import Level, Stance, Status
from comparisons.models import (
    ChangeSet,
    Citation,
    Disagreement,
    Finding,
    Framework,
    Link,
    Suggestion,
)
from tests import factories as make
from tests.forms import desk_address as address
from tests.forms import filled_in

pytestmark = pytest.mark.django_db


def citation_data(*, source, number=0, **values):
    data = {
        "id": "",
        "source": source.pk,
        "stance": Stance.SUPPORTS,
        "locator": "Quickstart",
        "says": "It ships with the framework.",
        "level": "",
        "accessed_date": "2026-11-20",
        "key": "",
    } | values
    return {f"citations-{number}-{name}": value for name, value in data.items()}


def finding_data(framework, feature, *citations, **values):
    data = {
        "framework": framework.pk,
        "feature": feature.pk,
        "level": Level.BUILT_IN,
        "status": Status.PUBLISHED,
        "extension": "",
        "since_version": "",
        "note": "It ships.",
        "decision": "",
        "reason": "",
        "at_least": "",
        "at_most": "",
        "citations-TOTAL_FORMS": len(citations),
        "citations-INITIAL_FORMS": sum(
            bool(value)
            for data in citations
            for name, value in data.items()
            if name.endswith("-id")
        ),
    } | values
    for citation in citations:
        data |= citation
    return data


REGISTERED = [
    pytest.param(model, id=model.__name__)
    for model in admin.site._registry
    if model._meta.app_label in {"comparisons", "advisor"}
]


@pytest.mark.usefixtures("knowledge")
@pytest.mark.parametrize("model", REGISTERED)
@pytest.mark.parametrize("search", ["", "?q=flask", "?q=%C2%B2"])
def test_every_list_opens_and_searches(admin_client, model, search):
    if search and not admin.site.get_model_admin(model).search_fields:
        pytest.skip("This list has no search.")

    response = admin_client.get(address(model, "changelist") + search)

    assert response.status_code == 200


@pytest.mark.usefixtures("knowledge")
@pytest.mark.parametrize("model", REGISTERED)
def test_every_form_opens(admin_client, model):
    made_elsewhere = {
        Advice: make.make_advice,
        ChangeSet: ChangeSet.objects.create,
        Link: make.make_link,
        Suggestion: make.make_suggestion,
    }
    row = model.objects.first() or made_elsewhere[model]()

    pages = [address(model, "change", row.pk)]
    if model not in made_elsewhere:
        pages.append(address(model, "add"))

    assert [admin_client.get(page).status_code for page in pages] == [200] * len(pages)


@pytest.mark.usefixtures("knowledge")
@pytest.mark.parametrize("model", REGISTERED)
def test_every_list_answers_a_post_that_says_nothing(admin_client, model):
    response = admin_client.post(address(model, "changelist"), {})

    assert response.status_code in (200, 302)


def test_every_form_that_is_compared_refuses_what_is_stale():
    compared = [
        each
        for each in admin.site._registry.values()
        if isinstance(each, KnowledgeAdmin)
    ]

    assert compared
    assert all(issubclass(each.form, KnowledgeForm) for each in compared)


def test_accounts_are_deleted_together_as_django_does_it(
    admin_client, django_user_model
):
    user = django_user_model.objects.create(username="gone")
    page = address(django_user_model, "changelist")
    chosen = {"action": "delete_selected", "_selected_action": [user.pk]}

    asked = admin_client.post(page, chosen)
    admin_client.post(page, filled_in(asked))

    assert "list of changes" not in asked.text
    assert not django_user_model.objects.filter(username="gone").exists()


def test_finding_is_published_together_with_its_first_citation(admin_client):
    framework, feature = make.make_framework(), make.make_feature()
    data = finding_data(framework, feature, citation_data(source=make.make_source()))

    response = admin_client.post(address(Finding, "add"), data)

    finding = Finding.objects.get()
    assert response.status_code == 302
    assert finding.is_published
    assert finding.citations.get().key == f"{framework.slug}-{feature.slug}-1"


@pytest.mark.parametrize("stance", [Stance.DISPUTES, Stance.CONTEXT])
def test_finding_without_support_is_refused_and_nothing_typed_is_lost(
    admin_client, stance
):
    citation = citation_data(source=make.make_source(), stance=stance)
    data = finding_data(make.make_framework(), make.make_feature(), citation)

    response = admin_client.post(address(Finding, "add"), data)

    (formset,) = response.context["inline_admin_formsets"]
    assert formset.formset.non_form_errors().as_data()[0].code == "uncited"
    assert "It ships with the framework." in response.text
    assert not Finding.objects.exists()


def test_deleting_the_only_support_of_a_published_finding_is_refused(admin_client):
    finding = make.make_finding()
    citation = finding.citations.get()
    page = address(Finding, "change", finding.pk)
    data = filled_in(admin_client.get(page), **{"citations-0-DELETE": "on"})

    response = admin_client.post(page, data)

    assert response.status_code == 200
    assert Citation.objects.filter(pk=citation.pk).exists()
    finding.refresh_from_db()
    assert finding.is_published


def test_exchanging_the_only_support_leaves_the_finding_published(admin_client):
    finding = make.make_finding()
    old = finding.citations.get()
    page = address(Finding, "change", finding.pk)
    new = citation_data(source=make.make_source(), number=1)
    exchange = {"citations-TOTAL_FORMS": "2", "citations-0-DELETE": "on"}
    data = filled_in(admin_client.get(page), **exchange, **new)

    admin_client.post(page, data)

    finding.refresh_from_db()
    assert finding.is_published
    assert old not in finding.citations.all()


def test_draft_needs_no_citation(admin_client):
    data = finding_data(make.make_framework(), make.make_feature(), status=Status.DRAFT)

    response = admin_client.post(address(Finding, "add"), data)

    assert response.status_code == 302
    assert Finding.objects.get().status == Status.DRAFT


def test_level_of_another_kind_is_explained_at_its_field(admin_client):
    data = finding_data(
        make.make_framework(),
        make.make_feature(),
        citation_data(source=make.make_source()),
        level=Level.VERY_HIGH,
    )

    response = admin_client.post(address(Finding, "add"), data)

    errors = response.context["adminform"].form.errors.as_data()
    assert errors["level"][0].code == "level_of_another_kind"


def test_address_of_another_scheme_is_explained(admin_client):
    source = make.make_source()
    data = {
        "slug": source.slug,
        "title": source.title,
        "kind": source.kind,
        "url": "javascript:alert(1)",
    }

    response = admin_client.post(address(type(source), "change", source.pk), data)

    assert "url" in response.context["adminform"].form.errors


def test_one_sided_disagreement_is_not_published(admin_client):
    citation = make.make_finding().citations.get()
    data = {
        "slug": "one-sided",
        "key": "G99",
        "question": "Is it?",
        "feature": citation.finding.feature.pk,
        "decision": "Yes.",
        "reason": "One source says so.",
        "status": Status.PUBLISHED,
        "positions-TOTAL_FORMS": 1,
        "positions-INITIAL_FORMS": 0,
        "positions-0-position": "It is.",
        "positions-0-citations": [citation.pk],
    }

    response = admin_client.post(address(Disagreement, "add"), data)

    (formset,) = response.context["inline_admin_formsets"]
    assert formset.formset.non_form_errors().as_data()[0].code == "one_sided"
    assert not Disagreement.objects.exists()


def test_corrected_finding_shows_on_its_page_at_once(admin_client, client):
    finding = make.make_finding()
    form = address(Finding, "change", finding.pk)
    data = filled_in(admin_client.get(form), note="Corrected by an editor.")
    page = finding.framework.get_absolute_url()
    before = client.get(page)["ETag"]

    admin_client.post(form, data)

    after = client.get(page, headers={"if-none-match": before})
    assert after.status_code == 200
    assert "Corrected by an editor." in after.text


def queries_of(client, page):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    return len(queries)


def more_findings(knowledge):
    for _ in range(10):
        make.make_finding(framework=knowledge.flask)


def more_citations(knowledge):
    for _ in range(5):
        make.make_citation(finding=knowledge.flask_orm)


def more_verdicts(knowledge):
    for _ in range(5):
        section = make.make_section(comparison=knowledge.comparison)
        section.features.set([knowledge.orm, knowledge.routing])
        make.make_verdict(
            comparison=knowledge.comparison,
            framework=make.make_framework(),
            findings=[knowledge.flask_orm, make.make_finding()],
        )


@pytest.mark.parametrize(
    ("name", "grow", "most"),
    [
        ("flask", more_findings, 5),
        ("flask_orm", more_citations, 12),
        ("comparison", more_verdicts, 25),
    ],
)
def test_form_costs_the_same_for_many_rows(admin_client, knowledge, name, grow, most):
    row = getattr(knowledge, name)
    page = address(type(row), "change", row.pk)
    admin_client.get(page)
    few = queries_of(admin_client, page)
    grow(knowledge)

    many = queries_of(admin_client, page)

    assert many == few
    assert many <= most


def test_list_of_findings_costs_the_same_for_many_rows(admin_client, knowledge):
    page = address(Finding, "changelist")
    few = queries_of(admin_client, page)
    more_findings(knowledge)

    many = queries_of(admin_client, page)

    assert many == few
    assert many <= 10


def test_form_of_a_framework_leads_to_its_findings(admin_client, knowledge):
    response = admin_client.get(address(Framework, "change", knowledge.flask.pk))

    assert address(Finding, "change", knowledge.flask_orm.pk) in response.text
    assert address(Finding, "change", knowledge.django_orm.pk) not in response.text


def test_key_takes_the_first_free_number():
    finding = make.make_finding(draft=True)
    stem = finding.citation_stem
    make.make_citation(finding=finding, key=f"{stem}-1")

    citation = Citation.objects.create(
        finding=finding,
        source=make.make_source(),
        locator="Here",
        says="So it is.",
        accessed_date=datetime.date(2026, 11, 20),
    )

    assert citation.key == f"{stem}-2"


def test_saved_form_is_one_recorded_set_with_its_editor_and_reason(
    admin_client, admin_user, knowledge
):
    finding = knowledge.django_orm
    page = address(Finding, "change", finding.pk)
    data = filled_in(
        admin_client.get(page),
        note="Models describe tables.",
        change_reason="Clearer words",
        **{"citations-0-says": "Models describe tables."},
    )

    admin_client.post(page, data)

    changes = ChangeSet.objects.get()
    assert (changes.editor, changes.reason) == (admin_user, "Clearer words")
    assert Finding.history.get(change_set=changes).note == "Models describe tables."
    assert Citation.history.get(change_set=changes).says == "Models describe tables."


def test_reason_is_kept_without_what_no_database_stores(admin_client, knowledge):
    page = address(Finding, "change", knowledge.django_orm.pk)
    data = filled_in(
        admin_client.get(page), note="Clearer.", change_reason=" Clearer\0 words "
    )

    admin_client.post(page, data)

    assert ChangeSet.objects.get().reason == "Clearer words"


def test_deletion_is_one_recorded_set(admin_client, knowledge):
    page = address(Finding, "delete", knowledge.django_orm.pk)
    data = filled_in(admin_client.get(page), change_reason="A mistake")

    admin_client.post(page, data)

    changes = ChangeSet.objects.get()
    assert changes.reason == "A mistake"
    assert Finding.history.get(change_set=changes).history_type == "-"
    assert Citation.history.get(change_set=changes).history_type == "-"


def test_refused_form_leaves_no_set(admin_client, knowledge):
    admin_client.post(address(Finding, "change", knowledge.django_orm.pk), {})

    assert not ChangeSet.objects.exists()
