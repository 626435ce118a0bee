"""Two to six frameworks compared: the page of a comparison, and those below it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import F, QuerySet

from comparisons.choices import Side
from comparisons.models import (
    CodeSample,
    Comparison,
    Finding,
    Framework,
    ProCon,
    Section,
    Source,
    Task,
    Verdict,
)
from comparisons.models.frameworks import VERSUS
from comparisons.pages.evidence import Evidence, evidence
from comparisons.pages.footnotes import (
    Footnotes,
    first_sentence,
    paragraphs,
)
from comparisons.pages.matrix import Matrix, Row, read_matrix
from comparisons.pages.plot import Line, plot
from comparisons.pages.selection import Selection
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
    shown: Sequence[Verdict]
    folded: Sequence[Verdict]


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

    @property
    def has_advice(self) -> bool:
        return any(advice.shown for advice in self.advice)


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
    others: Sequence[Framework] | None

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


def other_frameworks(frameworks: Sequence[Framework]) -> list[Framework] | None:
    """Return those that can be compared with ``frameworks``; None if too many."""
    found = list(Framework.objects.published()[: MOST_LISTED + 1])
    if len(found) > MOST_LISTED:
        return None
    return [row for row in found if row not in frameworks]


def pros_and_cons(
    frameworks: Sequence[Framework], *, most: int | None = None
) -> list[ProsAndCons]:
    """Return what speaks for and against each framework, ``most`` of a side."""
    sides = {(framework.pk, side): [] for framework in frameworks for side in Side}
    addresses = {row.pk: row.get_absolute_url() for row in frameworks}
    statements = ProCon.objects.published().filter(framework__in=frameworks)
    for framework, side, slug, text, feature, status in statements.values_list(
        "framework", "side", "slug", "statement", "feature__slug", "status"
    ):
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


def solved_tasks(frameworks: Sequence[Framework]) -> list[Task]:
    """Return the tasks that are solved in one of ``frameworks``."""
    samples = CodeSample.objects.published().filter(framework__in=frameworks)
    return list(Task.objects.filter(samples__in=samples).distinct())


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
        ],
        deciding=[row for row in matrix.rows if row.slug in chosen],
        has_introduction=bool(rest),
        parts=parts[1:],
        footnotes=_footnotes(parts),
    )


def _parts(comparison):
    """Return the introduction and the sections, in order, in one query."""
    sections = Section.objects.filter(comparison=comparison).order_by(
        "pk", "features__group__position", "features__position"
    )
    rows = sections.annotate(
        row_slug=F("features__slug"),
        row_name=F("features__name"),
        row_status=F("features__status"),
    )
    states = shown_states()
    parts = [("introduction", INTRODUCTION, comparison.introduction, {})]
    for section, joined in groupby(rows):
        named = {
            row.row_slug: row.row_name for row in joined if row.row_status in states
        }
        parts.append((section.slug, section.heading, section.body, named))
    return [
        Part(slug=slug, heading=heading, paragraphs=paragraphs(body), rows=named)
        for slug, heading, body, named in parts
    ]


def _footnotes(parts, *, whole=False):
    texts = (text for part in parts for text in part.paragraphs)
    return Footnotes.read(texts, whole=whole)


# A row of a many-to-many relation joins its owner below, so that owner and
# relation come in one query.


def _comparison(frameworks):
    """Return the published comparison of ``frameworks``, or None, and its features."""
    slug = VERSUS.join(framework.slug for framework in frameworks)
    rows = list(
        Comparison.objects.published()
        .filter(slug=slug)
        .annotate(chosen=F("features__slug"))
    )
    return (rows[0] if rows else None), {row.chosen for row in rows}


def _verdicts(comparison, frameworks):
    """Return (framework, its verdicts)."""
    verdicts = list(comparison.verdicts.all())
    return [
        (framework, [row for row in verdicts if row.framework_id == framework.pk])
        for framework in frameworks
    ]


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


def text_of(frameworks: Sequence[Framework]) -> Text | None:
    """Return the editors' text about ``frameworks``, if they wrote one."""
    comparison, _ = _comparison(frameworks)
    if comparison is None:
        return None
    parts = _parts(comparison)
    return Text(parts=parts, footnotes=_footnotes(parts, whole=True))


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


def cited_sources(frameworks: Sequence[Framework]) -> QuerySet[Source]:
    """Return the sources of all that is said of ``frameworks``, as a queryset."""
    return Source.objects.published().citing(frameworks)


def samples_of(frameworks: Sequence[Framework], task: Task) -> list:
    """Return (framework, its sample or None) for ``task``."""
    samples = CodeSample.objects.published().filter(framework__in=frameworks, task=task)
    solved = {sample.framework_id: sample for sample in samples}
    return [(framework, solved.get(framework.pk)) for framework in frameworks]
