"""What a result rests on: findings, what the team knows, and the sources it names.

Sources are numbered as the result first quotes them, so that a footnote leads to
the list at the foot of the page.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from advisor.questionnaire.candidates import Known, known_of
from advisor.questionnaire.familiarity import Familiarity
from advisor.questionnaire.preferences import Preferences
from advisor.questionnaire.quotes import Quote, read_quotes
from advisor.questionnaire.reading import Questionnaire
from advisor.questionnaire.shortlist import shortlist
from advisor.ranking.order import UNKNOWN
from comparisons.choices import Level, SourceKind
from comparisons.models import Framework, Source

NOTHING = Quote(is_contested=False, packages=[], sources=[])


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """The published findings on some frameworks, and what is known of those who ask.

    ``familiarity`` stands under the slug of the feature that it fills. A statement
    has its sources once it is quoted: a result quotes few of the many it weighs.
    """

    frameworks: Mapping[str, Framework]
    known: Known
    familiarity: Mapping[str, Familiarity]
    # How many of those to choose from are left out, because others lead them.
    others: int = 0
    quoted: Mapping[tuple[str, str], Quote] = field(default_factory=dict)
    # What the packages are worth that a must-have may rest on, by their names.
    packages: Mapping[tuple[str, str], Mapping[str, float]] = field(
        default_factory=dict
    )
    # By source, in the order in which the quoted statements name them.
    numbers: Mapping[Source, int] = field(default_factory=dict)

    def quoting(
        self,
        statements: Iterable[tuple[str, str]],
        bundled: Iterable[tuple[str, str]] = (),
    ) -> "Grounds":
        """Return the same with the sources of ``statements``: (framework, feature).

        Of what is ``bundled`` the packages are asked for alone.
        """
        found, quotes = self.known.findings, self.known.quotes
        keys = {key: found[key].pk for key in dict.fromkeys(statements) if key in found}
        others = {key: found[key].pk for key in bundled}
        if missing := {*keys.values(), *others.values()} - quotes.keys():
            quotes |= read_quotes(missing)
        quoted = {key: quotes[pk] for key, pk in keys.items() if pk in quotes}
        packages = {
            key: quotes[pk].reliable for key, pk in others.items() if pk in quotes
        }
        named = dict.fromkeys(
            source for quote in quoted.values() for source in quote.sources
        )
        numbers = {source: number for number, source in enumerate(named, start=1)}
        return replace(self, quoted=quoted, numbers=numbers, packages=packages)

    def is_finding(self, feature: str) -> bool:
        """Whether ``feature`` is one of the knowledge, and not what a team knows."""
        return feature not in self.familiarity

    def answer(self, framework: str, feature: str) -> dict[str, Any]:
        """Return the level, its label, and what it is worth at least and at most."""
        if not self.is_finding(feature):
            label = self.familiarity[feature].answer(framework)
            return {"level": "", "level_label": label}
        finding = self.known.findings.get((framework, feature))
        level = finding.level if finding else Level.UNKNOWN
        low, high = finding.bounds if finding else UNKNOWN
        return {"level": level, "level_label": level.label, "low": low, "high": high}

    def statement(self, framework: str, feature: str) -> dict[str, Any]:
        """Return the answer with its note and, if it is quoted, its sources."""
        finding = self.known.findings.get((framework, feature))
        quote = self.quoted.get((framework, feature), NOTHING)
        if self.is_finding(feature):
            note = finding.note if finding else ""
        else:
            note = self.familiarity[feature].note(framework)
        return {
            **self.answer(framework, feature),
            "note": note,
            "is_contested": quote.is_contested,
            "packages": quote.packages,
            "sources": [
                {
                    "number": self.numbers[source],
                    "slug": source.slug,
                    "title": source.title,
                }
                for source in quote.sources
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
                "kind": SourceKind(source.kind).label,
                "has_interest": bool(source.interest),
            }
            for source, number in self.numbers.items()
        ]


def read_grounds(questionnaire: Questionnaire, preferences: Preferences) -> Grounds:
    """Return what is published on those to choose from, in three queries at most."""
    offered = questionnaire.chosen_frameworks(preferences)
    frameworks = shortlist(questionnaire, offered, preferences)
    return Grounds(
        frameworks={framework.slug: framework for framework in frameworks},
        known=known_of(questionnaire, frameworks),
        familiarity={known.feature: known for known in preferences.familiarity},
        others=len(offered) - len(frameworks),
    )
