"""The editors' forms of the questionnaire."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from advisor.models import Theme
from comparisons.choices import Status
from comparisons.editing.roles import CONTRIBUTOR
from tests import factories as make
from tests.test_rights import make_editor

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


@pytest.mark.parametrize(
    ("count", "shares"), [(1, ["1"]), (3, ["0.334", "0.333", "0.333"])]
)
def test_action_makes_the_shares_equal_and_sum_to_one(admin_client, count, shares):
    theme = make.make_theme(shares={make.make_feature(): "0.2" for _ in range(count)})

    response = admin_client.post(
        reverse("admin:advisor_theme_changelist"),
        {"action": "make_shares_equal", "_selected_action": [theme.pk]},
    )

    assert response.status_code == 302
    assert [share.share for share in theme.shares.all()] == list(map(Decimal, shares))


def test_contributor_changes_no_shares_of_a_published_theme(client):
    shared = {make.make_feature(): "0.2", make.make_feature(): "0.8"}
    theme = make.make_theme(shares=shared)
    client.force_login(make_editor(CONTRIBUTOR))

    response = client.post(
        reverse("admin:advisor_theme_changelist"),
        {"action": "make_shares_equal", "_selected_action": [theme.pk]},
        follow=True,
    )

    assert "stays as it is. Readers see it" in response.text
    assert {str(share.share) for share in theme.shares.all()} == {"0.200", "0.800"}


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
