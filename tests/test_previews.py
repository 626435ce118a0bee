"""Drafts on the real page: for editors alone, marked, and stored by nobody."""

import re

import pytest
from django.contrib.auth.models import User

from comparisons.choices import Status
from comparisons.editing.admin_urls import cell_address
from comparisons.editing.roles import CONTRIBUTOR
from comparisons.models import Disagreement, Finding
from tests import factories as make
from tests import test_drafts as drafts
from tests.pages import RESULTS, read
from tests.test_drafts import BEGINNING, MARK, PUBLIC, hide_marked
from tests.test_rights import make_editor

# The models of which a preview of each page shows rows that are not published.
PREVIEWS = {
    "/frameworks/hidden/": ["Framework"],
    "/frameworks/flask/": ["Feature", "Finding", "ProCon", "Fact", "Adopter"],
    "/features/hidden-feature/": ["Feature"],
    "/features/throughput/": ["Finding"],
    "/features/orm/": ["CodeSample"],
    "/compare/django-vs-flask/?notes=1": ["Finding"],
    "/compare/bottle-vs-flask/": ["Comparison"],
    "/comparisons/": ["Comparison"],
    "{disagreement}": ["Disagreement"],
}
LISTS = ["/", "/frameworks/", f"/search/?q={BEGINNING}", "/sources/"]

published = drafts.published


@pytest.fixture
def editor_client(client, db):
    client.force_login(make_editor(CONTRIBUTOR))
    return client


def preview(address):
    return f"{address}{'&' if '?' in address else '?'}preview=1"


def seen(response):
    # A page may repeat its own address.
    words = read(response).text.replace("?preview=1", "")
    return response.status_code, response.get("ETag"), words, read(response).ids


@pytest.mark.parametrize("status", [Status.DRAFT, Status.IN_REVIEW])
def test_editor_sees_what_is_not_published_on_its_page(
    editor_client, published, status
):
    rows = hide_marked(published, status)
    [disagreement] = [
        row for row in rows if isinstance(row, Disagreement) and row.status == status
    ]
    own = {"{disagreement}": disagreement.get_absolute_url()}

    for address, models in PREVIEWS.items():
        response = editor_client.get(preview(own.get(address, address)))

        told = set(re.findall(rf"{MARK} \d+ (\w+)", response.text))
        assert set(models) <= told, address
        assert f"state-{status}" in response.text
        assert "Preview." in read(response).text
        assert "no-store" in response["Cache-Control"]
        assert not response.has_header("ETag")


def test_what_is_retired_is_in_no_preview(editor_client, published):
    hide_marked(published, Status.RETIRED)

    assert MARK not in editor_client.get(preview("/frameworks/flask/")).text


def test_preview_is_over_with_its_page_and_lists_have_none(editor_client, published):
    hide_marked(published, Status.DRAFT)
    editor_client.get(preview("/frameworks/flask/"))

    assert MARK not in editor_client.get("/frameworks/flask/").text
    assert editor_client.get("/frameworks/hidden/").status_code == 404
    for address in LISTS:
        assert MARK not in editor_client.get(preview(address)).text, address


def test_for_everybody_else_the_address_answers_as_without_it(
    client, published, advice
):
    hide_marked(published, Status.DRAFT)
    results = [page.format(advice=advice.pk) for page in RESULTS]

    for account in ("nobody", "reader", "staff without the right"):
        if account != "nobody":
            is_staff = account != "reader"
            user = User.objects.create(username=account, is_staff=is_staff)
            client.force_login(user)
        for address in [*PUBLIC, *results]:
            known, told = seen(client.get(address)), client.get(preview(address))
            assert seen(told) == known, (account, address)
        for address in ("/frameworks/hidden/", "/features/hidden-feature/"):
            assert client.get(preview(address)).status_code == 404


def test_edit_leads_from_every_statement_to_its_form(editor_client, knowledge):
    pages = ["/frameworks/flask/", "/frameworks/django/", "/compare/django-vs-flask/"]
    pages += [f"{pages[-1]}{below}" for below in ("sources/", "code/hello-world/")]
    pages += [
        f"{pages[0]}{slug}/" for slug in ("orm", "throughput", "ease-of-learning")
    ]
    pages += [row.get_absolute_url() for row in (knowledge.fact, knowledge.adopter)]
    pages += ["/disagreements/is-flask-easy/", "/sources/blog/"]
    pages += [knowledge.extension.get_absolute_url()]

    links = {link for page in pages for link in read(editor_client.get(page)).links}

    assert cell_address(knowledge.flask_orm) in links
    rows = [knowledge.flask, knowledge.pro, knowledge.fact]
    rows += [knowledge.adopter, knowledge.verdict, knowledge.comparison]
    rows += [knowledge.disagreement, knowledge.blog, knowledge.extension]
    rows += [knowledge.samples[0], knowledge.contested.citations.last()]
    for row in rows:
        form = f"/admin/comparisons/{row._meta.model_name}/{row.pk}/change/"
        assert form in links, row
        assert editor_client.get(form).status_code == 200
    missing = Finding(framework=knowledge.flask, feature=knowledge.throughput)
    assert cell_address(missing) in links


@pytest.mark.parametrize("given", ["", "x", "0", "9" * 30])
def test_entering_a_finding_that_is_a_draft_already_opens_it(
    editor_client, knowledge, given
):
    draft = make.make_finding(
        framework=knowledge.flask, feature=knowledge.throughput, draft=True
    )
    add = f"/admin/comparisons/finding/add/?feature={knowledge.throughput.pk}"

    entered = editor_client.get(f"{add}&framework={knowledge.flask.pk}")
    another = editor_client.get(f"{add}&framework={given}")

    assert entered.url == f"/admin/comparisons/finding/{draft.pk}/change/"
    assert another.status_code == 200


def test_editor_sees_a_run_of_measurements_before_it_is_published(
    editor_client, knowledge
):
    address = preview(make.make_run(draft=True).get_absolute_url())

    assert "state-draft" in editor_client.get(address).text
    assert type(editor_client)().get(address).status_code == 404
