"""Every kind of page, for every reader: rules, widths, colours, and no third party."""

import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from selenium_axe_python import Axe

from tests.browser.conftest import (
    find,
    follow,
    look_at,
    requested_hosts,
    shown,
    unfold,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

WIDE, PHONE = 1280, 390
# The rules to ask for each reader, none for all of them. A phone shows nothing that
# the wide page does not, in other places; a colour scheme changes colours alone.
VARIANTS = {
    (WIDE, "light"): (),
    (WIDE, "dark"): ("color-contrast",),
    (PHONE, "light"): ("color-contrast", "target-size", "scrollable-region-focusable"),
    (PHONE, "dark"): ("color-contrast",),
}
CHOOSE_TEXTS = Path(__file__).with_name("contrast.js").read_text()
# What editors may write, as a German would.
LENGTHEN = """
  const texts = document.querySelectorAll("main :is(h1, h2, h3, p, li, dd, a, td)");
  for (const each of texts)
    if (!each.children.length && each.textContent.length > 12)
      each.textContent += "Donaudampfschifffahrtsgesellschaftskapitän".repeat(6);
"""
SIX_MUST_HAVES = "&".join(
    f"must_haves={slug}"
    for slug in ["admin-interface", "orm", "forms", "sessions", "i18n", "email"]
)


@dataclass(frozen=True, kw_only=True)
class Page:
    """A kind of page: where it is, and what it has to show to be that kind."""

    path: str
    shows: str
    # The page that follows when the advisor's form at ``path`` is sent.
    is_sent: bool = False
    status: int = 200


PAGES = {
    "home": Page(path="/", shows=".hero"),
    "frameworks": Page(path="/frameworks/", shows=".tick"),
    "frameworks, narrowed": Page(
        path="/frameworks/?provides=orm&kind=api", shows=".chips a"
    ),
    "profile": Page(path="/frameworks/flask/", shows=".matrix"),
    "finding": Page(path="/frameworks/flask/ease-of-learning/", shows=".says"),
    "fact": Page(path="/frameworks/flask/facts/memory/", shows=".passage"),
    "picker": Page(path="/compare/", shows=".picker [type=checkbox]"),
    "refused picker": Page(
        path="/compare/?frameworks=flask&frameworks=nowhere", shows=".errorlist"
    ),
    "compare": Page(path="/compare/django-vs-flask/", shows=".matrix"),
    "differences": Page(
        path="/compare/django-vs-flask/?differences=1", shows=".matrix"
    ),
    "text": Page(path="/compare/django-vs-flask/text/", shows="#performance"),
    "extension": Page(path="/extensions/flask-sqlalchemy/", shows=".passage"),
    "extensions": Page(path="/extensions/?framework=flask", shows=".source-list"),
    "code": Page(path="/compare/django-vs-flask/code/model/", shows=".code"),
    "sources of a comparison": Page(
        path="/compare/django-vs-flask/sources/", shows="#all"
    ),
    "comparisons": Page(path="/comparisons/", shows="main li a"),
    "features": Page(path="/features/", shows=".feature-list"),
    "feature": Page(path="/features/orm/", shows=".rung"),
    "measured feature": Page(path="/features/throughput/", shows=".bar"),
    "sources": Page(path="/sources/", shows=".source-list li"),
    "source": Page(path="/sources/channels-docs/", shows=".says-table"),
    "disagreements": Page(path="/disagreements/", shows=".disagreement"),
    "disagreement": Page(
        path="/disagreements/is-flask-good-for-beginners/", shows=".position"
    ),
    "search": Page(path="/search/?q=flask", shows=".hits li"),
    "search without hits": Page(path="/search/?q=cobol", shows="main [role=status]"),
    "about": Page(path="/about/", shows="h1"),
    "advisor": Page(path="/advisor/", shows="#advisor-form"),
    "interview": Page(path="/advisor/interview/?project=rest-api", shows="#interview"),
    "refused advisor": Page(
        path=f"/advisor/?{SIX_MUST_HAVES}", shows="#error-summary", is_sent=True
    ),
    "advice": Page(
        path="/advisor/?project=rest-api&priority-learning=4&priority-security=2"
        "&team_knows=flask",
        shows=".places",
        is_sent=True,
    ),
    "advice with one left out": Page(
        path="/advisor/?must_haves=orm&priority-learning=4",
        shows="#excluded",
        is_sent=True,
    ),
    "advice with nothing left": Page(
        path="/advisor/?must_haves_in_the_box=dependency-injection&priority-learning=4"
        "&candidates=django&candidates=flask",
        shows=".excluded",
        is_sent=True,
    ),
    "advice without a signal": Page(path="/advisor/", shows="#unranked", is_sent=True),
    "method": Page(path="/advisor/method/", shows=".value-tables"),
    "record": Page(path="/advisor/record/", shows=".value-tables"),
    "not found": Page(path="/nowhere/", shows=".notice-page", status=404),
}
# Pages of the desk that are drawn by us from end to end.
DESK_PAGES = {
    "front": Page(path="/admin/", shows=".desk-parts"),
    "section": Page(path="/admin/queue/unanswered/", shows="#entries"),
    "guide": Page(path="/admin/guide/first-correction/", shows=".desk-guide img"),
    "mail": Page(path="/admin/mail/", shows="[name=digest]"),
    "matrix": Page(
        path="/admin/comparisons/matrix/framework/flask/?edit=orm", shows=".matrix-form"
    ),
    "deleted": Page(path="/admin/comparisons/changeset/deleted/", shows="table"),
}
every_page = pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)


@every_page
def test_page_suits_every_reader(browser, site, page):
    assert_suits(browser, site, page)


@pytest.mark.parametrize("page", DESK_PAGES.values(), ids=DESK_PAGES)
def test_page_of_the_desk_suits_every_editor(browser, site, sign_in, page):
    sign_in(browser)
    assert_suits(browser, site, page)


def assert_suits(browser, site, page):
    """See that nobody is kept out, by rule, width or colour."""
    visit(browser, site, page)
    assert requested_hosts(browser) == {urlsplit(site).netloc}
    assert [
        entry["message"]
        for entry in browser.get_log("browser")
        # Chromium logs the status of the page itself, and that what answers to
        # machines has no icon.
        if not (page.status == 404 and page.path in entry["message"])
        and "/favicon.ico" not in entry["message"]
    ] == []
    # What is folded away has to keep the rules as well. On a telephone the menu lies
    # over the page, and half covers what its edge falls on: it is open on one.
    unfold(browser, "details" if page.path == "/" else "details:not(.menu)")

    found = {}
    for (width, scheme), rules in VARIANTS.items():
        look_at(browser, width=width, scheme=scheme)
        found[f"{width} pixels, {scheme}"] = violations(browser, rules)

    assert not any(found.values()), json.dumps(found, indent=2)
    look_at(browser, width=PHONE)
    assert_fits(browser)
    browser.execute_script(LENGTHEN)
    look_at(browser, width=320)
    assert_fits(browser)


@pytest.mark.parametrize("width", [320, PHONE])
def test_no_word_of_the_matrix_runs_out_of_its_cell_on_a_phone(browser, site, width):
    look_at(browser, width=width)
    browser.get(f"{site}/compare/django-vs-fastapi-vs-flask/")

    too_long = browser.execute_script(
        "return [...document.querySelectorAll('.matrix :is(th, td)')]"
        ".filter(cell => cell.scrollWidth > cell.clientWidth)"
        ".map(cell => cell.innerText)"
    )
    assert too_long == []


def visit(browser, site, page):
    """Go to ``page`` and see that it is the one that was meant."""
    browser.get(f"{site}{page.path}")
    if page.is_sent:
        follow(browser, shown(browser, "#advisor-form .advisor-step-end [type=submit]"))
    assert find(browser, page.shows).is_displayed()
    status = "return performance.getEntriesByType('navigation')[0].responseStatus"
    assert browser.execute_script(status) == page.status


def assert_fits(browser):
    """See that nothing is wider than the window, less a scroll bar."""
    width, available = browser.execute_script(
        "const root = document.documentElement;"
        "return [root.scrollWidth, root.clientWidth]"
    )
    assert width <= available, browser.current_url


def violations(browser, rules=()):
    """Return the rules that the page breaks, with the places where it does.

    Without ``rules`` all that axe has by itself are asked, and the size of targets.
    """
    if not browser.execute_script("return 'axe' in window"):
        Axe(browser).inject()
    browser.execute_script(CHOOSE_TEXTS)
    options = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": list(rules)}
    else:
        options["rules"] = {"target-size": {"enabled": True}}
    result = Axe(browser).run(options=json.dumps(options))
    return [
        {
            "rule": violation["id"],
            "help": violation["help"],
            "places": [
                f"{node['target'][0]}: {node['failureSummary']}"
                for node in violation["nodes"][:5]
            ],
        }
        for violation in result["violations"]
    ]
