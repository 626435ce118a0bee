from datetime import UTC, datetime

import pytest

from comparisons.choices import Level, LinkState, Stance, Status, Witness
from comparisons.history.recording import change_set
from comparisons.pages.evidence import evidence, finding_page
from comparisons.pages.who_says_what import who_says_what
from tests import factories as make
from tests.pages import read


def says(finding):
    citations = finding.citations.all()
    return who_says_what(finding.feature.feature_kind, finding.answer, citations)


def test_each_source_stands_once_at_each_level_that_it_asserts(knowledge):
    finding = knowledge.contested
    for level in (Level.LOW, Level.LOW, Level.VERY_LOW):
        make.make_citation(finding=finding, source=knowledge.blog, level=level)
    make.make_citation(finding=finding, source=knowledge.flask_docs, level=Level.HIGH)

    steps = says(finding)

    assert [step.level for step in steps] == list(
        reversed(finding.feature.feature_kind.levels)
    )
    assert [step.level for step in steps if step.is_ours] == [Level.HIGH]
    assert [
        (step.level, mark.name, mark.witness) for step in steps for mark in step.marks
    ] == [
        (Level.VERY_LOW, "Example Press", Witness.INTERESTED),
        (Level.LOW, "Example Press", Witness.INTERESTED),
        (Level.HIGH, "Flask docs", Witness.DOCUMENT),
    ]


def test_nothing_is_drawn_where_no_passage_asserts_a_level(knowledge):
    assert says(knowledge.contested) == []


def test_passages_stand_by_stance_and_tell_what_their_source_gains_once(knowledge):
    make.make_link(
        source=knowledge.blog,
        state=LinkState.GONE,
        checked_at=datetime(2026, 11, 2, tzinfo=UTC),
    )
    make.make_citation(finding=knowledge.contested, source=knowledge.blog)

    [found] = evidence([knowledge.contested])

    shown = [
        (stance, passage.citation.source.slug, passage.is_first_of_source)
        for stance, passages in found.passages
        for passage in passages
    ]
    assert shown == [
        (Stance.SUPPORTS, "flask-docs", True),
        (Stance.SUPPORTS, "blog", True),
        (Stance.DISPUTES, "blog", False),
    ]
    gone = {p.citation.source.slug: p.gone_at for _, ps in found.passages for p in ps}
    assert gone["flask-docs"] is None
    assert gone["blog"].day == 2


def test_thresholds_are_those_of_the_level_and_of_the_next_better_one(knowledge):
    for level in (Level.MANUAL, Level.THIRD_PARTY, Level.OFFICIAL):
        make.make_threshold(feature=knowledge.orm, level=level)

    def shown(framework):
        page = finding_page(framework, knowledge.orm)
        return [threshold.level for threshold in page.thresholds]

    assert shown(knowledge.flask) == [Level.OFFICIAL, Level.THIRD_PARTY]
    assert shown(knowledge.django) == [Level.BUILT_IN]


def test_last_change_is_the_last_that_readers_saw(knowledge):
    with change_set() as seen:
        make.make_citation(finding=knowledge.flask_orm, stance=Stance.CONTEXT)
    with change_set():
        make.make_pro_con(
            framework=knowledge.flask, feature=knowledge.orm, status=Status.DRAFT
        )

    page = finding_page(knowledge.flask, knowledge.orm)

    assert page.last_change.change_set == seen


@pytest.mark.parametrize("note", ["As many as ten a second.", "Fewer than elsewhere."])
def test_note_that_a_passage_says_already_is_not_said_twice(client, knowledge, note):
    make.change(knowledge.flask_orm, note=note)
    says = "As many as ten a second."
    make.make_citation(finding=knowledge.flask_orm, says=says)

    text = read(client.get("/frameworks/flask/orm/")).text

    assert (text.count(says), text.count(note)) == (1, 1)
