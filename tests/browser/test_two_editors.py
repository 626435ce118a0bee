"""Two editors with the same form open, each in a browser of their own."""

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client

from comparisons.models import ChangeSet
from tests import factories as make
from tests.forms import desk_address

from .conftest import WITHOUT_SCRIPTS, _fresh, find, follow

pytestmark = pytest.mark.browser


@pytest.fixture
def draft(site, django_db_blocker):
    """A finding that no reader sees, and that is gone after the test.

    The server runs outside the test's transaction, so there is none.
    """
    with django_db_blocker.unblock():
        finding = make.make_finding(
            framework=make.make_framework(draft=True),
            feature=make.make_feature(draft=True),
            draft=True,
            note="At first.",
        )
        last = ChangeSet.objects.first()
        yield finding
        finding.framework.delete()
        group = finding.feature.group
        finding.feature.delete()
        group.delete()
        ChangeSet.objects.filter(pk__gte=last.pk).delete()


@pytest.fixture
def sign_in(site, start_browser, django_db_blocker):
    """Start a browser in which a new editor is signed in."""
    editors = []

    def start(name, *flags):
        editor = get_user_model().objects.create_superuser(name, first_name=name)
        editors.append(editor)
        client = Client()
        client.force_login(editor)
        cookie = settings.SESSION_COOKIE_NAME
        browser = _fresh(start_browser(*flags))
        browser.get(f"{site}/healthz")
        browser.add_cookie({"name": cookie, "value": client.cookies[cookie].value})
        return browser

    with django_db_blocker.unblock():
        yield start
        for editor in editors:
            editor.delete()


def write(browser, text):
    note = find(browser, "#id_note")
    note.clear()
    note.send_keys(text)


def save(browser):
    follow(browser, find(browser, ".submit-row input[name='_continue']"))


def test_second_editor_sees_the_first_ones_text_beside_the_own(site, draft, sign_in):
    ada, grace = sign_in("Ada"), sign_in("Grace", WITHOUT_SCRIPTS)
    address = site + desk_address(type(draft), "change", draft.pk)
    for browser in (ada, grace):
        browser.get(address)
    write(ada, "Ada found it.")
    find(ada, "#id_change_reason").send_keys("Read it again")
    save(ada)
    write(grace, "Grace found more.")

    save(grace)

    assert "Ada changed this at" in find(grace, ".errorlist.nonfield").text
    assert "(Read it again)" in find(grace, ".errorlist.nonfield").text
    beside = find(grace, ".field-note .side-by-side").text
    assert "Grace found more." in beside
    assert "Ada found it." in beside
    assert find(grace, "#id_note").get_attribute("value") == "Grace found more."

    save(grace)

    draft.refresh_from_db()
    assert draft.note == "Grace found more."
