"""The answers of frameworks on features, with the rows themselves."""

from collections.abc import Iterable, Sequence

from django.db.models import Count

from comparisons.choices import Level
from comparisons.models import Feature, Finding, Framework
from comparisons.prepared import prepared


def answers_on(feature: Feature, frameworks: Iterable[Framework]) -> list[Finding]:
    """Return the answers of ``frameworks`` on ``feature``, the best first.

    Where there is none, the one that an editor would enter, which is unknown.
    """
    frameworks = list(frameworks)
    findings = Finding.objects.published().filter(feature=feature).with_parents()
    known = {
        finding.framework_id: finding
        for finding in findings.filter(framework__in=frameworks)
    }
    answers = [
        known.get(framework.pk) or Finding(framework=framework, feature=feature)
        for framework in frameworks
    ]
    return sorted(answers, key=_worst_last)


def _worst_last(finding):
    """Order by what the level is worth; what is unknown comes last."""
    worth = finding.answer.worth
    return 1 if worth is None else -worth


def unknown_counts(frameworks: Iterable[Framework]) -> dict[int, int]:
    """Return {framework's key: how many of its answers are unknown}."""
    return dict(_unknown([framework.pk for framework in frameworks]))


@prepared
def _unknown(frameworks):
    findings = Finding.objects.published().filter(
        framework__in=frameworks, level=Level.UNKNOWN
    )
    return findings.order_by().values_list("framework").annotate(Count("pk"))


def findings_of(
    frameworks: Iterable[Framework], features: Sequence[Feature]
) -> dict[int, list[Finding]]:
    """Return {framework's key: its findings on ``features``}."""
    found = {}
    if features:
        findings = Finding.objects.published().with_parents()
        about = {"framework__in": list(frameworks), "feature__in": features}
        for finding in findings.filter(**about):
            found.setdefault(finding.framework_id, []).append(finding)
    return found
