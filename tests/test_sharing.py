"""What a page says of itself to search engines, and to who passes its address on."""

import re
from xml.etree import ElementTree

import pytest

from comparisons.choices import Stance, Status
from comparisons.history.recording import change_set
from comparisons.models import ChangeSet
from tests import factories as make
from tests.pages import read

KINDS = [
    "/compare/django-vs-flask/",
    "/frameworks/flask/",
    "/frameworks/flask/ease-of-learning/",
    "/features/ease-of-learning/",
    "/sources/blog/",
    "/disagreements/is-flask-easy/",
    "/extensions/flask-sqlalchemy/",
]
NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def listed(client, address):
    """Return {address without host: day of its last change} of one sitemap."""
    tree = ElementTree.fromstring(client.get(address).content)
    return {
        row.findtext(f"{NAMESPACE}loc").removeprefix("http://testserver"): row.findtext(
            f"{NAMESPACE}lastmod"
        )
        for row in tree
    }


def all_listed(client):
    pages = {}
    for address in listed(client, "/sitemap.xml"):
        pages |= listed(client, address)
    return pages


def properties(page):
    return {
        attrs.get("property") or attrs.get("name"): attrs["content"]
        for tag, attrs in page.tags
        if tag == "meta" and "content" in attrs
    }


def test_sitemap_lists_each_kind_of_page_and_no_draft(client, knowledge):
    draft = make.make_framework(slug="secret", status=Status.DRAFT)
    make.make_finding(framework=draft, feature=knowledge.orm)

    pages = all_listed(client)

    assert set(KINDS) <= pages.keys()
    assert not [page for page in pages if "secret" in page]
    assert {client.get(page).status_code for page in pages} == {200}


def test_sitemap_tells_the_day_of_the_last_public_change(client, knowledge):
    with change_set() as changes:
        make.make_citation(finding=knowledge.flask_orm, stance=Stance.CONTEXT)
    ChangeSet.objects.filter(pk=changes.pk).update(created_at="2031-02-03T04:05Z")

    changed = {page for page, day in all_listed(client).items() if day == "2031-02-03"}

    assert changed == {
        "/frameworks/flask/",
        "/frameworks/flask/orm/",
        "/features/orm/",
        "/extensions/flask-sqlalchemy/",
        "/compare/django-vs-flask/",
        knowledge.flask_orm.citations.last().source.get_absolute_url(),
    }


@pytest.mark.parametrize("kind", KINDS)
def test_page_names_its_bare_address_and_says_what_it_holds(client, knowledge, kind):
    page = read(client.get(f"{kind}?page=1", follow=True))
    told = properties(page)

    assert page.has("link", rel="canonical", href=f"http://testserver{kind}")
    assert told["og:url"] == f"http://testserver{kind}"
    assert told["og:type"] == "website"
    assert told["og:title"] in page.text
    assert "robots" not in told
    others = [
        properties(read(client.get(other)))["og:description"]
        for other in [*KINDS, "/about/"]
        if other != kind
    ]
    assert told["og:description"]
    assert told["og:description"] not in others


def test_robots_are_led_to_the_sitemap_and_away_from_forms(client, knowledge, advice):
    robots = client.get("/robots.txt")

    assert robots["Content-Type"].startswith("text/plain")
    [sitemap] = re.findall("Sitemap: (.*)", robots.text)
    assert client.get(sitemap).status_code == 200
    for address in (advice.get_absolute_url(), "/nowhere/", "/search/?q=flask"):
        page = read(client.get(address))
        assert properties(page)["robots"] == "noindex"
        assert not page.has("link", rel="canonical")
