from datetime import date

import pytest

from comparisons.choices import Level, Stance, Status
from comparisons.pages.matrix import read_matrix
from comparisons.pages.profile import levels_of
from comparisons.public import drafts_shown
from tests.factories import (
    make_citation,
    make_finding,
    make_measurement,
    make_run,
)


@pytest.fixture
def matrix(knowledge):
    return read_matrix([knowledge.django, knowledge.flask])


def row_for(matrix, feature):
    [row] = [row for row in matrix.rows if row.slug == feature.slug]
    return row


def test_groups_and_rows_stand_in_the_order_of_the_features(matrix):
    order = [(group.slug, [row.slug for row in group.rows]) for group in matrix.groups]

    assert order == [
        ("core", ["routing", "orm", "admin-interface"]),
        ("judged", ["ease-of-learning", "throughput"]),
        ("uses", ["microservice"]),
    ]


def test_cell_is_contested_where_passages_support_and_dispute(matrix, knowledge):
    [django, flask] = row_for(matrix, knowledge.ease_of_learning).cells

    assert (django.is_contested, flask.is_contested) == (False, True)


def test_draft_is_in_a_preview_alone_and_never_contested(knowledge):
    finding = make_finding(
        framework=knowledge.flask, feature=knowledge.throughput, draft=True
    )
    for stance in (Stance.SUPPORTS, Stance.DISPUTES):
        make_citation(finding=finding, stance=stance)

    def cell():
        return row_for(read_matrix([knowledge.flask]), knowledge.throughput).cells[0]

    assert cell().level is Level.UNKNOWN
    with drafts_shown():
        assert (cell().status, cell().is_contested) == (Status.DRAFT, False)


def test_text_of_a_cell_is_read_only_when_asked_for(matrix, knowledge):
    with_notes = read_matrix([knowledge.flask], text="note")

    assert row_for(matrix, knowledge.orm).cells[1].note == ""
    assert row_for(with_notes, knowledge.orm).cells[0].note == (
        "Flask brings none of its own."
    )


def test_row_that_is_measured_has_figures_with_bars_to_the_largest(knowledge):
    latest = make_run(measured_on=date(2026, 12, 1))
    for framework, ratio in ((knowledge.django, 0.15), (knowledge.flask, 0.6)):
        for metric in ("json", "twenty-rows"):
            make_measurement(
                framework=framework, run=latest, metric=metric, ratio=ratio
            )

    cells = row_for(
        read_matrix([knowledge.django, knowledge.flask]), knowledge.throughput
    ).cells

    assert [(cell.figure.text, cell.figure.length) for cell in cells] == [
        ("15%", 25),
        ("60%", 100),
    ]


def test_row_differs_when_levels_do_unknown_among_them(matrix, knowledge):
    assert row_for(matrix, knowledge.orm).differs
    assert row_for(matrix, knowledge.throughput).differs
    assert not row_for(matrix, knowledge.routing).differs


def test_some_columns_differ_in_other_rows(matrix, knowledge):
    flask = matrix.of(["flask", "nobody"])

    assert [framework.slug for framework in flask.frameworks] == ["flask"]
    assert len(flask.rows) == len(matrix.rows)
    assert flask.difference_count == 0
    assert matrix.of(["nobody"]) is matrix


def test_counts_tell_what_is_known_and_contested(matrix):
    assert (matrix.known_count, matrix.unknown_count) == (11, 1)
    assert (matrix.difference_count, matrix.contested_count) == (5, 1)
    assert Level.UNKNOWN in matrix.levels
    assert Level.NONE not in matrix.levels


def test_oldest_check_is_of_the_finding_that_was_left_alone_the_longest(knowledge):
    # A finding is as fresh as the passage of it that was read last.
    make_citation(
        finding=knowledge.contested,
        stance=Stance.CONTEXT,
        accessed_date=date(2020, 1, 1),
    )
    knowledge.flask_orm.citations.update(accessed_date=date(2026, 5, 1))

    assert read_matrix([knowledge.flask]).oldest_check == date(2026, 5, 1)


def test_field_counts_every_framework_at_its_level(knowledge):
    levels = levels_of([knowledge.flask.pk, knowledge.django.pk])

    assert levels["orm"] == {Level.BUILT_IN: 1, Level.THIRD_PARTY: 1}
    assert levels["throughput"] == {Level.MEDIUM: 1, Level.UNKNOWN: 1}
