"""Levels that follow from others: counted, and compared with what is stored."""

from collections.abc import Iterator

from comparisons.audit.gaps import Gap, GapKind
from comparisons.audit.packages import Packages
from comparisons.choices import Level
from comparisons.models.conditions import PACKAGE


def miscounted(features, packages: Packages) -> Iterator[Gap]:
    """Yield the findings at another level than the one whose condition is met.

    ``features`` come with their thresholds. Of an answer that is unknown, each
    level within its bounds is possible.
    """
    findings = {(row.framework_id, row.feature.slug): row for row in packages.findings}
    slugs = {feature.slug: feature for feature in features}
    for feature in features:
        try:
            conditions = {
                each.answer: each.asked
                for each in feature.thresholds.all()
                if each.asked
            }
        except ValueError as error:
            # No form lets it in, and what a shell stored stops no page.
            message = f"has a condition that cannot be read: {error}"
            yield Gap(GapKind.BROKEN, feature, message)
            continue
        asked = [pair for each in conditions.values() for pair in each.wanted]
        if lost := {slug for slug, _ in asked} - slugs.keys():
            message = f"counts what is no published feature: {', '.join(sorted(lost))}"
            yield Gap(GapKind.BROKEN, feature, message)
            continue
        for finding in packages.findings if conditions else ():
            if finding.feature_id != feature.pk or not finding.answer.is_known:
                continue

            def reaches(slug, level, framework=finding.framework):
                if level == PACKAGE:
                    return packages.provide(framework, slugs[slug])
                return _reaches(findings.get((framework.pk, slug)), Level(level))

            yield from _compared(finding, conditions, reaches)


def _reaches(finding, level):
    """Whether an answer is at ``level`` or better; None if that is not known."""
    low, high = finding.bounds if finding else (0.0, 1.0)
    if low >= level.worth:
        return True
    return False if high < level.worth else None


def _compared(finding, conditions, reaches):
    met = {level: each.holds(reaches) for level, each in conditions.items()}
    possible = [level for level, holds in met.items() if holds is not False]
    is_known = None not in met.values()
    if finding.answer not in possible or (is_known and len(possible) > 1):
        given = " and ".join(f"“{level.label}”" for level in possible) or "none"
        message = f"is rated “{finding.answer.label}”, its conditions give {given}"
        yield Gap.of(GapKind.BROKEN, finding, message)
