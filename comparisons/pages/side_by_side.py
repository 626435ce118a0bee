"""Two to six frameworks compared: the page of a comparison, and those below it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import F

from comparisons.choices import Side
from comparisons.models import (
    Citation,
    CodeSample,
    Comparison,
    Finding,
    Framework,
    ProCon,
    Section,
    Task,
    Verdict,
)
from comparisons.models.frameworks import comparison_slug
from comparisons.models.listed import IN_PLACE
from comparisons.pages.evidence import Evidence, evidence
from comparisons.pages.footnotes import (
    Footnotes,
    first_sentence,
    paragraphs,
)
from comparisons.pages.matrix import Matrix, Row, read_matrix
from comparisons.pages.plot import Line, plot
from comparisons.pages.selection import Selection
from comparisons.prepared import prepared
from comparisons.public import shown_states

# How many verdicts, pros or cons stand open for one framework.
SHOWN = 5
# Readers choose among so many frameworks from a list; among more, by name.
MOST_LISTED = 50
INTRODUCTION = "About this comparison"


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A pro or a con by what a list shows of it."""

    slug: str
    text: str
    address: str
    status: str


@dataclass(frozen=True, kw_only=True)
class ProsAndCons:
    """What speaks for one framework and what against it; ``more`` is not shown."""

    framework: Framework
    pros: Sequence[Statement]
    cons: Sequence[Statement]
    more: int


@dataclass(frozen=True, kw_only=True)
class Advice:
    """When to choose one framework: a few lines shown, the rest folded."""

    framework: Framework
    # Each has ``slug`` and ``when``.
    shown: Sequence[Any]
    folded: Sequence[Any]


@dataclass(frozen=True, kw_only=True)
class Part:
    """A section of the editors' text with the names of the rows that it rests on."""

    slug: str
    heading: str
    paragraphs: Sequence[str]
    rows: Mapping[str, str]

    @property
    def first_sentence(self) -> str:
        return first_sentence(self.paragraphs[0])[0]

    @property
    def rows_query(self) -> str:
        """What to ask a comparison for to see the rows alone."""
        return Selection(rows=tuple(self.rows)).query


@dataclass(frozen=True, kw_only=True)
class CuratedText:
    """What editors wrote for a comparison."""

    comparison: Comparison
    lead: str
    advice: Sequence[Advice]
    deciding: Sequence[Row]
    # Whether the introduction says more than the lead; it is none of the parts.
    has_introduction: bool
    parts: Sequence[Part]
    footnotes: Footnotes

    @property
    def deciding_query(self) -> str:
        """What to ask for to see the rows that decide alone."""
        return Selection(rows=tuple(row.slug for row in self.deciding)).query


@dataclass(frozen=True, kw_only=True)
class SideBySide:
    """A comparison: the matrix and all that goes with it."""

    frameworks: Sequence[Framework]
    matrix: Matrix
    themes: Sequence[Line]
    curated: CuratedText | None
    pros_and_cons: Sequence[ProsAndCons]
    tasks: Sequence[Task]
    # What can be added; None if there are too many to list.
    others: Sequence[Any] | None

    @property
    def title(self) -> str:
        return (
            self.curated.comparison.title if self.curated else versus(self.frameworks)
        )

    @property
    def changed_at(self) -> datetime | None:
        """When one of its ``frameworks`` changed last."""
        moments = (
            each.changed_at  # type: ignore[attr-defined]  # with_last_change() adds it.
            for each in self.frameworks
        )
        return max((moment for moment in moments if moment), default=None)

    @property
    def lead(self) -> str:
        """What the comparison comes to, in one sentence."""
        if self.curated:
            return self.curated.lead
        matrix = self.matrix
        return (
            f"{self.title}: they differ on {matrix.difference_count} of "
            f"{len(matrix.rows)} features, and sources disagree about "
            f"{matrix.contested_count} of the answers."
        )


def versus(frameworks: Sequence[Framework]) -> str:
    """Return what a comparison is called that no editor has named: “A vs B”."""
    return " vs ".join(framework.name for framework in frameworks)


def side_by_side(
    frameworks: Sequence[Framework], *, with_notes: bool = False
) -> SideBySide:
    """Gather the comparison of ``frameworks``."""
    matrix = read_matrix(frameworks, text="note" if with_notes else "")
    return SideBySide(
        frameworks=frameworks,
        matrix=matrix,
        themes=plot(matrix),
        curated=_curated(matrix),
        pros_and_cons=pros_and_cons(frameworks, most=SHOWN),
        tasks=solved_tasks(frameworks),
        others=other_frameworks(frameworks),
    )


def other_frameworks(frameworks: Sequence[Framework]) -> list[Any] | None:
    """Return what ``frameworks`` can be compared with; None if that is too many."""
    taken = {framework.pk for framework in frameworks}
    listed = listed_frameworks()
    if listed is None:
        return None
    return [framework for framework in listed if framework.pk not in taken]


def listed_frameworks() -> list[Any] | None:
    """Return values of all frameworks: pk, slug, name, status; None if too many."""
    found = _first_frameworks(most=MOST_LISTED + 1)
    return found if len(found) <= MOST_LISTED else None


@prepared
def _first_frameworks(*, most):
    listed = Framework.objects.published()
    return listed.values_list("pk", "slug", "name", "status", named=True)[:most]


def pros_and_cons(
    frameworks: Sequence[Framework], *, most: int | None = None
) -> list[ProsAndCons]:
    """Return what speaks for and against each framework, ``most`` of a side."""
    sides = {(framework.pk, side): [] for framework in frameworks for side in Side}
    addresses = {row.pk: row.get_absolute_url() for row in frameworks}
    for framework, side, slug, text, feature, status in _statements(addresses):
        address = f"{addresses[framework]}{feature}/#{slug}"
        statement = Statement(slug=slug, text=text, address=address, status=status)
        sides[framework, side].append(statement)
    return [
        ProsAndCons(
            framework=framework,
            pros=sides[framework.pk, Side.PRO][:most],
            cons=sides[framework.pk, Side.CON][:most],
            more=sum(len(sides[framework.pk, side][most:]) for side in Side)
            if most
            else 0,
        )
        for framework in frameworks
    ]


@prepared
def _statements(frameworks):
    return (
        ProCon.objects.published()
        .filter(framework__in=frameworks)
        .values_list(
            "framework", "side", "slug", "statement", "feature__slug", "status"
        )
    )


def solved_tasks(frameworks: Sequence[Framework]) -> list[Task]:
    """Return the tasks that are solved in one of ``frameworks``."""
    return _tasks([framework.pk for framework in frameworks])


@prepared
def _tasks(frameworks):
    samples = CodeSample.objects.published().filter(framework__in=frameworks)
    return Task.objects.filter(samples__in=samples).distinct()


# What editors wrote


def _curated(matrix):
    comparison, chosen = _comparison(matrix.frameworks)
    if comparison is None:
        return None
    lead, rest = first_sentence(comparison.introduction)
    parts = _parts(comparison)
    return CuratedText(
        comparison=comparison,
        lead=lead,
        advice=[
            Advice(framework=framework, shown=lines[:SHOWN], folded=lines[SHOWN:])
            for framework, lines in _verdicts(comparison, matrix.frameworks)
            if lines
        ],
        deciding=[row for row in matrix.rows if row.slug in chosen],
        has_introduction=bool(rest),
        parts=parts[1:],
        footnotes=_footnotes(parts),
    )


def _parts(comparison):
    """Return the introduction and the sections, in order, in one query."""
    states = shown_states()
    parts = [("introduction", INTRODUCTION, comparison.introduction, {})]
    sections = groupby(_sections(comparison.pk), key=itemgetter(0, 1, 2))
    for (slug, heading, body), joined in sections:
        named = {row: name for *_, row, name, status in joined if status in states}
        parts.append((slug, heading, body, named))
    return [
        Part(slug=slug, heading=heading, paragraphs=paragraphs(body), rows=named)
        for slug, heading, body, named in parts
    ]


@prepared
def _sections(comparison):
    """Return the sections, each once for every row that it rests on."""
    sections = Section.objects.filter(comparison=comparison).order_by(
        "pk", "features__group__position", "features__position"
    )
    return sections.values_list(
        *("slug", "heading", "body"),
        *("features__slug", "features__name", "features__status"),
    )


def _footnotes(parts):
    return Footnotes.read(text for part in parts for text in part.paragraphs)


# A row of a many-to-many relation joins its owner below, so that owner and
# relation come in one query.


def _comparison(frameworks):
    """Return the published comparison of ``frameworks``, or None, and its features."""
    rows = _called(comparison_slug(framework.slug for framework in frameworks))
    return (rows[0] if rows else None), {row.chosen for row in rows}


@prepared
def _called(slug):
    """Return the comparison, once for every row that decides it."""
    comparisons = Comparison.objects.published().filter(slug=slug)
    return comparisons.annotate(chosen=F("features__slug"))


def _verdicts(comparison, frameworks):
    """Return (framework, its verdicts)."""
    verdicts = _verdicts_of(comparison.pk)
    return [
        (framework, [row for row in verdicts if row.framework == framework.pk])
        for framework in frameworks
    ]


@prepared
def _verdicts_of(comparison):
    verdicts = Verdict.objects.filter(comparison=comparison).order_by(*IN_PLACE)
    return verdicts.values_list("framework", "slug", "when", named=True)


# The pages below a comparison


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What one verdict rests on: findings, and passages of its own."""

    verdict: Verdict
    findings: Sequence[Finding]
    evidence: Evidence


@dataclass(frozen=True, kw_only=True)
class Text:
    """What editors wrote for a comparison, whole."""

    parts: Sequence[Part]
    footnotes: Footnotes
    # The passages of the footnotes, in their order.
    citations: Sequence[Citation]


def text_of(frameworks: Sequence[Framework]) -> Text | None:
    """Return the editors' text about ``frameworks``, if they wrote one."""
    comparison, _ = _comparison(frameworks)
    if comparison is None:
        return None
    parts = _parts(comparison)
    footnotes = _footnotes(parts)
    citations = Citation.objects.published().with_statements().select_related("source")
    citations = citations.filter(key__in=footnotes.numbers)
    return Text(
        parts=parts,
        footnotes=footnotes,
        citations=sorted(citations, key=lambda row: footnotes.numbers[row.key]),
    )


def grounds_of(frameworks: Sequence[Framework]) -> list[Ground]:
    """Return what the verdicts of a comparison rest on."""
    comparison, _ = _comparison(frameworks)
    if comparison is None:
        return []
    verdicts = comparison.verdicts.published().with_parents().with_citations()
    verdicts = list(verdicts.filter(framework__in=frameworks))
    findings = Finding.objects.published().with_parents().filter(verdicts__in=verdicts)
    resting = {}
    for finding in findings.annotate(of=F("verdicts")):
        resting.setdefault(finding.of, []).append(finding)
    return [
        Ground(
            verdict=verdict,
            findings=resting.get(verdict.pk, []),
            evidence=found,
        )
        for verdict, found in zip(verdicts, evidence(verdicts), strict=True)
    ]


def samples_of(frameworks: Sequence[Framework], task: Task) -> list:
    """Return (framework, its sample or None) for ``task``."""
    samples = CodeSample.objects.published().filter(framework__in=frameworks, task=task)
    solved = {sample.framework_id: sample for sample in samples}
    return [(framework, solved.get(framework.pk)) for framework in frameworks]
