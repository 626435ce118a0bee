"""Nothing that somebody typed is lost with a session, a cookie or a second click."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from comparisons.models import Suggestion
from comparisons.models.history import ChangeSet
from tests import factories as make
from tests.forms import filled_in
from tests.pages import read

TEXT = "Typed for an hour."
PASSWORD = "a long password of the editor"
OURS = {"Origin": "http://testserver"}


@pytest.fixture
def editor(db):
    return get_user_model().objects.create_superuser("ada", password=PASSWORD)


@pytest.fixture
def browser(editor):
    """A browser in which the editor is signed in, and whose forms need a token."""
    browser = Client(enforce_csrf_checks=True)
    browser.get("/admin/login/")
    sign_in(browser)
    return browser


def sign_in(browser):
    token = browser.cookies["__Host-csrftoken"].value
    fields = {"username": "ada", "password": PASSWORD, "csrfmiddlewaretoken": token}
    response = browser.post("/admin/login/", fields)
    assert response.status_code == 302, response.content


def opened(browser, address):
    """Return the fields of the form at ``address``, as a browser would send them."""
    return filled_in(browser.get(address))


def end_session(browser):
    del browser.cookies["__Host-sessionid"]


def test_what_is_typed_into_the_matrix_outlives_the_session(browser, knowledge):
    address = "/admin/comparisons/matrix/framework/flask/?edit=orm"
    fields = opened(browser, address) | {"note": TEXT}
    end_session(browser)

    refused = browser.post(address, fields)
    sign_in(browser)
    page = browser.get(address)

    assert refused.url.startswith("/admin/login/?next=")
    assert TEXT in read(page).text
    assert ChangeSet.objects.count() == 0
    again = filled_in(page)
    assert browser.post(address, again).status_code == 302
    knowledge.flask_orm.refresh_from_db()
    assert knowledge.flask_orm.note == TEXT
    # It is given back once, and not kept beyond.
    assert "Send it again" not in read(browser.get(address)).text


@pytest.mark.parametrize("is_signed_in", [True, False])
def test_no_password_is_given_back_or_kept(browser, is_signed_in):
    address = "/admin/password_change/"
    names = ("old_password", "new_password1", "new_password2")
    fields = opened(browser, address) | dict.fromkeys(names, "a secret to keep")
    if not is_signed_in:
        end_session(browser)
    browser.cookies.pop("__Host-csrftoken")

    refused = browser.post(address, fields, headers=OURS)

    assert "a secret to keep" not in refused.content.decode()
    assert not any("secret" in str(kept) for kept in browser.session.values())


def test_script_is_told_to_sign_in_and_then_saves_with_the_form_it_has(
    browser, knowledge
):
    address = "/admin/comparisons/matrix/framework/flask/?edit=orm"
    fields = opened(browser, address) | {"note": TEXT}
    by_script = {"X-Requested-With": "XMLHttpRequest"}
    end_session(browser)

    told = browser.post(address, fields, headers=by_script)
    sign_in(browser)
    saved = browser.post(address, fields, headers=by_script)

    assert told.status_code == 401
    assert saved.status_code == 302
    knowledge.flask_orm.refresh_from_db()
    assert knowledge.flask_orm.note == TEXT


def test_token_of_forms_changes_with_a_sign_in_that_has_nothing_to_give_back(browser):
    before = browser.cookies["__Host-csrftoken"].value
    browser.cookies.pop("__Host-sessionid")

    sign_in(browser)

    assert browser.cookies["__Host-csrftoken"].value != before


@pytest.mark.parametrize(
    ("headers", "may_resend"),
    [
        (OURS, True),
        ({"Referer": "http://testserver/suggest/finding/flask/orm/"}, True),
        ({"Referer": "http://elsewhere.example/"}, False),
        ({}, False),
    ],
    ids=str,
)
def test_form_without_its_cookie_comes_back_and_is_sent_again_if_it_was_ours(
    knowledge, headers, may_resend
):
    browser = Client(enforce_csrf_checks=True)
    fields = opened(browser, "/suggest/finding/flask/orm/")
    browser.cookies.clear()

    fields |= {"problem": TEXT, "password": "secret"}
    refused = browser.post("/suggest/finding/flask/orm/", fields, headers=headers)

    assert refused.status_code == 403
    page = read(refused)
    assert TEXT in page.text
    assert "secret" not in refused.content.decode()
    assert page.has("input", name="problem", value=TEXT) is may_resend
    if may_resend:
        again = filled_in(refused)
        assert browser.post("/suggest/finding/flask/orm/", again).status_code != 403


def test_suggestion_sent_three_times_is_one(client, knowledge, monkeypatch):
    monkeypatch.setattr("comparisons.suggestions.forms.QUICKEST", 0)
    fields = opened(client, "/suggest/finding/flask/orm/")
    fields |= {"problem": "Sent three times."}

    answers = [client.post("/suggest/finding/flask/orm/", fields) for _ in range(3)]
    client.post("/suggest/finding/flask/orm/", fields | {"problem": "Something else."})

    assert [answer.status_code for answer in answers] == [302] * 3
    assert Suggestion.objects.count() == 2


def test_passage_sent_twice_is_stored_once_and_the_editor_is_told(
    client, editor, knowledge
):
    client.force_login(editor)
    address = "/admin/comparisons/citation/add/"
    passage = {
        "source": knowledge.blog.pk,
        "finding": make.make_finding(cited=None).pk,
        "stance": "supports",
        "locator": "Section 1",
        "says": "Save pressed twice.",
        "accessed_date": "2026-11-29",
    }

    first, second = [client.post(address, passage) for _ in range(2)]

    assert first.status_code == 302
    assert "The same is stored already" in read(second).text


def test_comparison_takes_all_the_verdicts_that_its_form_allows(
    client, editor, knowledge
):
    client.force_login(editor)
    address = f"/admin/comparisons/comparison/{knowledge.comparison.pk}/change/"
    fields = opened(client, address)
    known = int(fields["verdicts-TOTAL_FORMS"])
    for number in range(known, 150):
        fields |= {
            f"verdicts-{number}-slug": f"case-{number}",
            f"verdicts-{number}-framework": knowledge.flask.pk,
            f"verdicts-{number}-when": f"case {number}",
            f"verdicts-{number}-comparison": knowledge.comparison.pk,
            f"verdicts-{number}-id": "",
        }
    fields["verdicts-TOTAL_FORMS"] = 150

    assert client.post(address, fields).status_code == 302
    assert knowledge.comparison.verdicts.count() == 150
