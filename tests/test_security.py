"""What browsers are told, and what a host cannot get wrong."""

import os
import secrets
import subprocess
import sys
import traceback
from runpy import run_path
from unittest.mock import patch

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from tests.pages import Page, is_page, read

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
PRODUCTION = {
    "SECRET_KEY": secrets.token_urlsafe(45),
    "ALLOWED_HOSTS": "framewise.example",
}


def policy(response):
    directives = response["Content-Security-Policy"].split(";")
    return dict(directive.strip().split(" ", 1) for directive in directives)


# Headers and what stands in a page


def test_page_has_a_policy_keeps_to_it_and_sets_no_cookie(client, addresses):
    for address in addresses:
        is_harmless(Client().get(address))


def is_harmless(response):
    assert policy(response) == POLICY
    page = read(response) if is_page(response) else Page()
    assert page.inline == []
    assert page.count("style") == page.count("base") == page.count("iframe") == 0
    assert [
        (tag, name)
        for tag, attributes in page.tags
        for name in attributes
        if name == "style" or name.startswith("on")
    ] == []
    assert not [link for link in page.links if link.startswith("javascript:")]
    # What a page loads comes from here.
    assert not [load for load in page.loads if not load.startswith("/")]
    assert not [load for load in page.loads if load.startswith("//")]
    # The token of forms is the only cookie.
    has_form = page.has("form", method="post")
    assert set(response.cookies) == ({"__Host-csrftoken"} if has_form else set())


@pytest.mark.parametrize(
    "address",
    [
        "/nowhere/",
        "/search/?q=%00",
        "/compare/flask-vs-django/",
        "/healthz",
        "/admin/",
        "/admin/login/",
    ],
)
def test_answer_that_is_no_page_of_knowledge_has_the_policy_too(
    client, knowledge, address
):
    assert policy(client.get(address)) == POLICY


def test_page_refuses_frames_and_guessed_types(client, knowledge):
    response = client.get("/")

    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"


def test_results_stay_out_of_search_engines(client, advice):
    page = client.get(advice.get_absolute_url())
    data = client.get(f"/advisor/results/{advice.pk}.json")

    assert page["X-Robots-Tag"] == data["X-Robots-Tag"] == "noindex"
    assert read(page).has("meta", name="robots", content="noindex")


def test_address_of_a_result_cannot_be_guessed(advice):
    assert advice.pk.version == 4


# Starting a site


def settings_of(**variables):
    """Return the settings of a site with these variables; None leaves one out."""
    given = PRODUCTION | variables
    given = {name: text for name, text in given.items() if text is not None}
    with patch.dict(os.environ, given, clear=True), patch.dict(sys.modules):
        # Tests may do without some of them.
        del sys.modules["pytest"]
        return run_path(str(settings.BASE_DIR / "config" / "settings.py"))


def test_production_settings_pass_the_deployment_check():
    check = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level=WARNING"],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], **PRODUCTION},
        capture_output=True,
        text=True,
    )

    assert check.returncode == 0, check.stderr
    assert "no issues" in check.stdout


@pytest.mark.parametrize(
    ("variables", "name", "advice"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY", "Set it to a long random text"),
        ({"SECRET_KEY": ""}, "SECRET_KEY", "Set it to a random text"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY", "Set it to a random text"),
        ({"DEBUG": "maybe"}, "DEBUG", "Set it to 'on' for development"),
        ({"DEBUG": ""}, "DEBUG", "Set it to 'on' for development"),
        ({"HTTPS": "perhaps"}, "HTTPS", "Set it to 'on' or 'off'"),
        ({"BEHIND_PROXY": "2"}, "BEHIND_PROXY", "Set it to 'on' only if"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL", "postgres://user@host"),
        ({"DATABASE_URL": "x://a:swordfish@b/c"}, "DATABASE_URL", "postgres://user@"),
        ({"DATABASE_URL": "sqlserver2://x"}, "DATABASE_URL", "postgres://user@host"),
        ({"DATABASE_URL": "postgres://h:port/x"}, "DATABASE_URL", "postgres://user@"),
        ({"ADVICE_DAYS": "0"}, "ADVICE_DAYS", "from 1 to 36500"),
        ({"ADVICE_DAYS": "soon"}, "ADVICE_DAYS", "from 1 to 36500"),
        ({"CACHE_URL": "nonsense"}, "CACHE_URL", "redis://127.0.0.1:6379/1"),
        ({"CACHE_URL": "carrier-pigeon://"}, "CACHE_URL", "redis://127.0.0.1:6379/1"),
        ({"EMAIL_URL": "carrier-pigeon://"}, "EMAIL_URL", "smtp://user:password@"),
    ],
    ids=str,
)
def test_start_is_refused_with_a_sentence_that_says_what_to_set(
    variables, name, advice
):
    with pytest.raises(ImproperlyConfigured) as refusal:
        settings_of(**variables)

    told = "".join(traceback.format_exception(refusal.value))
    assert f"The environment variable {name} is" in told
    assert advice in told
    # No password is printed.
    assert "swordfish" not in told.replace(repr(variables), "")


@pytest.mark.parametrize(
    ("variables", "https", "debug"),
    [
        ({}, True, False),
        ({"HTTPS": "off"}, False, False),
        ({"DEBUG": "on", "SECRET_KEY": "short"}, False, True),
        ({"DEBUG": "off", "HTTPS": "on"}, True, False),
    ],
    ids=str,
)
def test_site_is_safe_unless_told_otherwise(variables, https, debug):
    found = settings_of(**variables)

    for name in ("SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"):
        assert found[name] is https
    assert found["DEBUG"] is debug


def test_plain_address_leads_to_the_safe_one(client, settings, db):
    settings.SECURE_SSL_REDIRECT = True

    page = client.get("/about/")
    health = client.get("/healthz")

    assert (page.status_code, page.url) == (301, "https://testserver/about/")
    assert health.status_code == 200
