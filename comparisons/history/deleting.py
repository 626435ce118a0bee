"""Rows deleted with all that hangs on them, worked out from what is stored."""

from collections.abc import Iterable
from itertools import chain

from django.db.models import Max, Model
from django.db.models.deletion import Collector

from comparisons.choices import Act
from comparisons.history.outcomes import Outcome
from comparisons.history.records import is_recorded


class Deletion:
    """What is to go, gathered row by row."""

    def __init__(self) -> None:
        # {model: {primary key: row}}
        self.going: dict = {}

    def with_all(self, row: Model) -> list[Model]:
        """Return ``row`` and what is recorded of that which goes with it.

        Raises:
            ProtectedError: others need it.
        """
        collector = Collector(using="default", origin=row)
        collector.collect([row])
        gone = {m: rows for m, rows in collector.data.items() if is_recorded(m)}
        return [*chain.from_iterable(gone.values())]

    @property
    def number(self) -> int:
        """How many objects are to go."""
        return sum(map(len, self.going.values()))

    def add(self, rows: Iterable[Model]) -> None:
        """Have ``rows`` go."""
        for row in rows:
            self.going.setdefault(type(row), {})[row.pk] = row

    def outcome(self) -> Outcome:
        """Return what is to be stored."""
        found = Outcome()
        for model, rows in self.going.items():
            records = model.history.filter(**{f"{model._meta.pk.attname}__in": rows})
            last = records.order_by().values(model._meta.pk.attname)
            keys = last.annotate(last=Max("history_id")).values_list("last", flat=True)
            lasts = {each.pk_of_object: each for each in records.filter(pk__in=keys)}
            for pk, row in rows.items():
                found.add(Act.DELETED, row, lasts.get(pk))
        return found
