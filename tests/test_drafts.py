"""What is not published is nowhere: on no page, in no list, count or choice.

Each case adds rows that hold ``MARK`` and leaves something about them
unpublished: the row itself, or what it hangs on.
"""

import json
import re

import pytest
from django.db import transaction

from advisor.choices import ThemeBasis
from advisor.models import Question, Theme
from comparisons.choices import FactKind, FeatureKind, Level, Stance, Status
from comparisons.history.recording import change_set, record_present_state
from comparisons.models import Comparison, Disagreement, Finding
from tests import factories as make
from tests.pages import ANSWERS, FIXED, ask_advisor, public_addresses, read

HIDDEN = [status for status in Status if status != Status.PUBLISHED]
# A search for the beginning finds the mark, and the page repeats only that.
BEGINNING = "Zyxwvu"
MARK = f"{BEGINNING} of the unpublished"
# Where the rows of each case would show if they were published.
PUBLIC = [
    *FIXED,
    "/frameworks/flask/",
    "/frameworks/?provides=orm",
    f"/frameworks/?q={BEGINNING}",
    "/compare/django-vs-flask/",
    "/compare/bottle-vs-flask/",
    "/features/orm/",
    "/features/throughput/",
    "/sources/blog/",
    "/changes/feed/",
    f"/sources/?q={BEGINNING}",
    f"/search/?q={BEGINNING}",
]


def cited():
    """A citation that holds the mark, of a source that does."""
    source = make.make_source(title=MARK, author=MARK, publisher=MARK)
    return {"cited": {"source": source, "says": MARK, "locator": MARK}}


# Rows that are not published


def framework(knowledge, status):
    return make.make_framework(
        slug="hidden", name=MARK, tagline=MARK, summary=MARK, status=status
    )


def feature(knowledge, status, kind=FeatureKind.CAPABILITY):
    hidden = make.make_feature(
        slug="hidden",
        name=MARK,
        definition=MARK,
        group=make.make_group(name=f"{MARK}s", description=MARK),
        kind=kind,
        status=status,
    )
    make.make_threshold(feature=hidden, text=MARK)
    return hidden


def finding(knowledge, status):
    extension = make.make_extension(name=MARK)
    make.make_finding(
        framework=knowledge.flask,
        feature=knowledge.throughput,
        level=Level.VERY_HIGH,
        extension=extension,
        note=MARK,
        decision=MARK,
        status=status,
        **cited(),
    )


def pro_con(knowledge, status):
    make.make_pro_con(
        framework=knowledge.flask,
        feature=knowledge.orm,
        statement=MARK,
        matters_when=MARK,
        status=status,
        **cited(),
    )


def fact(knowledge, status):
    make.make_fact(
        framework=knowledge.flask,
        kind=FactKind.ORIGIN,
        value=MARK,
        note=MARK,
        status=status,
        **cited(),
    )


def adopter(knowledge, status):
    make.make_adopter(
        framework=knowledge.flask, name=MARK, note=MARK, status=status, **cited()
    )


def sample(knowledge, status):
    task = make.make_task(feature=knowledge.orm, title=MARK, description=MARK)
    make.make_sample(
        task=task, framework=knowledge.flask, code=f"# {MARK}", note=MARK, status=status
    )


def comparison(knowledge, status):
    hidden = make.make_comparison(
        frameworks=[knowledge.bottle, knowledge.flask],
        title=MARK,
        introduction=MARK,
        status=status,
    )
    make.make_section(comparison=hidden, heading=MARK, body=MARK)
    verdict = make.make_verdict(comparison=hidden, framework=knowledge.flask, when=MARK)
    make.make_citation(verdict=verdict, **cited()["cited"])


def disagreement(knowledge, status):
    hidden = make.make_disagreement(
        feature=knowledge.orm,
        frameworks=[knowledge.flask],
        question=MARK,
        decision=MARK,
        reason=MARK,
        status=status,
    )
    citations = knowledge.flask_orm.citations.all()
    make.make_position(disagreement=hidden, position=MARK, citations=citations)


def theme(knowledge, status):
    return make.make_theme(
        name=MARK, description=MARK, shares={knowledge.orm: "1.0"}, status=status
    )


def question(knowledge, status):
    hidden = make.make_question(slug="hidden", text=MARK, help_text=MARK, status=status)
    choice = make.make_choice(question=hidden, label=MARK, help_text=MARK)
    make.make_effect(choice=choice, feature=knowledge.orm)


def preset(knowledge, status):
    [project] = [q for q in knowledge.questions if q.slug == "project"]
    make.make_preset(name=MARK, why=MARK, choice=project.choices.get(), status=status)


def conflict(knowledge, status):
    choices = {"first": knowledge.conflict.first, "second": knowledge.conflict.second}
    make.make_conflict(message=MARK, status=status, **choices)


def kinship(knowledge, status):
    make.make_kinship(
        known=knowledge.flask, helped=knowledge.django, reason=MARK, status=status
    )


UNPUBLISHED = [
    framework,
    feature,
    finding,
    pro_con,
    fact,
    adopter,
    sample,
    comparison,
    disagreement,
    theme,
    question,
    preset,
    conflict,
    kinship,
]


# Published rows that hang on one that is not


def all_of_a_framework(knowledge, status):
    hidden = framework(knowledge, status)
    make.make_finding(
        framework=hidden, feature=knowledge.orm, level=Level.NONE, note=MARK, **cited()
    )
    make.make_pro_con(framework=hidden, feature=knowledge.orm, **cited())
    make.make_fact(framework=hidden, value=MARK, **cited())
    make.make_adopter(framework=hidden, name=MARK, **cited())
    make.make_sample(task=knowledge.task, framework=hidden, code=f"# {MARK}")
    make.make_extension(name=MARK, frameworks=[hidden])


def comparison_with_a_framework(knowledge, status):
    hidden = framework(knowledge, status)
    curated = make.make_comparison(
        frameworks=[knowledge.flask, hidden], title=MARK, introduction=MARK
    )
    make.make_section(comparison=curated, heading=MARK, body=MARK)
    verdict = make.make_verdict(
        comparison=curated, framework=knowledge.flask, when=MARK
    )
    make.make_citation(verdict=verdict, **cited()["cited"])


def verdict_for_a_framework(knowledge, status):
    verdict = make.make_verdict(
        comparison=knowledge.comparison,
        framework=framework(knowledge, status),
        when=MARK,
    )
    make.make_citation(verdict=verdict, **cited()["cited"])


def disagreement_about_a_framework(knowledge, status):
    make.make_disagreement(
        feature=knowledge.orm,
        frameworks=[knowledge.flask, framework(knowledge, status)],
        question=MARK,
    )


def all_of_a_feature(knowledge, status):
    hidden = feature(knowledge, status)
    make.make_finding(framework=knowledge.flask, feature=hidden, note=MARK, **cited())
    make.make_pro_con(
        framework=knowledge.flask, feature=hidden, statement=MARK, **cited()
    )
    task = make.make_task(feature=hidden, title=MARK)
    make.make_sample(task=task, framework=knowledge.flask, code=f"# {MARK}")
    make.make_disagreement(feature=hidden, question=MARK)
    knowledge.comparison.features.add(hidden)
    knowledge.section.features.add(hidden)


def positions_of_a_disagreement(knowledge, status):
    """A passage of a draft is no evidence on either side."""
    hidden = make.make_pro_con(
        framework=knowledge.flask, feature=knowledge.orm, status=status, **cited()
    )
    knowledge.disagreement.positions.first().citations.add(*hidden.citations.all())


def finding_of_a_verdict(knowledge, status):
    hidden = make.make_finding(
        framework=knowledge.flask,
        feature=knowledge.throughput,
        note=MARK,
        status=status,
        **cited(),
    )
    knowledge.verdict.findings.add(hidden)


def share_of_a_theme(knowledge, status):
    make.make_share(
        theme=knowledge.learning, feature=feature(knowledge, status), share="0.5"
    )


def effects_on_a_feature(knowledge, status):
    hidden = feature(knowledge, status)
    use_case = make.make_feature(
        name=f"{MARK}s", kind=FeatureKind.USE_CASE, status=status
    )
    questions = {question.slug: question for question in knowledge.questions}
    must_have = make.make_choice(question=questions["must_haves"], label=MARK)
    make.make_effect(choice=must_have, feature=hidden)
    project = make.make_choice(question=questions["project"], label=MARK)
    make.make_effect(choice=project, feature=use_case, points=4)
    # A choice that also acts on something published stays and does only that.
    both = questions["project"].choices.get(slug="microservice")
    make.make_effect(choice=both, feature=hidden, points=4)


def question_about_a_theme(knowledge, status):
    hidden = theme(knowledge, status)
    asked = make.make_question(slug="priority-hidden", theme=hidden, text=MARK)
    choice = make.make_choice(question=asked, slug="4", label=MARK)
    make.make_effect(choice=choice, theme=hidden, points=4)


def guidance_about_a_project(knowledge, status):
    use_case = make.make_feature(kind=FeatureKind.USE_CASE, status=status)
    [project] = [q for q in knowledge.questions if q.slug == "project"]
    choice = make.make_choice(question=project, slug="hidden", label=MARK)
    make.make_effect(choice=choice, feature=use_case, points=4)
    make.make_preset(name=MARK, why=MARK, choice=choice)
    make.make_conflict(message=MARK, first=choice, second=knowledge.conflict.first)
    make.make_question(slug="opened", text=MARK, shown_if=choice)


UNDER_UNPUBLISHED = [
    all_of_a_framework,
    comparison_with_a_framework,
    verdict_for_a_framework,
    disagreement_about_a_framework,
    all_of_a_feature,
    positions_of_a_disagreement,
    finding_of_a_verdict,
    share_of_a_theme,
    effects_on_a_feature,
    question_about_a_theme,
    guidance_about_a_project,
]


@pytest.fixture
def published(knowledge):
    """The small knowledge base with a third framework, compared by nobody.

    A change of Flask is recorded, so that no feed is empty and dated by the clock.
    """
    with change_set():
        knowledge.flask.summary = "It leaves much to you."
        knowledge.flask.save()
    knowledge.bottle = make.make_framework(slug="bottle")
    record_present_state()
    knowledge.questions = list(Question.objects.all())
    return knowledge


def shown(client, addresses):
    """Return what the pages at ``addresses`` show, and the advice that is given."""
    pages = {address: client.get(address) for address in addresses}
    advice = ask_advisor(
        client,
        {**ANSWERS, "must_haves": ["admin-interface"], "priority-hidden": "4"},
    )
    assert MARK not in "".join(page.content.decode() for page in pages.values())
    # Which version a page is of is told on it, and says nothing of what is hidden.
    texts = {
        name: re.sub(r"version \d+", "", read(page).text)
        for name, page in pages.items()
    }
    return {
        **{name: (texts[name], read(page).links) for name, page in pages.items()},
        "advice": json.dumps(advice.result, sort_keys=True),
    }


def assert_hidden(client, hide, knowledge, statuses):
    addresses = [*PUBLIC, *public_addresses()]
    before = shown(client, PUBLIC)
    for status in statuses:
        with transaction.atomic():
            with change_set():
                hide(knowledge, status)
            own = set(public_addresses()) - set(addresses)
            after = shown(client, [*PUBLIC, *own])
            transaction.set_rollback(True)

        changed = [name for name in before if after[name] != before[name]]
        assert changed == [], status


@pytest.mark.parametrize("hide", UNPUBLISHED, ids=lambda hide: hide.__name__)
def test_unpublished_row_is_nowhere(client, published, hide):
    assert_hidden(client, hide, published, HIDDEN)


@pytest.mark.parametrize("hide", UNDER_UNPUBLISHED, ids=lambda hide: hide.__name__)
def test_published_row_under_an_unpublished_one_is_nowhere(client, published, hide):
    # The door asks what a row hangs on as it asks the row: one status will do.
    assert_hidden(client, hide, published, [Status.DRAFT])


@pytest.mark.parametrize("hide", UNPUBLISHED, ids=lambda hide: hide.__name__)
def test_published_row_is_somewhere(client, published, hide):
    """Otherwise the tests above would pass on rows that no page ever shows."""
    hide(published, Status.PUBLISHED)

    contents = [client.get(address).content.decode() for address in public_addresses()]

    assert any(MARK in content for content in contents)


@pytest.mark.parametrize("status", HIDDEN)
@pytest.mark.parametrize(
    ("name", "addresses"),
    [
        ("flask", ["/frameworks/flask/", "/compare/django-vs-flask/"]),
        ("orm", ["/features/orm/"]),
    ],
)
def test_page_of_what_is_withdrawn_is_not_found(
    client, knowledge, name, addresses, status
):
    row = getattr(knowledge, name)
    row.status = status
    row.save()

    assert {client.get(address).status_code for address in addresses} == {404}


def test_source_of_drafts_alone_has_no_page(client, knowledge):
    source = make.make_source(slug="unused")
    make.make_finding(
        framework=knowledge.flask,
        feature=knowledge.throughput,
        draft=True,
        cited={"source": source},
    )

    assert client.get("/sources/unused/").status_code == 404


def test_withdrawing_takes_along_what_hangs_on_it(client, knowledge):
    knowledge.flask.status = Status.RETIRED
    knowledge.flask.save()

    assert not Comparison.objects.published().exists()
    assert not Disagreement.objects.published().exists()
    assert not Finding.objects.published().filter(framework=knowledge.flask).exists()
    assert client.get("/sources/flask-docs/").status_code == 404
    assert "flask" not in read(client.get("/advisor/")).text.lower()


@pytest.mark.parametrize(
    ("field", "value"), [("candidates", "hidden"), ("team_knows", "hidden")]
)
def test_advisor_does_not_know_an_unpublished_framework(
    client, published, field, value
):
    framework(published, Status.DRAFT)

    response = client.post("/advisor/", {field: value})

    assert list(response.context["form"].errors) == [field]


def test_advisor_does_not_know_a_kinship_that_is_a_draft(client, knowledge):
    knowledge.kinship.status = Status.DRAFT
    knowledge.kinship.save()

    advice = ask_advisor(client, {"team_knows": ["django"]})

    scores = {s["framework"]: s["score"] for s in advice.result["ranking"]}
    assert scores == {"django": 100, "flask": 0}


def test_advisor_does_without_the_theme_of_familiarity(client, knowledge):
    Theme.objects.filter(basis=ThemeBasis.TEAM).update(status=Status.DRAFT)

    advice = ask_advisor(client)

    themes = {theme["slug"] for theme in advice.result["themes"]}
    assert themes == {"project", "learning", "batteries"}


def test_result_that_was_given_stays_when_a_framework_is_withdrawn(
    client, advice, knowledge
):
    before = client.get(f"/advisor/results/{advice.pk}.json").content
    knowledge.flask.status = Status.RETIRED
    knowledge.flask.save()

    assert client.get(f"/advisor/results/{advice.pk}.json").content == before


def test_disputing_passage_of_a_draft_disputes_nothing(client, knowledge):
    source = make.make_source(slug="quarrel", title=MARK)
    draft = make.make_finding(
        framework=knowledge.flask,
        feature=knowledge.throughput,
        draft=True,
        cited={"source": source, "stance": Stance.DISPUTES},
    )
    assert draft.citations.count() == 1

    page = read(client.get("/sources/?disputes=on"))

    assert "1 source" in page.text
    assert MARK not in page.text
