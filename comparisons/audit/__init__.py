"""What is missing, unproved, aged, undecided or broken in the published knowledge.

The database keeps the promises that SQL can express; the audit looks for the
rest, and for what editors have still to do. It knows no request and no HTML,
and runs the same number of queries however much is known.
"""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from comparisons.audit.comparisons import curated_comparisons, curated_gaps
from comparisons.audit.conditions import miscounted
from comparisons.audit.figures import Figure, figures
from comparisons.audit.gaps import Gap, GapKind
from comparisons.audit.notes import overstated, unproved, wider
from comparisons.audit.packages import Packages
from comparisons.audit.ratings import (
    ratings_beside_the_figures,
    ratings_past_their_passages,
)
from comparisons.audit.references import broken_references
from comparisons.audit.statements import missing_findings, statement_gaps
from comparisons.choices import Status
from comparisons.history.records import recorded_models
from comparisons.models import (
    Fact,
    Feature,
    Finding,
    Framework,
    Measurement,
    ProCon,
    Source,
    Statement,
)

__all__ = ["Audit", "Figure", "Gap", "GapKind", "count_by_kind"]


@dataclass(frozen=True, kw_only=True)
class Audit:
    """The gaps of the published knowledge, the worst first, and its figures."""

    gaps: list[Gap]
    figures: list[Figure]

    @classmethod
    def load(cls, today: datetime.date, draft: str = ""):
        """Return all gaps and figures as of ``today``.

        The framework with the slug ``draft`` counts as if it were published, so
        that one can see what it still lacks.
        """
        frameworks = list(
            Framework.objects.published() | Framework.objects.filter(slug=draft)
        )
        features = list(Feature.objects.published().prefetch_related("thresholds"))
        waiting = Q(framework__slug=draft, status=Status.PUBLISHED)
        statements = {
            model: list(
                (model.objects.published() | model.objects.filter(waiting))
                .with_parents()
                .prefetch_related("citations")
            )
            for model in recorded_models()
            if issubclass(model, Statement)
        }
        _give_sources(statements)
        findings = statements[Finding]
        _give_features(findings, features)
        everything = sum(statements.values(), [])
        packages = Packages(findings, today)
        comparisons = curated_comparisons()
        verdicts = [row for each in comparisons for row in each.verdicts.all()]
        gaps = [
            *missing_findings(frameworks, features, findings),
            *statement_gaps(everything, today),
            *ratings_past_their_passages(findings),
            *ratings_beside_the_figures(findings, Measurement.objects.deciding()),
            *miscounted(features, packages),
            *packages.gaps(),
            *unproved(findings, statements[ProCon], statements[Fact], packages),
            *wider(findings, statements[ProCon]),
            *overstated([*everything, *verdicts]),
            *broken_references(),
            *curated_gaps(comparisons, findings),
        ]
        order = list(GapKind)
        return cls(
            gaps=sorted(gaps, key=lambda gap: order.index(gap.kind)),
            figures=figures(
                cells=len(frameworks) * len(features),
                findings=findings,
                pros_and_cons=statements[ProCon],
            ),
        )

    @property
    def fails(self):
        """Whether something that readers see is uncited or broken."""
        return any(gap.kind.fails for gap in self.gaps)

    def narrowed(self, kinds: Iterable[str] = (), framework: str = "") -> list[Gap]:
        """Return the gaps of ``kinds`` about ``framework``, a slug; empty means all."""
        return [
            gap
            for gap in self.gaps
            if (not kinds or gap.kind in kinds)
            and (not framework or framework in gap.slugs)
        ]


def _give_features(findings, features):
    """Let findings share ``features``, which come with their thresholds."""
    known = {feature.pk: feature for feature in features}
    for finding in findings:
        finding.feature = known[finding.feature_id]


def _give_sources(statements):
    """Read each source once, because many citations share it.

    All at once: of a thousand that a prefetch names, SQLite understands none.
    """
    sources = Source.objects.in_bulk()
    for rows in statements.values():
        for statement in rows:
            for citation in statement.citations.all():
                citation.source = sources[citation.source_id]


def count_by_kind(gaps: Iterable[Gap]) -> dict[GapKind, int]:
    """Return how many of ``gaps`` there are of each kind, the worst first."""
    counts = Counter(gap.kind for gap in gaps)
    return {kind: counts[kind] for kind in GapKind}
