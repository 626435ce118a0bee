"""What readers come for, done the way they do it: by pointer and by keyboard."""

from urllib.parse import urlsplit

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.browser.conftest import (
    arrive,
    find,
    find_all,
    focused,
    follow,
    is_in_view,
    press,
    shown,
    tab_to,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

SIX_MUST_HAVES = ["admin-interface", "orm", "forms", "sessions", "i18n", "email"]


def test_a_footnote_leads_to_its_source(any_browser, site):
    any_browser.get(site)
    follow(any_browser, find(any_browser, "a[href='/compare/django-vs-flask/']"))
    row = find(any_browser, "#row-orm")
    footnote = row.find_element(By.CSS_SELECTOR, "td .footnotes a")
    framework = find(any_browser, ".matrix thead a").get_attribute("href")
    number = footnote.text

    footnote.click()

    entry = find(any_browser, ":target")
    assert entry.get_attribute("id") == f"s{number}"
    assert is_in_view(any_browser, entry)

    source = entry.find_element(By.TAG_NAME, "a")
    title = source.text
    follow(any_browser, source)

    assert find(any_browser, "h1").text == title
    statements = [
        link.get_attribute("href") for link in find_all(any_browser, ".passage a")
    ]
    assert f"{framework}#orm" in statements


def test_statement_of_a_source_leads_back_to_its_finding(any_browser, site):
    any_browser.get(f"{site}/compare/django-vs-flask/")
    follow(any_browser, find(any_browser, ".bibliography a"))
    statement = find(any_browser, ".passage > a")
    address = statement.get_attribute("href")

    follow(any_browser, statement)

    assert any_browser.current_url == address
    assert is_in_view(any_browser, find(any_browser, ":target"))


def test_advisor_is_filled_in_by_keyboard_alone(any_browser, site):
    any_browser.get(f"{site}/advisor/")

    press(any_browser, Keys.TAB)
    assert focused(any_browser).text == "Skip to the content"
    press(any_browser, Keys.ENTER)
    tab_to(any_browser, "#id_project")
    press(any_browser, Keys.ARROW_DOWN)
    go_on(any_browser, "project")
    tab_to(any_browser, "[name=priority-learning]:checked")
    # From “no answer”, the last, around to the first and on to the third.
    press(any_browser, *[Keys.ARROW_RIGHT] * 3)
    tab_to(any_browser, "[name=priority-flexibility]:checked")
    press(any_browser, Keys.ARROW_RIGHT)
    go_on(any_browser, "priorities")
    tab_to(any_browser, "#id_team_knows_0")
    known = find(any_browser, "label[for=id_team_knows_0]").text
    press(any_browser, Keys.SPACE)
    go_on(any_browser, "team")
    tab_to(any_browser, "#id_must_haves_1")
    press(any_browser, Keys.SPACE)
    tab_to(any_browser, "#must-haves [type=submit]")
    form = find(any_browser, "html")
    press(any_browser, Keys.ENTER)
    arrive(any_browser, form)

    assert "/advisor/results/" in any_browser.current_url
    assert find_all(any_browser, ".ranking .standing")
    questions = [part.text for part in find_all(any_browser, ".echo-list span")]
    answers = [part.text for part in find_all(any_browser, ".echo-list strong")]
    said = dict(zip(questions, answers, strict=True))
    assert said["What are you building?"] == "A prototype or first version"
    assert said["Easy to learn"] == "Important"
    assert said["Freedom and control"] == "Does not matter"
    assert "Security by default" not in said
    assert said["What must be there?"] == "An ORM"
    assert said["Which of them does your team know?"] == known


def test_script_shows_one_step_at_a_time_and_forgets_nothing(browser, site):
    browser.get(f"{site}/advisor/")
    find(browser, "#id_project [value=microservice]").click()

    go_on(browser, "project")
    assert focused(browser).text == "What matters to you 2 of 4"
    find(browser, "[name=suggest][value=microservice]").click()
    marked = [mark for mark in find_all(browser, ".suggested") if mark.is_displayed()]
    assert len(marked) == 2
    find(browser, "#priorities [data-move='-1']").click()

    assert focused(browser).text == "Your project 1 of 4"
    assert find(browser, "#id_project").get_property("value") == "microservice"
    assert find(browser, "[name=preset]").get_property("value") == "microservice"


def test_script_asks_for_an_order_of_four_that_tie(browser, site):
    browser.get(f"{site}/advisor/?priority-learning=4&priority-security=4")
    go_on(browser, "project")
    for theme in ("realtime", "ecosystem"):
        find(browser, f"[name=priority-{theme}][value='4']").click()

    go_on(browser, "priorities")

    assert focused(browser).text == "Your top three 3 of 5"
    offered = find_all(browser, "#id_matters-most option:enabled")
    assert [option.get_attribute("value") for option in offered] == [
        "",
        "learning",
        "security",
        "ecosystem",
        "realtime",
    ]


def test_points_of_the_ranking_lead_to_their_findings(any_browser, site):
    any_browser.get(f"{site}/advisor/?project=rest-api&priority-learning=4")
    submit(any_browser)
    reason = find(any_browser, ".ranking .reasons a")
    address = reason.get_attribute("href")

    follow(any_browser, reason)

    assert any_browser.current_url == address
    assert is_in_view(any_browser, find(any_browser, ":target"))


def test_refused_form_keeps_every_answer(any_browser, site):
    refuse(any_browser, site)

    checked = find_all(any_browser, "[name=must_haves]:checked")
    assert [box.get_attribute("value") for box in checked] == SIX_MUST_HAVES
    assert find(any_browser, "#id_project").get_property("value") == "rest-api"
    assert find(any_browser, "#id_priority-security_2").is_selected()
    assert find(any_browser, "[name=team_knows][value=flask]").is_selected()


def test_refused_form_names_and_links_the_field(any_browser, site):
    refuse(any_browser, site)
    summary = find(any_browser, "#error-summary")
    assert "Choose at most 5; you chose 6." in summary.text
    message = find(any_browser, "#div_id_must_haves .invalid-feedback")
    assert message.text == "Choose at most 5; you chose 6."

    summary.find_element(By.TAG_NAME, "a").click()

    assert focused(any_browser).get_attribute("name") == "must_haves"
    assert is_in_view(any_browser, find(any_browser, "#div_id_must_haves legend"))


def test_refused_form_can_be_put_right(any_browser, site):
    refuse(any_browser, site)
    find(any_browser, "[name=must_haves]:checked").click()

    submit(any_browser)

    assert "/advisor/results/" in any_browser.current_url


def refuse(browser, site):
    """Send the advisor one must-have more than it takes."""
    answers = "project=rest-api&priority-security=2&team_knows=flask"
    browser.get(f"{site}/advisor/?{answers}")
    for step in ("project", "priorities", "team"):
        go_on(browser, step)
    for slug in SIX_MUST_HAVES:
        find(browser, f"[name=must_haves][value={slug}]").click()
    submit(browser)
    assert urlsplit(browser.current_url).path == "/advisor/"


def submit(browser):
    follow(browser, shown(browser, "#advisor-form .advisor-step-end [type=submit]"))


def go_on(browser, step):
    """Leave a step of the advisor's form by its button, if a script made one."""
    for button in find_all(browser, f"#{step} [data-move='1']"):
        browser.execute_script("arguments[0].focus()", button)
        press(browser, Keys.ENTER)
