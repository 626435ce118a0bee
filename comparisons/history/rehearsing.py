"""A long change, tried out in short steps and then stored at once.

What judges a change takes long: forms' rules, rights, states, records. It is done
before, a few rows at a time, each time in a transaction that is taken back, so that
nobody waits for long. What a step recorded says all that it would store, and that is
stored in one short transaction: nobody sees half a change, and it is undone as one.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.utils import timezone

from comparisons.choices import Act, ChangeKind, Status
from comparisons.history.recording import (
    change_set,
    cited_by,
    closed,
    record_links,
)
from comparisons.history.records import (
    earlier_records,
    parents_first,
    recorded_links,
    recorded_models,
    recorded_relations,
)
from comparisons.models import ChangedObject, ChangeSet, Citation, KnowledgeVersion
from comparisons.models.history import paused

# Seconds that a step should take.
STEP = 0.2
# Units in the first step, which is worth what each step takes; at most in any.
LEAST, MOST = 10, 50
FLAGS = {Act.CREATED: 1, Act.CHANGED: 2, Act.DELETED: 3}


class Overtaken(Exception):
    """Somebody changed what was rehearsed: it has to be rehearsed again."""


@dataclass
class Rehearsed:
    """What would be stored, as the records say.

    What is new and the records themselves have keys below zero here, each another:
    those of the rehearsal are given to others as soon as it is taken back.
    """

    # By model.
    records: dict[Any, list] = field(default_factory=lambda: defaultdict(list))
    listed: list[ChangedObject] = field(default_factory=list)
    # {history_id: that of the record before, or None}.
    before: dict[int, int | None] = field(default_factory=dict)
    # {model: primary keys} of statements that are published with their passages.
    standing: dict[Any, set] = field(default_factory=lambda: defaultdict(set))
    # {relation: {history_id: primary keys}}.
    links: dict[Any, dict[int, set]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, changes: ChangeSet) -> None:
        """Add what is in a set that is closed and not yet taken back."""
        listed = list(changes.objects_changed.all()) if changes.pk else []
        models = {each.model for each in listed}
        records = {m: list(m.history.filter(change_set=changes)) for m in models}
        for model, keys in cited_by(records.get(Citation, [])).items():
            self.standing[model] |= _published(model, keys)
        below = count(-1 - len(self.before), -1)
        new = {
            (model, each.pk_of_object): next(below)
            for model, found in records.items()
            for each in found
            if each.history_type == Act.CREATED
        }
        numbers = {}
        for model, found in records.items():
            earlier = earlier_records(model, found)
            linked = {
                relation: recorded_links(relation, found)
                for relation in recorded_relations(model)
            }
            for record in found:
                former, number = record.history_id, next(below)
                numbers[model, former] = number
                self.before[number] = earlier[former] and earlier[former].history_id
                for relation, led in linked.items():
                    self.links[relation][number] = led[former]
                record.history_id = number
                rename(record, model, new)
            self.records[model] += found
        for each in listed:
            key = each.model, each.object_pk
            each.record_id = numbers[each.model, each.record_id]
            each.object_pk = new.get(key, each.object_pk)
        self.listed += listed


def rename(record: Any, model: Any, new: Mapping[tuple[Any, Any], Any]) -> None:
    """Have a record say the keys in ``new`` where it says others of those objects."""
    for each in model._meta.concrete_fields:
        target = model if each.primary_key else each.related_model
        value = getattr(record, each.attname)
        if (target, value) in new:
            setattr(record, each.attname, new[target, value])


def in_steps(
    units: Sequence[Sequence], act: Callable[[list], None]
) -> Iterator[tuple[int, int]]:
    """Call ``act`` with the rows of a few units at a time.

    Yields how many rows are done, and of how many. What stands in one unit is never
    torn apart.
    """
    of = sum(map(len, units))
    size, place, done = LEAST, 0, 0
    while place < len(units):
        rows = [row for unit in units[place : place + size] for row in unit]
        began = time.monotonic()
        act(rows)
        took = time.monotonic() - began
        place, done = place + size, done + len(rows)
        size = max(LEAST, min(MOST, round(size * STEP / max(took, 0.001))))
        yield done, of


def rehearse(act: Callable[[], None], to: Rehearsed | None) -> None:
    """Take back what ``act()`` stores, and add it ``to`` what was rehearsed before."""
    with transaction.atomic():
        if to is None:
            act()
        else:
            with change_set() as changes:
                act()
            to.add(changes)
        transaction.set_rollback(True)


def store(
    rehearsed: Rehearsed,
    *,
    editor: User,
    reason: str,
    kind: ChangeKind = ChangeKind.EDIT,
    message: str,
) -> ChangeSet | None:
    """Store all that was rehearsed as one set, and log it with ``message``.

    Raises:
        Overtaken: an object has been changed since.
        IntegrityError: the database refuses it, as things are now.
    """
    if not rehearsed.listed:
        return None
    with transaction.atomic():
        changes = ChangeSet.objects.create(editor=editor, reason=reason, kind=kind)
        _Storing(rehearsed, changes).run()
        ChangedObject.objects.bulk_create(rehearsed.listed)
        LogEntry.objects.bulk_create(_entries(rehearsed.listed, editor, message))
        changes.version = KnowledgeVersion.current()
        changes.save(update_fields=["version"])
        closed.send(sender=ChangeSet, change_set=changes)
    return changes


class _Storing:
    """What was rehearsed on its way into the tables; what is new gets its key here."""

    def __init__(self, step, changes):
        self.step = step
        self.changes = changes
        # {(model, key in the rehearsal): key}
        self.keys = {}

    def run(self):
        models = [m for m in parents_first(recorded_models()) if m in self.step.records]
        by_act = {
            (model, act): [r for r in self.step.records[model] if r.history_type == act]
            for model in models
            for act in Act.values
        }
        for model in models:
            self._refuse_overtaken(model)
        # One that lends its passages on the way is a draft for a moment.
        standing = {m: _published(m, keys) for m, keys in self.step.standing.items()}
        with paused():
            for model in reversed(models):
                gone = [r.pk_of_object for r in by_act[model, Act.DELETED]]
                model._base_manager.filter(pk__in=gone).delete()
        for model in models:
            self._add(model, by_act[model, Act.CREATED])
            self._change(model, by_act[model, Act.CHANGED])
        for model, keys in standing.items():
            told = [r.pk_of_object for r in self.step.records.get(model, [])]
            fallen = model._base_manager.filter(pk__in=keys, status=Status.DRAFT)
            fallen.exclude(pk__in=told).update(status=Status.PUBLISHED)
        for model in models:
            self._record(model)

    def _refuse_overtaken(self, model):
        records = self.step.records[model]
        keys = [r.pk_of_object for r in records if r.history_type != Act.CREATED]
        held = model._base_manager.select_for_update(of=("self",)).order_by("pk")
        stored = set(held.filter(pk__in=keys).values_list("pk", flat=True))
        last = model.history.filter(id__in=keys).order_by("history_id")
        lasts = dict(last.values_list("id", "history_id"))
        for record in records:
            pk = record.pk_of_object
            before = self.step.before[record.history_id]
            if pk in keys and (pk not in stored or lasts.get(pk) != before):
                raise Overtaken(str(record))

    def _add(self, model, records):
        rows = [self._row(model, record) for record in records]
        for row in rows:
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
            for row in (self._row(model, record) for record in records)
        ]
        with connection.cursor() as cursor:
            cursor.executemany(sql, values)

    def _row(self, model, record):
        rename(record, model, self.keys)
        names = [each.attname for each in model._meta.concrete_fields]
        return model(**{name: getattr(record, name) for name in names})

    def _record(self, model):
        """Record what was stored, with where it leads, and list it."""
        records = self.step.records[model]
        now = {record.history_id: record for record in records}
        for record in records:
            rename(record, model, self.keys)
            record.history_id, record.change_set = None, self.changes
            record.history_date = timezone.now()
            record._state.adding = True
        model.history.model.objects.bulk_create(records)
        for relation in recorded_relations(model):
            links = self.step.links[relation].items()
            self._lead(relation, {now[key].pk_of_object: to for key, to in links})
            kept = [r for r in records if r.history_type != Act.DELETED]
            record_links(relation, kept, kept)
        for each in self.step.listed:
            if each.model is model:
                record = now[each.record_id]
                each.pk, each.change_set = None, self.changes
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


def _published(model, keys):
    published = model._base_manager.filter(pk__in=keys, status=Status.PUBLISHED)
    return set(published.values_list("pk", flat=True))


def _entries(listed, editor, message):
    types = ContentType.objects.get_for_models(*{each.model for each in listed})
    return [
        LogEntry(
            user=editor,
            content_type=types[each.model],
            object_id=each.object_pk,
            object_repr=each.name[:200],
            action_flag=FLAGS[Act(each.act)],
            change_message=message,
        )
        for each in listed
    ]
