"""Cells corrected in the matrix editor: a newcomer's way, and the keyboard's."""

import base64
import os
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from comparisons.choices import Level
from comparisons.models import Finding, Source
from tests.browser.conftest import (
    copy,
    find,
    find_all,
    focused,
    press,
    press_together,
    tab_to,
    wait_for,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

FRAMEWORK, FEATURE = "flask", "search"
# Where the guide's pictures go when they are taken anew: PICTURES=docs.
PICTURES = os.environ.get("PICTURES")


# A cell that is made to say “Write it yourself”, and a page that nobody has cited.
WRONG = "sessions"
ADDRESS = "https://github.com/pallets/flask/blob/main/src/flask/sessions.py"
SAYS = "Sessions are signed cookies."


@pytest.fixture
def wrong_cell():
    cell = Finding.objects.get(framework__slug=FRAMEWORK, feature__slug=WRONG)
    assert cell.level == Level.BUILT_IN
    Finding.objects.filter(pk=cell.pk).update(level=Level.MANUAL)
    return cell


def test_newcomer_corrects_a_cell_with_its_source(browser, site, sign_in, wrong_cell):
    assert not Source.objects.at(ADDRESS).exists()
    copy(browser, site, ADDRESS)
    sign_in(browser)
    browser.get(f"{site}/frameworks/{FRAMEWORK}/#{WRONG}")
    assert_every_statement_has_an_edit_link(browser)
    take(browser, "1-public", f"#{WRONG}", 520)

    find(browser, f"#{WRONG} .edit-link").click()
    click(browser, f"[name=level][value={Level.BUILT_IN}]")
    take(browser, "2-level", ".matrix-form h2", 680)
    paste(browser, "new-address")
    fill_in(browser, "new-source_title", "sessions.py")
    # As many letters of its kind as choose it.
    press(browser, Keys.TAB, "rep")
    fill_in(browser, "new-locator", "SecureCookieSession")
    fill_in(browser, "new-says", SAYS)
    take(browser, "3-passage", ".matrix-form h3", 680)
    fill_in(browser, "change_reason", "Sessions are built in")
    press(browser, Keys.ENTER)
    wait_for(browser, f".matrix-open:not(#{WRONG})")

    assert "Saved: Flask" in find(browser, "#matrix-status").text
    browser.get(f"{site}/frameworks/{FRAMEWORK}/{WRONG}/")
    take(browser, "4-published", "#evidence", 520)
    assert "Built in" in find(browser, "#evidence .answer").text
    assert SAYS in find(browser, "#evidence").text


def test_cell_is_corrected_by_keyboard_alone(any_browser, site, sign_in):
    browser = any_browser
    known = Finding.objects.get(framework__slug=FRAMEWORK, feature__slug=FEATURE)
    rated = known.level
    source = known.citations.first().source
    # Passages that assert its level would ask for a decision.
    known.citations.update(level="")
    sign_in(browser)
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


def test_rows_are_walked_and_closed_by_keys(browser, site, sign_in):
    sign_in(browser)
    open_row(browser, site)
    wait_for(browser, ".matrix-open")

    press(browser, Keys.ESCAPE)
    wait_for(browser, f"#{FEATURE} .matrix-edit")
    assert not find_all(browser, ".matrix-open")
    assert focused(browser) == find(browser, f"#{FEATURE} .matrix-edit")

    press(browser, Keys.ARROW_UP, Keys.ARROW_DOWN, Keys.ENTER)
    wait_for(browser, f"#{FEATURE}.matrix-open")
    assert focused(browser).get_attribute("name") == "level"


def assert_every_statement_has_an_edit_link(browser):
    statements = find_all(browser, ".matrix tr:has(td)")
    without = browser.execute_script(
        "return arguments[0].filter(part => !part.querySelector('.edit-link'))"
        ".map(part => part.id || part.innerText)",
        statements,
    )
    assert statements
    assert without == []


def click(browser, css):
    wait_for(browser, css).click()


def fill_in(browser, name, text):
    click(browser, f"[name={name}]")
    press(browser, text)


def paste(browser, name):
    click(browser, f"[name={name}]")
    press_together(browser, Keys.CONTROL, "v")


def take(browser, name, css, height):
    """Take a picture of the guide: what begins at the element at ``css``."""
    if not PICTURES:
        return
    clip = browser.execute_script(
        """
        const [part, margin, height] = arguments;
        part.scrollIntoView({block: "start"});
        const {left, top} = part.getBoundingClientRect();
        const x = Math.max(0, left - margin), y = Math.max(0, top - margin);
        const width = innerWidth - x;
        return {x: x + scrollX, y: y + scrollY, width, height, scale: 1};
        """,
        wait_for(browser, css),
        12,
        height,
    )
    picture = browser.execute_cdp_cmd("Page.captureScreenshot", {"clip": clip})
    path = Path(PICTURES, f"correction-{name}.png")
    path.write_bytes(base64.b64decode(picture["data"]))


def open_row(browser, site):
    """Go where “edit” at the statement leads."""
    browser.get(f"{site}/frameworks/{FRAMEWORK}/")
    link = find(browser, f"#{FEATURE} .edit-link")
    browser.execute_script("arguments[0].click()", link)
    wait_for(browser, f"#{FEATURE}.matrix-open")
