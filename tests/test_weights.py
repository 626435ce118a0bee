"""How much a page weighs with the shipped knowledge, and how much markup it has."""

import gzip

import pytest

from tests.pages import read

SIX = "django-vs-falcon-vs-fastapi-vs-flask-vs-litestar-vs-starlette"


@pytest.mark.parametrize(
    ("address", "kilobytes", "elements"),
    [
        ("/compare/django-vs-flask/", 14, 1600),
        (f"/compare/{SIX}/", 16, 2800),
        ("/frameworks/django/", 14, 1500),
        ("/frameworks/django/orm/", 4, 150),
        ("/frameworks/bottle/static-files/", 4, 150),
    ],
)
def test_page_is_light(client, shipped_knowledge, address, kilobytes, elements):
    response = client.get(address)

    assert len(gzip.compress(response.content, 6)) <= 1000 * kilobytes
    assert len(read(response).tags) <= elements


def test_cell_of_the_matrix_costs_few_bytes(client, shipped_knowledge):
    page = client.get(f"/compare/{SIX}/").text
    table = page[page.index('<table class="matrix') : page.index("</table>")]

    assert len(table.encode()) / table.count("<td>") <= 160
