"""A form whose session ended, or whose token is another tab's, is given back whole."""

import pytest
from django.conf import settings
from django.test import Client

from comparisons.models import Comparison
from tests.factories import make_framework
from tests.forms import Page, desk_address

pytestmark = pytest.mark.django_db

ORIGIN = {"HTTP_ORIGIN": "http://testserver"}


@pytest.fixture
def page(admin_user, knowledge):
    """A new comparison that somebody types, in a browser that checks tokens."""
    client = Client(enforce_csrf_checks=True, **ORIGIN)
    client.force_login(admin_user)
    return Page(client, desk_address(Comparison, "add"))


def typed(knowledge):
    """A comparison with a section that the page did not show at first."""
    return {
        "slug": "bottle-vs-flask",
        "title": "Both",
        "introduction": "Line one\nand a “second”.",
        "frameworks": [knowledge.flask.pk, make_framework(slug="bottle").pk],
        "sections-TOTAL_FORMS": "1",
        "sections-0-heading": "Forty minutes of writing",
        "sections-0-slug": "forty",
        "sections-0-body": "A paragraph.",
        "sections-0-features": [knowledge.orm.pk],
    }


def sign_in_elsewhere(client, user):
    client.force_login(user)
    del client.cookies[settings.CSRF_COOKIE_NAME]
    client.get(desk_address(Comparison, "add"))


def test_typed_rows_outlive_a_session(page, knowledge, admin_user):
    del page.client.cookies[settings.SESSION_COOKIE_NAME]
    asked = page.send(**typed(knowledge))
    sign_in_elsewhere(page.client, admin_user)

    given_back = page.send()
    saved = page.send()

    assert "Sign in in another tab" in asked.text
    assert "Sign in" not in given_back.text
    assert (given_back.status_code, saved.status_code) == (403, 302)
    section = Comparison.objects.get(slug="bottle-vs-flask").sections.get()
    assert section.heading == "Forty minutes of writing"


def test_form_of_another_site_gets_no_button(page, knowledge):
    page.client.defaults["HTTP_ORIGIN"] = "https://evil.example"

    response = page.send(**typed(knowledge))

    assert response.status_code == 403
    assert "Forty minutes" not in response.text


def test_password_is_not_given_back(page):
    response = page.client.post(
        "/admin/login/", {"username": "a", "password": "secret"}
    )

    assert response.status_code == 403
    assert "secret" not in response.text


def test_signing_out_without_a_session_is_no_form(client):
    assert client.post("/admin/logout/").status_code == 302
