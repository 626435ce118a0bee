from datetime import date

import pytest

from comparisons.choices import Level, Stance, Status
from comparisons.pages.matrix import read_matrix
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


def test_oldest_check_is_of_the_finding_that_was_left_alone_the_longest(knowledge):
    # A finding is as fresh as the passage of it that was read last.
    make_citation(
        finding=knowledge.contested,
        stance=Stance.CONTEXT,
        accessed_date=date(2020, 1, 1),
    )
    knowledge.flask_orm.citations.update(accessed_date=date(2026, 5, 1))

    assert read_matrix([knowledge.flask]).oldest_check == date(2026, 5, 1)
