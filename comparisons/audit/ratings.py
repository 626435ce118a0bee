"""Levels that stand out: against their own passages, or against measurements."""

from collections import defaultdict
from collections.abc import Iterator

from comparisons.audit.gaps import Gap, GapKind
from comparisons.choices import Stance
from comparisons.measuring.levels import ROWS


def ratings_past_their_passages(findings) -> Iterator[Gap]:
    """Yield the findings whose passages assert other levels: all that support, or some.

    What the editors decided in writing is left out: readers see their reason. What
    disputes an answer is undecided without one.
    """
    for finding in findings:
        if finding.decision or not finding.answer.is_known:
            continue
        passages = finding.citations.all()
        if asserted := finding.asserted_instead(passages):
            said = " or ".join(map(_name, asserted))
            yield _gap(finding, f"its passages assert {said}")
        elif others := [
            f"{passage} asserts {_name(passage.asserted)}"
            for passage in passages
            if passage.stance != Stance.DISPUTES
            and passage.level not in ("", finding.level)
        ]:
            yield _gap(finding, ", ".join(others), GapKind.AT_ODDS)


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
                yield _gap(finding, f"measured {_name(level)}")


def _gap(finding, beside, kind=GapKind.OUTLIER):
    return Gap.of(kind, finding, f"is rated {_name(finding.answer)}, and {beside}")


def _name(level):
    return f"“{level.label}”"
