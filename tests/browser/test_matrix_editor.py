"""Cells corrected in the matrix editor: a newcomer's way, and the keyboard's."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

from comparisons.models import Finding

from .conftest import find, find_all, focused, press, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

FRAMEWORK, FEATURE = "flask", "search"
# The most that a first correction may take, from the public page.
MOST_INTERACTIONS = 12


@pytest.fixture(scope="package")
def session(site, django_db_blocker):
    """The key of an editor's session, which the server sees as well."""
    with django_db_blocker.unblock():
        client = Client()
        client.force_login(get_user_model().objects.create_superuser("editor"))
        return client.cookies["sessionid"].value


class Newcomer:
    """Uses a browser and counts: a click, or a field filled in, is an interaction."""

    def __init__(self, browser):
        self.browser = browser
        self.interactions = 0

    def click(self, css):
        self.interactions += 1
        wait_for(self.browser, css).click()

    def write(self, css, text):
        self.interactions += 1
        wait_for(self.browser, css).send_keys(text)

    def choose(self, css, label):
        self.interactions += 1
        Select(wait_for(self.browser, css)).select_by_visible_text(label)


def test_newcomer_corrects_a_cell_with_its_new_source(browser, site, session):
    public_page = f"{site}/frameworks/{FRAMEWORK}/"
    sign_in(browser, site, session)
    browser.get(f"{public_page}#{FEATURE}")
    newcomer = Newcomer(browser)

    open_row(browser, site)
    newcomer.interactions += 1
    newcomer.click("[name=level][value=none]")
    newcomer.write("[name=new-address]", "https://corrections.example/page")
    # Leaving the field asks whether the address is known.
    newcomer.write("[name=new-locator]", "Introduction")
    newcomer.write("[name=new-source-title]", "A page that nobody has cited")
    newcomer.choose("[name=new-source-kind]", "Documentation")
    newcomer.write("[name=new-says]", "It is not there.")
    newcomer.write("[name=change_reason]", "The documentation says so")
    newcomer.click("[name=_close]")
    wait_for(browser, f"#{FEATURE} .matrix-edit")

    assert newcomer.interactions <= MOST_INTERACTIONS
    assert "Saved: Flask" in find(browser, "#matrix-status").text
    browser.get(f"{public_page}#{FEATURE}")
    assert "Not available" in find(browser, f"#{FEATURE} .finding-level").text
    assert "A page that nobody has cited" in find(browser, ".bibliography").text


def test_cell_is_corrected_by_keyboard_alone(any_browser, site, session):
    browser = any_browser
    known = Finding.objects.get(framework__slug=FRAMEWORK, feature__slug=FEATURE)
    rated = known.level
    source = known.citations.first().source
    sign_in(browser, site, session)
    open_row(browser, site)

    level = "[name=level]:checked"
    if focused(browser) != find(browser, level):
        tab_to(browser, level)
    press(browser, Keys.ARROW_DOWN)
    chosen = find(browser, level).get_attribute("value")
    tab_to(browser, "[name=new-address]")
    press(browser, source.url)
    tab_to(browser, "[name=new-locator]")
    press(browser, "Introduction")
    tab_to(browser, "[name=new-says]")
    press(browser, "It says so.")
    tab_to(browser, "[name=change_reason]")
    press(browser, "It was read again", Keys.ENTER)

    wait_for(browser, f".matrix-open:not(#{FEATURE})")
    known.refresh_from_db()
    assert known.level == chosen != rated
    assert known.citations.latest("pk").source == source


def test_rows_are_walked_and_closed_by_keys(browser, site, session):
    sign_in(browser, site, session)
    open_row(browser, site)
    wait_for(browser, ".matrix-open")

    press(browser, Keys.ESCAPE)
    wait_for(browser, f"#{FEATURE} .matrix-edit")
    assert not find_all(browser, ".matrix-open")
    assert focused(browser) == find(browser, f"#{FEATURE} .matrix-edit")

    press(browser, Keys.ARROW_UP, Keys.ARROW_DOWN, Keys.ENTER)
    wait_for(browser, f"#{FEATURE}.matrix-open")
    assert focused(browser).get_attribute("name") == "level"


def sign_in(browser, site, session):
    browser.get(f"{site}/healthz")
    browser.add_cookie({"name": "sessionid", "value": session, "path": "/"})


def open_row(browser, site):
    """Go where “edit” at the statement leads."""
    browser.get(f"{site}/frameworks/{FRAMEWORK}/")
    link = find(browser, f"#{FEATURE} .edit-link")
    browser.execute_script("arguments[0].click()", link)
    wait_for(browser, f"#{FEATURE}.matrix-open")


def wait_for(browser, css):
    """Return the element at ``css`` once the reader can see it."""

    def visible(browser):
        return next((el for el in find_all(browser, css) if el.is_displayed()), None)

    return WebDriverWait(browser, 10).until(visible)
