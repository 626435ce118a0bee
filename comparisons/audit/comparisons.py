"""Comparisons whose text does not keep to what is known."""

from collections.abc import Iterator

from comparisons.audit.gaps import Gap, GapKind
from comparisons.choices import Status
from comparisons.models import Citation, Comparison
from comparisons.pages.footnotes import keys_in, paragraphs


def curated_comparisons() -> list[Comparison]:
    """Return what is published of them, with all that the audit asks of each."""
    comparisons = Comparison.objects.filter(status=Status.PUBLISHED)
    return list(
        comparisons.prefetch_related(
            "frameworks",
            "features",
            "sections__features",
            "verdicts__framework",
            "verdicts__citations",
            "verdicts__findings__framework",
            "verdicts__findings__feature",
        )
    )


def curated_gaps(comparisons, findings) -> Iterator[Gap]:
    """Yield deciding rows that decide nothing, and paragraphs that prove nothing.

    ``findings`` are all that is published. A row decides only if the frameworks'
    levels differ on it. A paragraph names a passage if it has a footnote. What
    hangs on a draft waits with it.
    """
    levels = {(row.framework_id, row.feature_id): row.level for row in findings}
    comparisons = [
        comparison
        for comparison in comparisons
        if all(framework.is_published for framework in comparison.frameworks.all())
    ]
    known = _known_keys(comparisons)
    for comparison in comparisons:
        frameworks = tuple(comparison.frameworks.all())
        for kind, row, message in _faults(comparison, frameworks, levels, known):
            yield Gap(kind=kind, row=row, message=message, frameworks=frameworks)


def _known_keys(comparisons):
    """Return the keys of published citations that the texts name."""
    texts = (part.body for row in comparisons for part in row.sections.all())
    named = keys_in([*texts, *(row.introduction for row in comparisons)])
    citations = Citation.objects.published().filter(key__in=named)
    return set(citations.values_list("key", flat=True))


def _faults(comparison, frameworks, levels, known):
    for feature in comparison.features.all():
        answers = {levels.get((row.pk, feature.pk)) for row in frameworks}
        if len(answers) == 1 and feature.is_published:
            message = f"lets “{feature}” decide, on which all levels are the same"
            yield GapKind.BROKEN, comparison, message
    sections = comparison.sections.all()
    for row, text in [
        (comparison, comparison.introduction),
        *((section, section.body) for section in sections),
    ]:
        for key in keys_in([text]):
            if key not in known:
                message = f"has a footnote to no published passage: {key}"
                yield GapKind.BROKEN, row, message
    for section in sections:
        bare = [text for text in paragraphs(section.body) if not keys_in([text])]
        if bare:
            count = len(bare)
            message = f"has {count} paragraph{'s' * (count > 1)} without a footnote"
            yield GapKind.UNFOOTNOTED, section, f"of {comparison} {message}"
