"""What a result rests on: findings, and the sources that it names.

Sources are numbered as the result first names them, so that a footnote leads
to the list at the foot of the page.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from advisor.questionnaire.reading import Preferences
from advisor.ranking.order import UNKNOWN
from advisor.results import wording
from comparisons.choices import Level
from comparisons.models import Citation, Finding
from comparisons.pages.bibliography import Bibliography

# The most sources that are named for one finding.
MOST_SOURCES = 3


@dataclass(frozen=True, kw_only=True)
class Familiarity:
    """A criterion that asks for nothing else than which frameworks somebody knows.

    ``name`` is that of the criterion, ``by`` who named them in ``preferences``.
    """

    name: str
    preferences: Preferences
    by: str = "You"

    def of(self, framework):
        """Return in words whether they know ``framework``, and what helps."""
        return wording.familiarity(
            framework, self.preferences.known, self.preferences.kinships, by=self.by
        )


class Evidence:
    """The published findings on ``frameworks``, and what the team knows.

    ``team`` holds, by the slug that stands for a feature, what rests on no
    finding. Citations are read for those findings alone that ``cite`` names, as
    a result quotes few of the many it weighs.
    """

    def __init__(self, frameworks, team: Mapping[str, Familiarity]):
        self.frameworks = {framework.slug: framework for framework in frameworks}
        self.team = team
        self._findings = {
            (finding.framework.slug, finding.feature.slug): finding
            for finding in _findings(frameworks)
        }
        self._cited = set()
        self._bibliography = Bibliography()

    def bounds(self):
        """Return the lowest and highest value per feature, by framework."""
        bounds = {framework: {} for framework in self.frameworks}
        for (framework, feature), finding in self._findings.items():
            bounds[framework][feature] = finding.bounds
        return bounds

    def cite(self, quoted):
        """Read the citations of the findings ``quoted``: (framework, feature)."""
        self._cited = self._findings.keys() & set(quoted)
        Citation.objects.attach_to([self._findings[key] for key in self._cited])

    def answer(self, framework, feature):
        """Return the level, its label, and what it is worth at least and at most."""
        if feature in self.team:
            label, _ = self.team[feature].of(framework)
            return {"level": "", "level_label": label}
        finding = self._findings.get((framework, feature))
        level = finding.answer if finding else Level.UNKNOWN
        low, high = finding.bounds if finding else UNKNOWN
        return {"level": level, "level_label": level.label, "low": low, "high": high}

    def statement(self, framework, feature):
        """Return the answer with its note and, once cited, its numbered sources."""
        answer = self.answer(framework, feature)
        if feature in self.team:
            _, note = self.team[feature].of(framework)
            return {**answer, "note": note, "is_contested": False, "sources": []}
        finding = self._findings.get((framework, feature))
        statement = {
            **answer,
            "note": finding.note if finding else "",
            "is_contested": False,
            "sources": [],
        }
        if (framework, feature) not in self._cited:
            return statement
        sources = dict.fromkeys(citation.source for citation in finding.supporting)
        return {
            **statement,
            "is_contested": finding.is_contested,
            "sources": [
                {
                    "number": self._bibliography.number(source),
                    "slug": source.slug,
                    "title": source.title,
                }
                for source in list(sources)[:MOST_SOURCES]
            ],
        }

    def sources(self):
        """Return the sources that have been named so far, by number."""
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
            for number, source in self._bibliography.entries()
        ]


def _findings(frameworks):
    return (
        Finding.objects.published()
        .filter(framework__in=frameworks)
        .select_related("framework", "feature")
        .only(
            "framework__slug",
            "feature__slug",
            "status",
            "level",
            "at_least",
            "at_most",
            "note",
        )
    )
