"""How much a page weighs with the shipped knowledge, and how much markup it has."""

import gzip
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders

from tests.pages import read

SIX = "django-vs-falcon-vs-fastapi-vs-flask-vs-litestar-vs-starlette"


# The most kilobytes that each page weighs, and the most elements that it has.
LIMITS = {
    "/compare/django-vs-flask/": (14, 1600),
    f"/compare/{SIX}/": (16, 2800),
    "/frameworks/django/": (14, 1500),
    "/advisor/record/": (15, 800),
    "/advisor/interview/?project=rest-api&priority-learning=4": (3, 120),
    "/frameworks/django/orm/": (4, 160),
    "/frameworks/bottle/static-files/": (4, 160),
}


def test_pages_are_light(client, shipped_knowledge):
    pages = {address: client.get(address) for address in LIMITS}

    heavy = {
        address: (weight, elements)
        for address, page in pages.items()
        for weight in [len(gzip.compress(page.content, 6)) / 1000]
        for elements in [len(read(page).tags)]
        if weight > LIMITS[address][0] or elements > LIMITS[address][1]
    }
    assert heavy == {}
    # A cell of the matrix costs few bytes.
    page = pages[f"/compare/{SIX}/"].text
    table = page[page.index('<table class="matrix') : page.index("</table>")]
    assert len(table.encode()) / table.count("<td>") <= 166


def test_first_visit_of_a_pair_fetches_little(client, shipped_knowledge):
    response = client.get("/compare/django-vs-flask/")
    prefix = settings.STATIC_URL
    files = [
        Path(finders.find(load.removeprefix(prefix))).read_bytes()
        for load in read(response).loads
        if load.startswith(prefix)
    ]

    weights = [len(gzip.compress(part, 6)) for part in (response.content, *files)]
    assert len(weights) <= 4
    assert sum(weights) <= 32_000


def test_stylesheet_is_light():
    style = Path(finders.find("css/site.css")).read_bytes()

    assert len(gzip.compress(style, 6)) <= 12_000
