"""What published pages name, and readers cannot reach."""

from collections.abc import Iterator

from comparisons.audit.gaps import Gap, GapKind
from comparisons.choices import Status
from comparisons.models import (
    Citation,
    CodeSample,
    Disagreement,
    Finding,
    Link,
    Source,
)


def broken_references() -> Iterator[Gap]:
    """Yield what is published and points at something that readers cannot see.

    A finding of a draft framework or on a draft feature is no gap: it waits, and
    nothing shows a hole. Comparisons are asked in ``comparisons.audit.comparisons``.
    """
    yield from _disagreements()
    yield from _samples()
    yield from _gone_sources()


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
            yield Gap(GapKind.BROKEN, disagreement, message, frameworks)


def _disagreement_faults(disagreement, frameworks, shown):
    if names := hidden([disagreement.feature, *frameworks]):
        yield f"names what is not published: {names}"
    sides = [
        [citation for citation in position.citations.all() if citation.pk in shown]
        for position in disagreement.positions.all()
    ]
    if len(sides) < 2 or not all(sides):
        yield "has fewer than two positions with published passages"
    unseen = [
        citation.key
        for position in disagreement.positions.all()
        for citation in position.citations.all()
        if citation.pk not in shown
    ]
    if unseen:
        yield f"names passages of what is not published: {', '.join(unseen)}"


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
        message = f"has published samples under a hidden feature, “{task.feature}”"
        yield Gap(GapKind.BROKEN, task, message, tuple(frameworks))


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
        message = f"is gone, and published statements rest on it: {len(frameworks)}"
        yield Gap(GapKind.BROKEN, source, message, tuple(dict.fromkeys(frameworks)))


def _published(model):
    """Return the rows that are published themselves, whatever their parents are."""
    return model.objects.filter(status=Status.PUBLISHED)


def hidden(rows) -> str:
    """Return the names of those of ``rows`` that readers cannot see, or nothing."""
    return ", ".join(dict.fromkeys(str(row) for row in rows if not _is_shown(row)))


def _is_shown(row):
    parents = [row.framework, row.feature] if isinstance(row, Finding) else []
    return all(each.is_published for each in [row, *parents])
