"""Two editors with the same finding open, each in a browser of their own."""

import os
import random
from dataclasses import dataclass, field

import pytest

from comparisons.editing.admin_urls import cell_address, edit_address
from comparisons.models import ChangeSet, Finding
from tests import factories as make
from tests.browser.conftest import WITHOUT_SCRIPTS, arrive, find

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

# More of them: INTERLEAVINGS=200 pytest tests/browser/test_two_editors.py
SAVES = int(os.environ.get("INTERLEAVINGS", "6"))
FIELDS = ["note", "since_version"]
# The form of a finding, and its cell of the matrix: where it is, what to press.
PAGES = {
    "form": (edit_address, "#finding_form", "[name='_continue']"),
    "matrix": (cell_address, ".matrix-form", "[name='_stay']"),
}


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


@pytest.fixture
def both(site, draft, sign_in, browser, start_browser):
    """Ada's browser and Grace's, who has no scripts."""
    ada, grace = browser, start_browser(WITHOUT_SCRIPTS)
    for each, name in ((ada, "Ada"), (grace, "Grace")):
        sign_in(each, name)
    yield ada, grace
    grace.delete_all_cookies()


@pytest.fixture(params=PAGES)
def save(request, site, draft, both):
    """Both have the page with ``draft`` open; return what saves it."""
    address, form, button = PAGES[request.param]
    for browser in both:
        browser.get(site + address(draft))

    def press(browser):
        before = find(browser, form)
        find(browser, f"{form} {button}").click()
        arrive(browser, before)

    return press


def write(browser, text, name="note"):
    place = find(browser, f"#id_{name}")
    place.clear()
    place.send_keys(text)


@dataclass
class Editor:
    """One of the two: what they typed since, and which state their form showed."""

    browser: object
    version: int = 0
    typed: dict = field(default_factory=dict)

    def shown(self):
        return {
            name: find(self.browser, f"#id_{name}").get_attribute("value")
            for name in FIELDS
        }


def stored(draft):
    return Finding.objects.values(*FIELDS).get(pk=draft.pk)


def test_no_word_is_lost_in_whatever_order_two_browsers_save(both, save, draft):
    chance = random.Random(20261128)
    editors = [Editor(browser) for browser in both]
    version, accepted, refused = 0, [], 0
    earlier = set(ChangeSet.objects.values_list("pk", flat=True))

    for number in range(SAVES):
        editor, name = chance.choice(editors), chance.choice(FIELDS)
        before = stored(draft)
        editor.typed[name] = f"Text {number}."
        write(editor.browser, editor.typed[name], name)
        write(editor.browser, f"save {number}", "change_reason")

        save(editor.browser)

        if editor.version == version:
            assert stored(draft) == before | editor.typed
            version, editor.typed = version + 1, {}
            accepted.append(f"save {number}")
        else:
            assert stored(draft) == before
            assert editor.shown() == before | editor.typed
            assert find(editor.browser, ".side-by-side").is_displayed()
            refused += 1
        editor.version = version

    recorded = ChangeSet.objects.exclude(pk__in=earlier).order_by("pk")
    assert list(recorded.values_list("reason", flat=True)) == accepted
    assert refused
