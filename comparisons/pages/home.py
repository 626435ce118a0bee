"""What the home page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max

from comparisons.choices import ChangeKind
from comparisons.history.summaries import Summary, summaries
from comparisons.models import (
    ChangeSet,
    Citation,
    Comparison,
    Disagreement,
    Framework,
    Verdict,
)
from comparisons.pages.field import Field, read_field

MOST_FRAMEWORKS = 24
# Comparisons, disagreements, changes.
SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class HomePage:
    """The field, and a few of what there is to read; ``has_more`` frameworks exist."""

    frameworks: Sequence[Framework]
    has_more: bool
    field: Field
    passage_count: int
    last_read: date | None
    # Each with its first verdict on each framework.
    comparisons: Sequence[tuple[Comparison, Sequence[Verdict]]]
    disagreements: Sequence[Disagreement]
    changes: Sequence[Summary]

    @property
    def examples(self) -> list[str]:
        """Queries that the search answers on the spot."""
        about = [
            f"{framework.name} {disagreement.feature.name.lower()}"
            for disagreement in self.disagreements
            for framework in disagreement.frameworks.all()[:1]
            if disagreement.feature
        ]
        return [*(comparison.title for comparison, _ in self.comparisons), *about]


def home_page() -> HomePage:
    """Gather what the home page shows."""
    frameworks = list(Framework.objects.published()[: MOST_FRAMEWORKS + 1])
    has_more = len(frameworks) > MOST_FRAMEWORKS
    frameworks = frameworks[:MOST_FRAMEWORKS]
    passages = Citation.objects.published().filter(finding__framework__in=frameworks)
    disagreements = Disagreement.objects.published().for_page().most_contested_first()
    # What came with the files is no news to a reader.
    edits = ChangeSet.objects.public().exclude(kind=ChangeKind.LOAD)
    return HomePage(
        frameworks=frameworks,
        has_more=has_more,
        field=read_field(frameworks),
        **passages.aggregate(passage_count=Count("pk"), last_read=Max("accessed_date")),
        comparisons=_first_verdicts(list(Comparison.objects.published()[:SHOWN])),
        disagreements=list(disagreements[:SHOWN]),
        changes=summaries(edits.select_related("editor")[:SHOWN]),
    )


def _first_verdicts(comparisons):
    verdicts = Verdict.objects.published().filter(comparison__in=comparisons)
    first = {}
    for verdict in verdicts.select_related("framework"):
        key = verdict.comparison_id, verdict.framework_id
        first.setdefault(key, verdict)
    return [
        (row, [verdict for (pk, _), verdict in first.items() if pk == row.pk])
        for row in comparisons
    ]
