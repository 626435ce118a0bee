"""What a result rests on: findings, and the sources that it names.

Sources are numbered as the result first names them, so that a footnote leads
to the list at the foot of the page.
"""

from django.db.models import Prefetch

from comparisons.bibliography import Bibliography
from comparisons.choices import Level
from comparisons.models import Finding, Framework

from .ranking import UNKNOWN

# The most sources that are named for one finding.
MOST_SOURCES = 3


class Evidence:
    """The published findings on some frameworks, and what the team knows.

    ``candidates`` are the slugs of the frameworks; none means all. ``known`` are
    those that the team knows, ``team_themes`` the slugs of the themes that ask
    for nothing else.
    """

    def __init__(self, *, candidates=(), known=(), team_themes=()):
        self.frameworks = {
            framework.slug: framework for framework in _frameworks(candidates)
        }
        self.known = known
        self.team_themes = team_themes
        self._findings = {
            (framework.slug, finding.feature.slug): finding
            for framework in self.frameworks.values()
            for finding in framework.published_findings
        }
        self._bibliography = Bibliography()

    def bounds(self, framework):
        """Return the lowest and highest value per feature that has a finding."""
        bounds = {
            finding.feature.slug: finding.bounds
            for finding in self.frameworks[framework].published_findings
        }
        is_known = float(framework in self.known)
        return bounds | dict.fromkeys(self.team_themes, (is_known, is_known))

    def answer(self, framework, feature):
        """Return the level, its label, and what it is worth at least and at most."""
        if feature in self.team_themes:
            is_known = framework in self.known
            label = "You named it." if is_known else "You did not name it."
            return {"level": "", "level_label": label}
        finding = self._findings.get((framework, feature))
        level = finding.answer if finding else Level.UNKNOWN
        low, high = finding.bounds if finding else UNKNOWN
        return {"level": level, "level_label": level.label, "low": low, "high": high}

    def statement(self, framework, feature):
        """Return the answer with its note and its numbered sources."""
        answer = self.answer(framework, feature)
        finding = self._findings.get((framework, feature))
        if finding is None:
            return {**answer, "note": "", "is_contested": False, "sources": []}
        sources = dict.fromkeys(citation.source for citation in finding.supporting)
        return {
            **answer,
            "note": finding.note,
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


def _frameworks(candidates):
    frameworks = Framework.objects.published().prefetch_related(
        Prefetch(
            "findings",
            Finding.objects.published().with_parents().with_citations(),
            to_attr="published_findings",
        )
    )
    return frameworks.filter(slug__in=candidates) if candidates else frameworks
