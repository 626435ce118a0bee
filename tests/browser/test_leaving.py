"""A form of the desk with something unsaved is not left for good."""

import pytest
from selenium.webdriver.common.by import By

from comparisons.models import Comparison
from tests.browser.conftest import find, in_the_middle, wait_for
from tests.forms import desk_address

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

LEAVE = "return dispatchEvent(new Event('beforeunload', {cancelable: true}))"
HEADING = "[name=sections-{}-heading]"


def test_leaving_asks_once_something_is_typed_and_coming_back_finds_it(
    browser, site, sign_in
):
    sign_in(browser)
    comparison = Comparison.objects.first()
    number = comparison.sections.count()
    browser.get(site + desk_address(Comparison, "change", comparison.pk))
    assert browser.execute_script(LEAVE)

    add = browser.find_element(By.LINK_TEXT, "Add another Section")
    in_the_middle(browser, add).click()
    find(browser, HEADING.format(number)).send_keys("Added.")
    find(browser, HEADING.format(0)).send_keys(" Typed.")
    assert not browser.execute_script(LEAVE)
    find(browser, ".breadcrumbs a + a").click()
    wait_for(browser, ".app-comparisons caption")
    browser.back()

    added = wait_for(browser, HEADING.format(number))
    assert added.get_attribute("value") == "Added."
    assert find(browser, HEADING.format(0)).get_attribute("value").endswith("Typed.")
    assert not browser.execute_script(LEAVE)
    assert comparison.sections.count() == number
