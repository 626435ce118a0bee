"""What findings rest on: sources and packages, of the few that a result quotes."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from django.db.models import Prefetch
from django.utils import timezone

from advisor.questionnaire.packages import worths_of
from comparisons.models import Citation, Finding, Source

# The most sources that are named for one finding.
MOST_SOURCES = 3


class Quote(NamedTuple):
    """What is named beside a finding: its packages and sources, each once.

    ``reliable`` are the packages that must-haves may rest on, with their worth.
    """

    is_contested: bool
    packages: list[str]
    sources: list[Source]
    reliable: Mapping[str, float] = MappingProxyType({})


def read_quotes(findings: Iterable[int]) -> dict[int, Quote]:
    """Return what ``findings`` rest on, by their keys; in three queries at most."""
    rows = (
        Finding.objects.select_related("extension")
        .prefetch_related(
            Prefetch("citations", Citation.objects.select_related("source")),
            "alternatives",
        )
        .in_bulk(list(findings))
    )
    today = timezone.localdate()
    return {
        pk: Quote(
            is_contested=finding.is_contested,
            packages=[package.name for package in worths],
            reliable={
                package.name: worth
                for package, worth in worths.items()
                if package.is_maintained(today)
            },
            sources=list(
                dict.fromkeys(citation.source for citation in finding.supporting)
            )[:MOST_SOURCES],
        )
        for pk, finding in rows.items()
        for worths in [worths_of(finding)]
    }
