"""Everything that a framework's page shows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from comparisons.choices import Level
from comparisons.models import Extension, Fact, Finding, Framework, Statement
from comparisons.pages.matrix import LEVELS, Matrix, read_matrix
from comparisons.pages.plot import Line, plot
from comparisons.pages.side_by_side import ProsAndCons, other_frameworks, pros_and_cons


@dataclass(frozen=True, kw_only=True)
class Profile:
    """All that is known about one framework.

    ``others`` can be compared with it; None where they are too many to list. Then
    there is no ``field`` either: the levels of all frameworks by slug of the feature.
    """

    framework: Framework
    matrix: Matrix
    themes: Sequence[Line]
    pros_and_cons: ProsAndCons
    facts: Sequence[Fact]
    adopters: Sequence[Statement]
    extensions: Sequence[Extension]
    others: Sequence[Framework] | None
    field: Mapping[str, Counter[Level]] | None


def profile(framework: Framework) -> Profile:
    """Gather the profile of ``framework``."""
    others = other_frameworks([framework])
    [sides] = pros_and_cons([framework])
    matrix = read_matrix([framework], text="decision")
    return Profile(
        framework=framework,
        matrix=matrix,
        themes=plot(matrix),
        pros_and_cons=sides,
        facts=list(framework.facts.published()),
        adopters=list(framework.adopters.published()),
        extensions=list(framework.extensions.all()),
        others=others,
        field=None if others is None else levels_of([framework, *others]),
    )


def levels_of(frameworks: Sequence[Framework]) -> dict[str, Counter[Level]]:
    """Return {slug of feature: how many of ``frameworks`` are at each level there}."""
    findings = Finding.objects.published().filter(framework__in=frameworks).order_by()
    levels = {}
    for slug, level, count in findings.values_list("feature__slug", "level").annotate(
        Count("pk")
    ):
        levels.setdefault(slug, Counter())[LEVELS[level]] = count
    for counts in levels.values():
        if missing := len(frameworks) - counts.total():
            counts[Level.UNKNOWN] += missing
    return levels
