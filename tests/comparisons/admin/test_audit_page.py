"""The editors' page of the audit: who sees it, what it lists, where it leads."""

import datetime

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from comparisons.audit import GapKind
from comparisons.choices import Level, LinkState
from comparisons.editing.admin_urls import edit_address
from comparisons.models import Section
from tests import factories as make
from tests.pages import read

pytestmark = pytest.mark.django_db

PAGE = "/admin/audit/"


@pytest.fixture
def staff(client):
    """A member of staff who may do nothing yet, signed in."""
    user = make.make_editor()
    client.force_login(user)
    return user


def listed(response):
    return [gap for gap, _ in response.context["gaps"]]


def test_staff_see_it_with_permission_to_view_findings_alone(client, staff):
    assert client.get(PAGE).status_code == 403
    assert PAGE not in read(client.get("/admin/")).links

    staff.user_permissions.add(Permission.objects.get(codename="view_finding"))

    assert client.get(PAGE).status_code == 200
    assert PAGE in read(client.get("/admin/")).links


def test_missing_finding_leads_to_a_form_that_knows_its_cell(admin_client):
    framework, feature = make.make_framework(), make.make_feature()

    (address,) = [
        link
        for link in read(admin_client.get(PAGE)).links
        if link.startswith(reverse("admin:comparisons_finding_add") + "?")
    ]

    form = admin_client.get(address).context["adminform"].form
    assert form.initial["framework"] == str(framework.pk)
    assert form.initial["feature"] == str(feature.pk)


def test_every_kind_of_row_has_a_form(admin_client, knowledge):
    make.make_sample(task=make.make_task(feature=make.make_feature(draft=True)))
    make.make_finding(level=Level.THIRD_PARTY, extension=make.make_extension())
    make.make_verdict()
    make.make_disagreement()
    gone = make.make_source()
    make.make_link(source=gone, state=LinkState.GONE)
    make.make_adopter(
        cited={"source": gone, "accessed_date": datetime.date(2020, 1, 1)}
    )

    response = admin_client.get(PAGE)

    models = {type(gap.row).__name__ for gap in listed(response)}
    assert {
        "Adopter",
        "Disagreement",
        "Extension",
        "Finding",
        "Source",
        "Task",
        "Verdict",
    } <= models
    forms = {address for _, address in response.context["gaps"]}
    assert {admin_client.get(form).status_code for form in forms} == {200}
    assert forms <= {*read(response).links}


def test_section_is_edited_in_the_form_of_its_comparison(admin_client, knowledge):
    Section.objects.update(body="Nobody is named here.")

    [(_, form)] = admin_client.get(f"{PAGE}?kind=unfootnoted").context["gaps"]

    assert form == edit_address(knowledge.comparison)


def test_list_is_narrowed_by_kind_and_framework(admin_client):
    finding = make.make_finding(level=Level.UNKNOWN)
    make.make_finding(level=Level.UNKNOWN)
    slug = finding.framework.slug

    response = admin_client.get(f"{PAGE}?kind=unknown&framework={slug}")

    assert [gap.row for gap in listed(response)] == [finding]
    assert response.context["kinds"][GapKind.MISSING] == 1
    assert dict(response.context["frameworks"])[finding.framework] == 1


def test_nonsense_is_explained_and_filters_nothing(admin_client):
    make.make_finding(level=Level.UNKNOWN)

    response = admin_client.get(f"{PAGE}?kind=x&framework=y&page=z")

    assert response.status_code == 200
    assert "x is not one of the available choices" in read(response).text
    assert "y is not one of the available choices" in read(response).text
    assert len(listed(response)) == 1


def test_long_list_is_cut_into_pages(admin_client):
    framework = make.make_framework()
    group = make.make_group()
    for _ in range(51):
        make.make_feature(group=group)

    first = admin_client.get(f"{PAGE}?framework={framework.slug}")
    second = admin_client.get(f"{PAGE}?framework={framework.slug}&page=2")

    assert len(listed(first)) == 50
    assert len(listed(second)) == 1
    assert f"?framework={framework.slug}&page=2" in read(first).links


def test_figures_stand_with_their_targets(admin_client):
    make.make_finding()

    text = read(admin_client.get(PAGE)).text

    assert "Known findings cited 1 of 1 (100 %) all: ✓ met" in text
    assert "✗ missed" in text
