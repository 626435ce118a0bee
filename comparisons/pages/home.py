"""What the home page shows."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max

from comparisons.choices import ChangeKind, Witness
from comparisons.history.summaries import Summary, summaries
from comparisons.models import (
    ChangeSet,
    Citation,
    Comparison,
    Disagreement,
    Finding,
    Framework,
    Position,
    Verdict,
)
from comparisons.pages.field import Field, read_field
from comparisons.prepared import prepared
from comparisons.querysets.evidence import MOST_SORTED

MOST_FRAMEWORKS = 24
# Comparisons, disagreements, changes.
SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class Dispute:
    """A question on which sources differ; each position with who takes it."""

    disagreement: Disagreement
    # One of the frameworks that it is about, by name; empty if it is about none.
    example: str
    positions: Sequence[tuple[str, Mapping[Witness, int]]]


@dataclass(frozen=True, kw_only=True)
class HomePage:
    """The field, and a few of what there is to read; ``has_more`` frameworks exist."""

    frameworks: Sequence[Framework]
    has_more: bool
    field: Field
    passage_count: int
    last_read: date | None
    # Each with its first verdict on each framework: (name, when).
    comparisons: Sequence[tuple[Comparison, Sequence[tuple[str, str]]]]
    disputes: Sequence[Dispute]
    changes: Sequence[Summary]

    @property
    def examples(self) -> list[str]:
        """Queries that the search answers on the spot."""
        about = [
            f"{dispute.example} {dispute.disagreement.feature.name.lower()}"
            for dispute in self.disputes
            if dispute.example
        ]
        return [*(comparison.title for comparison, _ in self.comparisons), *about]


def home_page() -> HomePage:
    """Gather what the home page shows."""
    frameworks = _frameworks(most=MOST_FRAMEWORKS + 1)
    has_more = len(frameworks) > MOST_FRAMEWORKS
    frameworks = frameworks[:MOST_FRAMEWORKS]
    read = _passages([framework.pk for framework in frameworks])
    return HomePage(
        frameworks=frameworks,
        has_more=has_more,
        field=read_field(frameworks),
        passage_count=sum(count for _, count, _ in read),
        last_read=max((day for *_, day in read if day), default=None),
        comparisons=_with_verdicts(_comparisons()),
        disputes=_disputes(),
        changes=summaries(_edits()),
    )


@prepared
def _frameworks(*, most):
    return Framework.objects.published()[:most]


@prepared
def _passages(frameworks):
    """Return how many passages there are on each framework, and the last day."""
    findings = Finding.objects.published().filter(framework__in=frameworks).order_by()
    counted = findings.values_list("framework").annotate(Count("citations"))
    return counted.annotate(Max("citations__accessed_date"))


@prepared
def _comparisons():
    return Comparison.objects.published()[:SHOWN]


def _with_verdicts(comparisons):
    first: dict[Any, dict] = {comparison.pk: {} for comparison in comparisons}
    for comparison, framework, when in _verdicts(list(first)):
        first[comparison].setdefault(framework, when)
    return [(row, list(first[row.pk].items())) for row in comparisons]


@prepared
def _verdicts(comparisons):
    verdicts = Verdict.objects.published().filter(comparison__in=comparisons)
    return verdicts.values_list("comparison", "framework__name", "when")


def _disputes():
    rows = _contested(are_few=not _row_after(number=MOST_SORTED))
    pks = [row.pk for row in rows]
    examples: dict[int, str] = {}
    for disagreement, name in _about(pks):
        examples.setdefault(disagreement, name)
    positions = _positions(pks)
    taken: dict[int, Counter] = defaultdict(Counter)
    for position, kind, interest in _taking([pk for _, pk, _ in positions]):
        taken[position][Witness.of(kind, interest)] += 1
    return [
        Dispute(
            disagreement=row,
            example=examples.get(row.pk, ""),
            positions=[(text, taken[pk]) for of, pk, text in positions if of == row.pk],
        )
        for row in rows
    ]


@prepared
def _row_after(*, number):
    rows = Disagreement.objects.order_by().values_list("pk")
    return rows[number : number + 1]


@prepared
def _contested(*, are_few):
    found = Disagreement.objects.published().select_related("feature")
    return (found.by_passages() if are_few else found.order_by("key"))[:SHOWN]


@prepared
def _about(disagreements):
    about = Framework.objects.filter(disagreements__in=disagreements)
    return about.values_list("disagreements", "name")


@prepared
def _positions(disagreements):
    positions = Position.objects.filter(disagreement__in=disagreements)
    return positions.values_list("disagreement", "pk", "position")


@prepared
def _taking(positions):
    """Return (position, kind and interest of a source) for each passage."""
    citations = Citation.objects.published().filter(positions__in=positions)
    return citations.values_list("positions", "source__kind", "source__interest")


@prepared
def _edits():
    # What came with the files is no news to a reader.
    edits = ChangeSet.objects.public().exclude(kind=ChangeKind.LOAD)
    return edits.with_editors()[:SHOWN]
