from datetime import date

import pytest

from comparisons.choices import Level, Stance
from comparisons.models import Feature, Finding
from comparisons.pages.bibliography import Bibliography
from comparisons.pages.matrix import ComparisonMatrix
from tests.factories import make_citation, make_finding


def build(frameworks, bibliography):
    return ComparisonMatrix.build(
        frameworks,
        Feature.objects.select_related("group"),
        Finding.objects.published().with_parents().with_citations(),
        bibliography,
    )


@pytest.fixture
def matrix(knowledge):
    return build([knowledge.django, knowledge.flask], Bibliography())


def row_for(matrix, feature):
    [row] = [row for row in matrix.rows if row.feature == feature]
    return row


def test_groups_and_rows_stand_in_the_order_of_the_features(matrix):
    order = [
        (group.group.slug, [row.feature.slug for row in group.rows])
        for group in matrix.groups
    ]

    assert order == [
        ("core", ["routing", "orm", "admin-interface"]),
        ("judged", ["ease-of-learning", "throughput"]),
        ("uses", ["microservice"]),
    ]


def test_cells_of_a_row_stand_in_the_order_of_the_frameworks(matrix, knowledge):
    cells = row_for(matrix, knowledge.orm).cells

    assert [cell.finding for cell in cells] == [
        knowledge.django_orm,
        knowledge.flask_orm,
    ]


def test_no_finding_means_unknown(matrix, knowledge):
    [_, cell] = row_for(matrix, knowledge.throughput).cells

    assert (cell.finding, cell.level) == (None, Level.UNKNOWN)


def test_cell_leads_to_the_sources_of_its_finding(knowledge):
    bibliography = Bibliography()
    matrix = build([knowledge.flask], bibliography)

    [cell] = row_for(matrix, knowledge.ease_of_learning).cells

    assert [note.source for note in cell.footnotes] == [
        knowledge.flask_docs,
        knowledge.blog,
    ]
    assert [number for number, _ in bibliography.entries()] == [1, 2]


def test_row_differs_when_levels_do(matrix, knowledge):
    assert row_for(matrix, knowledge.orm).differs
    assert not row_for(matrix, knowledge.routing).differs


def test_unknown_beside_a_known_level_is_a_difference(matrix, knowledge):
    assert row_for(matrix, knowledge.throughput).differs


def test_only_differences_leaves_equal_rows_out(matrix, knowledge):
    different = matrix.only_differences()

    assert knowledge.routing not in [row.feature for row in different.rows]
    assert len(different.rows) == matrix.difference_count == 5


def test_only_keeps_the_chosen_rows_and_no_empty_group(matrix, knowledge):
    chosen = matrix.only({knowledge.orm.pk})

    assert [row.feature for row in chosen.rows] == [knowledge.orm]
    assert len(chosen.groups) == 1


def test_coverage_counts_what_is_known_and_contested(matrix):
    coverage = matrix.coverage()

    assert (coverage.asked, coverage.known, coverage.unknown) == (12, 11, 1)
    assert coverage.contested == 1


def test_unknown_finding_counts_as_unknown(knowledge):
    make_finding(
        framework=knowledge.flask, feature=knowledge.throughput, level=Level.UNKNOWN
    )

    assert build([knowledge.flask], Bibliography()).coverage().unknown == 1


def test_coverage_tells_the_oldest_check(knowledge):
    # A finding is as fresh as the passage of it that was read last.
    make_citation(
        finding=knowledge.contested,
        stance=Stance.CONTEXT,
        accessed_date=date(2020, 1, 1),
    )
    knowledge.flask_orm.citations.update(accessed_date=date(2026, 5, 1))

    coverage = build([knowledge.flask], Bibliography()).coverage()

    assert coverage.oldest_check == date(2026, 5, 1)


def test_nothing_compared_has_no_rows_and_no_date(db):
    matrix = ComparisonMatrix.build([], [], [], Bibliography())

    assert matrix.groups == []
    assert matrix.coverage().oldest_check is None


def test_build_runs_no_query(knowledge, django_assert_num_queries):
    features = list(Feature.objects.select_related("group"))
    findings = list(Finding.objects.published().with_parents().with_citations())

    with django_assert_num_queries(0):
        matrix = ComparisonMatrix.build(
            [knowledge.django, knowledge.flask], features, findings, Bibliography()
        )
        matrix.coverage()
