"""Frameworks side by side: groups of rows, one cell per framework.

Read as values, because a page has hundreds of cells. A template tag composes the
cells; see ``comparisons.templatetags.matrix``.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.db.models import Count, Max, Q

from comparisons.choices import FeatureKind, Level, Metric, Stance, Status
from comparisons.measuring.levels import ROWS
from comparisons.models import Citation, Feature, Finding, Framework, Measurement
from comparisons.pages.certainty import Support, supports
from comparisons.prepared import prepared

LEVELS = {level.value: level for level in Level}


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, in words, how long its bar is, 0 to 100, and its number."""

    text: str
    length: int
    number: float


@dataclass(frozen=True, slots=True)
class Cell:
    """One framework's answer on one feature. No finding means unknown."""

    level: Level = Level.UNKNOWN
    provider: str = ""
    is_contested: bool = False
    checked: date | None = None
    figure: Figure | None = None
    note: str = ""
    status: str = Status.PUBLISHED
    support: Support | None = None
    # Whether it is a judgement that only the project itself supports.
    is_own_word: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One feature across the frameworks."""

    slug: str
    name: str
    cells: Sequence[Cell]
    status: str = Status.PUBLISHED

    @property
    def differs(self) -> bool:
        """Whether the frameworks' levels are not all the same."""
        return len({cell.level for cell in self.cells}) > 1

    @property
    def is_contested(self) -> bool:
        return any(cell.is_contested for cell in self.cells)

    @property
    def is_own_word(self) -> bool:
        """Whether one of the answers is a judgement that only its project supports."""
        return any(cell.is_own_word for cell in self.cells)

    @property
    def is_unknown(self) -> bool:
        """Whether one of the answers is unknown."""
        return any(cell.level is Level.UNKNOWN for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Group:
    """A section of the matrix."""

    slug: str
    name: str
    rows: Sequence[Row]

    @property
    def difference_count(self) -> int:
        return sum(row.differs for row in self.rows)


@dataclass(frozen=True)
class Matrix:
    """The answers of some frameworks on some features."""

    frameworks: Sequence[Framework]
    groups: Sequence[Group]

    @cached_property
    def rows(self) -> list[Row]:
        return [row for group in self.groups for row in group.rows]

    @cached_property
    def cells(self) -> list[Cell]:
        return [cell for row in self.rows for cell in row.cells]

    @property
    def difference_count(self) -> int:
        return sum(row.differs for row in self.rows)

    @property
    def unknown_count(self) -> int:
        return sum(cell.level is Level.UNKNOWN for cell in self.cells)

    @property
    def known_count(self) -> int:
        return len(self.cells) - self.unknown_count

    @property
    def contested_count(self) -> int:
        return sum(cell.is_contested for cell in self.cells)

    @property
    def own_word_count(self) -> int:
        return sum(cell.is_own_word for cell in self.cells)

    @property
    def oldest_check(self) -> date | None:
        """The day on which the answer was checked that was left alone the longest."""
        days = (cell.checked for cell in self.cells if cell.checked)
        return min(days, default=None)

    @property
    def levels(self) -> list[Level]:
        """The levels that occur, in the order of the vocabulary."""
        found = {cell.level for cell in self.cells}
        return [level for level in Level if level in found]

    def of(self, slugs: Iterable[str]) -> "Matrix":
        """Return the columns of the frameworks called ``slugs``, all if none is."""
        wanted = set(slugs)
        places = [
            place
            for place, framework in enumerate(self.frameworks)
            if framework.slug in wanted
        ]
        if not places:
            return self
        groups = [
            replace(
                group,
                rows=[
                    replace(row, cells=[row.cells[place] for place in places])
                    for row in group.rows
                ],
            )
            for group in self.groups
        ]
        return Matrix([self.frameworks[place] for place in places], groups)

    def where(self, holds: Callable[[Group, Row], bool]) -> "Matrix":
        """Return the rows of which ``holds(group, row)``, without empty groups."""
        groups = [
            replace(group, rows=[row for row in group.rows if holds(group, row)])
            for group in self.groups
        ]
        return Matrix(self.frameworks, [group for group in groups if group.rows])


def read_matrix(
    frameworks: Sequence[Framework], *, text: str = "", is_certain: bool = False
) -> Matrix:
    """Return the matrix of ``frameworks`` on all features, in five queries.

    ``text`` names the field of a finding that its cell has as a note, if any. Who
    vouches for it is told of judgements, or of all answers if ``is_certain``.
    """
    pks = [framework.pk for framework in frameworks]
    answers = _answers(frameworks, text, is_certain)
    features = _features()
    figures = measured_figures(pks)
    groups = {}
    for pk, slug, name, status, group, heading in features:
        measured = figures.get(slug, {})
        cells = [
            _with_figure(answers.get((framework, pk), UNKNOWN), framework, measured)
            for framework in pks
        ]
        rows = groups.setdefault(group, (heading, []))[1]
        rows.append(Row(slug, name, cells, status))
    return Matrix(
        frameworks, [Group(slug, *contents) for slug, contents in groups.items()]
    )


UNKNOWN = Cell()


def _with_figure(cell, framework, measured):
    figure = measured.get(framework)
    return replace(cell, figure=figure) if figure else cell


@prepared
def _features():
    return Feature.objects.published().values_list(
        *("pk", "slug", "name", "status", "group__slug", "group__name")
    )


def _answers(frameworks, text, is_certain):
    """Return {(framework, feature): Cell}, by their keys."""
    columns = {framework.pk: framework for framework in frameworks}
    pks = list(columns)
    evidence = {
        pk: (bool(supporting and disputing), checked)
        for pk, supporting, disputing, checked in _evidence(pks)
    }
    findings = _findings(pks, text=text)
    vouching = supports(
        {
            pk: (columns[framework], LEVELS[level])
            for pk, framework, _, level, *_ in findings
            if is_certain or LEVELS[level].kind != FeatureKind.CAPABILITY
        }
    )
    answers = {}
    for pk, framework, feature, level, status, provider, *note in findings:
        contested, checked = evidence.get(pk, (False, None))
        support = vouching.get(pk)
        answers[framework, feature] = Cell(
            LEVELS[level],
            provider or "",
            contested and status == Status.PUBLISHED,
            checked,
            None,
            note[0] if note else "",
            status,
            support,
            support is not None and support.is_own_word,
        )
    return answers


@prepared
def _findings(frameworks, *, text):
    columns = ["pk", "framework", "feature", "level", "status", "extension__name"]
    findings = Finding.objects.published().filter(framework__in=frameworks)
    return findings.order_by().values_list(*columns, *[text] * bool(text))


@prepared
def _evidence(frameworks):
    """Return how many passages support and dispute each finding, and the last day."""
    # Not joined: so an index hands out the passages of each finding together.
    findings = Finding.objects.filter(framework__in=frameworks).order_by()
    citations = Citation.objects.filter(finding__in=findings.values("pk")).order_by()
    return citations.values_list("finding").annotate(
        supporting=Count("pk", filter=Q(stance=Stance.SUPPORTS)),
        disputing=Count("pk", filter=Q(stance=Stance.DISPUTES)),
        checked=Max("accessed_date"),
    )


def measured_figures(frameworks: Iterable[int]) -> dict[str, dict[int, Figure]]:
    """Return {measured feature: {framework's key: Figure}}, by the latest run.

    A bar's length is its share of the longest of these ``frameworks``, which are given
    by their keys.
    """
    measured = defaultdict(list)
    for framework, *figure in _measurements(list(frameworks)):
        measured[framework].append(Measured(*figure))
    found = {}
    for feature, row in ROWS.items():
        lengths = {
            framework: length
            for framework, own in measured.items()
            if (length := row.length(own)) is not None
        }
        most = max(lengths.values(), default=0) or 1
        found[feature] = {
            framework: Figure(
                row.told(measured[framework]), round(100 * length / most), length
            )
            for framework, length in lengths.items()
        }
    return found


class Measured(NamedTuple):
    """A measurement as far as a level follows from it."""

    metric: str
    connections: int
    setup: str
    value: float
    ratio: float | None

    @property
    def unit(self) -> str:
        return Metric(self.metric).unit


@prepared
def _measurements(frameworks):
    deciding = Measurement.objects.deciding().filter(framework__in=frameworks)
    return deciding.values_list("framework", *Measured._fields)
