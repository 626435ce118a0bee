"""The packages that a must-have would rest on, and whether they can bear it."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import F, Q
from django.utils import timezone

from comparisons.choices import ExtensionKind, Level, Maintenance
from comparisons.models import Extension, Finding, Framework
from comparisons.models.frameworks import MAINTAINED_FOR

# What a package is worth to a must-have at least and at most, by framework and feature.
Provided = Mapping[tuple[str, str], tuple[float, float]]


def read_provided(
    frameworks: Iterable[Framework] | None, features: Iterable[str]
) -> Provided:
    """Return what must-haves on ``features`` find where packages are in doubt.

    Whoever has only a package that nobody can rely on has to write it; one of which
    that is not known may have it or not. A finding that is not listed counts as it
    stands. Runs no query without features, else at most two; ``frameworks`` are all
    where they are None.
    """
    today, features = timezone.localdate(), list(features)
    if not features:
        return {}
    plainly_good = Q(extension__maintenance=Maintenance.ACTIVE) & (
        Q(extension__last_activity_date=None)
        | Q(extension__last_activity_date__gte=today - MAINTAINED_FOR)
    )
    doubted = (
        Finding.objects.published()
        .filter(
            feature__slug__in=features,
            level__in=[level for level in Level if level.needs_extension],
        )
        .exclude(plainly_good)
        .annotate(of=F("framework__slug"), on=F("feature__slug"))
        .select_related("extension")
        .prefetch_related("alternatives")
        .order_by()
    )
    if frameworks is not None:
        doubted = doubted.filter(framework__in=frameworks)
    return {(found.of, found.on): _worth(found, today) for found in doubted}


def worths_of(finding: Finding) -> dict[Extension, float]:
    """Return what each package is worth that provides ``finding``, its own first."""
    if finding.extension is None:
        return {}
    most = finding.answer.worth
    return {finding.extension: most} | {
        package: min(most, _level_of(package)) for package in finding.alternatives.all()
    }


def _worth(finding: Finding, day: date) -> tuple[float, float]:
    """Return what the packages of ``finding`` bear on ``day``, at least and at most."""
    worths = worths_of(finding)
    verdicts = {package: package.is_maintained(day) for package in worths}
    low = max((worths[p] for p in worths if verdicts[p]), default=Level.MANUAL.worth)
    high = max((worths[p] for p in worths if verdicts[p] is not False), default=low)
    return low, high


def _level_of(package: Extension) -> float:
    is_official = package.kind == ExtensionKind.OFFICIAL
    return (Level.OFFICIAL if is_official else Level.THIRD_PARTY).worth
