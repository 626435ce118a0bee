"""Levels that stand out: against their own passages, or against measurements."""

from collections import defaultdict
from collections.abc import Iterator

from comparisons.audit.gaps import Gap, GapKind
from comparisons.measuring.levels import ROWS


def ratings_past_their_passages(findings) -> Iterator[Gap]:
    """Yield the findings whose supporting passages all assert other levels.

    What the editors decided in writing is left out: readers see their reason.
    """
    for finding in findings:
        asserted = finding.asserted_instead(finding.citations.all())
        if asserted and not finding.decision:
            said = " or ".join(map(_name, asserted))
            yield _outlier(
                finding,
                f"is rated {_name(finding.answer)}, and its passages assert {said}",
            )


def ratings_beside_the_figures(findings, measurements) -> Iterator[Gap]:
    """Yield the findings of measured features that do not follow from the figures.

    ``measurements`` are those that decide, see ``comparisons.measuring.levels``.
    """
    measured = defaultdict(list)
    for figure in measurements:
        measured[figure.framework_id].append(figure)
    for finding in findings:
        if row := ROWS.get(finding.feature.slug):
            level = row.level(measured[finding.framework_id])
            if level.is_known and level != finding.answer:
                message = (
                    f"is rated {_name(finding.answer)}, and measured {_name(level)}"
                )
                yield _outlier(finding, message)


def _outlier(finding, message):
    return Gap(
        kind=GapKind.OUTLIER,
        row=finding,
        message=message,
        frameworks=(finding.framework,),
    )


def _name(level):
    return f"“{level.label}”"
