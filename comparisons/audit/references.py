"""What published pages name, and readers cannot reach."""

from collections.abc import Iterator

from comparisons.audit.gaps import Gap, GapKind
from comparisons.choices import Stance, Status
from comparisons.models import (
    Citation,
    CodeSample,
    Disagreement,
    Finding,
    Link,
    Source,
)
from comparisons.models.frameworks import VERSUS


def broken_references(comparisons) -> Iterator[Gap]:
    """Yield what is published and points at something that readers cannot see.

    ``comparisons`` are those of ``curated_comparisons()``.
    A finding of a draft framework or on a draft feature is no gap: it waits, and
    nothing shows a hole.
    """
    yield from _comparisons(comparisons)
    yield from _disagreements()
    yield from _samples()
    yield from _gone_sources()


def _comparisons(comparisons):
    for comparison in comparisons:
        frameworks = tuple(comparison.frameworks.all())
        for kind, row, message in _comparison_faults(comparison, frameworks):
            yield Gap(kind=kind, row=row, message=message, frameworks=frameworks)


def _comparison_faults(comparison, frameworks):
    slugs = sorted(framework.slug for framework in frameworks)
    if comparison.slug != VERSUS.join(slugs):
        message = f"is called {comparison.slug} and compares {', '.join(slugs)}"
        yield GapKind.BROKEN, comparison, message
    rows = [
        *frameworks,
        *comparison.features.all(),
        *(row for part in comparison.sections.all() for row in part.features.all()),
    ]
    if hidden := _hidden(rows):
        yield GapKind.BROKEN, comparison, f"names what is not published: {hidden}"
    for verdict in comparison.verdicts.all():
        for kind, message in _verdict_faults(verdict, frameworks):
            yield kind, verdict, message


def _verdict_faults(verdict, frameworks):
    if verdict.framework not in frameworks:
        yield GapKind.BROKEN, "chooses a framework that its page does not compare"
    findings = verdict.findings.all()
    supported = any(
        citation.stance == Stance.SUPPORTS for citation in verdict.citations.all()
    )
    if not findings and not supported:
        yield GapKind.UNCITED, "rests on no finding and no citation"
    if hidden := _hidden(findings):
        yield GapKind.BROKEN, f"rests on what is not published: {hidden}"


def _disagreements():
    disagreements = (
        _published(Disagreement)
        .select_related("feature")
        .prefetch_related("frameworks", "positions__citations")
    )
    shown = set(
        Citation.objects.published()
        .filter(positions__isnull=False)
        .values_list("pk", flat=True)
    )
    for disagreement in disagreements:
        frameworks = tuple(disagreement.frameworks.all())
        for message in _disagreement_faults(disagreement, frameworks, shown):
            yield Gap(
                kind=GapKind.BROKEN,
                row=disagreement,
                message=message,
                frameworks=frameworks,
            )


def _disagreement_faults(disagreement, frameworks, shown):
    if hidden := _hidden([disagreement.feature, *frameworks]):
        yield f"names what is not published: {hidden}"
    sides = [
        [citation for citation in position.citations.all() if citation.pk in shown]
        for position in disagreement.positions.all()
    ]
    if len(sides) < 2 or not all(sides):
        yield "has fewer than two positions with published passages"
    hidden = [
        citation.key
        for position in disagreement.positions.all()
        for citation in position.citations.all()
        if citation.pk not in shown
    ]
    if hidden:
        yield f"names passages of what is not published: {', '.join(hidden)}"


def _samples():
    samples = (
        _published(CodeSample)
        .filter(framework__status=Status.PUBLISHED)
        .exclude(task__feature__status=Status.PUBLISHED)
        .select_related("task__feature", "framework")
    )
    by_task = {}
    for sample in samples:
        by_task.setdefault(sample.task, []).append(sample.framework)
    for task, frameworks in by_task.items():
        yield Gap(
            kind=GapKind.BROKEN,
            row=task,
            message=f"has published samples and stands under the feature "
            f"“{task.feature}”, which is not published",
            frameworks=tuple(frameworks),
        )


def _gone_sources():
    """A page that is gone misleads nobody while an archived copy stands beside it."""
    dead = Link.objects.gone().values("url")
    gone = Source.objects.published().filter(url__in=dead, archive_url="")
    resting = {}
    passages = Citation.objects.published().filter(source__in=gone)
    for citation in passages.with_statements():
        resting.setdefault(citation.source_id, []).append(citation.statement.framework)
    for source in gone:
        frameworks = resting.get(source.pk, [])
        yield Gap(
            kind=GapKind.BROKEN,
            row=source,
            message=f"is gone, and published statements rest on it: {len(frameworks)}",
            frameworks=tuple(dict.fromkeys(frameworks)),
        )


def _published(model):
    """Return the rows that are published themselves, whatever their parents are."""
    return model.objects.filter(status=Status.PUBLISHED)


def _hidden(rows):
    """Return the names of those of ``rows`` that readers cannot see, or nothing."""
    return ", ".join(dict.fromkeys(str(row) for row in rows if not _is_shown(row)))


def _is_shown(row):
    parents = [row.framework, row.feature] if isinstance(row, Finding) else []
    return all(each.is_published for each in [row, *parents])
