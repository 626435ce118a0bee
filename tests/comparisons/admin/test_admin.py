"""The lists and forms of all models: they open, cost little and refuse nonsense."""

import pytest
from django.contrib import admin

from comparisons.admin.bases.forms import KnowledgeForm
from comparisons.admin.bases.knowledge import KnowledgeAdmin
from comparisons.choices import Status
from comparisons.editing.seen import children, shapes
from comparisons.models import (
    ChangeSet,
    Comparison,
    Disagreement,
    Feature,
    Finding,
    Framework,
    Source,
)
from tests import factories as make
from tests.forms import desk_address as address
from tests.forms import filled_in

pytestmark = pytest.mark.django_db


REGISTERED = [
    pytest.param(model, id=model.__name__)
    for model in admin.site._registry
    if model._meta.app_label in {"comparisons", "advisor"}
]


@pytest.mark.usefixtures("knowledge")
@pytest.mark.parametrize("model", REGISTERED)
def test_every_list_opens_and_searches(admin_client, model):
    has_search = admin.site.get_model_admin(model).search_fields
    page = address(model, "changelist")

    for query in ("", "?q=flask", "?q=%C2%B2") if has_search else ("",):
        assert admin_client.get(page + query).status_code == 200
    # Neither does a post fail that says nothing.
    assert admin_client.post(page, {}).status_code in (200, 302)


@pytest.mark.parametrize("model", REGISTERED)
def test_stamp_covers_all_that_a_form_saves(rf, admin_user, model):
    form_admin = admin.site.get_model_admin(model)
    if not isinstance(form_admin, KnowledgeAdmin):
        pytest.skip("This form saves nothing.")
    request = rf.get("/")
    request.user = admin_user
    belonging = {part.shape.model: part.shape for part in children(shapes()[model])}

    assert issubclass(form_admin.form, KnowledgeForm)
    for formset, inline in form_admin.get_formsets_with_inlines(request):
        stamped = {part.name for part in belonging[inline.model].fields}
        fields = {field.name for field in inline.model._meta.get_fields()}
        saved = fields & {*formset.form.base_fields}
        assert saved <= {formset.fk.name, *stamped}


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


def test_form_of_a_framework_leads_to_its_findings(admin_client, knowledge):
    response = admin_client.get(address(Framework, "change", knowledge.flask.pk))

    assert address(Finding, "change", knowledge.flask_orm.pk) in response.text
    assert address(Finding, "change", knowledge.django_orm.pk) not in response.text


def test_what_is_added_without_a_slug_gets_one(admin_client, knowledge):
    fields = filled_in(
        admin_client.get(address(Comparison, "add")),
        title="Three of them",
        introduction="They differ.",
        frameworks=[knowledge.flask.pk, knowledge.django.pk, make.make_framework().pk],
        **{
            "sections-TOTAL_FORMS": 2,
            "sections-0-heading": "The first section, which is called by more words",
            "sections-0-body": "Text.",
            "sections-0-features": knowledge.orm.pk,
            "sections-1-heading": "¿",
            "sections-1-body": "Text.",
            "sections-1-features": knowledge.orm.pk,
            "verdicts-TOTAL_FORMS": 1,
            "verdicts-0-framework": knowledge.flask.pk,
            "verdicts-0-when": "it is small.",
        },
    )

    response = admin_client.post(address(Comparison, "add"), fields)

    assert response.status_code == 302
    comparison = Comparison.objects.get(title="Three of them")
    slugs = sorted(each.slug for each in comparison.frameworks.all())
    assert comparison.slug == "-vs-".join(slugs)
    assert [section.slug for section in comparison.sections.all()] == [
        "the-first-section-which-is-called-by-more",
        "section",
    ]
    assert comparison.verdicts.get().slug == "flask-it-is-small"


def test_slug_that_is_taken_is_numbered(admin_client):
    page = address(Source, "add")

    for note in ("", "Another one."):
        source = {"title": "The Manual", "kind": "book", "note": note}
        admin_client.post(page, filled_in(admin_client.get(page), **source))

    slugs = Source.objects.order_by("pk").values_list("slug", flat=True)
    assert list(slugs) == ["the-manual", "the-manual-2"]


def test_disagreement_gets_the_number_after_the_last(admin_client, knowledge):
    make.make_disagreement(key="G41")

    assert filled_in(admin_client.get(address(Disagreement, "add")))["key"] == "G42"


def test_refused_form_leaves_no_set(admin_client, knowledge):
    admin_client.post(address(Finding, "change", knowledge.django_orm.pk), {})

    assert not ChangeSet.objects.exists()


def test_levels_of_thresholds_follow_in_their_order(admin_client, knowledge):
    page = address(Feature, "add")
    texts = {f"thresholds-{number}-text": f"Text {number}." for number in range(5)}
    # A browser sends the first of a list in which nothing is chosen.
    assert '<option value="" selected>' in admin_client.get(page).text
    fields = filled_in(
        admin_client.get(page),
        name="Waltzing",
        group=knowledge.orm.group.pk,
        kind="capability",
        definition="It turns.",
        _rate="1",
        **texts,
    )

    response = admin_client.post(page, fields)

    assert response.status_code == 302
    feature = Feature.objects.get(slug="waltzing")
    levels = [each.level for each in feature.thresholds.all()]
    assert levels == [level.value for level in feature.feature_kind.levels]
    assert "matrix-open" in admin_client.get(response.url).text
