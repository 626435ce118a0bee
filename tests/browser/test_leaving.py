"""A form of the desk with something unsaved is not left for good."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from comparisons.models import Comparison
from tests.browser.conftest import (
    find,
    follow,
    in_the_middle,
    press,
    wait_for,
)
from tests.browser.test_matrix_editor import FEATURE, fill_in, open_row
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


def test_what_was_typed_in_the_matrix_is_there_on_coming_back_either_way(
    browser, site, sign_in
):
    sign_in(browser)
    open_row(browser, site)
    assert browser.execute_script(LEAVE)
    address = "https://new.example/manual"
    fill_in(browser, "note", " Typed.")
    fill_in(browser, "new-address", address)
    press(browser, Keys.TAB)
    assert not browser.execute_script(LEAVE)

    follow(browser, find(browser, ".breadcrumbs a + a"))
    browser.back()
    assert_typed(browser, address)
    browser.back()
    wait_for(browser, f"#{FEATURE} .edit-link")
    browser.forward()
    assert_typed(browser, address)

    find(browser, ".matrix-cancel").click()
    browser.switch_to.alert.accept()
    wait_for(browser, f"#{FEATURE} .matrix-edit")
    assert browser.execute_script(LEAVE)


def assert_typed(browser, address):
    """See that the row is open as it was left, with what the address asks for."""
    wait_for(browser, f"#{FEATURE}.matrix-open")
    wait_for(browser, ".matrix-new-source")
    assert find(browser, "[name=note]").get_attribute("value").endswith(" Typed.")
    assert find(browser, "[name=new-address]").get_attribute("value") == address
    assert not browser.execute_script(LEAVE)
