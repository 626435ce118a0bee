"""Who says what: the scale of a feature's levels, and each source at its own."""

from collections.abc import Iterable
from dataclasses import dataclass

from comparisons.choices import FeatureKind, Level, Witness
from comparisons.models import Citation


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One source that asserts a level; ``key`` is that of its first passage there."""

    name: str
    witness: Witness
    key: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """One level of the scale, and the sources that assert it."""

    level: Level
    is_ours: bool
    marks: list[Mark]


def who_says_what(
    kind: FeatureKind, ours: Level, citations: Iterable[Citation]
) -> list[Step]:
    """Return the scale of ``kind``, worst first; empty if no passage asserts a level.

    A source has one mark at each level that it asserts, so one that contradicts
    itself has several.
    """
    marks = {}
    for citation in citations:
        if citation.level:
            at_level = marks.setdefault(citation.level, {})
            at_level.setdefault(citation.source_id, _mark(citation))
    if not marks:
        return []
    return [
        Step(
            level=level,
            is_ours=level == ours,
            marks=list(marks.get(level, {}).values()),
        )
        for level in reversed(kind.levels)
    ]


def _mark(citation):
    source = citation.source
    # A project has many documents, an author with an interest one article.
    is_document = source.witness is Witness.DOCUMENT
    return Mark(
        name=source.title if is_document else source.publisher or source.title,
        witness=source.witness,
        key=citation.key,
    )
