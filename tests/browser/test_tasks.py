"""Twelve things that readers come for: by keyboard, and without scripts."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.request import urlopen

import pytest
from selenium.webdriver.common.keys import Keys

from tests.browser.conftest import (
    WITHOUT_SCRIPTS,
    arrive,
    find,
    find_all,
    fresh,
    is_in_view,
    look_at,
    press,
    shown,
    tab_to,
    wait_for,
    wait_until,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@dataclass
class Reader:
    """Somebody at a browser, who may have no pointer."""

    browser: object
    site: str
    has_pointer: bool

    def open(self, path):
        self.browser.get(f"{self.site}{path}")

    def act(self, element):
        """Click ``element``, or go there and press Enter."""
        if self.has_pointer:
            element.click()
            return
        self.browser.execute_script("arguments[0].focus()", element)
        press(self.browser, Keys.ENTER)

    def follow(self, css):
        """Follow the first link at ``css`` that is in sight to another page."""
        before = find(self.browser, "html")
        self.act(shown(self.browser, css))
        arrive(self.browser, before)

    def ask(self, words):
        """Search for ``words`` in the field at the top of every page."""
        field = ".site-header [name=q]"
        if self.has_pointer:
            find(self.browser, field).click()
        else:
            tab_to(self.browser, field)
        before = find(self.browser, "html")
        press(self.browser, words, Keys.ENTER)
        arrive(self.browser, before)

    def evidence(self, css):
        """Open the statement at ``css``, in place or on its page; return its text."""
        self.act(shown(self.browser, css))
        return wait_for(self.browser, ".evidence").text

    @property
    def text(self):
        return find(self.browser, "main").text


# That a pointer works with scripts is seen by the journeys.
@pytest.fixture(params=["by keyboard", "without scripts"])
def reader(request, site, start_browser):
    flags = [WITHOUT_SCRIPTS] if request.param == "without scripts" else []
    browser = fresh(start_browser(*flags))
    reader = Reader(browser, site, has_pointer=request.param != "by keyboard")
    reader.open("/about/")
    return reader


def test_a_few_words_are_answered(reader):
    reader.ask("djagno")

    assert "Did you mean Django" in reader.text


def test_who_says_that_one_is_slower(reader):
    reader.ask("is flask slower than fastapi")
    reader.follow(".answer a[href='/frameworks/flask/throughput/']")

    assert "requests/s" in reader.text
    assert find_all(reader.browser, ".says a")


def test_what_a_framework_needs_and_whether_that_is_kept_up(reader):
    reader.ask("flask websockets")
    reader.follow(".answer a[href^='/extensions/']")

    assert find(reader.browser, "h1").text == "Flask-SocketIO"
    assert "last activity seen" in reader.text
    assert "WebSockets" in reader.text


def test_whether_a_source_is_right(reader):
    reader.ask("codete")
    reader.follow(".hits a[href='/sources/codete-2021/']")
    reader.follow("a[href='?only=differs']")

    rows = find_all(reader.browser, ".says-table tr[id]")
    assert rows
    assert all("Differs." in row.text for row in rows)


def test_three_frameworks_on_one_subject_alone(reader):
    reader.open("/compare/falcon-vs-fastapi-vs-litestar/")
    reader.act(find(reader.browser, ".matrix-section summary"))
    reader.act(shown(reader.browser, "a[href*='group=admin']"))
    wait_until(reader.browser, lambda: "group=" in reader.browser.current_url)

    [group] = [row for row in find_all(reader.browser, ".group") if row.is_displayed()]
    assert "validation" in group.text


def test_an_address_shares_the_differences_alone(reader):
    reader.open("/compare/django-vs-flask/")
    reader.act(shown(reader.browser, "a[href*='differences=1']"))
    wait_until(reader.browser, lambda: "differences=1" in reader.browser.current_url)

    reader.browser.refresh()
    rows = find_all(reader.browser, ".matrix tr[id^=row-]")
    seen = [row for row in rows if row.is_displayed()]
    assert seen
    assert all("differs" in row.get_attribute("class") for row in seen)


def test_a_table_goes_into_a_spreadsheet(reader):
    reader.open("/compare/django-vs-flask/")
    address = find(reader.browser, ".foot a[href$='.csv']").get_attribute("href")

    with urlopen(address) as answer:
        head = answer.readline().decode("utf-8-sig")

    assert head.startswith("Feature,Django: level")


def test_a_page_is_cited_as_it_stands(reader):
    reader.open("/frameworks/flask/")
    cited = find(reader.browser, ".foot").text
    reader.follow(".foot a[href^='?at=']")

    assert reader.browser.current_url in cited
    assert "as it stood in version" in find(reader.browser, "body").text


def test_what_is_new_since_a_day(reader):
    day = datetime.now(tz=UTC).date()
    for moment, is_told in ((day, True), (day + timedelta(days=1), False)):
        reader.open("/changes/")
        field = find(reader.browser, "[name=since]")
        reader.browser.execute_script("arguments[0].focus()", field)
        before = find(reader.browser, "html")
        press(reader.browser, moment.isoformat(), Keys.ENTER)
        arrive(reader.browser, before)

        assert bool(find_all(reader.browser, ".change")) is is_told


def test_a_cell_is_disagreed_with(reader):
    reader.open("/compare/django-vs-flask/")
    answer = reader.evidence("#row-orm td:last-child a")
    assert "Third-party package" in answer

    reader.follow(".evidence .suggest")

    assert find(reader.browser, "h1").text == "Suggest a correction"
    assert "Flask: Object-relational mapper" in reader.text


def test_two_frameworks_on_security_on_a_telephone(reader):
    look_at(reader.browser, width=390)
    reader.open("/compare/django-vs-flask/")
    reader.act(find(reader.browser, ".matrix-section summary"))
    reader.act(shown(reader.browser, "a[href*='group=auth-security']"))
    wait_until(reader.browser, lambda: "group=" in reader.browser.current_url)

    row = shown(reader.browser, ".matrix tr[id^=row-]")
    cells = row.find_elements("css selector", "td")
    reader.browser.execute_script("arguments[0].scrollIntoView()", row)
    assert len(cells) == 2
    assert all(is_in_view(reader.browser, cell) for cell in cells)
    width = reader.browser.execute_script("return document.body.scrollWidth")
    assert width <= 390
