"""Comparisons that name what readers cannot see, and texts that prove nothing."""

from collections.abc import Iterator

from comparisons.audit.gaps import Gap, GapKind
from comparisons.audit.references import hidden
from comparisons.choices import Stance, Status
from comparisons.models import Citation, Comparison
from comparisons.models.frameworks import comparison_slug
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
            "verdicts__citations__source",
            "verdicts__findings__framework",
            "verdicts__findings__feature",
        )
    )


def curated_gaps(comparisons, findings) -> Iterator[Gap]:
    """Yield what is wrong with ``comparisons``, which are those of the above.

    ``findings`` are all that is published. A row decides only if the frameworks'
    levels differ on it. A paragraph names a passage if it has a footnote. The texts
    of what hangs on a draft wait with it.
    """
    levels = {(row.framework_id, row.feature_id): row.level for row in findings}
    known = _known_keys(comparisons)
    for comparison in comparisons:
        frameworks = tuple(comparison.frameworks.all())
        faults = [*_reference_faults(comparison, frameworks)]
        if all(framework.is_published for framework in frameworks):
            faults += _deciding_faults(comparison, frameworks, levels)
            faults += _footnote_faults(comparison, known)
        for fault in faults:
            yield Gap(*fault, frameworks)


def _known_keys(comparisons):
    """Return the keys of published citations that the texts name."""
    texts = (part.body for row in comparisons for part in row.sections.all())
    named = keys_in([*texts, *(row.introduction for row in comparisons)])
    citations = Citation.objects.published().filter(key__in=named)
    return set(citations.values_list("key", flat=True))


def _reference_faults(comparison, frameworks):
    slugs = sorted(framework.slug for framework in frameworks)
    if comparison.slug != comparison_slug(slugs):
        message = f"is called {comparison.slug} and compares {', '.join(slugs)}"
        yield GapKind.BROKEN, comparison, message
    rows = [
        *frameworks,
        *comparison.features.all(),
        *(row for part in comparison.sections.all() for row in part.features.all()),
    ]
    if names := hidden(rows):
        yield GapKind.BROKEN, comparison, f"names what is not published: {names}"
    for verdict in comparison.verdicts.all():
        if verdict.framework not in frameworks:
            message = "chooses a framework that its page does not compare"
            yield GapKind.BROKEN, verdict, message
        findings = verdict.findings.all()
        stances = {citation.stance for citation in verdict.citations.all()}
        if not findings and Stance.SUPPORTS not in stances:
            yield GapKind.UNCITED, verdict, "rests on no finding and no citation"
        if names := hidden(findings):
            message = f"rests on what is not published: {names}"
            yield GapKind.BROKEN, verdict, message


def _deciding_faults(comparison, frameworks, levels):
    for feature in comparison.features.all():
        answers = {levels.get((row.pk, feature.pk)) for row in frameworks}
        if len(answers) == 1 and feature.is_published:
            message = f"lets “{feature}” decide, on which all levels are the same"
            yield GapKind.BROKEN, comparison, message


def _footnote_faults(comparison, known):
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
