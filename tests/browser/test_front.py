"""What the front of the desk brings, done in few steps: a click, a field, a choice."""

import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

from comparisons.choices import Level, Status
from comparisons.editing.workflow import move
from comparisons.history.recording import change_set
from comparisons.models import Finding
from tests.browser.conftest import find, press, wait_for, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


class Hand:
    """An editor at the front of the desk, whose steps are counted."""

    def __init__(self, browser, site):
        self.browser = browser
        self.steps = 0
        browser.get(f"{site}/admin/")

    def click(self, css):
        self.steps += 1
        wait_for(self.browser, css).click()

    def fill_in(self, name, text):
        self.click(f"[name={name}]")
        press(self.browser, text)

    def choose(self, name, value):
        self.steps += 1
        Select(wait_for(self.browser, f"[name={name}]")).select_by_value(value)

    def press(self, key):
        self.steps += 1
        press(self.browser, key)


def test_wrong_level_is_corrected_with_its_source_in_nine_steps(browser, site, sign_in):
    finding = Finding.objects.get(framework__slug="bottle", feature__slug="routing")
    source = finding.citations.first().source
    Finding.objects.filter(pk=finding.pk).update(level=Level.MANUAL, extension=None)
    sign_in(browser)
    hand = Hand(browser, site)

    hand.click("[href='/admin/comparisons/matrix/framework/bottle/']")
    hand.click("#routing a")
    hand.click(f"[name=level][value={Level.BUILT_IN}]")
    hand.fill_in("new-address", source.url)
    hand.fill_in("new-locator", "Routing")
    hand.fill_in("new-says", "Routes are built in.")
    hand.fill_in("change_reason", "It is built in")
    hand.press(Keys.ENTER)

    wait_for(browser, ".matrix-open:not(#routing)")
    finding.refresh_from_db()
    assert finding.level == Level.BUILT_IN
    assert hand.steps <= 9


def test_draft_of_somebody_else_is_published_in_three_steps(
    browser, site, sign_in, django_user_model
):
    grace = django_user_model.objects.get(username="Grace")
    finding = Finding.objects.get(framework__slug="flask", feature__slug="routing")
    with change_set(editor=grace):
        finding.status = Status.DRAFT
        finding.save()
    move(finding, Status.IN_REVIEW, grace, reason="Please look")
    sign_in(browser)
    hand = Hand(browser, site)
    assert "Grace" in find(browser, "[aria-labelledby=in-review]").text

    hand.click("[aria-labelledby=in-review] .desk-list a")
    hand.choose("status", Status.PUBLISHED)
    hand.click(".matrix-open [type=submit]")

    wait_until(browser, lambda: "Saved" in find(browser, "main").text)
    finding.refresh_from_db()
    assert finding.is_published
    assert hand.steps <= 3
