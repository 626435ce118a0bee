"""A form of the desk with something unsaved is not left without a question."""

import pytest
from selenium.webdriver.common.by import By

from comparisons.models import Comparison
from tests.browser.conftest import in_the_middle
from tests.forms import desk_address

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

LEAVE = "return dispatchEvent(new Event('beforeunload', {cancelable: true}))"


def test_leaving_asks_once_something_is_typed(browser, site, sign_in):
    sign_in(browser)
    comparison = Comparison.objects.first()
    browser.get(site + desk_address(Comparison, "change", comparison.pk))
    assert browser.execute_script(LEAVE)

    add = browser.find_element(By.LINK_TEXT, "Add another Section")
    in_the_middle(browser, add).click()
    browser.find_element(By.CSS_SELECTOR, "[name$=heading]:not([value])").send_keys("A")

    assert not browser.execute_script(LEAVE)
