"""What a source says, beside what we say."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from comparisons.choices import Agreement
from comparisons.models import Citation, Source


@dataclass(frozen=True, kw_only=True)
class SourcePage:
    """The passages of a source by what they support, and how far it agrees with us.

    ``only`` is the agreement that a reader asked for, if any; ``counts`` are those of
    all its passages, and ``contradicted`` the answers on which it differs with itself.
    """

    only: Agreement | None
    counts: Mapping[Agreement, int]
    contradicted: int
    passages: QuerySet[Citation]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def source_page(source: Source, only: str = "") -> SourcePage:
    """Gather what is cited from ``source``; an unknown ``only`` asks for everything."""
    # Those of the source itself, which each passage then knows without asking.
    cited = source.citations.published()
    rated = cited.with_agreement()
    counts = dict(rated.order_by().values_list("agreement").annotate(Count("pk")))
    is_known = only in Agreement.values
    chosen = rated.filter(agreement=only) if is_known else rated
    levels = Count("level", distinct=True)
    asserted = cited.exclude(level="").exclude(finding=None).order_by()
    return SourcePage(
        only=Agreement(only) if is_known else None,
        counts={each: counts[each] for each in Agreement if each in counts},
        contradicted=asserted.values("finding")
        .annotate(levels=levels)
        .filter(levels__gt=1)
        .count(),
        passages=chosen.for_source().by_statement(),
    )
