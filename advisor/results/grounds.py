"""What a result rests on: findings, what the team knows, and the sources it names.

Sources are numbered as the result first quotes them, so that a footnote leads to
the list at the foot of the page.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from advisor.questionnaire.candidates import (
    Findings,
    Known,
    bounds_of,
    evidence_of,
    read_findings,
)
from advisor.questionnaire.familiarity import Familiarity
from advisor.questionnaire.packages import Provided, packages_of, read_provided
from advisor.questionnaire.reading import Preferences
from advisor.ranking.order import UNKNOWN
from comparisons.choices import Level
from comparisons.models import Citation, Framework, Source

# The most sources that are named for one finding.
MOST_SOURCES = 3


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """The published findings on some frameworks, and what is known of those who ask.

    ``familiarity`` stands under the slug of the feature that it fills. A statement
    has its sources once it is quoted: a result quotes few of the many it weighs.
    """

    frameworks: Mapping[str, Framework]
    findings: Findings
    familiarity: Mapping[str, Familiarity]
    provided: Provided
    quoted: frozenset[tuple[str, str]] = frozenset()
    # By source, in the order in which the quoted statements name them.
    numbers: Mapping[Source, int] = field(default_factory=dict)

    @cached_property
    def known(self) -> Known:
        """The same as the ranking takes it."""
        return Known(
            bounds=bounds_of(self.frameworks.values(), self.findings),
            provided=self.provided,
            evidence=evidence_of(self.findings),
        )

    def quoting(self, statements: Iterable[tuple[str, str]]) -> "Grounds":
        """Return the same with the sources of ``statements``: (framework, feature).

        Reads their citations and packages, in four queries at most.
        """
        quoted = [key for key in dict.fromkeys(statements) if key in self.findings]
        prefetch_related_objects(
            [self.findings[key] for key in quoted],
            Prefetch("citations", Citation.objects.select_related("source")),
            "extension",
            "alternatives",
        )
        named = dict.fromkeys(
            source for key in quoted for source in _sources(self.findings[key])
        )
        numbers = {source: number for number, source in enumerate(named, start=1)}
        return replace(self, quoted=frozenset(quoted), numbers=numbers)

    def is_finding(self, feature: str) -> bool:
        """Whether ``feature`` is one of the knowledge, and not what a team knows."""
        return feature not in self.familiarity

    def answer(self, framework: str, feature: str) -> dict[str, Any]:
        """Return the level, its label, and what it is worth at least and at most."""
        if not self.is_finding(feature):
            label = self.familiarity[feature].answer(framework)
            return {"level": "", "level_label": label}
        finding = self.findings.get((framework, feature))
        level = finding.answer if finding else Level.UNKNOWN
        low, high = finding.bounds if finding else UNKNOWN
        return {"level": level, "level_label": level.label, "low": low, "high": high}

    def statement(self, framework: str, feature: str) -> dict[str, Any]:
        """Return the answer with its note and, if it is quoted, its sources."""
        finding = self.findings.get((framework, feature))
        quoted = finding if (framework, feature) in self.quoted else None
        if self.is_finding(feature):
            note = finding.note if finding else ""
        else:
            note = self.familiarity[feature].note(framework)
        return {
            **self.answer(framework, feature),
            "note": note,
            "is_contested": bool(quoted and quoted.is_contested),
            "packages": [
                package.name for package in (packages_of(quoted) if quoted else ())
            ],
            "sources": [
                {
                    "number": self.numbers[source],
                    "slug": source.slug,
                    "title": source.title,
                }
                for source in (_sources(quoted) if quoted else ())
            ],
        }

    def sources(self) -> list[dict[str, Any]]:
        """Return the sources that are named, by number."""
        return [
            {
                "number": number,
                "slug": source.slug,
                "title": source.title,
                "author": source.author,
                "publisher": source.publisher,
                "year": source.published_date and source.published_date.year,
                "kind": source.get_kind_display(),
                "has_interest": bool(source.interest),
            }
            for source, number in self.numbers.items()
        ]


def read_grounds(frameworks: Iterable[Framework], preferences: Preferences) -> Grounds:
    """Return what is published on ``frameworks``, in three queries at most."""
    frameworks = list(frameworks)
    return Grounds(
        frameworks={framework.slug: framework for framework in frameworks},
        findings=read_findings(frameworks),
        familiarity={known.feature: known for known in preferences.familiarity},
        provided=read_provided(
            frameworks, [must.feature.slug for must in preferences.must_haves]
        ),
    )


def _sources(finding):
    """Return the sources that are named for ``finding``, each once."""
    sources = dict.fromkeys(citation.source for citation in finding.supporting)
    return list(sources)[:MOST_SOURCES]
