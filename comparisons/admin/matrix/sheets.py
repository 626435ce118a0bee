"""The matrix as editors fill it in: one framework, or one feature, down the page.

Knows no request and no HTML. What is retired has no line.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from comparisons.choices import Status
from comparisons.models import Feature, Finding, Framework
from comparisons.pages.answers import Answer


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
    def of_framework(cls, framework):
        """Return the sheet of ``framework`` down all features, drafts included."""
        known = _by(framework.findings, "feature_id")
        sections = {}
        for feature in _living(Feature).select_related("group"):
            cell = Answer(
                framework=framework, feature=feature, finding=known.get(feature.pk)
            )
            lines = sections.setdefault(feature.group.name, [])
            lines.append(Line(row=feature, cell=cell))
        return cls(subject=framework, sections=list(sections.items()))

    @classmethod
    def of_feature(cls, feature):
        """Return the sheet of ``feature`` across all frameworks, drafts included."""
        known = _by(feature.findings, "framework_id")
        lines = [
            Line(
                row=framework,
                cell=Answer(
                    framework=framework,
                    feature=feature,
                    finding=known.get(framework.pk),
                ),
            )
            for framework in _living(Framework)
        ]
        return cls(subject=feature, sections=[("", lines)])

    @property
    def lines(self):
        return [line for _, lines in self.sections for line in lines]

    def line(self, slug):
        """Return the line called ``slug``, or None."""
        return next((line for line in self.lines if line.slug == slug), None)

    def after(self, line):
        """Return the line below ``line``, or None at the end."""
        lines = self.lines
        return next(iter(lines[lines.index(line) + 1 :]), None)


def _living(model):
    return model.objects.exclude(status=Status.RETIRED)


def _by(findings, column) -> dict[int, Finding]:
    rows: Iterable[Finding] = findings.select_related("extension").annotate(
        citation_count=Count("citations")
    )
    return {getattr(finding, column): finding for finding in rows}
