"""Cells without an answer, and statements whose passages do not carry them."""

import datetime
from collections.abc import Iterable, Iterator

from comparisons.audit.gaps import Gap, GapKind
from comparisons.choices import FactKind, FeatureKind, Side, SourceKind
from comparisons.models import Fact, Finding, ProCon, Statement
from comparisons.pages.certainty import support_of

STALE_AFTER = datetime.timedelta(days=365)
# From this worth on, the level of a quality or a use case praises.
PRAISE = 0.75


def missing_findings(frameworks, features, findings) -> Iterator[Gap]:
    """Yield a gap for each framework and feature without a published finding."""
    answered = {(finding.framework_id, finding.feature_id) for finding in findings}
    for framework in frameworks:
        for feature in features:
            if (framework.pk, feature.pk) not in answered:
                row = Finding(framework=framework, feature=feature)
                yield Gap.of(GapKind.MISSING, row, "has no published finding")


def statement_gaps(statements, today: datetime.date) -> Iterator[Gap]:
    """Yield what is wrong with each of ``statements``, read with its citations."""
    released = latest_releases(statements)
    for statement in statements:
        last = released.get(statement.framework_id)
        for kind, message in _faults(statement, today, last):
            yield Gap.of(kind, statement, message)


def latest_releases(
    statements: Iterable[Statement],
) -> dict[int, datetime.date]:
    """Return the day of the latest release by framework, where it is known."""
    return {
        fact.framework_id: fact.event_date
        for fact in statements
        if isinstance(fact, Fact)
        and fact.kind == FactKind.LATEST_VERSION
        and fact.event_date
    }


def _faults(statement, today, released):
    """Yield the kind and the message of each gap of one statement."""
    if not statement.needs_support:
        yield GapKind.UNKNOWN, "is unknown"
        return
    if not statement.supporting:
        yield GapKind.UNCITED, "has no supporting citation"
    elif isinstance(statement, Finding) and support_of(statement).is_own_word:
        yield GapKind.OWN_WORD, "rests on the project's own pages alone"
    elif rests_on_interest(statement):
        yield GapKind.VENDOR_ONLY, "is supported by parties with an interest alone"
    checked = statement.last_checked
    if checked and checked < today - STALE_AFTER:
        yield GapKind.STALE, f"was last checked on {checked}"
    elif statement.ages and checked and released and checked < released:
        yield (
            GapKind.STALE,
            f"was last checked on {checked}, before the release of {released}",
        )
    if statement.is_contested and not (statement.decision and statement.reason):
        yield GapKind.UNDECIDED, "is contested without decision and reason"


def rests_on_interest(statement: Statement) -> bool:
    """Whether only parties with an interest support a judgement.

    Judgements are qualities, use cases, pros and cons. What a framework can do
    is best told by its own documentation, so capabilities and facts do not count.

    A project's own pages are partial where they praise it. Where they admit a
    weakness they are the best witness there is, so a con and a low level may
    rest on them alone. Threads in its issue tracker are its users' word. A
    source of anybody else is partial if an editor has stated its interest,
    whichever way the statement points.

    The gap asks for one independent passage: a measurement, a survey, a report
    of a user. It says nothing against the level.
    """
    praises = _praises(statement)
    return praises is not None and all(
        _is_partial(citation.source, statement.framework, praises)
        for citation in statement.supporting
    )


def _praises(statement):
    """Return whether a judgement speaks for its framework; None if it judges not."""
    if isinstance(statement, ProCon):
        return statement.side == Side.PRO
    if isinstance(statement, Finding) and (
        statement.feature.kind != FeatureKind.CAPABILITY
    ):
        return statement.answer.worth >= PRAISE
    return None


def _is_partial(source, framework, praises):
    is_own = framework.is_own(source.publisher, source.url)
    if source.kind != SourceKind.ISSUE_THREAD and is_own:
        return praises
    return bool(source.interest) and source.kind != SourceKind.MEASUREMENT
