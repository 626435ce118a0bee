"""What a long change comes to, and how it is stored at once.

What judges a change takes long: forms' rules, rights, states, later changes. That is
done before: the change is rehearsed (``rehearsing``), or worked out from what is
recorded (``undoing``, ``deleting``). It comes to records that are not stored yet, and
those are put into the tables in a short transaction, by a number of statements that
does not grow with the rows: nobody waits for long, nobody sees half a change, and it
is undone as one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from comparisons.choices import Act, Status
from comparisons.history.recording import (
    change_set,
    closed,
    note_losses,
    record_links,
)
from comparisons.history.records import (
    Record,
    parents_first,
    recorded_models,
    recorded_relations,
)
from comparisons.models import ChangedObject, ChangeSet, Citation
from comparisons.models.history import open_set, paused
from comparisons.models.statements import Statement


class Overtaken(Exception):
    """Somebody changed what was worked out: it has to be worked out again."""


@dataclass
class Outcome:
    """What would be stored, as the records say.

    The records, and what is new, have keys below zero here, each another.
    """

    below: Iterator[int] = field(default_factory=lambda: count(-1, -1))
    # By model.
    records: dict[Any, list] = field(default_factory=lambda: defaultdict(list))
    # {history_id: the record before, None if the object is not there}.
    before: dict[int, Record | None] = field(default_factory=dict)
    # {relation: {history_id: primary keys}}.
    links: dict[Any, dict[int, set]] = field(default_factory=lambda: defaultdict(dict))
    # The objects of the set, if that is known before; else it is found out at the end.
    listed: list[ChangedObject] = field(default_factory=list)
    # {model: primary keys} of statements that are published with their passages.
    standing: dict[Any, set] = field(default_factory=lambda: defaultdict(set))

    def add(
        self,
        act: Act,
        row: Any,
        before: Record | None,
        links: Mapping[Any, set] | None = None,
    ) -> None:
        """Add that ``row`` is to be stored so, or to go, after its record ``before``.

        ``links`` are where its many-to-many relations are to lead.
        """
        model = type(row)
        number = next(self.below)
        names = [each.attname for each in model._meta.concrete_fields]
        values = {name: getattr(row, name) for name in names}
        record = model.history.model(**values, history_id=number, history_type=act)
        self.records[model].append(record)
        self.before[number] = before
        for relation, keys in (links or {}).items():
            self.links[relation][number] = keys

    @property
    def number(self) -> int:
        """How many objects it changes."""
        return sum(map(len, self.records.values()))


def rename(record: Any, model: Any, new: Mapping[tuple[Any, Any], Any]) -> None:
    """Have a record say the keys in ``new`` where it says others of those objects."""
    for each in model._meta.concrete_fields:
        target = model if each.primary_key else each.related_model
        key = target, getattr(record, each.attname) if target else None
        if key in new:
            setattr(record, each.attname, new[key])


def store(
    outcome: Outcome, *, undoes: Iterable[ChangeSet] = (), **said: Any
) -> ChangeSet | None:
    """Store an outcome as one set, of which ``said`` tells who, why and how.

    Returns None if it changes nothing.

    Raises:
        Overtaken: an object has been changed since.
        IntegrityError: the database refuses it, as things are now.
    """
    if not outcome.number:
        return None
    with transaction.atomic():
        if outcome.listed:
            changes = ChangeSet.objects.create(**said)
            _Storing(outcome, changes).run()
            changes.close(outcome.listed)
            closed.send(sender=ChangeSet, change_set=changes)
        else:
            with change_set(**said) as changes:
                _Storing(outcome, changes).run()
                changes.undoes.add(*undoes)
    return changes if changes.pk else None


class _Storing:
    """An outcome on its way into the tables; what is new gets its key here."""

    def __init__(self, outcome, changes):
        self.outcome = outcome
        self.changes = changes
        self.models = [
            m for m in parents_first(recorded_models()) if outcome.records.get(m)
        ]
        # {(model, key in the outcome): key}
        self.keys = {}

    def run(self):
        for model in self.models:
            self._refuse_overtaken(model)
        # One that lends its passages on the way is a draft for a moment.
        standing = {m: published(m, keys) for m, keys in self.outcome.standing.items()}
        for model in self.models:
            self._free_names(model)
        self._delete()
        for model in self.models:
            self._add(model)
            self._change(model, self._of(model, Act.CHANGED))
        for model, keys in standing.items():
            told = [r.pk_of_object for r in self.outcome.records.get(model, [])]
            fallen = model._base_manager.filter(pk__in=keys, status=Status.DRAFT)
            fallen.exclude(pk__in=told).update(status=Status.PUBLISHED)
        for model in self.models:
            self._record(model)
            if self._waits(model):
                told = self.outcome.records[model]
                shown = [r.pk_of_object for r in told if r.status == Status.PUBLISHED]
                rows = model._base_manager.filter(pk__in=shown)
                rows.update(status=Status.PUBLISHED)

    def _of(self, model, act):
        return [r for r in self.outcome.records[model] if r.history_type == act]

    def _refuse_overtaken(self, model):
        records = self.outcome.records[model]
        keys = [r.pk_of_object for r in records if r.history_type != Act.CREATED]
        held = model._base_manager.select_for_update(of=("self",)).order_by("pk")
        stored = set(held.filter(pk__in=keys).values_list("pk", flat=True))
        last = model.history.filter(id__in=keys).order_by("history_id")
        lasts = dict(last.values_list("id", "history_id"))
        for record in records:
            pk = record.pk_of_object
            before = self.outcome.before[record.history_id]
            known = before and before.history_id
            if pk in keys and (pk not in stored or lasts.get(pk) != known):
                raise Overtaken(str(record))

    def _free_names(self, model):
        """Take from objects the names with which others are to be stored."""
        for tracked in model._meta.concrete_fields:
            if not tracked.unique or tracked.primary_key:
                continue
            owners = {
                getattr(record, tracked.attname): record.pk_of_object
                for record in self.outcome.records[model]
                if record.history_type != Act.DELETED
            }
            rows = model._base_manager.filter(pk__in=owners.values())
            for pk, name in rows.values_list("pk", tracked.attname):
                if owners.get(name, pk) != pk:
                    suffix = f"-{pk}-moving"
                    room = tracked.max_length - len(suffix)
                    rows.filter(pk=pk).update(**{tracked.name: name[:room] + suffix})

    def _delete(self):
        """Delete what goes, after what returns to another row has left it."""
        going = {
            model: {r.pk_of_object for r in self._of(model, Act.DELETED)}
            for model in self.models
        }
        for model in self.models:
            keys = [f for f in model._meta.concrete_fields if f.related_model in going]
            leaving = set()
            for key in keys:
                held = {f"{key.name}__in": going[key.related_model]}
                rows = model._base_manager.filter(**held)
                leaving.update(rows.values_list("pk", flat=True))
            changed = self._of(model, Act.CHANGED)
            self._change(model, [r for r in changed if r.pk_of_object in leaving])
        for model in self.models:
            note_losses(model, going[model])
        with paused():
            for model in reversed(self.models):
                model._base_manager.filter(pk__in=going[model]).delete()

    def _add(self, model):
        records = self._of(model, Act.CREATED)
        rows = self._rows(model, records)
        for row in rows:
            if row.pk < 0:
                row.pk = None
        model._base_manager.bulk_create(rows)
        for record, row in zip(records, rows, strict=True):
            self.keys[model, record.pk_of_object] = row.pk

    def _change(self, model, records):
        own = model._meta.pk
        others = [each for each in model._meta.concrete_fields if each is not own]
        quote = connection.ops.quote_name
        columns = ", ".join(f"{quote(each.column)} = %s" for each in others)
        sql = (
            f"UPDATE {quote(model._meta.db_table)} SET {columns} "
            f"WHERE {quote(own.column)} = %s"
        )
        values = [
            [
                each.get_db_prep_save(getattr(row, each.attname), connection)
                for each in [*others, own]
            ]
            for row in self._rows(model, records)
        ]
        with connection.cursor() as cursor:
            cursor.executemany(sql, values)

    def _rows(self, model, records):
        """Return the rows of ``records``, as drafts while their passages are away."""
        names = [each.attname for each in model._meta.concrete_fields]
        for record in records:
            rename(record, model, self.keys)
        rows = [model(**{n: getattr(each, n) for n in names}) for each in records]
        for row in rows if self._waits(model) else ():
            row.status = Status.DRAFT if row.is_published else row.status
        return rows

    def _waits(self, model):
        """Whether rows of ``model`` may need passages that are not there yet."""
        return issubclass(model, Statement) and self.outcome.records.get(Citation)

    def _record(self, model):
        """Record what was stored, with where it leads, and list it."""
        records = self.outcome.records[model]
        now = {record.history_id: record for record in records}
        for record in records:
            rename(record, model, self.keys)
            record.history_id, record.change_set = None, self.changes
            record.history_date = timezone.now()
            record._state.adding = True
        model.history.model.objects.bulk_create(records)
        if opened := open_set.get():
            before = self.outcome.before
            opened.told[model] = {each: before[key] for key, each in now.items()}
        for relation in recorded_relations(model):
            links = self.outcome.links[relation].items()
            self._lead(relation, {now[key].pk_of_object: to for key, to in links})
            kept = [r for r in records if r.history_type != Act.DELETED]
            record_links(relation, kept)
        for each in self.outcome.listed:
            if each.model is model:
                record = now[each.record_id]
                each.pk = None
                each.object_pk = record.pk_of_object
                each.record_id = record.history_id

    def _lead(self, relation, wanted):
        """Have ``relation`` lead from each row to the keys in ``wanted``."""
        through = relation.remote_field.through
        own, other = (
            f"{name}_id"
            for name in (relation.m2m_field_name(), relation.m2m_reverse_field_name())
        )
        there = through._base_manager.filter(**{f"{own}__in": list(wanted)})
        stored = {(pk, to): key for key, pk, to in there.values_list("pk", own, other)}
        pairs = {(pk, to) for pk, targets in wanted.items() for to in targets}
        through._base_manager.filter(
            pk__in=[key for pair, key in stored.items() if pair not in pairs]
        ).delete()
        through._base_manager.bulk_create(
            through(**{own: pk, other: to}) for pk, to in sorted(pairs - stored.keys())
        )


def published(model: type[Any], keys: Iterable) -> set:
    """Return those of ``keys`` whose rows are published."""
    published = model._base_manager.filter(pk__in=keys, status=Status.PUBLISHED)
    return set(published.values_list("pk", flat=True))
