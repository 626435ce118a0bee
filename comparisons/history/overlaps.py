"""What some sets changed of an object, what others did since, and what both touched."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils import timezone

from comparisons.choices import Act
from comparisons.history.records import Record, RecordedModel, kept_by_django
from comparisons.models import Citation
from comparisons.models.sources import cited_for

# What goes back or stays as one: the model and the key of its first object.
Unit = tuple[RecordedModel, Any]
Fields = frozenset[str]

# The difference between being there and not, which is one of every field.
WHOLE = "*"


@dataclass(frozen=True)
class Return:
    """How an object is to be again: as before, but for the fields ``kept`` as now."""

    unit: Unit
    # None if it was not there.
    before: Record | None
    now: Record
    kept: Set[str] = frozenset()

    @property
    def goes(self) -> bool:
        """Whether it is not to be there."""
        return self.before is None

    @property
    def pk_of_object(self) -> Any:
        return self.now.pk_of_object

    def told(self, name: str) -> Record:
        """Return the record that says what the field ``name`` is to be."""
        return self.now if name in self.kept else self.before

    def value(self, attname: str) -> Any:
        """Return what is to be stored in a column."""
        return getattr(self.told(attname), attname)

    def row(self) -> models.Model:
        """Return the object, not stored yet."""
        model = self.now.instance_type
        names = [each.attname for each in model._meta.concrete_fields]
        times = dict.fromkeys(kept_by_django(model), timezone.now())
        return model(**{name: self.value(name) for name in names} | times)


def unit_of(model: RecordedModel, row: Any, pk: Any) -> Unit:
    """Return what a row, or a record of it, goes back or stays with.

    A statement does with its passages: readers are shown neither without the other.
    """
    return (model is Citation and cited_for(row)) or (model, pk)


def changes(
    before: Record | None,
    mine: Sequence[Record],
    since: Iterable[Record],
    said: Mapping[int, dict],
) -> tuple[Fields, list[tuple[Fields, Record]]]:
    """Return the fields that the records ``mine`` changed, and what others did since.

    That is (fields, record) for each run of records of others that left something
    changed: what they took back, in whatever way, is not lost. ``since`` are all
    records after the first of ``mine``.
    """
    ids = {record.history_id for record in mine}
    ours, others = difference(before, mine[0], said), []
    left, last, foreign = mine[0], mine[0], None
    for record in [*since, None]:
        if record and record.history_id not in ids:
            foreign = record
        else:
            if foreign and (names := difference(left, foreign, said)):
                others.append((names, foreign))
            if record:
                ours |= difference(last, record, said)
            left, foreign = record, None
        last = record
    return ours, others


def overlapping(ours: Fields, others: Iterable[tuple[Fields, Record]]) -> Record | None:
    """Return the first record of ``others`` of which something would be lost."""
    for names, record in others:
        if names & ours or WHOLE in names | ours:
            return record
    return None


def difference(
    left: Record | None, right: Record | None, said: Mapping[int, dict]
) -> Fields:
    """Return the names of the fields in which two records leave their object unlike."""
    gone = [each is None or each.history_type == Act.DELETED for each in (left, right)]
    if left is None or right is None or any(gone):
        return frozenset() if all(gone) else frozenset([WHOLE])
    one, other = said[left.history_id], said[right.history_id]
    return frozenset(name for name in one if one[name] != other[name])
