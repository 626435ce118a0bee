"""Everything that a framework's page shows."""

from dataclasses import dataclass, field

from comparisons.choices import Side
from comparisons.models import Extension, Feature, Framework
from comparisons.pages.bibliography import Bibliography
from comparisons.pages.matrix import ComparisonMatrix, Coverage, coverage


@dataclass(frozen=True, kw_only=True)
class Cited:
    """A statement with its footnotes on this page."""

    statement: object
    footnotes: list


@dataclass(frozen=True, kw_only=True)
class ProsAndCons:
    """What speaks for one framework and what against it."""

    framework: Framework
    pros: list[Cited]
    cons: list[Cited]


@dataclass(frozen=True, kw_only=True)
class Profile:
    """All that is known about one framework."""

    framework: Framework
    matrix: ComparisonMatrix
    pros_and_cons: ProsAndCons
    facts: list[Cited]
    adopters: list[Cited]
    coverage: Coverage
    extensions: list[Extension]
    bibliography: Bibliography = field(default_factory=Bibliography)

    @classmethod
    def load(cls, framework):
        """Gather the profile of ``framework``."""
        findings = (
            framework.findings.published()
            .with_parents()
            .with_citations()
            .prefetch_related("alternatives")
        )
        statements = framework.pros_and_cons.published().with_parents()
        bibliography = Bibliography()

        def cited(statements):
            rows = statements.published().with_citations()
            return [_cited(row, bibliography) for row in rows]

        facts = cited(framework.facts)
        pros_and_cons = _pros_and_cons(
            framework, statements.with_citations(), bibliography
        )
        matrix = ComparisonMatrix.build(
            [framework],
            Feature.objects.published().select_related("group"),
            findings,
            bibliography,
        )
        profile = cls(
            framework=framework,
            facts=facts,
            pros_and_cons=pros_and_cons,
            matrix=matrix,
            adopters=cited(framework.adopters),
            coverage=coverage(cell for row in matrix.rows for cell in row.cells),
            extensions=list(framework.extensions.all()),
            bibliography=bibliography,
        )
        bibliography.mark_gone()
        return profile


def _cited(statement, bibliography):
    return Cited(
        statement=statement,
        footnotes=bibliography.footnotes(statement.citations.all()),
    )


def _pros_and_cons(framework, statements, bibliography):
    def cited(side):
        return [
            _cited(statement, bibliography)
            for statement in statements
            if statement.framework_id == framework.pk and statement.side == side
        ]

    return ProsAndCons(framework=framework, pros=cited(Side.PRO), cons=cited(Side.CON))
