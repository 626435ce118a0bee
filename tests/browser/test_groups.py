"""Three people choose together, each in a session of their own, by keyboard."""

from contextlib import suppress
from urllib.parse import urljoin

import pytest
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.common.keys import Keys

from tests.browser.conftest import (
    arrive,
    find,
    find_all,
    look_at,
    press,
    tab_to,
    waiting,
)
from tests.browser.test_accessibility import assert_fits, violations
from tests.browser.test_journeys import go_on

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def send(browser, css):
    """Tab to the button at ``css``, press it and wait for the page that follows."""
    tab_to(browser, css)
    page = find(browser, "html")
    press(browser, Keys.ENTER)
    arrive(browser, page)


def value(browser, css):
    return find(browser, css).get_property("value")


def answer(browser, link, name, theme, steps):
    """Give ``theme`` as many points as ``steps`` to the right lead to."""
    browser.execute_cdp_cmd("Network.clearBrowserCookies", {})
    browser.get(link)
    tab_to(browser, "#id_member-name")
    press(browser, name)
    go_on(browser, "project")
    tab_to(browser, f"[name=priority-{theme}]:checked")
    # From “no answer”, the last, around to the first.
    press(browser, *[Keys.ARROW_RIGHT] * steps)
    send(browser, "#priorities [type=submit]:not([name])")
    return browser.current_url


def start(browser, site, name):
    """Start a group; return the addresses of its owner and of those who answer."""
    browser.get(f"{site}/advisor/groups/")
    tab_to(browser, "#id_name")
    press(browser, name)
    send(browser, "main [type=submit]")
    assert value(browser, "#own-link") == browser.current_url
    return browser.current_url, value(browser, "#share-link")


def combine_three(browser, site):
    """Bring ``browser`` to the result of three who want different things."""
    owner, link = start(browser, site, "Blue")
    for name, theme in (("Ada", "learning"), ("Ben", "security"), ("", "learning")):
        answer(browser, link, name, theme, 4)
    open_own(browser, owner)
    send(browser, "[value=close]")


def test_group_of_three_answers_alone_and_sees_what_is_best_for_all(any_browser, site):
    browser = any_browser
    owner, link = start(browser, site, "Blue")

    ada = answer(browser, link, "Ada", "learning", 4)
    assert find(browser, "h1").text == "Thank you, Ada"
    answer(browser, link, "Ben", "security", 4)
    cy = answer(browser, link, "", "learning", 2)
    assert find(browser, "#members").text == "3 have answered"
    assert value(browser, "#own-link") == cy
    assert len({owner, link, ada, cy}) == 4
    assert "Ada" not in open_page(browser, link)

    open_own(browser, owner)
    send(browser, "[value=close]")

    assert find_all(browser, ".places .place")
    names = [cell.text for cell in find_all(browser, ".theme-profile.wishes thead th")]
    assert names == ["Theme", "Group", "Spread", "Ada", "Ben", "Person 3"]
    learning, security = find_all(browser, ".theme-profile.wishes tbody tr")
    assert [row.text.split()[-6::2] for row in (learning, security)] == [
        ["100", "0", "100"],
        ["0", "100", "0"],
    ]
    assert "You disagree most on" in find(browser, "main").text
    result = browser.current_url
    open_own(browser, ada)
    assert result in links(browser)
    browser.get(link)
    assert result in links(browser)


def test_pages_of_a_group_fit_a_phone_and_break_no_rule_of_axe(browser, site):
    owner, link = start(browser, site, "M" * 80)
    answer(browser, link, "An unusually long name of forty letters.", "learning", 2)
    member = answer(browser, link, "W" * 40, "security", 4)
    open_own(browser, owner)
    send(browser, "[value=combine]")
    look_at(browser, width=390)

    delete = owner.replace("#", "delete/#")
    for address in (browser.current_url, owner, link, member, delete):
        if "#" in address:
            open_own(browser, address)
        else:
            browser.get(address)
        assert_fits(browser)
        assert violations(browser) == [], address


def open_page(browser, address):
    browser.get(address)
    return find(browser, "main").text


def open_own(browser, link):
    """Open a private link as a browser does that has lost its cookies."""
    browser.execute_cdp_cmd("Network.clearBrowserCookies", {})
    # The part behind the # alone would open nothing anew.
    browser.get(urljoin(link, "/healthz"))
    browser.get(link)
    if not opens(browser, within=3):
        # A script would have typed the code in.
        find(browser, "#id_code").send_keys(link.partition("#")[2], Keys.ENTER)
        assert opens(browser, within=10)


def opens(browser, *, within):
    """Whether the page asks for no code any more, within so many seconds."""
    with suppress(TimeoutException):
        return waiting(browser, within).until(
            lambda _: not find_all(browser, "#code-form:not([hidden])")
        )
    return False


def links(browser):
    return [link.get_attribute("href") for link in find_all(browser, "main a")]
