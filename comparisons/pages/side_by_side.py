"""Everything that a comparison's page shows."""

from dataclasses import dataclass

from django.db.models import F, Prefetch

from comparisons.models import (
    Citation,
    CodeSample,
    Comparison,
    Feature,
    Finding,
    Framework,
    ProCon,
    Section,
    Task,
    Verdict,
)
from comparisons.pages.bibliography import Bibliography
from comparisons.pages.matrix import Cell, ComparisonMatrix
from comparisons.pages.profile import ProsAndCons, _pros_and_cons


@dataclass(frozen=True, kw_only=True)
class CuratedSection:
    """A part of the editors' text and the rows of the matrix that it rests on."""

    section: Section
    matrix: ComparisonMatrix


@dataclass(frozen=True, kw_only=True)
class CuratedVerdict:
    """When to choose a framework, with the cells and passages that it rests on."""

    verdict: Verdict
    cells: list[Cell]
    footnotes: list


@dataclass(frozen=True, kw_only=True)
class CuratedText:
    """What editors wrote for a comparison."""

    comparison: Comparison
    sections: list[CuratedSection]
    # (framework, its verdicts), in the order of the columns.
    verdicts: list[tuple[Framework, list[CuratedVerdict]]]
    chosen: ComparisonMatrix


@dataclass(frozen=True, kw_only=True)
class SideBySide:
    """Two to six frameworks compared: the matrix and all that goes with it."""

    frameworks: list[Framework]
    matrix: ComparisonMatrix
    pros_and_cons: list[ProsAndCons]
    # (task, a sample or None for each framework).
    tasks: list[tuple[Task, list[CodeSample | None]]]
    curated: CuratedText | None
    bibliography: Bibliography

    @classmethod
    def load(cls, frameworks, slug):
        """Gather the comparison of ``frameworks``, which the address calls ``slug``."""
        bibliography = Bibliography()
        findings, statements = (
            model.objects.published()
            .with_parents()
            .with_citations()
            .filter(framework__in=frameworks)
            for model in (Finding, ProCon)
        )
        samples = CodeSample.objects.published().filter(framework__in=frameworks)
        comparison, chosen = _comparison(slug)
        sections = _sections(comparison)
        verdicts = _verdicts(comparison)
        matrix = ComparisonMatrix.build(
            frameworks,
            Feature.objects.published().select_related("group"),
            findings,
            bibliography,
        )
        page = cls(
            frameworks=frameworks,
            matrix=matrix,
            pros_and_cons=[
                _pros_and_cons(framework, statements, bibliography)
                for framework in frameworks
            ],
            tasks=_tasks(
                frameworks, samples.select_related("task__feature", "framework")
            ),
            curated=comparison
            and CuratedText(
                comparison=comparison,
                sections=[
                    CuratedSection(section=section, matrix=matrix.only(features))
                    for section, features in sections.items()
                ],
                verdicts=[
                    (
                        framework,
                        [
                            _curated_verdict(verdict, rests_on, matrix, bibliography)
                            for verdict, rests_on in verdicts.items()
                            if verdict.framework_id == framework.pk
                        ],
                    )
                    for framework in frameworks
                ],
                chosen=matrix.only(chosen),
            ),
            bibliography=bibliography,
        )
        bibliography.mark_gone()
        return page


def _curated_verdict(verdict, rests_on, matrix, bibliography):
    return CuratedVerdict(
        verdict=verdict,
        cells=[
            cell
            for row in matrix.rows
            for cell in row.cells
            if cell.finding and cell.finding.pk in rests_on
        ],
        footnotes=bibliography.footnotes(verdict.citations.all()),
    )


def _tasks(frameworks, samples):
    by_task = {}
    for sample in samples:
        by_task.setdefault(sample.task, {})[sample.framework_id] = sample
    return [
        (task, [solved.get(framework.pk) for framework in frameworks])
        for task, solved in by_task.items()
    ]


# A row of a many-to-many relation joins its owner below, so that owner and
# relation come in one query.


def _comparison(slug):
    """Return the published comparison called ``slug``, or None, and its features."""
    rows = list(
        Comparison.objects.published().filter(slug=slug).annotate(chosen=F("features"))
    )
    return (rows[0] if rows else None), {row.chosen for row in rows}


def _sections(comparison):
    """Return the features of each section."""
    return _grouped(
        Section.objects.filter(comparison=comparison).annotate(joined=F("features"))
    )


def _verdicts(comparison):
    """Return the findings of each verdict."""
    return _grouped(
        Verdict.objects.filter(comparison=comparison)
        .select_related("framework")
        .prefetch_related(
            Prefetch("citations", Citation.objects.select_related("source"))
        )
        .annotate(joined=F("findings"))
    )


def _grouped(rows):
    grouped = {}
    for row in rows:
        grouped.setdefault(row, set()).add(row.joined)
    return grouped
