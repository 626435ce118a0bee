"""What readers come for, done the way they do it: by pointer and by keyboard."""

from base64 import b64decode
from io import BytesIO
from unicodedata import normalize
from urllib.parse import urlsplit

import pytest
from pypdf import PdfReader
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.common.print_page_options import PrintOptions

from tests.browser.conftest import (
    arrive,
    find,
    find_all,
    focused,
    follow,
    is_in_view,
    look_at,
    press,
    shown,
    tab_to,
    unfold,
    wait_for,
    wait_until,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

A4 = PrintOptions()
A4.page_width, A4.page_height = 21, 29.7
A4.margin_top = A4.margin_bottom = A4.margin_left = A4.margin_right = 1
SIX_MUST_HAVES = ["admin-interface", "orm", "forms", "sessions", "i18n", "email"]


def test_a_cell_leads_to_its_passages_and_they_to_their_source(any_browser, site):
    any_browser.get(site)
    follow(any_browser, find(any_browser, "a[href='/compare/django-vs-flask/']"))
    cell = find(any_browser, "#row-orm td a")
    address = cell.get_attribute("href")
    cell.click()

    source = wait_for(any_browser, ".evidence .passage a")
    assert "Built in" in find(any_browser, ".evidence .answer").text
    title = source.text
    follow(any_browser, source)

    assert find(any_browser, "h1").text == title
    statements = [
        link.get_attribute("href") for link in find_all(any_browser, ".says-table a")
    ]
    assert address in statements


def test_script_shows_cells_in_place_by_keyboard_and_under_an_address(browser, site):
    browser.get(f"{site}/compare/django-vs-flask/")
    cell = find(browser, "#row-orm td a")
    browser.execute_script("arguments[0].focus()", cell)

    press(browser, Keys.ENTER)
    wait_for(browser, ".in-place[open]")
    assert browser.current_url.endswith("#cell=django.orm")
    press(browser, Keys.ARROW_RIGHT, Keys.ARROW_DOWN)
    wait_until(browser, lambda: "#cell=flask.migrations" in browser.current_url)
    shared = browser.current_url
    press(browser, Keys.ESCAPE)
    wait_until(browser, lambda: "#" not in browser.current_url)

    assert not find_all(browser, ".in-place[open]")
    assert focused(browser) == find(browser, "#row-migrations td:last-child a")
    browser.get("about:blank")
    browser.get(shared)
    heading = wait_for(browser, ".in-place[open] h1")
    assert heading.text == "Flask: Schema migrations"


def test_text_of_a_comparison_is_read_in_place_or_on_its_page(any_browser, site):
    any_browser.get(f"{site}/compare/django-vs-flask/")
    any_browser.execute_script(
        "arguments[0].click()", find(any_browser, "#performance a")
    )

    section = wait_for(any_browser, ".evidence #performance")
    wait_until(any_browser, lambda: is_in_view(any_browser, section))


def test_names_of_the_frameworks_stay_in_view_until_unpinned(any_browser, site):
    any_browser.get(f"{site}/compare/django-vs-flask/")
    head = find(any_browser, ".matrix thead th:last-child")

    any_browser.execute_script(
        "arguments[0].scrollIntoView()", find(any_browser, "#row-caching")
    )
    pinned = is_in_view(any_browser, head)
    any_browser.execute_script("arguments[0].click()", find(any_browser, "#pin"))

    assert (pinned, is_in_view(any_browser, head)) == (True, False)


SIX = "django-vs-falcon-vs-fastapi-vs-flask-vs-litestar-vs-starlette"


@pytest.mark.parametrize(
    ("slugs", "width", "height", "columns", "rows"),
    [
        ("django-vs-flask", 1280, 900, 2, 20),
        (SIX, 1280, 900, 6, 15),
        ("django-vs-flask", 390, 844, 2, 12),
    ],
)
def test_many_whole_rows_with_all_their_columns_are_in_view(
    browser, site, slugs, width, height, columns, rows
):
    look_at(browser, width=width, height=height)
    browser.get(f"{site}/compare/{slugs}/")

    seen = browser.execute_script(
        """
        document.querySelector("#row-routing").scrollIntoView();
        const head = document.querySelector(".matrix thead").getBoundingClientRect();
        const rows = [...document.querySelectorAll(".matrix tr[id^=row-]")];
        const whole = rows.filter(row => {
            const {top, bottom, right} = row.getBoundingClientRect();
            const isBelow = top >= head.bottom - 1;
            return isBelow && bottom <= innerHeight && right <= innerWidth;
        });
        return [whole.length, whole[0].cells.length - 1];
        """
    )

    assert seen[1] == columns
    assert seen[0] >= rows


@pytest.mark.parametrize(
    ("address", "columns", "pages"),
    [
        ("/compare/django-vs-flask/", ["Django", "Flask"], 8),
        (
            f"/compare/{SIX}/",
            ["Django", "Falcon", "FastAPI", "Flask", "Litestar", "Starlette"],
            10,
        ),
        ("/frameworks/django/", ["Django"], 8),
    ],
)
def test_print_has_every_column_on_few_pages(browser, site, address, columns, pages):
    browser.get(f"{site}{address}")

    sheets = PdfReader(BytesIO(b64decode(browser.print_page(A4)))).pages
    texts = [sheet.extract_text() for sheet in sheets]

    assert len(sheets) <= pages
    # The head of the table is repeated above each part of it.
    heads = [text for text in texts if "Feature" in text]
    assert heads
    assert all(name in text for text in heads for name in columns)


@pytest.mark.parametrize(
    ("address", "listed"),
    [
        ("/frameworks/", ".source-list h2 a"),
        ("/features/", ".feature-list li > a"),
        ("/extensions/", ".source-list li > a"),
        ("/sources/", ".source-list li > a"),
        ("/disagreements/", ".disagreement h2 a"),
        ("/comparisons/", ".cards h2 a"),
    ],
)
def test_list_is_printed_without_what_is_clicked(browser, site, address, listed):
    browser.get(f"{site}{address}")
    names = ["".join(link.text.split()) for link in find_all(browser, listed)]

    sheets = PdfReader(BytesIO(b64decode(browser.print_page(A4)))).pages
    # Names may go on in the next line, and have ligatures.
    text = "".join(sheet.extract_text() for sheet in sheets)
    text = "".join(normalize("NFKC", text).split())

    assert len(names) > 10
    assert [name for name in names if name not in text] == []
    assert "Comparetheticked" not in text


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
    assert find_all(any_browser, ".places .place")
    unfold(any_browser)
    questions = [part.text for part in find_all(any_browser, ".echo-list span")]
    answers = [part.text for part in find_all(any_browser, ".echo-list strong")]
    said = dict(zip(questions, answers, strict=True))
    assert said["What are you building?"] == "A prototype or first version"
    assert said["Easy to learn"] == "Important"
    assert said["Freedom and control"] == "Does not matter"
    assert "Security by default" not in said
    assert said["What must be there, if only as a package?"] == "An ORM"
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


def test_questions_come_one_at_a_time_until_the_first_place_is_settled(
    any_browser, site
):
    any_browser.get(f"{site}/advisor/")
    follow(any_browser, find(any_browser, "a[href='/advisor/interview/']"))
    find(any_browser, "#id_project [value=rest-api]").click()
    follow(any_browser, find(any_browser, "#interview .btn-primary"))
    places = []
    while buttons := find_all(any_browser, "#interview button[value='2']"):
        places.append(find(any_browser, "h1").text)
        follow(any_browser, buttons[0])

    assert places == [f"Question {number}" for number in range(2, len(places) + 2)]
    assert find(any_browser, "h1").text == f"Settled after {len(places) + 1} questions"
    any_browser.back()
    assert find(any_browser, "h1").text == places[-1]
    any_browser.forward()
    follow(any_browser, find(any_browser, "main form .btn-primary"))
    assert "/advisor/results/" in any_browser.current_url
    unfold(any_browser)
    answers = [part.text for part in find_all(any_browser, ".echo-list strong")]
    assert answers == ["A REST API", *["Important"] * len(places)]
    assert not find_all(any_browser, "#next-question")


def test_points_of_the_ranking_lead_to_their_findings(any_browser, site):
    any_browser.get(f"{site}/advisor/?project=rest-api&priority-learning=4")
    submit(any_browser)
    unfold(any_browser)
    reason = find(any_browser, ".places .reasons a")
    address = reason.get_attribute("href")

    follow(any_browser, reason)

    assert any_browser.current_url == address
    assert find(any_browser, "#evidence .answer").is_displayed()


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
