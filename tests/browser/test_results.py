"""A stored result in a browser: what other points would do, and its code."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from tests.browser.conftest import find, find_all, follow

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

ANSWERS = "project=rest-api&priority-learning=4&team_knows=flask"


@pytest.fixture
def result(any_browser, site):
    """A browser that looks at a result for the first time."""
    any_browser.get(f"{site}/advisor/?{ANSWERS}")
    follow(any_browser, find(any_browser, "#advisor-form [type=submit]"))
    return any_browser


def has_scripts(browser):
    return find(browser, "#what-if-ranking").is_displayed()


def places(browser, css):
    """Return (framework, rank, score) down the list at ``css``."""
    return [
        tuple(
            row.find_element(By.CSS_SELECTOR, part).text
            for part in ("span:nth-of-type(2)", ".rank", ".points")
        )
        for row in find_all(browser, css)
    ]


def test_other_points_rank_in_the_page_as_they_do_when_saved(result):
    stored = result.current_url
    live = "#what-if-ranking li"
    before = places(result, live)
    for name in ("realtime", "light"):
        find(result, f"#what-if-priority-{name}-4").click()
    after = places(result, live)
    sentence = find(result, "#what-if-ranking [role=status]").text

    follow(result, find(result, "#what-if-form [type=submit]"))

    assert result.current_url != stored
    saved = [
        (name, rank, points.removesuffix(" points"))
        for name, rank, points in places(result, ".places > li .place")
    ]
    saved = [(name.removesuffix(" ▾"), *rest) for name, *rest in saved]
    assert len(saved) > 3
    assert not [
        entry for entry in result.get_log("browser") if "Content Security" in str(entry)
    ]
    if before[0][0]:
        assert after != before
        assert after == saved
        assert sentence.startswith(f"{after[0][0]} takes the first place")
    result.get(stored)
    assert places(result, live) == before


def test_points_go_back_to_those_of_the_result(browser, site):
    browser.get(f"{site}/advisor/?{ANSWERS}")
    follow(browser, find(browser, "#advisor-form [type=submit]"))
    before = places(browser, "#what-if-ranking li")
    find(browser, "#what-if-priority-realtime-4").click()
    assert places(browser, "#what-if-ranking li") != before

    find(browser, "#what-if-form [type=reset]").click()

    # The page draws once the browser has reset the form.
    WebDriverWait(browser, 10).until(
        lambda browser: places(browser, "#what-if-ranking li") == before
    )


def test_result_is_deleted_with_the_code_that_is_shown_once(result):
    address = result.current_url
    code = find(result, "#deletion-code").get_property("value")
    result.get(address)
    assert not find_all(result, "#deletion-code")

    follow(result, find(result, "a[href$='/delete/']"))
    find(result, "[name=code]").send_keys(code)
    follow(result, find(result, "form[method=post] [type=submit]"))

    assert result.current_url == address
    assert find(result, "h1").text == "This result is gone"
