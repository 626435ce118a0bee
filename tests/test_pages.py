"""Every public page, as a reader meets it."""

from datetime import date

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from advisor.models import Advice
from advisor.ranking.order import shown
from comparisons import views
from comparisons.choices import FactKind, FeatureKind, Level, Maintenance, Stance
from comparisons.models import KnowledgeVersion
from comparisons.pages import side_by_side
from tests import factories as make
from tests.pages import ANSWERS, FIXED, PAGES, ask_advisor, crawl, is_page, read

UNKNOWN_ADVICE = "00000000-0000-4000-8000-000000000000"


# What each page shows


@pytest.mark.parametrize(
    ("address", "texts"),
    [
        ("/", ["Choose a web framework on evidence", "Flask", "Django or Flask"]),
        ("/frameworks/", ["2 frameworks", "A small core to build on."]),
        (
            "/frameworks/flask/",
            [
                "Compare with",
                "5 of 6 answered, oldest check 2 Nov 2026",
                "Licence BSD-3-Clause",
                "It is quick to learn.",
                "Parts have to be chosen and joined.",
                "Orm ◑ Package Flask sqlalchemy",
                "Throughput ? Unknown",
                "? unknown, which is not “no”",
                "Ease of learning ▰▰▰▰▱ High ≠ High stands.",
            ],
        ),
        (
            "/frameworks/flask/ease-of-learning/",
            [
                "Flask : Ease of learning",
                "High",
                "Contested. High stands. The blog speaks of large applications.",
                "Supports It is there. Flask docs , Ease of learning.",
                "Disputes It is there. Blog , Introduction.",
                "Interest: The author sells a course.",
                "Pro: It is quick to learn. Matters when the team is new to it.",
                "Where sources disagree Is it easy to learn?",
            ],
        ),
        (
            "/frameworks/flask/throughput/",
            ["Unknown", "Nobody has answered this yet. That does not mean no."],
        ),
        (
            "/frameworks/flask/facts/license/",
            ["Flask : Licence", "BSD-3-Clause", "Supports It is there. Flask docs"],
        ),
        (
            "/frameworks/django/adopters/django-mozilla/",
            ["Django : who uses it", "Mozilla", "Supports It is there. Django docs"],
        ),
        ("/frameworks/django/", ["Who uses it, as stated: 1", "Mozilla"]),
        ("/compare/", ["Choose two to six.", "Flask", "Curated comparisons"]),
        ("/compare/?frameworks=flask", ["Add one to five.", "Flask"]),
        (
            "/compare/django-vs-flask/",
            [
                "Both do the job.",
                "Choose Django when",
                "you want to choose the parts.",
                "The rows that decide Orm See these alone",
                "All 6 5 differ 1 contested 1 unknown With notes",
                "Core 3 rows, 2 differ Routing ● Built in ● Built in",
                "Orm ● Built in ◑ Package Flask sqlalchemy",
                "11 of 12 answered, oldest check 2 Nov 2026",
                "An admin comes with it.",
                "They differ here.",
                "The same task in each Hello world",
            ],
        ),
        (
            "/compare/django-vs-flask/?notes=1",
            ["Package Flask sqlalchemy Flask brings none of its own."],
        ),
        (
            "/compare/django-vs-flask/text/",
            [
                "About this comparison Both do the job.",
                "They differ here.",
                "Rests on Orm",
            ],
        ),
        (
            "/compare/django-vs-flask/sources/",
            [
                "Choose Django when you want to choose the parts.",
                "Django: Orm: built in",
                "It is there. Django docs , Introduction.",
                "All 3 sources of what is said of Django vs Flask",
            ],
        ),
        (
            "/compare/django-vs-flask/code/hello-world/",
            ["Answer with two words.", "Django", "Flask", "Hello, world!"],
        ),
        ("/comparisons/", ["Django or Flask", "Both do the job."]),
        ("/features/", ["Core", "Orm", "1 built in · 1 package"]),
        (
            "/features/orm/",
            [
                "Is it there, and who provides it?",
                "Built in",
                "Flask brings none of its own.",
                "It works after a bare install.",
            ],
        ),
        ("/features/routing/", ["In code", "Answer with two words."]),
        ("/features/ease-of-learning/", ["Is it easy to learn?", "Contested"]),
        ("/sources/", ["3 sources", "Flask docs", "2 passages, 1 disputing"]),
        (
            "/sources/blog/",
            ["All 2", "Differs from us: 1", "The author sells a course."],
        ),
        ("/disagreements/", ["1 disagreement", "Yes, for small things."]),
        (
            "/disagreements/is-flask-easy/",
            [
                "Who says what",
                "It is not.",
                "Interest: The author sells a course.",
                "Our decision. Yes, for small things.",
            ],
        ),
        ("/search/?q=FLASK", ["Framework Flask", "Finding Flask : Orm", "Flask docs"]),
        ("/search/?q=nowhere", ["Nothing contains “nowhere”.", "ask the advisor"]),
        ("/about/", ["It sells nothing"]),
        ("/advisor/", ["Which framework suits you?", "Microservice", "Must-haves"]),
        ("/advisor/method/", ["What a level is worth", "0.85", "Batteries", "60 %"]),
        ("/advisor/record/", ["How often the advisor is right", "How this is done"]),
    ],
)
def test_page_shows_its_content(client, knowledge, address, texts):
    response = client.get(address)

    assert response.status_code == 200
    text = read(response).text
    assert [wanted for wanted in texts if wanted not in text] == []


def test_result_shows_the_ranking_and_its_reasons(client, advice):
    text = read(client.get(advice.get_absolute_url())).text

    for wanted in (
        "Flask clearly fits best: 84 of 100 points, Django 46.",
        "Because Flask leads Django by 25.0 points on “Learning” and 24.0 points on",
        "; Django leads by 10.8 points on “Batteries”.",
        "No single answer changes the first place.",
        "You said What do you need? Microservice",
        "Speaks for it",
        "Costs it points",
        "Every fact is known.",
        "Where the points come from",
    ):
        assert wanted in text


NOTHING_YET = {
    "/": "No framework is published yet.",
    "/frameworks/": "No framework is published yet.",
    "/compare/": "There are no two frameworks to compare yet.",
    "/comparisons/": "None is published yet.",
    "/features/": "No feature is published yet.",
    "/extensions/": "No extension is published yet.",
    "/sources/": "No source is cited yet.",
    "/disagreements/": "No disagreement between sources is published yet.",
    "/measurements/": "Nothing has been measured yet.",
    "/changes/": "Nothing has changed yet.",
    "/search/": "Write the name of a framework",
}


@pytest.mark.parametrize("address", FIXED)
def test_page_with_nothing_to_show_answers_and_says_so(client, db, address):
    response = client.get(address)

    assert response.status_code == 200
    assert NOTHING_YET.get(address, "") in read(response).text


def test_page_is_whole(client, addresses):
    """One main heading, a title, each id once, and a field to search."""
    responses = {address: client.get(address) for address in addresses}
    pages = {
        address: read(response)
        for address, response in responses.items()
        if is_page(response)
    }

    whole = {"h1": 1, "title": 1, "main": 1}
    for address, page in pages.items():
        assert {tag: page.count(tag) for tag in whole} == whole, address
        assert page.has("input", type="search", name="q"), address
        assert page.doubled_ids == [], address


def test_feature_lists_frameworks_under_their_level_and_the_unanswered_last(
    client, knowledge
):
    none = make.make_framework(slug="bare", name="Bare")
    make.make_finding(framework=none, feature=knowledge.orm, level=Level.NONE)
    make.make_framework(slug="aaa", name="Never asked")

    page = client.get("/features/orm/").context["page"]

    listed = {
        rung.level: [entry.slug for entry in rung.entries]
        for rung in page.rungs
        if rung.entries
    }
    assert listed == {
        Level.BUILT_IN: ["django"],
        Level.THIRD_PARTY: ["flask"],
        Level.NONE: ["bare"],
        Level.UNKNOWN: ["aaa"],
    }
    assert page.counts == ["1 built in", "1 package", "1 none", "1 unknown"]


def test_measured_values_are_ordered_by_their_figure(client, knowledge):
    speed = make.make_feature(slug="waiting-connections", kind=FeatureKind.QUALITY)
    # As many percent as Flask in words, and a little less.
    bare = make.make_framework(slug="bare", name="Bare")
    for framework, ratio in [
        (knowledge.django, 0.3),
        (knowledge.flask, 0.4),
        (bare, 0.398),
    ]:
        make.make_finding(framework=framework, feature=speed, level=Level.MEDIUM)
        make.make_measurement(
            framework=framework,
            run=knowledge.measured.run,
            metric="waiting",
            connections=256,
            ratio=ratio,
        )

    page = client.get(speed.get_absolute_url()).context["page"]

    [entries] = [rung.entries for rung in page.rungs if rung.entries]
    assert [(entry.slug, entry.figure.length) for entry in entries] == [
        ("flask", 100),
        ("bare", 100),
        ("django", 75),
    ]


def test_feature_shows_the_code_of_the_framework_asked_for(client, knowledge):
    address = knowledge.routing.get_absolute_url()

    for slug in ("django", "flask", "nowhere"):
        page = client.get(f"{address}?code={slug}").context["page"]
        assert page.coded.slug == ("flask" if slug == "flask" else "django")


def test_profile_tells_the_day_of_the_latest_release(client, knowledge):
    make.make_fact(
        framework=knowledge.flask,
        kind=FactKind.LATEST_VERSION,
        value="3.1.3",
        event_date=date(2026, 2, 18),
    )

    page = read(client.get("/frameworks/flask/"))

    assert "Latest version 3.1.3, 18 Feb 2026" in page.text


def test_source_is_shown_beside_what_we_say(client, knowledge):
    says = {"finding": knowledge.contested, "source": knowledge.blog}
    make.make_citation(level=Level.HIGH, says="Easy.", **says)
    make.make_citation(level=Level.LOW, says="Hard.", **says)
    make.make_citation(stance=Stance.CONTEXT, says="New.", **says)

    page = read(client.get("/sources/blog/"))
    differing = read(client.get("/sources/blog/?only=differs")).text

    assert "On 1 answer it says more than one thing." in page.text
    counts = "All 5 Differs from us: 2 Agrees with us: 2 Gives context: 1"
    assert counts in page.text
    assert page.tables[0][1:4] == [
        ["Flask: Ease of learning"],
        ["Differs. It is there. Introduction, read 2 Nov 2026", "High"],
        ["High. Easy. Introduction, read 2 Nov 2026"],
    ]
    assert "Low. Differs. Hard." in differing
    assert not {"Easy.", "New."} & set(differing.split())


def test_source_of_figures_alone_leads_to_them(client, knowledge):
    run = make.make_run()

    page = read(client.get(run.source.get_absolute_url()))

    assert f"All figures of {run.measured_on:%-d %B %Y}" in page.text
    assert "No address known" not in page.text
    assert run.get_absolute_url() in page.links
    assert "No passage of it is cited for a statement." in page.text
    assert "All 0" not in page.text


def test_extension_tells_what_it_provides_how_kept_up_and_what_else_does(
    client, knowledge
):
    make.change(
        knowledge.extension,
        maintenance=Maintenance.ACTIVE,
        last_activity_date=date(2026, 5, 3),
    )

    profile = read(client.get("/frameworks/flask/"))
    page = read(client.get("/extensions/flask-sqlalchemy/"))
    other = read(client.get("/extensions/peewee/"))

    told = "active, last activity seen 3 May 2026"
    assert f"Extensions: 2 Flask sqlalchemy Third party, {told}" in profile.text
    assert "/extensions/flask-sqlalchemy/" in profile.links
    until = "counts as maintained until 2 May 2029"
    assert f"Upkeep {told} · {until} Works with Flask" in page.text
    assert "Orm Flask ◑ Third-party package with this one What else" in page.text
    assert "/frameworks/flask/orm/" in page.links
    assert "Peewee Orm; not checked What the sources say It is there." in page.text
    assert "package What else does the same Flask sqlalchemy Orm" in other.text
    # What is cited for the other package says nothing of this one.
    assert "What the sources say" not in other.text


def test_profile_shows_each_level_against_all_frameworks(
    client, knowledge, monkeypatch
):
    page = read(client.get("/frameworks/flask/"))
    assert page.has(
        "svg", **{"aria-label": "Orm, all frameworks: 1 built in, 1 package"}
    )

    monkeypatch.setattr(side_by_side, "MOST_LISTED", 1)
    # Under another address, because the page is kept.
    crowded = read(client.get("/frameworks/flask/?crowded"))

    pictures = [attrs.get("aria-label", "") for _, attrs in crowded.tags]
    assert not any("all frameworks" in picture for picture in pictures)
    assert crowded.has("input", id="compare-with")


def test_anchors_of_former_profiles_lead_on(client, knowledge):
    page = read(client.get("/frameworks/flask/"))

    assert {"orm", "flask-con-assembly", "fact-license"} <= set(page.ids)
    assert "/frameworks/flask/orm/" in page.links
    assert "/frameworks/flask/admin-interface/#flask-con-assembly" in page.links


# Addresses


@pytest.mark.parametrize(
    "address",
    [
        "/nowhere/",
        "/frameworks/nowhere/",
        "/frameworks/nowhere/orm/",
        "/frameworks/flask/nowhere/",
        "/frameworks/flask/facts/origin/",
        "/frameworks/flask/adopters/django-mozilla/",
        "/features/nowhere/",
        "/sources/nowhere/",
        "/compare/flask-vs-nowhere/",
        f"/advisor/results/{UNKNOWN_ADVICE}/",
        f"/advisor/results/{UNKNOWN_ADVICE}.json",
        "/advisor/results/1/",
    ],
)
def test_unknown_address_is_not_found(client, knowledge, address):
    response = client.get(address)

    assert response.status_code == 404
    page = read(response)
    assert "There is nothing at this address" in page.text
    assert page.has("link", href="/static/css/site.css")
    assert page.has("a", href="/search/")


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("/compare/flask-vs-django/", "/compare/django-vs-flask/"),
        ("/compare/django-vs-flask-vs-flask/", "/compare/django-vs-flask/"),
        (
            "/compare/flask-vs-django/?differences=1",
            "/compare/django-vs-flask/?differences=1",
        ),
        *(
            (f"/compare/flask-vs-django/{below}", f"/compare/django-vs-flask/{below}")
            for below in ("code/hello-world/", "text/", "sources/")
        ),
    ],
)
def test_comparison_has_one_address(client, knowledge, address, target):
    response = client.get(address)

    assert (response.status_code, response.url) == (301, target)


def test_every_link_leads_somewhere(client, advice):
    needs_admin = ask_advisor(client, {**ANSWERS, "must_haves": ["admin-interface"]})
    results = [advice.get_absolute_url(), needs_admin.get_absolute_url()]

    pages, responses, links = crawl(client, ["/", *results])

    assert len(pages) > len(PAGES)
    assert {response.status_code for response in responses.values()} == {200}
    assert nowhere(pages, links) == []


def test_shipped_pages_have_unique_ids_and_lead_to_each_other(
    client, shipped_knowledge
):
    pages, responses, links = crawl(
        client,
        [
            *FIXED,
            "/frameworks/django/",
            "/frameworks/flask/",
            "/compare/django-vs-flask/",
            "/compare/django-vs-flask/?differences=1",
        ],
        follow=False,
    )

    assert {response.status_code for response in responses.values()} == {200}
    assert nowhere(pages, links) == []
    assert not {a: page.doubled_ids for a, page in pages.items() if page.doubled_ids}


def nowhere(pages, links):
    """Return the links to a place that the page they lead to does not have."""
    return sorted(
        (source, target, fragment)
        for source, target, fragment in links
        if target in pages and fragment and fragment not in pages[target].ids
    )


def test_every_cell_is_one_link_with_the_whole_answer_as_its_name(client, knowledge):
    page = read(client.get("/compare/django-vs-flask/"))

    names = {
        attrs["href"]: attrs["aria-label"]
        for tag, attrs in page.tags
        if tag == "a" and "aria-label" in attrs
    }
    assert len(names) == 12
    assert names["/frameworks/django/orm/"] == "Django, Orm: built in"
    assert names["/frameworks/flask/orm/"] == "Flask, Orm: package Flask sqlalchemy"
    assert names["/frameworks/flask/throughput/"] == "Flask, Throughput: unknown"
    assert names["/frameworks/flask/ease-of-learning/"] == (
        "Flask, Ease of learning: high, contested"
    )


def test_selection_leaves_rows_out_and_says_if_nothing_is_left(client, knowledge):
    differences = read(client.get("/compare/django-vs-flask/?differences=1"))
    nothing = read(client.get("/compare/django-vs-flask/?contested=1&group=core"))

    assert "row-orm" in differences.ids
    assert "row-routing" not in differences.ids
    assert "No row is like that. Show all rows" in nothing.text


@pytest.mark.parametrize(
    ("query", "target"),
    [
        ("?notes=1&differences=1", "?differences=1&notes=1"),
        ("?rows=orm&rows=routing", "?rows=routing,orm"),
        ("?rows=nothing&show=bottle&differences=yes", ""),
        ("?show=flask,django&preview=1", "?preview=1"),
    ],
)
def test_selection_has_one_address(client, knowledge, query, target):
    response = client.get(f"/compare/django-vs-flask/{query}")

    assert response.status_code == 302
    assert response.url == f"/compare/django-vs-flask/{target}"
    assert client.get(response.url).status_code == 200


def test_pages_of_a_selection_name_the_bare_address_as_theirs(client, knowledge):
    page = read(client.get("/compare/django-vs-flask/?differences=1&utm_source=x"))

    address = "http://testserver/compare/django-vs-flask/"
    assert page.has("link", rel="canonical", href=address)


def test_framework_is_added_and_taken_away_by_one_form(client, knowledge):
    make.make_framework(slug="bottle")

    page = read(client.get("/compare/django-vs-flask/"))
    unchanged = client.get("/compare/?frameworks=django&frameworks=flask&frameworks=")
    swapped = client.get("/compare/?frameworks=flask&frameworks=bottle")

    assert page.has("option", value="bottle")
    assert not page.has("option", value="flask")
    assert unchanged.url == "/compare/django-vs-flask/"
    assert swapped.url == "/compare/bottle-vs-flask/"


def test_one_framework_is_a_beginning_and_no_mistake(client, knowledge):
    begun = read(client.get("/compare/?frameworks=flask"))
    refused = client.get("/compare/?frameworks=flask&frameworks=nowhere")

    assert begun.has("input", value="flask", checked=None)
    assert not begun.has("input", value="django", checked=None)
    assert refused.context["form"].errors


def test_text_has_footnotes_that_lead_to_passages_and_back(client, knowledge):
    cited = "It is built in.[[django-orm-1]] Not `so` here."
    make.change(knowledge.section, body=f"{cited}[[flask-orm-1]][[django-orm-1]]")

    page = read(client.get("/compare/django-vs-flask/"))
    text = read(client.get("/compare/django-vs-flask/text/"))

    assert "It is built in. 1" in page.text
    assert "text/#n1" in page.links
    assert [link for link in text.links if link[:2] == "#n"] == ["#n1", "#n2", "#n1"]
    assert {"r1", "r2", "n1", "n2"} <= set(text.ids)
    assert "#r1" in text.links
    assert "Not so here." in text.text
    assert "It is there. Django docs , Orm." in text.text


def test_code_is_shown_for_what_has_a_sample(client, knowledge):
    make.make_framework(slug="bottle")

    page = read(client.get("/compare/bottle-vs-flask/code/hello-world/"))

    assert "Bottle No sample yet. Flask" in page.text
    for address in (
        "/compare/bottle-vs-flask/code/nothing/",
        "/compare/bottle-vs-flask/text/",
    ):
        assert client.get(address).status_code == 404


def test_long_list_continues_on_a_second_page(client, knowledge):
    for _ in range(views.PAGE_SIZE):
        make.make_framework()

    first = read(client.get("/frameworks/?kind=micro&kind=full_stack"))
    second = client.get("/frameworks/?kind=micro&kind=full_stack&page=2")

    assert "?kind=micro&kind=full_stack&page=2" in first.links
    assert len(second.context["frameworks"]) == 2


def test_disagreement_of_a_second_page_is_linked_to_by_a_page_of_its_own(
    client, knowledge
):
    for _ in range(views.PAGE_SIZE):
        make.make_disagreement(feature=knowledge.ease_of_learning)
    [last] = client.get("/disagreements/?page=2").context["disagreements"]

    address = last.get_absolute_url()

    assert address not in read(client.get("/disagreements/")).links
    assert address in read(client.get("/features/ease-of-learning/")).links
    assert client.get(address).context["disagreement"] == last


def test_map_of_disagreements_leads_to_what_it_counts(client, knowledge):
    make.make_disagreement(
        feature=knowledge.throughput, frameworks=[knowledge.django, knowledge.flask]
    )
    make.make_disagreement(feature=knowledge.orm)

    page = read(client.get("/disagreements/"))

    assert "A map of 3 disagreements about 2 frameworks" in page.text
    assert page.tables[0] == [
        ["Section", "Django", "Flask"],
        ["Judged", "1 on Judged in Django", "2 on Judged in Flask"],
    ]
    for link in page.links:
        if link.startswith("/disagreements/?section=judged&framework="):
            found = client.get(link).context["disagreements"]
            assert len(found) == (2 if link.endswith("flask") else 1)


# The advisor


def test_shown_contributions_add_up_to_the_score(client, advice):
    page = read(client.get(advice.get_absolute_url()))

    [table] = [table for table in page.tables if table[0][0] == "Finding"]
    *rows, totals = table[1:]
    # Findings are shown with two decimals, the themes above them with one.
    findings = [row for row in rows if row[1][-3] == "."]
    for column in (2, 3):
        points = [float(row[column]) for row in findings]
        total = float(totals[column])
        assert sum(points) == pytest.approx(total, abs=0.005 * (len(points) + 1))


def test_result_as_json_keeps_the_contract(client, advice):
    data = client.get(f"/advisor/results/{advice.pk}.json").json()

    assert {
        "ranking",
        "excluded",
        "verdict",
        "flips",
        "certainty",
        "changes",
        "next_question",
        "data_version",
        "created_at",
    } <= set(data)
    assert [standing["framework"] for standing in data["ranking"]] == [
        "flask",
        "django",
    ]
    assert [standing["rank"] for standing in data["ranking"]] == [1, 2]
    assert (data["format"], data["leaders"]) == (3, ["flask"])
    assert data["sources"][0]["slug"] == "flask-docs"
    assert [change["framework"] for change in data["changes"]] == [
        flip["challenger"] for flip in data["flips"]
    ]
    for standing in data["ranking"]:
        assert {"first_share", "coverage", "tier", "low", "high"} <= set(standing)
        assert standing["tier"] in ("fits", "unverified")
        assert 0 <= standing["coverage"] <= 1
        assert isinstance(standing["score"], int)
        assert 0 <= standing["low"] <= standing["score"] + 0.5
        assert standing["score"] - 0.5 <= standing["high"] <= 100
        parts = standing["contributions"]
        assert shown(sum(part["points"] for part in parts)) == standing["score"]
        assert sum(part["weight"] for part in parts) == pytest.approx(1)
        for part in parts:
            assert part["points"] == pytest.approx(100 * part["weight"] * part["value"])


def test_invalid_answers_are_kept_with_a_message_at_the_field(client, knowledge):
    response = client.post(
        "/advisor/",
        {
            **ANSWERS,
            "must_haves": ["admin-interface", "teleport"],
            "candidates": ["django", "flask"],
        },
    )

    page = read(response)
    form = response.context["form"]
    assert response.status_code == 200
    assert not Advice.objects.exists()
    assert list(form.errors) == ["must_haves"]
    [target] = [link[1:] for link in page.links if link.startswith("#id_")]
    assert page.has("input", id=target, name="must_haves")
    assert page.text.count("“teleport” is not among the answers") == 2
    for name, value in [
        ("priority-learning", "4"),
        ("priority-batteries", "2"),
        ("must_haves", "admin-interface"),
        ("team_knows", "flask"),
        ("candidates", "django"),
        ("candidates", "flask"),
    ]:
        assert page.has("input", name=name, value=value, checked=None), (name, value)
    assert page.has("option", value="microservice", selected=None)


def test_result_leads_back_to_the_form_with_its_answers(client, advice):
    result = read(client.get(advice.get_absolute_url()))
    [address] = {link for link in result.links if link.startswith("/advisor/?")}

    form = client.get(address).context["form"]

    assert form["project"].value() == ["microservice"]
    assert form["priority-learning"].value() == "4"
    assert form["team_knows"].value() == ["flask"]


# Reading never writes


def test_reading_writes_nothing(client, addresses):
    with CaptureQueriesContext(connection) as queries:
        heads = [client.head(address) for address in addresses]

    assert {(head.status_code, head.content) for head in heads} == {(200, b"")}
    statements = [query["sql"].split()[0].upper() for query in queries]
    # PostgreSQL declares a cursor for the choices of a form, and reads through it; it
    # is told how to plan a search, and to forget it.
    assert set(statements) <= {"SELECT", "DECLARE", "SET", "RESET"}
    assert not [query for query in queries if "django_session" in query["sql"]]


# When something goes wrong


def test_page_for_a_bad_request_is_styled(client, knowledge):
    response = client.get("/search/?q=%00")

    assert response.status_code == 400
    page = read(response)
    assert "We could not read this request" in page.text
    assert page.has("link", href="/static/css/site.css")


def test_page_for_a_failure_needs_nothing_that_may_have_failed(
    client, monkeypatch, caplog
):
    def fail(*args, **kwargs):
        raise RuntimeError("The database is gone.")

    client.raise_request_exception = False
    monkeypatch.setattr(KnowledgeVersion, "read", fail)

    response = client.get("/about/")

    page = read(response)
    assert response.status_code == 500
    assert "Something broke on our side" in page.text
    assert "The database is gone." not in page.text
    [style] = [address for address in page.loads if address.endswith(".css")]
    assert finders.find(style.removeprefix("/static/"))
    assert "{" not in (settings.BASE_DIR / "templates/500.html").read_text()


def test_form_without_its_token_is_refused_on_a_styled_page(knowledge):
    client = Client(enforce_csrf_checks=True)

    response = client.post("/advisor/", ANSWERS)

    assert response.status_code == 403
    assert "Please send the form again" in read(response).text
    assert not Advice.objects.exists()
