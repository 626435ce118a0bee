"""The matrix as editors fill it in: one framework, or one feature, down the page.

Knows no request and no HTML. What is retired has no line.
"""

from dataclasses import dataclass

from django.db.models import Count

from comparisons.choices import Level, Status
from comparisons.models import Feature, Finding, Framework


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What is known of a framework on a feature. No finding means unknown."""

    framework: Framework
    feature: Feature
    finding: Finding | None

    @property
    def level(self):
        return self.finding.answer if self.finding else Level.UNKNOWN


@dataclass(frozen=True, kw_only=True)
class Line:
    """One cell, called by the framework or feature that its sheet runs down."""

    row: Framework | Feature
    cell: Answer

    @property
    def slug(self):
        return self.row.slug


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Every cell of one framework, or of one feature, in sections."""

    subject: Framework | Feature
    # (heading, its lines); the lines of a feature need no heading.
    sections: list[tuple[str, list[Line]]]

    @classmethod
    def of(cls, subject):
        """Return the sheet of a framework or a feature, drafts included."""
        down, across = "feature", "framework"
        rows = Feature.objects.select_related("group")
        if isinstance(subject, Feature):
            down, across, rows = across, down, Framework.objects.all()
        findings = subject.findings.select_related("extension")
        findings = findings.annotate(citation_count=Count("citations"))
        known = {getattr(finding, f"{down}_id"): finding for finding in findings}
        lines = [
            Line(
                row=row,
                cell=Answer(**{down: row, across: subject}, finding=known.get(row.pk)),
            )
            for row in rows.exclude(status=Status.RETIRED)
        ]
        sections = {}
        for line in lines:
            heading = str(getattr(line.row, "group", ""))
            sections.setdefault(heading, []).append(line)
        return cls(subject=subject, sections=list(sections.items()))

    @property
    def lines(self):
        return [line for _, lines in self.sections for line in lines]

    def line(self, slug):
        """Return the line called ``slug``, or None."""
        return next((line for line in self.lines if line.slug == slug), None)

    @property
    def missing(self):
        """The first line that nobody has rated; None if there is none."""
        return next((line for line in self.lines if not line.cell.finding), None)

    def after(self, line):
        """Return the line below ``line``, or None at the end."""
        lines = self.lines
        return next(iter(lines[lines.index(line) + 1 :]), None)
