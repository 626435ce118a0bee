"""Everything that a framework's page shows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from comparisons.choices import Level
from comparisons.models import (
    Extension,
    Fact,
    Finding,
    Framework,
    Statement,
)
from comparisons.pages.last_changes import lately_changed
from comparisons.pages.matrix import LEVELS, Matrix, read_matrix
from comparisons.pages.plot import Line, plot
from comparisons.pages.side_by_side import ProsAndCons, other_frameworks, pros_and_cons
from comparisons.prepared import prepared


@dataclass(frozen=True, kw_only=True)
class Profile:
    """All that is known about one framework.

    ``others`` can be compared with it; None where they are too many to list. Then
    there is no ``field`` either: the levels of all frameworks by slug of the feature.
    """

    framework: Framework
    matrix: Matrix
    # The day of the change by the slug of the feature.
    changed: Mapping[str, date]
    themes: Sequence[Line]
    pros_and_cons: ProsAndCons
    facts: Sequence[Fact]
    adopters: Sequence[Statement]
    extensions: Sequence[Extension]
    others: Sequence[Any] | None
    field: Mapping[str, Counter[Level]] | None


def profile(framework: Framework, until: date) -> Profile:
    """Gather the profile of ``framework``, with what is news on the day ``until``."""
    others = other_frameworks([framework])
    [sides] = pros_and_cons([framework])
    matrix = read_matrix([framework], text="decision")
    return Profile(
        framework=framework,
        matrix=matrix,
        changed=lately_changed(framework, until),
        themes=plot(matrix),
        pros_and_cons=sides,
        facts=_statements(framework.pk, model=framework.facts.model),
        adopters=_statements(framework.pk, model=framework.adopters.model),
        extensions=_extensions(framework.pk),
        others=others,
        field=None
        if others is None
        else levels_of([framework.pk, *(other.pk for other in others)]),
    )


def levels_of(frameworks: Sequence[int]) -> dict[str, Counter[Level]]:
    """Return {slug of feature: how many of ``frameworks`` are at each level there}.

    The frameworks are given by their keys.
    """
    levels = {}
    for slug, level, count in _levels(frameworks):
        levels.setdefault(slug, Counter())[LEVELS[level]] = count
    for counts in levels.values():
        if missing := len(frameworks) - counts.total():
            counts[Level.UNKNOWN] += missing
    return levels


@prepared
def _levels(frameworks):
    findings = Finding.objects.published().filter(framework__in=frameworks).order_by()
    return findings.values_list("feature__slug", "level").annotate(Count("pk"))


@prepared
def _statements(framework, *, model):
    return model.objects.published().filter(framework=framework)


@prepared
def _extensions(framework):
    return Extension.objects.filter(frameworks=framework)
