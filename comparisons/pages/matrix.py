"""Frameworks side by side: groups of rows, one cell per framework.

Knows no request and no HTML. A template walks groups, rows and cells.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from comparisons.choices import Level
from comparisons.models import Feature, FeatureGroup, Finding, Framework
from comparisons.pages.bibliography import Bibliography, Footnote


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One framework's answer on one feature. No finding means unknown."""

    framework: Framework
    feature: Feature
    finding: Finding | None
    footnotes: list[Footnote] = field(default_factory=list)

    @property
    def level(self):
        return self.finding.answer if self.finding else Level.UNKNOWN

    @property
    def entry(self):
        """The finding; where there is none, the one that an editor would enter."""
        return self.finding or Finding(framework=self.framework, feature=self.feature)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One feature across the frameworks."""

    feature: Feature
    cells: list[Cell]

    @property
    def differs(self):
        """Whether the frameworks' levels are not all the same."""
        return len({cell.level for cell in self.cells}) > 1


@dataclass(frozen=True, kw_only=True)
class Group:
    """A section of the matrix."""

    group: FeatureGroup
    rows: list[Row]


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """How much is known, in one line: “71 of 85 answered, 4 unknown”."""

    asked: int
    known: int
    contested: int
    oldest_check: object = None

    @property
    def unknown(self):
        return self.asked - self.known


@dataclass(frozen=True, kw_only=True)
class ComparisonMatrix:
    """The findings of some frameworks on some features."""

    frameworks: list[Framework]
    groups: list[Group]

    @classmethod
    def build(
        cls,
        frameworks: Iterable[Framework],
        features: Iterable[Feature],
        findings: Iterable[Finding],
        bibliography: Bibliography,
    ):
        """Return the matrix of what is given, numbering its sources on the way.

        ``features`` come in the order of the rows with their group loaded,
        ``findings`` with their citations.
        """
        frameworks = list(frameworks)
        known = {
            (finding.framework_id, finding.feature_id): finding for finding in findings
        }
        rows_by_group = {}
        for feature in features:
            cells = [
                cls._cell(framework, feature, known, bibliography)
                for framework in frameworks
            ]
            row = Row(feature=feature, cells=cells)
            rows_by_group.setdefault(feature.group, []).append(row)
        return cls(
            frameworks=frameworks,
            groups=[
                Group(group=group, rows=rows) for group, rows in rows_by_group.items()
            ],
        )

    @staticmethod
    def _cell(framework, feature, known, bibliography):
        finding = known.get((framework.pk, feature.pk))
        citations = finding.citations.all() if finding else []
        return Cell(
            framework=framework,
            feature=feature,
            finding=finding,
            footnotes=bibliography.footnotes(citations),
        )

    @property
    def rows(self):
        return [row for group in self.groups for row in group.rows]

    @property
    def difference_count(self):
        return sum(row.differs for row in self.rows)

    def only_differences(self):
        """Return the matrix without the rows in which all levels are the same."""
        groups = [
            Group(group=group.group, rows=[row for row in group.rows if row.differs])
            for group in self.groups
        ]
        return ComparisonMatrix(
            frameworks=self.frameworks, groups=[group for group in groups if group.rows]
        )

    def only(self, features):
        """Return the matrix of the rows for ``features``, which are primary keys."""
        groups = [
            Group(
                group=group.group,
                rows=[row for row in group.rows if row.feature.pk in features],
            )
            for group in self.groups
        ]
        return ComparisonMatrix(
            frameworks=self.frameworks, groups=[group for group in groups if group.rows]
        )

    def coverage(self):
        return coverage(cell for row in self.rows for cell in row.cells)


def coverage(cells):
    """Return how much of ``cells`` is known, contested and how old it is."""
    cells = list(cells)
    findings = [cell.finding for cell in cells if cell.level.is_known]
    return Coverage(
        asked=len(cells),
        known=len(findings),
        contested=sum(finding.is_contested for finding in findings),
        oldest_check=min(
            (finding.last_checked for finding in findings if finding.last_checked),
            default=None,
        ),
    )
