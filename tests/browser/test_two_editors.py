"""Two editors with the same form open, each in a browser of their own."""

import pytest

from comparisons.models import ChangeSet
from tests import factories as make
from tests.forms import desk_address

from .conftest import WITHOUT_SCRIPTS, find, follow

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture(scope="module")
def draft(site, django_db_blocker):
    """A finding that no reader sees, stored before the transaction of a test."""
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
        finding.feature.delete()
        finding.feature.group.delete()
        ChangeSet.objects.filter(pk__gte=last.pk).delete()


def write(browser, text):
    note = find(browser, "#id_note")
    note.clear()
    note.send_keys(text)


def save(browser):
    follow(browser, find(browser, ".submit-row input[name='_continue']"))


def test_second_editor_sees_the_first_ones_text_beside_the_own(
    site, draft, sign_in, browser, start_browser
):
    # Nothing of this needs scripts.
    ada, grace = browser, start_browser(WITHOUT_SCRIPTS)
    sign_in(ada, "Ada")
    sign_in(grace, "Grace")
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
    grace.delete_all_cookies()
