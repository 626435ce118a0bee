"""What a reader's words lead to, on whichever database the tests run."""

from html import unescape
from pathlib import Path

import pytest
import yaml
from django.db import connection
from django.urls import reverse

from comparisons.choices import Status
from comparisons.models import Fact, Feature, Finding, Framework
from comparisons.search import index
from comparisons.search.kinds import KINDS
from comparisons.search.results import Results
from comparisons.search.words import best_sentence, marked
from tests import factories as make
from tests.pages import read

QUERIES = yaml.safe_load(Path(__file__).with_name("queries.yaml").read_text())

pytestmark = pytest.mark.django_db


def shown(query, kind=""):
    """Return what is shown for ``query``: (label, title without marks)."""
    results = Results.find(query, kind)
    return [
        (hit.label, unescape(hit.title.replace("<mark>", "").replace("</mark>", "")))
        for hit in results.shown(results.hits)
    ]


def first(query):
    """Return the address that a reader is shown first, or None."""
    results = Results.find(query)
    if results.answer:
        return results.answer.url
    return next((hit.url for hit in results.shown(results.hits[:1])), None)


def expected(answer):
    """Return the address that ``queries.yaml`` means by ``answer``."""
    if answer.startswith("/"):
        return answer
    *is_fact, framework, name = answer.split()
    if is_fact:
        return Fact.objects.get(framework__slug=framework, kind=name).get_absolute_url()
    cell = {"framework__slug": framework, "feature__slug": name}
    return Finding.objects.get(**cell).get_absolute_url()


def test_right_answer_comes_first(shipped_knowledge):
    wrong = {
        query: (first(query), answer)
        for queries in QUERIES.values()
        for query, answer in queries.items()
        if first(query) != expected(answer)
    }

    assert None not in [found for found, _ in wrong.values()]
    # They are all right today; a change of the knowledge may cost a few.
    assert len(wrong) <= 3, wrong


# Words


@pytest.mark.parametrize(
    ("title", "query"),
    [
        ("ÉTUDE de Flask", "étude"),
        ("Étude de Flask", "etude"),
        ("Guide to blueprints", "blueprint guid"),
        ("Caching of pages", "caches"),
        ("Rate limits", "ratelimits"),
        ("Websockets", "web sockets"),
        ("Socket.IO and node.js", "socketio"),
        ("The file app.py", "app.py"),
        ("Über «Größe»", "uber GRÖßE"),
        ("Guide to the Straße", "STRASSE"),
        ("GUIDE TO THE STRASSE", "straße"),
        ("Don't repeat yourself", "dont"),
        ("Dont repeat yourself", "don’t repeat"),
        ("The O’Reilly book", "oreilly"),
        ("The O'Reilly book", "reilly"),
        ("Le guide de l’ORM", "orm guide"),
        ("PyCon Łódź", "lodz"),
        ("PyCon Lodz", "ŁÓDŹ"),
        ("Kadıköy and ISPARTA", "kadikoy ısparta"),
        ("İzmir in March", "izmir"),
        ("½ of the pages, 2¾ of them", "½"),
        ("1/2 of the pages", "½"),
        ("½ of the pages", "1/2"),
        ("Œuvres of Ærø and Đorđe", "oeuvres aero dorde"),
        ("Oeuvres", "ŒUVRES"),
        ("E = mc²", "mc2"),
        ("A ﬁle in ﬂight", "file flight"),
        ("Flask", "Ｆｌａｓｋ"),
        ("ΌΣΟΣ", "όσος"),
        ("Кино и ЙОД", "кино йод"),
    ],
)
def test_words_are_found_in_any_order_and_form(knowledge, title, query):
    source = make.make_source(title=title)
    make.make_citation(finding=knowledge.flask_orm, source=source)

    assert ("Source", str(source)) in shown(query)


@pytest.mark.parametrize("query", ["lueprint", "blueprints recipe", "'", '"', "&|!"])
def test_what_no_row_has_is_not_found(knowledge, query):
    make.make_source(title="Guide to blueprints")

    assert "Guide to blueprints" not in str(shown(query))


def test_sources_in_the_list_are_found_by_the_same_words(client, knowledge):
    source = make.make_source(title="ÉTUDE")
    make.make_citation(finding=knowledge.flask_orm, source=source)

    assert "ÉTUDE" in read(client.get("/sources/?q=étude")).text
    assert "ÉTUDE" not in read(client.get("/sources/?q=-")).text


def test_case_of_no_letter_matters_to_the_searches_of_the_desk(admin_client):
    source = make.make_source(title="ÉTUDE de Flask")

    for asked in ("étude", "ÉTUDE", "flask"):
        [found] = (
            admin_client.get("/admin/comparisons/source/", {"q": asked})
            .context["cl"]
            .result_list
        )
        assert found == source


def test_marks_are_ours_and_the_text_is_not():
    assert marked("<b>Étude</b> & orm", {"etud"}) == (
        "&lt;b&gt;<mark>Étude</mark>&lt;/b&gt; &amp; orm"
    )


def test_word_that_says_nothing_is_not_marked(client):
    make.make_finding(feature=make.make_feature(name="Logs and errors"))

    found = client.get("/search/?q=logs-and-errors").text

    assert "<mark>Logs</mark>" in found
    assert "<mark>and</mark>" not in found


def test_sentence_is_the_one_with_most_words_cut_around_them():
    text = "First one. " + "far " * 80 + "away stands the orm of Flask. Flask is last."

    sentence = best_sentence([text], {"orm", "flask"})

    assert sentence.startswith("… far ")
    assert sentence.endswith("the <mark>orm</mark> of <mark>Flask</mark>.")
    assert len(sentence) < 300


# The index


def add(knowledge):
    make.make_pro_con(framework=knowledge.flask, statement="A quokka sits there.")


def change_by_sql(knowledge):
    Finding.objects.filter(pk=knowledge.flask_orm.pk).update(
        note="A quokka sits there."
    )


def rename_what_it_is_about(knowledge):
    Framework.objects.filter(pk=knowledge.flask.pk).update(name="Quokka")


@pytest.mark.parametrize("change", [add, change_by_sql, rename_what_it_is_about])
def test_index_follows_every_change(knowledge, change):
    assert shown("quokka") == []

    change(knowledge)

    assert shown("quokka") != []


def test_deleted_rows_and_drafts_are_not_found(knowledge):
    assert "Flask: Orm" in str(shown("brings none"))

    Feature.objects.filter(pk=knowledge.orm.pk).update(status=Status.DRAFT)
    assert "Flask: Orm" not in str(shown("brings none"))

    knowledge.con.delete()
    assert shown("chosen joined") == []


def test_index_is_made_anew_where_it_was_lost(knowledge):
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {index.STATE}")
        cursor.execute(f"DELETE FROM {index.STATE}_finding")
    assert "Finding" not in dict(shown("brings none"))

    index.install()

    assert "Finding" in dict(shown("brings none"))


def test_nothing_is_made_anew_where_nothing_was_lost(knowledge):
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {index.STATE}_finding")

    index.install()

    assert "Finding" not in dict(shown("brings none"))


def test_all_that_is_said_is_found(knowledge):
    queries = {
        "Framework": "small core",
        "Feature": "recipe count",
        "Comparison": "do the job",
        "Finding": "brings none",
        "Disagreement": "small things",
        "Package": "peewee",
        "Pro or con": "chosen joined",
        "Fact": "flask licence",
        "User": "mozilla",
        "Source": "blog",
        "Passage": "it is there",
    }

    found = {label: {each for each, _ in shown(queries[label])} for label in queries}

    assert [label for label in queries if label not in found[label]] == []
    assert {kind.label for kind in KINDS} == set(queries)


# Names


@pytest.mark.parametrize(
    ("query", "corrected"),
    [("falsk", "Flask"), ("djagno orm", "Django orm"), ("web scokets", "WebSockets")],
)
def test_mistyped_names_are_answered_and_the_right_ones_offered(
    client, knowledge, query, corrected
):
    make.make_feature(slug="websockets", name="WebSockets")

    page = read(client.get("/search/", {"q": query}))

    assert f"Did you mean {corrected} ?" in page.text
    assert f"?q={corrected.replace(' ', '+')}" in page.links


def test_words_that_are_used_are_no_mistakes(knowledge):
    make.make_pro_con(framework=knowledge.flask, statement="A flash of light.")

    assert Results.find("flash").corrected == ""
    assert Results.find("flahs").corrected == ""


def test_nothing_found_leads_on(client, knowledge):
    page = read(client.get("/search/?q=fzzzzzz"))

    assert "Names that are written much like it" in page.text
    assert "?q=Flask" in page.links
    assert reverse("advisor:questionnaire") in page.links


def test_editors_say_what_readers_call_things(admin_client, client, knowledge):
    response = admin_client.post(
        reverse("admin:comparisons_synonym_add"),
        {"word": "Sea-Quell", "feature": knowledge.orm.pk},
    )
    assert response.status_code == 302

    assert first("seaquell") == knowledge.orm.get_absolute_url()
    assert first("flask seaquell") == knowledge.flask_orm.get_absolute_url()

    make.change(knowledge.orm, status=Status.DRAFT)
    assert first("seaquell") is None


def test_former_names_lead_to_what_has_another_now(knowledge):
    assert first("flask classic") == knowledge.flask.get_absolute_url()


# Answers


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("flask vs. django", ["Django vs Flask", "Choose Django when"]),
        (
            "django or flask orm",
            ["Django vs Flask", "Flask: Orm", "Third-party package"],
        ),
        ("orm of flask", ["Flask: Orm", "Third-party package", "Flask sqlalchemy"]),
        ("orm", ["Orm", "1 built in · 1 package", "a recipe does not count"]),
        ("peewee", ["Orm", "Peewee: ", "1 built in · 1 package"]),
    ],
)
def test_query_is_answered_at_once(client, knowledge, query, texts):
    page = read(client.get("/search/", {"q": query}))

    answer = page.text.partition("All ")[0]
    assert [text for text in texts if text not in answer] == []


@pytest.mark.parametrize("query", ["flask", "is it", "flask nowhere"])
def test_what_is_no_question_has_no_answer(knowledge, query):
    assert Results.find(query).answer is None


# The page


def test_kinds_are_facets_and_pages_hold_twenty(client, knowledge):
    for number in range(25):
        source = make.make_source(title=f"Quokka {number}")
        make.make_citation(finding=knowledge.flask_orm, source=source, says="Quokka.")

    everything = read(client.get("/search/?q=quokka")).text
    sources = client.get("/search/?q=quokka&kind=source&page=2")

    assert "Sources 25 Passages 25" in everything
    assert "Page 1 of 3" in everything
    assert len(sources.context["hits"]) == 5
    assert {hit.label for hit in sources.context["hits"]} == {"Source"}


@pytest.mark.parametrize("query", ["kind=nonsense", "page=-3", "page=x", "kind=user"])
def test_nonsense_shows_the_list(client, knowledge, query):
    assert "Flask docs" in read(client.get(f"/search/?q=flask&{query}")).text
