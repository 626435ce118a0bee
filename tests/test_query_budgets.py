"""What a page asks of the database does not grow with the knowledge."""

from collections import Counter

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comparisons.admin.bases.forms import KnowledgeForm
from comparisons.choices import FactKind, FeatureKind, LinkState, Side, Stance, Status
from comparisons.editing.roles import ADMINISTRATOR, REVIEWER
from comparisons.history.recording import change_set, record_present_state
from comparisons.history.undoing import undo
from comparisons.models import Citation, Feature, Finding
from comparisons.models.history import paused
from comparisons.queue import Queue
from tests import factories as make
from tests.forms import desk_address, filled_in
from tests.pages import ANSWERS, ask_advisor
from tests.test_rights import make_editor

# The most queries that each page may run.
BUDGETS = {
    # The field, comparisons with verdicts, disagreements with passages, changes.
    "/": 15,
    "/frameworks/": 10,
    "/frameworks/?provides=orm&at_least=built_in&fits=microservice": 12,
    "/frameworks/flask/": 16,
    "/frameworks/flask/ease-of-learning/": 12,
    "/frameworks/flask/throughput/": 11,
    "/frameworks/flask/facts/license/": 5,
    "/frameworks/django/adopters/django-mozilla/": 5,
    "/compare/": 4,
    "/compare/django-vs-flask/": 14,
    "/compare/django-vs-flask/?differences=1&notes=1": 14,
    "/compare/django-vs-flask/text/": 5,
    "/compare/django-vs-flask/sources/": 9,
    "/compare/django-vs-flask/code/hello-world/": 4,
    "/comparisons/": 5,
    "/features/": 5,
    "/features/orm/": 13,
    "/extensions/": 9,
    "/extensions/flask-sqlalchemy/": 7,
    "/sources/": 6,
    "/sources/?disputes=on&kind=blog&kind=documentation&q=o": 8,
    "/sources/blog/": 9,
    "/disagreements/": 14,
    "/disagreements/is-flask-easy/": 6,
    "/measurements/": 4,
    "/changes/": 9,
    "/changes/?framework=flask&feature=orm&source=blog": 12,
    "/changes/feed/": 5,
    "/frameworks/flask/feed/": 6,
    # Each of eleven kinds, names in five queries, an answer in up to nine.
    # PostgreSQL is told how to plan, and to forget it.
    "/search/?q=o": 28 if connection.vendor == "postgresql" else 26,
    "/search/?q=flask+orm": 22,
    "/advisor/": 13,
    "/advisor/interview/": 13,
    "/advisor/method/": 14,
    "/advisor/record/": 8,
    # The rest is for the stamp of what is shown.
    "/suggest/finding/flask/orm/": 5,
    "/suggest/source/blog/": 2,
    "/advisor/groups/": 0,
    "/sitemap-findings.xml": 3,
}
# And of the desk, where each begins with the session and the account. A name in
# braces stands for the key of that row of the knowledge.
DESK_BUDGETS = {
    "/admin/comparisons/finding/": 10,
    "/admin/comparisons/source/": 8,
    "/admin/comparisons/link/": 8,
    "/admin/comparisons/framework/{flask}/change/": 7,
    "/admin/comparisons/finding/{flask_orm}/change/": 14,
    "/admin/comparisons/comparison/{comparison}/change/": 25,
    "/admin/comparisons/matrix/framework/flask/": 25,
    "/admin/comparisons/matrix/framework/flask/?edit=orm": 25,
    "/admin/comparisons/suggestion/": 8,
    "/admin/comparisons/suggestion/{suggestion}/change/": 25,
    "/admin/comparisons/proposal/": 8,
    "/admin/comparisons/proposal/{proposal}/change/": 25,
    # Every part of the knowledge once.
    "/admin/audit/": 42,
    "/admin/advisor/audit/": 40,
    "/admin/advisor/preview/": 40,
    "/admin/advisor/personas/": 40,
}
WIDE = "/compare/django-vs-flask-vs-wide-0-vs-wide-1-vs-wide-2-vs-wide-3/"


@pytest.fixture
def two(knowledge):
    """Two frameworks of which every feature is answered and cited twice."""
    make.make_finding(framework=knowledge.flask, feature=knowledge.throughput)
    with paused():
        for framework in (knowledge.flask, knowledge.django):
            surround(framework, knowledge)
            for finding in framework.findings.all():
                make.make_citation(finding=finding, stance=Stance.DISPUTES)
        make.make_citation(verdict=knowledge.verdict, source=knowledge.blog)
    touch(knowledge.flask)
    return knowledge


def grow(knowledge):
    """Make them twelve, with everything that goes with a framework."""
    with paused():
        added = grow_unrecorded(knowledge)
    for framework in added:
        touch(framework)


def touch(framework):
    make.edit(framework, tagline="Looked at again.")


def grow_unrecorded(knowledge):
    kinds = {kind: kind.levels[1] for kind in FeatureKind}
    added = [make.make_framework(slug=f"wide-{number}") for number in range(10)]
    for framework in added:
        for feature in Feature.objects.all():
            finding = make.make_finding(
                framework=framework,
                feature=feature,
                level=kinds[feature.feature_kind],
                alternatives=[make.make_extension(frameworks=[framework])],
            )
            make.make_citation(
                finding=finding, source=knowledge.blog, stance=Stance.DISPUTES
            )
        surround(framework, knowledge)
        make.make_sample(task=knowledge.task, framework=framework)
    compared = [knowledge.django, knowledge.flask, *added[:4]]
    make_curated(compared, knowledge)
    make_curated([added[0], added[1]], knowledge)
    make_disagreement(knowledge, added)
    return added


def surround(framework, knowledge):
    """Add pros and cons, facts, an adopter and an extension, each cited."""
    for side in Side:
        make.make_pro_con(framework=framework, feature=knowledge.orm, side=side)
    make.make_fact(framework=framework, kind=FactKind.ORIGIN)
    make.make_adopter(framework=framework, cited={"source": knowledge.blog})
    make.make_extension(frameworks=[framework])


def make_curated(frameworks, knowledge):
    comparison = make.make_comparison(frameworks=frameworks, features=[knowledge.orm])
    for _ in range(3):
        make.make_section(
            comparison=comparison, features=[knowledge.orm, knowledge.admin]
        )
    for framework in frameworks:
        verdict = make.make_verdict(
            comparison=comparison,
            framework=framework,
            findings=framework.findings.all()[:2],
        )
        make.make_citation(verdict=verdict, source=knowledge.blog)


def make_disagreement(knowledge, frameworks):
    disagreement = make.make_disagreement(
        feature=knowledge.orm, frameworks=frameworks[:6]
    )
    for framework in frameworks[:3]:
        make.make_position(
            disagreement=disagreement,
            citations=framework.findings.get(feature=knowledge.orm).citations.all(),
        )


def queries_of(ask, *args):
    with CaptureQueriesContext(connection) as queries:
        response = ask(*args)
    return len(queries), response


def costs(client, addresses):
    """Return {address: number of queries}, of pages that all answer."""
    asked = {address: queries_of(client.get, address) for address in addresses}
    assert {response.status_code for _, response in asked.values()} == {200}
    return {address: queries for address, (queries, _) in asked.items()}


def test_pages_keep_their_budgets_with_two_and_with_twelve_frameworks(client, two):
    few = costs(client, BUDGETS)
    grow(two)

    many = costs(client, BUDGETS)

    assert many == few
    assert [page for page, most in BUDGETS.items() if many[page] > most] == []
    # Six columns of a matrix cost what two do, but for their themes: those would be
    # too many lines.
    assert costs(client, [WIDE]) == {WIDE: many["/compare/django-vs-flask/"] - 1}


def crowd(knowledge):
    """Add to what the forms of the desk are opened of."""
    for _ in range(5):
        make.make_finding(framework=knowledge.flask)
        make.make_citation(finding=knowledge.flask_orm)
        make.make_link(source=make.make_source())
        section = make.make_section(comparison=knowledge.comparison)
        section.features.set([knowledge.orm, knowledge.routing])
        make.make_verdict(
            comparison=knowledge.comparison,
            framework=make.make_framework(),
            findings=[knowledge.flask_orm, make.make_finding()],
        )
        make.make_suggestion(finding=knowledge.flask_orm)
        make.make_proposal(row=knowledge.flask_orm)
        make.make_expectation(persona=make.make_persona(expected=[knowledge.flask]))
        choice = make.make_choice(question=make.make_question(draft=True))
        make.make_effect(choice=choice)


def test_pages_of_the_desk_keep_theirs(admin_client, two):
    two.suggestion = make.make_suggestion(finding=two.flask_orm)
    two.proposal = make.make_proposal(row=two.flask_orm)
    make.make_link(source=two.blog)
    keys = {name: row.pk for name, row in vars(two).items() if hasattr(row, "pk")}
    budgets = {page.format(**keys): most for page, most in DESK_BUDGETS.items()}
    # The first page reads what the others find in the cache.
    costs(admin_client, budgets)
    few = costs(admin_client, budgets)
    grow(two)
    crowd(two)
    costs(admin_client, budgets)

    many = costs(admin_client, budgets)

    # Packages are read where a finding names one.
    assert [page for page in budgets if many[page] > few[page] + 1] == []
    assert [page for page, most in budgets.items() if many[page] > most] == []


MUST_HAVES = {**ANSWERS, "must_haves": ["admin-interface"]}


def ask_for_advice(client, knowledge):
    return queries_of(client.post, "/advisor/", MUST_HAVES)


def ask_next_question(client, knowledge):
    return queries_of(client.get, "/advisor/interview/?project=microservice")


def read_result(client, knowledge):
    return queries_of(client.get, ask_advisor(client).get_absolute_url())


def read_result_as_json(client, knowledge):
    address = ask_advisor(client).get_absolute_url()
    return queries_of(client.get, f"{address.rstrip('/')}.json")


def read_what_changed(client, knowledge):
    address = ask_advisor(client, MUST_HAVES).get_absolute_url()
    for finding in knowledge.orm.findings.all():
        make.change(finding, note=f"{finding.note} And more.")
    queries, response = queries_of(client.get, address)
    assert response.context["changes"].causes
    return queries, response


@pytest.mark.parametrize(
    ("ask", "most"),
    [
        # All but one to read, and that in a transaction of its own.
        (ask_for_advice, 24),
        # What the form reads, and what is known.
        (ask_next_question, 17),
        (read_result, 5),
        (read_result_as_json, 5),
        # Two for what is stored, twenty to run its answers again.
        (read_what_changed, 22),
    ],
)
def test_advice_costs_the_same_with_two_and_with_twelve_frameworks(
    client, two, ask, most
):
    few, _ = ask(client, two)
    grow(two)

    many, response = ask(client, two)

    assert response.status_code in (200, 302)
    # Packages are read where a finding that is quoted names one.
    assert many <= few + 2
    assert many <= most


def test_pages_of_a_group_cost_the_same_with_one_member_and_with_thirty(client, two):
    owner = client.post("/advisor/groups/").url.partition("#")[0]
    invitation = owner.partition("owner")[0]
    first = client.post(invitation, ANSWERS).url.partition("#")[0]
    alone, combined = queries_of(client.post, owner, {"act": "combine"})
    pages = {
        # The group, who has answered, and what the advisor's form reads.
        invitation: 14,
        f"{first}answers/": 14,
        first: 4,
        owner: 3,
        combined.url: 3,
    }

    few = {page: queries_of(client.get, page)[0] for page in pages}
    for number in range(2, 31):
        Client().post(invitation, ANSWERS | {"member-name": f"Person {number}"})
    together, _ = queries_of(client.post, owner, {"act": "combine"})
    many = {page: queries_of(client.get, page)[0] for page in pages}

    # Packages are read where a finding that is quoted names one.
    assert together <= alone + 2
    assert many == few
    assert {page: few[page] for page in pages if few[page] > pages[page]} == {}


@pytest.mark.parametrize("group", [ADMINISTRATOR, REVIEWER])
def test_saving_a_note_costs_little_and_builds_each_form_once(
    client, two, monkeypatch, group
):
    for _ in range(5):
        make.make_citation(finding=two.flask_orm)
    client.force_login(make_editor(group))
    page = desk_address(Finding, "change", two.flask_orm.pk)
    data = filled_in(client.get(page), note="Another note.")
    built, build = Counter(), KnowledgeForm.__init__

    def count(form, *args, **kwargs):
        built[type(form)._meta.model] += 1
        build(form, *args, **kwargs)

    monkeypatch.setattr(KnowledgeForm, "__init__", count)

    queries, response = queries_of(client.post, page, data)

    assert response.status_code == 302
    assert queries <= 44
    assert built == {Finding: 1, Citation: two.flask_orm.citations.count()}


@pytest.fixture
def busy(two):
    """Something in every section of the queue that comes from stored rows."""
    wait(two)
    return two


def wait(knowledge):
    with paused():
        for status in (Status.DRAFT, Status.IN_REVIEW):
            make.make_framework(status=status)
            make.make_feature(status=status)
            make.make_theme(status=status)
            make.make_sample(task=knowledge.task, status=status)
            make.make_disagreement(feature=knowledge.orm, status=status)
            for _ in range(3):
                make.make_finding(status=status, cited=False)
                make.make_pro_con(status=status, cited=False)
    for state in (LinkState.GONE, LinkState.UNCHECKED):
        make.make_link(state=state)
    make.make_source(title="The same", publisher="P")
    make.make_source(title="The same", publisher="P")


def test_front_costs_the_same_with_little_and_with_much_to_do(
    admin_client, busy, monkeypatch
):
    # What takes long is worked out once for each state of the knowledge.
    known = {}
    monkeypatch.setattr(
        Queue, "ask", lambda queue, work, *args: known.setdefault(work, work(*args))
    )
    admin_client.get("/admin/")
    monkeypatch.setattr(Queue, "ask", lambda queue, work, *args: known[work])
    few, _ = queries_of(admin_client.get, "/admin/")
    grow(busy)
    for _ in range(4):
        wait(busy)

    many, response = queries_of(admin_client.get, "/admin/")

    waiting = {glance.section.slug for glance in response.context["waiting"]}
    assert {"in-review", "uncited-drafts", "gone", "duplicates"} <= waiting
    assert many == few
    # Session, account, second factor, the frameworks, and one for each list.
    assert few <= 19


@pytest.mark.parametrize("slug", ["in-review", "uncited-drafts", "unanswered"])
def test_section_costs_the_same_with_little_and_with_much_to_do(
    admin_client, busy, slug
):
    few, _ = queries_of(admin_client.get, f"/admin/queue/{slug}/")
    grow(busy)
    wait(busy)

    many, _ = queries_of(admin_client.get, f"/admin/queue/{slug}/")

    assert many == few


def test_set_of_changes_costs_the_same_with_few_and_with_many_objects(client, two):
    def add_passages(number):
        with change_set() as changes:
            for finding in two.flask.findings.all()[:number]:
                make.make_citation(finding=finding, stance=Stance.CONTEXT)
                finding.note = "Looked at again."
                finding.alternatives.add(two.extension)
                finding.save()
        return changes.get_absolute_url()

    record_present_state()
    one, many = add_passages(1), add_passages(5)

    few, _ = queries_of(client.get, one)
    queries, response = queries_of(client.get, many)

    assert len(response.context["differences"]) == 10
    # The findings that lead to the package are all in the larger set already.
    assert queries <= few
    assert few <= 47


def test_each_object_of_a_set_costs_little_to_record_and_to_undo(admin_client, two):
    # The one that names packages, which cost a query of their own, comes first.
    first = two.flask_orm
    others = list(two.flask.findings.exclude(pk=first.pk))

    def reword(*findings):
        with change_set() as changes:
            for finding in findings:
                make.change(finding, note="Looked at again.")
        return changes

    def confirm(changes):
        return admin_client.get(f"/admin/comparisons/changeset/{changes.pk}/undo/")

    def take_back(changes):
        return undo([changes])

    record_present_state()
    recording_one, one = queries_of(reword, first)
    recording_all, several = queries_of(reword, *others)
    costs = {
        act: [queries_of(act, changes)[0] for changes in (one, several)]
        for act in (confirm, take_back)
    }

    more = len(others) - 1
    assert recording_all - recording_one <= 3 * more
    assert costs[confirm][1] <= costs[confirm][0]
    # It comes back as a draft, until its citations are there, and as it was.
    assert costs[take_back][1] - costs[take_back][0] <= 8 * more
