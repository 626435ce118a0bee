"""Levels that stand out: against their own passages, or against measurements."""

from collections.abc import Iterator
from operator import itemgetter

from comparisons.audit.gaps import Gap, GapKind
from comparisons.choices import FactKind, FeatureKind
from comparisons.models.text import first_number


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


def ratings_out_of_order(findings, facts) -> Iterator[Gap]:
    """Yield the judgements that a measurement contradicts.

    The rule: who measured better is never rated worse. It applies to features
    that name the fact by which they are measured, and compares the first number
    of that fact's text. The message names the framework that measured worst
    among those rated better.
    """
    figures = {(fact.framework_id, fact.kind): _figure(fact) for fact in facts}
    rows = {}
    for finding in _judgements(findings):
        figure = figures.get((finding.framework_id, finding.feature.measured_by))
        if figure is not None:
            rows.setdefault(finding.feature_id, []).append((figure, finding))
    for row in rows.values():
        yield from _inversions(sorted(row, key=itemgetter(0)))


def _inversions(row):
    """``row`` holds what each framework measured and its finding, worst first."""
    for figure, finding in row:
        above = next(
            (
                other
                for worse, other in row
                if worse < figure and other.answer.worth > finding.answer.worth
            ),
            None,
        )
        if above:
            yield _outlier(
                finding,
                f"is rated {_name(finding.answer)}, although it measured better than "
                f"{above.framework}, which is rated {_name(above.answer)}",
            )


def _judgements(findings):
    return (
        finding
        for finding in findings
        if finding.answer.is_known and finding.feature.kind != FeatureKind.CAPABILITY
    )


def _figure(fact):
    """Return the first number of a fact, negative if less of it is better."""
    number = first_number(fact.value)
    if number is None:
        return None
    return -number if FactKind(fact.kind).is_cost else number


def _outlier(finding, message):
    return Gap(
        kind=GapKind.OUTLIER,
        row=finding,
        message=message,
        frameworks=(finding.framework,),
    )


def _name(level):
    return f"“{level.label}”"
