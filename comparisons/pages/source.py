"""What a source says, beside what we say.

Read as values, because a source may have hundreds of passages; a template tag composes
their rows, see ``comparisons.templatetags.citations``.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from comparisons.choices import Agreement
from comparisons.models import Citation, Finding, MeasurementRun, Source
from comparisons.models.alternatives import chosen, models_of
from comparisons.models.sources import STATEMENTS
from comparisons.prepared import prepared
from comparisons.public import parents

# Of a citation.
VALUES = (
    *("pk", "key", "stance", "level", "says", "locator", "fragment", "accessed_date"),
    *("agreement", *(f"{name}_id" for name in STATEMENTS)),
)


@dataclass(frozen=True, kw_only=True)
class SourcePage:
    """How far a source agrees with us, and what else it is.

    ``only`` is the agreement that a reader asked for, if any, and ``passages`` the
    keys of what shows it, all on one statement together. ``counts`` are those of all
    its passages, and ``contradicted`` the answers on which it differs with itself.
    """

    only: Agreement | None
    counts: Mapping[Agreement, int]
    contradicted: int
    passages: Sequence[int]
    runs: Sequence[MeasurementRun]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, kw_only=True)
class Cited:
    """A statement, and the passages of one source that are cited for it, as values."""

    statement: Any
    passages: Sequence[Any]

    @property
    def answer(self) -> str:
        """What we say, where the statement is an answer."""
        if isinstance(self.statement, Finding):
            return self.statement.answer.label
        return getattr(self.statement, "value", "")


def source_page(source: Source, only: str = "") -> SourcePage:
    """Gather what is cited from ``source``; an unknown ``only`` asks for everything."""
    rows = _rated(source.pk)
    counts = Counter(agreement for _, agreement, *_ in rows)
    levels = defaultdict(set)
    for _, _, finding, level in rows:
        if finding and level:
            levels[finding].add(level)
    asked = Agreement(only) if only in Agreement.values else None
    return SourcePage(
        only=asked,
        counts={each: counts[each] for each in Agreement if counts[each]},
        contradicted=sum(len(asserted) > 1 for asserted in levels.values()),
        passages=[pk for pk, agreement, *_ in rows if asked in (None, agreement)],
        runs=_runs(source.pk),
    )


def cited_for(passages: Iterable[int]) -> list[Cited]:
    """Return what ``passages``, given by their keys, are cited for."""
    by_statement: dict[Any, list] = defaultdict(list)
    for row in _passages(passages):
        name = chosen(row, STATEMENTS)
        by_statement[name, getattr(row, f"{name}_id")].append(row)
    statements = {
        (name, statement.pk): statement
        for name, model in models_of(Citation, STATEMENTS).items()
        if (pks := [pk for own, pk in by_statement if own == name])
        for statement in _statements(pks, model=model)
    }
    return [
        Cited(statement=statements[key], passages=rows)
        for key, rows in by_statement.items()
    ]


@prepared
def _rated(source):
    rated = Citation.objects.published().filter(source=source).with_agreement()
    return rated.by_statement().values_list("pk", "agreement", "finding", "level")


@prepared
def _passages(keys):
    passages = Citation.objects.filter(pk__in=keys).with_agreement().by_statement()
    return passages.values_list(*VALUES, named=True)


@prepared
def _statements(keys, *, model):
    return model.objects.filter(pk__in=keys).select_related(*parents(model)).order_by()


@prepared
def _runs(source):
    return MeasurementRun.objects.published().filter(source=source)
