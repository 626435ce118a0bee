"""What the audit finds, and what makes it fail."""

import datetime

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from comparisons.audit import GapKind, find_gaps, summarise
from comparisons.choices import Level
from tests import factories as make

TODAY = datetime.date(2026, 11, 20)

pytestmark = pytest.mark.django_db


def kinds(today=TODAY):
    return {gap.kind for gap in find_gaps(today)}


def test_missing_and_unknown_findings_are_listed():
    make.make_feature()
    make.make_finding(level=Level.UNKNOWN)

    assert {GapKind.MISSING, GapKind.UNKNOWN} <= kinds()


def test_finding_that_nobody_read_for_a_year_is_stale():
    make.make_finding()

    assert GapKind.STALE not in kinds()
    assert GapKind.STALE in kinds(TODAY + datetime.timedelta(days=800))


def test_contested_finding_without_a_decision_is_listed():
    finding = make.make_finding()
    make.make_citation(finding=finding, stance="disputes")

    assert GapKind.UNDECIDED in kinds()


def test_comparison_called_by_other_frameworks_breaks_the_audit():
    comparison = make.make_comparison()
    comparison.frameworks.clear()

    assert GapKind.BROKEN in kinds()
    with pytest.raises(CommandError):
        call_command("audit_knowledge")


def test_verdict_that_rests_on_nothing_is_uncited():
    verdict = make.make_verdict()
    verdict.findings.clear()
    verdict.citations.all().delete()

    assert GapKind.UNCITED in kinds()


def test_one_sided_disagreement_is_broken():
    make.make_disagreement()

    assert GapKind.BROKEN in kinds()


def test_summary_counts_cells_and_their_proofs():
    make.make_finding()

    summary = summarise()

    assert (summary.cells, summary.known, summary.cited) == (1, 1, 1)
    assert summary.median_citations == 1


def test_shipped_knowledge_has_nothing_broken(shipped_knowledge, capsys):
    call_command("audit_knowledge")

    assert "0 uncited, 0 broken" in capsys.readouterr().out


def test_first_editor_is_created_once(capsys):
    call_command("create_first_editor")
    call_command("create_first_editor")

    assert get_user_model().objects.count() == 1
    assert capsys.readouterr().out.count("password") == 1
