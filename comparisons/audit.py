"""What is missing, unknown, stale, undecided or broken in the published knowledge.

The database keeps the promises that SQL can express; the audit looks for the
rest, and for what editors have still to do.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from .choices import FeatureKind, SourceKind, Stance
from .models import (
    Adopter,
    Comparison,
    Disagreement,
    Fact,
    Feature,
    Finding,
    Framework,
    ProCon,
)
from .models.frameworks import VERSUS

STALE_AFTER = datetime.timedelta(days=365)


class GapKind(StrEnum):
    """What is wrong, the worst last."""

    MISSING = "missing"  # No finding: readers see “unknown”.
    UNKNOWN = "unknown"  # Somebody looked and did not find out.
    STALE = "stale"  # No passage was read within a year.
    UNDECIDED = "undecided"  # Contested, and the editors have not said why.
    UNCITED = "uncited"  # Published, and nothing supports it.
    BROKEN = "broken"  # A page that contradicts itself or leads nowhere.


@dataclass(frozen=True, kw_only=True)
class Gap:
    """One thing that an editor should look at."""

    kind: GapKind
    subject: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Summary:
    """The knowledge in figures. Shares are between 0 and 1."""

    cells: int
    known: int
    cited: int
    cites_own_documentation: int
    capabilities: int
    median_citations: float


def find_gaps(today: datetime.date) -> list[Gap]:
    """Return all gaps of the published knowledge as of ``today``."""
    findings = _statements(Finding)
    statements = [
        *findings,
        *_statements(ProCon),
        *_statements(Fact),
        *_statements(Adopter),
    ]
    return [
        *_missing(findings),
        *(gap for statement in statements for gap in _statement_gaps(statement, today)),
        *_broken_comparisons(),
        *_one_sided_disagreements(),
    ]


def summarise() -> Summary:
    """Return the figures that show how well the findings are proved."""
    findings = _statements(Finding)
    known = [finding for finding in findings if finding.answer.is_known]
    capabilities = [
        finding for finding in known if finding.feature.kind == FeatureKind.CAPABILITY
    ]
    return Summary(
        cells=Framework.objects.published().count()
        * Feature.objects.published().count(),
        known=len(known),
        cited=sum(bool(finding.supporting) for finding in known),
        capabilities=len(capabilities),
        cites_own_documentation=sum(map(_cites_own_documentation, capabilities)),
        median_citations=median(
            [len(finding.citations.all()) for finding in known] or [0]
        ),
    )


def _statements(model):
    return list(model.objects.published().with_parents().with_citations())


def _cites_own_documentation(finding):
    """Whether a document of the finding's own framework supports it."""
    return any(
        citation.source.framework_id == finding.framework_id
        and citation.source.kind
        in (SourceKind.DOCUMENTATION, SourceKind.RELEASE_NOTES, SourceKind.REPOSITORY)
        for citation in finding.supporting
    )


def _missing(findings) -> Iterator[Gap]:
    answered = {(finding.framework_id, finding.feature_id) for finding in findings}
    features = list(Feature.objects.published())
    for framework in Framework.objects.published():
        for feature in features:
            if (framework.pk, feature.pk) not in answered:
                yield Gap(
                    kind=GapKind.MISSING,
                    subject=f"{framework}: {feature}",
                    message="has no finding",
                )


def _statement_gaps(statement, today) -> Iterator[Gap]:
    def gap(kind, message):
        return Gap(kind=kind, subject=str(statement), message=message)

    if not statement.needs_support:
        yield gap(GapKind.UNKNOWN, "is unknown")
        return
    if not statement.supporting:
        yield gap(GapKind.UNCITED, "has no supporting citation")
    elif statement.last_checked < today - STALE_AFTER:
        yield gap(GapKind.STALE, f"was last checked on {statement.last_checked}")
    if statement.is_contested and not (statement.decision and statement.reason):
        yield gap(GapKind.UNDECIDED, "is contested without decision and reason")


def _broken_comparisons() -> Iterator[Gap]:
    comparisons = Comparison.objects.published().prefetch_related(
        "frameworks", "verdicts__findings", "verdicts__citations"
    )
    for comparison in comparisons:
        slugs = sorted(framework.slug for framework in comparison.frameworks.all())
        if comparison.slug != VERSUS.join(slugs):
            yield Gap(
                kind=GapKind.BROKEN,
                subject=str(comparison),
                message=f"is called {comparison.slug} and compares {', '.join(slugs)}",
            )
        for verdict in comparison.verdicts.all():
            supported = any(
                citation.stance == Stance.SUPPORTS
                for citation in verdict.citations.all()
            )
            if not supported and not verdict.findings.all():
                yield Gap(
                    kind=GapKind.UNCITED,
                    subject=str(verdict),
                    message="rests on no finding and no citation",
                )


def _one_sided_disagreements() -> Iterator[Gap]:
    for disagreement in Disagreement.objects.published().for_page():
        positions = disagreement.positions.all()
        if len(positions) < 2 or not all(
            position.citations.all() for position in positions
        ):
            yield Gap(
                kind=GapKind.BROKEN,
                subject=str(disagreement),
                message="has fewer than two positions with published passages",
            )
