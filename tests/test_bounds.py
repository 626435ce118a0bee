"""No page lists all there is, however much that may be."""

import pytest

from comparisons import forms, views
from comparisons.choices import FeatureKind, Level
from comparisons.models import Framework
from comparisons.pages import features, home, side_by_side
from comparisons.querysets import evidence
from comparisons.web import paging
from tests import factories as make
from tests.pages import read


@pytest.fixture
def many(knowledge, monkeypatch):
    """Three frameworks, where two are more than a page can list."""
    for module, name, number in [
        (side_by_side, "MOST_LISTED", 2),
        (forms, "MOST_IN_MENU", 1),
        (evidence, "MOST_SORTED", 1),
        (views, "PAGE_SIZE", 1),
        (home, "MOST_FRAMEWORKS", 1),
        (features, "SHOWN", 1),
        (features, "MOST_COUNTED", 2),
        (paging, "MOST_COUNTED", 2),
    ]:
        monkeypatch.setattr(module, name, number)
    make.make_framework(slug="sanic", name="Sanic")
    return knowledge


def boxes(client, address):
    page = read(client.get(address))
    return {
        attrs["value"]: "checked" in attrs
        for tag, attrs in page.tags
        if tag == "input" and attrs.get("type") == "checkbox"
    }


@pytest.mark.parametrize(
    ("names", "address"),
    [
        ("Flask, sanic", "flask-vs-sanic"),
        ("sanic,Django,flask", "django-vs-flask-vs-sanic"),
    ],
)
def test_picker_takes_names_where_there_are_too_many_to_list(
    client, many, names, address
):
    assert boxes(client, "/compare/") == {}
    assert client.get("/compare/", {"frameworks": names}).url == f"/compare/{address}/"


@pytest.mark.parametrize(
    ("address", "field"), [("/compare/", "frameworks"), ("/advisor/", "candidates")]
)
def test_name_that_is_mistyped_is_answered_with_the_right_one(
    client, many, address, field
):
    ask = client.get if address == "/compare/" else client.post
    page = read(ask(address, {field: "flask, djagno"}))

    assert "“djagno” is not a framework we know. Did you mean Django?" in page.text
    assert page.has("input", name=field, value="flask, djagno")


def test_advisor_takes_names_where_there_are_too_many_to_list(client, many):
    assert "flask" not in boxes(client, "/advisor/")
    answers = {"priority-learning": "4", "team_knows": "django"}
    advice = client.post("/advisor/", {**answers, "candidates": "Flask, sanic"})
    told = client.get(f"{advice.url.rstrip('/')}.json").json()

    assert {each["framework"] for each in told["ranking"]} == {"flask", "sanic"}


def test_front_page_shows_a_few_frameworks_and_leads_to_all(client, many):
    page = read(client.get("/"))

    assert "/frameworks/django/" in page.links
    assert "/frameworks/sanic/" not in page.links
    assert "All frameworks" in page.text


def test_feature_shows_a_few_at_each_level_and_leads_to_the_rest(client, many):
    sanic = Framework.objects.get(slug="sanic")
    make.make_finding(framework=sanic, feature=many.orm, level=Level.BUILT_IN)

    page = read(client.get("/features/orm/"))
    rest = read(client.get("/features/orm/?level=built_in&page=2"))

    assert "/frameworks/django/orm/" in page.links
    assert "/frameworks/sanic/orm/" not in page.links
    assert "2 or more built in: see more" in page.text
    assert "?level=built_in" in page.links
    assert "/frameworks/sanic/orm/" in rest.links
    # Each page of a level counts all who are at it, and has no more to show below.
    assert "2 or more built in" in rest.text
    assert "see more" not in rest.text


def test_measured_bars_of_all_levels_share_one_scale(client, many):
    speed = make.make_feature(slug="waiting-connections", kind=FeatureKind.QUALITY)
    for framework, level, ratio in [
        (many.django, Level.MEDIUM, 0.2),
        (many.flask, Level.HIGH, 0.4),
    ]:
        make.make_finding(framework=framework, feature=speed, level=level)
        make.make_measurement(
            framework=framework,
            run=many.measured.run,
            metric="waiting",
            connections=256,
            ratio=ratio,
            ratio_low=ratio,
            ratio_high=ratio,
        )

    page = client.get(speed.get_absolute_url()).context["page"]

    lengths = {
        entry.slug: entry.figure.length for rung in page.rungs for entry in rung.entries
    }
    assert lengths == {"django": 50, "flask": 100}


@pytest.mark.parametrize("page", ["/disagreements/", "/changes/"])
def test_facet_takes_the_slug_of_a_framework(client, many, page):
    menu = client.get(page).content.decode()
    response = client.get(page, {"framework": "flask"})
    wrong = client.get(page, {"framework": "nowhere"})

    assert '<option value="flask">' not in menu
    assert response.status_code == wrong.status_code == 200
    assert wrong.context["filter"].errors


def test_long_list_says_how_far_it_was_counted(client, many):
    assert "2 or more sources" in read(client.get("/sources/")).text


def test_disputes_of_many_frameworks_have_no_map(client, many):
    assert client.get("/disagreements/").context["map"] is None
