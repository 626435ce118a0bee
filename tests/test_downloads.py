"""What can be taken away from a page: its table, and how it is cited."""

import csv
import io
import json
import re

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comparisons.choices import Status
from comparisons.models import KnowledgeVersion
from tests import factories as make
from tests.pages import read
from tests.test_sharing import KINDS

ENDINGS = ("csv", "md", "bib", "csl", "ris")


@pytest.fixture(autouse=True)
def _nothing_kept():
    caches["pages"].clear()


def rows_of(client, kind):
    content = client.get(f"{kind.rstrip('/')}.csv").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


@pytest.mark.parametrize("kind", KINDS)
def test_page_says_how_it_is_cited_and_leads_to_its_files(client, knowledge, kind):
    page = read(client.get(kind))
    number = KnowledgeVersion.current()

    assert f"Framewise, version {number} of " in page.text
    assert f"http://testserver{kind}" in page.text
    for ending in ENDINGS:
        address = f"{kind.rstrip('/')}.{ending}"
        assert page.links.count(address) == 1
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer["X-Robots-Tag"] == "noindex"
        with CaptureQueriesContext(connection) as queries:
            assert Client().get(address).content == answer.content
        assert len(queries) == 1


def test_table_of_a_comparison_has_every_answer(client, knowledge):
    rows = {row["Feature"]: row for row in rows_of(client, KINDS[0])}
    orm = rows[knowledge.orm.name]

    assert len(rows) == 6
    assert orm["Flask: level"] == "Third-party package"
    assert orm["Flask: provider"] == knowledge.extension.name
    assert orm["Flask: note"] == "Flask brings none of its own."
    assert orm["Flask: address"] == "http://testserver/frameworks/flask/orm/"
    assert rows[knowledge.throughput.name]["Flask: level"] == "Unknown"


def test_table_of_a_finding_has_every_passage(client, knowledge):
    rows = rows_of(client, KINDS[2])

    passages = {row["Address"].partition("#")[2] for row in rows}
    assert passages == {"flask-ease-1", "flask-ease-2", "flask-pro-small-1"}
    assert {row["Stance"] for row in rows} == {"Supports", "Disputes"}
    assert "High" in {row["Our level"] for row in rows}


@pytest.mark.parametrize("kind", [KINDS[4], KINDS[5]])
def test_table_of_passages_names_what_they_are_cited_for(client, knowledge, kind):
    rows = rows_of(client, kind)

    assert rows
    assert all(row["What for"] and row["What it says"] for row in rows)


def test_file_holds_no_draft_and_a_draft_has_no_file(client, knowledge):
    draft = make.make_framework(slug="secret", status=Status.DRAFT)
    finding = make.make_finding(
        framework=knowledge.django,
        feature=make.make_feature(slug="sealed"),
        cited={"source": knowledge.blog, "says": "Not for readers."},
    )
    knowledge.django.findings.filter(pk=finding.pk).update(
        status=Status.DRAFT, note="Not for readers."
    )

    for page in ("frameworks/django", "frameworks/django/sealed", "features/sealed"):
        assert "Not for readers." not in client.get(f"/{page}.md").text
    assert "Not for readers." not in client.get("/sources/blog.csv").text
    assert client.get(f"{draft.get_absolute_url().rstrip('/')}.csv").status_code == 404
    assert client.get("/compare/flask-vs-secret.bib").status_code == 404


def test_file_runs_no_formula_and_breaks_no_markup(client, knowledge):
    make.change(knowledge.flask_orm, note='=HYPERLINK("x") | <b>[a](b)')
    make.change(knowledge.flask, name=r"Fl{a}sk & 100 % \sons")

    sheet = client.get("/frameworks/flask.csv").content.decode("utf-8-sig")
    text = client.get("/frameworks/flask.md").text
    entry = client.get("/frameworks/flask.bib").text
    [item] = json.loads(client.get("/frameworks/flask.csl").content)

    row = next(row for row in csv.reader(io.StringIO(sheet)) if "HYPER" in str(row))
    assert row[4].startswith("'=HYPERLINK")
    assert r"\| \<b>\[a\](b)" in text
    assert r"{{Fl\{a\}sk \& 100 \% \textbackslash{}sons}}" in entry
    assert len(re.findall(r"(?<!\\)\{", entry)) == len(re.findall(r"(?<!\\)\}", entry))
    assert item["title"] == knowledge.flask.name
    permalink = f"http://testserver/frameworks/flask/?at={item['version']}"
    assert item["URL"] == permalink
    assert f"UR  - {permalink}\r\n" in client.get("/frameworks/flask.ris").text


def test_file_has_one_address_whatever_the_order(client, knowledge):
    other = client.get("/compare/flask-vs-django.csv")
    assert other.url == "/compare/django-vs-flask.csv"
    assert client.get("/compare/flask.csv").status_code == 404
    assert client.get("/frameworks/flask.exe").status_code == 404
