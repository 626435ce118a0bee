"""The editors' forms of the questionnaire."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from advisor.models import Theme
from comparisons.choices import Status
from tests import factories as make

pytestmark = pytest.mark.django_db


def theme_data(*shares):
    features = [make.make_feature() for _ in shares]
    data = {
        "slug": "speed",
        "name": "Speed",
        "description": "How fast it is.",
        "basis": "features",
        "known_share": "0",
        "position": 1,
        "status": Status.PUBLISHED,
        "shares-TOTAL_FORMS": len(shares),
        "shares-INITIAL_FORMS": 0,
    }
    for number, (feature, share) in enumerate(zip(features, shares, strict=True)):
        data[f"shares-{number}-feature"] = feature.pk
        data[f"shares-{number}-share"] = share
    return data


def test_theme_whose_shares_sum_to_one_is_saved(admin_client):
    response = admin_client.post(
        reverse("admin:advisor_theme_add"), theme_data("0.7", "0.3")
    )

    assert response.status_code == 302
    assert Theme.objects.get(slug="speed").shares.count() == 2


@pytest.mark.parametrize("shares", [("0.7", "0.2"), ("0.7", "0.4"), ()])
def test_theme_whose_shares_do_not_sum_to_one_is_refused(admin_client, shares):
    response = admin_client.post(
        reverse("admin:advisor_theme_add"), theme_data(*shares)
    )

    (formset,) = response.context["inline_admin_formsets"]
    error = formset.formset.non_form_errors().as_data()[0]
    assert error.code == "shares_do_not_sum_to_one"
    assert not Theme.objects.exists()


def test_choice_says_what_it_does(admin_client, knowledge):
    listed = admin_client.get(reverse("admin:advisor_choice_changelist"))

    assert "sets 4 points for “Learning”" in listed.text
    assert "requires “Admin interface” at “Third-party package”" in listed.text


def test_preset_is_for_a_project(knowledge):
    knowledge.preset.choice = knowledge.conflict.first

    with pytest.raises(ValidationError, match="Choose a project"):
        knowledge.preset.full_clean()


def test_stored_advice_can_be_read_and_not_changed(admin_client, knowledge, client):
    client.post(reverse("advisor:questionnaire"), {})
    address = reverse("admin:advisor_advice_changelist")

    listed = admin_client.get(address)

    assert "There is no ranking" in listed.text
    assert admin_client.get(reverse("admin:advisor_advice_add")).status_code == 403
