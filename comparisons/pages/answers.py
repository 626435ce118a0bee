"""One framework's answer on one feature, with the rows themselves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count

from comparisons.choices import Level
from comparisons.models import Feature, Finding, Framework
from comparisons.prepared import prepared


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What is known of a framework on a feature. No finding means unknown."""

    framework: Framework
    feature: Feature
    finding: Finding | None

    @property
    def level(self) -> Level:
        return self.finding.answer if self.finding else Level.UNKNOWN

    @property
    def entry(self) -> Finding:
        """The finding; where there is none, the one that an editor would enter."""
        return self.finding or Finding(framework=self.framework, feature=self.feature)


def answers_on(feature: Feature, frameworks: Iterable[Framework]) -> list[Answer]:
    """Return the answers of ``frameworks`` on ``feature``, the best first."""
    frameworks = list(frameworks)
    findings = Finding.objects.published().filter(feature=feature).with_parents()
    known = {
        finding.framework_id: finding
        for finding in findings.filter(framework__in=frameworks)
    }
    answers = [
        Answer(framework=framework, feature=feature, finding=known.get(framework.pk))
        for framework in frameworks
    ]
    return sorted(answers, key=_worst_last)


def _worst_last(answer):
    """Order by what the level is worth; what is unknown comes last."""
    return 1 if answer.level.worth is None else -answer.level.worth


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
