"""A stored result in a browser: how long it is, what other points do, its code."""

from base64 import b64decode
from io import BytesIO
from urllib.parse import urlencode

import pytest
from pypdf import PdfReader
from selenium.webdriver.common.by import By

from advisor.models import Persona
from tests.browser.conftest import (
    find,
    find_all,
    follow,
    look_at,
    unfold,
    wait_until,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

ANSWERS = "project=rest-api&priority-learning=4&team_knows=flask"
# By the size of the window: how many of them a result fills before it is unfolded,
# and above which pixel it says who, why, what would change it, and asks what is next.
MOST_SCREENS = {(1280, 800): (3, 800), (390, 844): (5, 1100)}
MOST_WORDS, MOST_BYTES = 600, 90_000


@pytest.fixture
def result(any_browser, site):
    """A browser that looks at a result for the first time."""
    any_browser.get(f"{site}/advisor/?{ANSWERS}")
    follow(any_browser, find(any_browser, "#advisor-form [type=submit]"))
    return any_browser


def test_result_says_one_thing_first_and_is_short(browser, site):
    for persona in Persona.objects.all():
        look_at(browser, width=1280)
        browser.get(f"{site}/advisor/?{urlencode(persona.answers, doseq=True)}")
        follow(browser, find(browser, "#advisor-form [type=submit]"))

        size = "performance.getEntriesByType('navigation')[0].decodedBodySize"
        assert browser.execute_script(f"return {size}") <= MOST_BYTES, persona.slug
        assert len(find(browser, "body").text.split()) <= MOST_WORDS, persona.slug
        for (width, height), (screens, fold) in MOST_SCREENS.items():
            look_at(browser, width=width, height=height)
            end_of_first, end = browser.execute_script(
                "const first = document.querySelector('main .first-look');"
                "return [first.getBoundingClientRect().bottom + scrollY,"
                " document.documentElement.scrollHeight]"
            )
            assert end_of_first <= fold, (persona.slug, width)
            assert end <= screens * height, (persona.slug, width)


def test_paper_shows_what_is_folded(browser, site):
    browser.get(f"{site}/advisor/?{ANSWERS}")
    follow(browser, find(browser, "#advisor-form [type=submit]"))
    look_at(browser, width=1280)
    assert "Score before rounding" not in find(browser, "main").text

    sheets = PdfReader(BytesIO(b64decode(browser.print_page()))).pages
    paper = " ".join(" ".join(sheet.extract_text().split()) for sheet in sheets)

    for folded in ("Speaks for it", "Score before rounding"):
        assert folded in paper


def places(browser, css):
    """Return (framework, rank, score) down the list at ``css``, once unfolded."""
    unfold(browser)
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
        find(result, f"#what-if-form [name=priority-{name}][value='4']").click()
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
    # Without scripts nothing is drawn while points change.
    if before:
        assert after != before
        assert after == saved
        assert sentence.startswith(f"{after[0][0]} takes the first place")
    result.get(stored)
    assert places(result, live) == before


def test_points_go_back_to_those_of_the_result(browser, site):
    browser.get(f"{site}/advisor/?{ANSWERS}")
    follow(browser, find(browser, "#advisor-form [type=submit]"))
    before = places(browser, "#what-if-ranking li")
    find(browser, "#what-if-form [name=priority-realtime][value='4']").click()
    assert places(browser, "#what-if-ranking li") != before

    find(browser, "#what-if-form [type=reset]").click()

    # The page draws once the browser has reset the form.
    wait_until(browser, lambda: places(browser, "#what-if-ranking li") == before)


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
