"""The parts of the desk by task, and the guide."""

import pytest
from django.conf import settings
from django.urls import reverse

from comparisons.editing.roles import CONTRIBUTOR
from comparisons.models import Citation, CodeSample, Finding, Verdict
from tests import factories as make
from tests.forms import desk_address
from tests.pages import read
from tests.test_rights import make_editor

pytestmark = pytest.mark.django_db

GUIDE = "/admin/guide/first-correction/"


def parts(client):
    """Return {title of a part: names of what stands in it} of the front."""
    shown = client.get("/admin/").context["available_apps"]
    return {part["name"]: [place["name"] for place in part["models"]] for part in shown}


def test_what_another_form_holds_is_off_the_front_and_keeps_its_address(admin_client):
    front = read(admin_client.get("/admin/"))

    assert desk_address(Finding, "changelist") in front.links
    assert desk_address(Finding, "add") in front.links
    for model in (Citation, CodeSample, Verdict):
        address = desk_address(model, "changelist")
        assert address not in front.links
        assert admin_client.get(address).status_code == 200
        tables = admin_client.get("/admin/comparisons/")
        assert address in read(tables).links


def test_every_place_of_the_desk_answers_those_who_are_signed_in(
    admin_client, client, knowledge
):
    front = read(admin_client.get("/admin/"))
    places = [link for link in front.links if link.startswith("/admin/")]

    answers = {link: admin_client.get(link).status_code for link in places}
    strangers = {client.get(link).url.partition("?")[0] for link in places}

    named = [place for part in parts(admin_client).values() for place in part]
    assert len(places) >= len(named)
    assert {link for link, status in answers.items() if status != 200} == set()
    assert strangers == {"/admin/login/"}


def test_account_is_shown_the_parts_that_it_may_see(client, admin_client):
    client.force_login(make_editor(CONTRIBUTOR))

    theirs, everything = parts(client), parts(admin_client)

    assert "Users" in everything["Accounts"]
    assert "Users" not in theirs["Accounts"]
    assert theirs["Knowledge"] == everything["Knowledge"]
    assert everything.keys() == theirs.keys()


def test_matrix_of_each_framework_is_one_click_away(admin_client):
    framework, feature = make.make_framework(draft=True), make.make_feature()
    matrix = reverse("desk:matrix-framework", args=[framework.slug])

    assert matrix in read(admin_client.get("/admin/")).links
    assert matrix in read(admin_client.get("/admin/comparisons/framework/")).links
    assert (
        reverse("desk:matrix-feature", args=[feature.slug])
        in read(admin_client.get("/admin/comparisons/feature/")).links
    )


def test_guide_is_read_with_its_pictures_in_the_desk(admin_client, client):
    page = read(admin_client.get(GUIDE))

    pictures = [attrs["src"] for tag, attrs in page.tags if tag == "img"]
    assert "Its row of the matrix opens" in page.text
    text = (settings.BASE_DIR / "docs" / "first-correction.md").read_text()
    assert len(pictures) == text.count("![") > 0
    assert admin_client.get(f"{GUIDE}{pictures[0]}")["Content-Type"] == "image/png"
    assert client.get(GUIDE).status_code == 302


@pytest.mark.parametrize(
    "address",
    [
        "deploy/",
        "first-correction/none.png",
        "first-correction/rights.md",
        "x/compare.png",
    ],
)
def test_guide_shows_nothing_else_of_the_folder(admin_client, address):
    assert admin_client.get(f"/admin/guide/{address}").status_code == 404
