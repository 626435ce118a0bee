"""A change set taken back, unless something built on it meanwhile."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models
from django.db.models.deletion import Collector, ProtectedError

from comparisons.choices import Act, ChangeKind
from comparisons.history.recording import change_set, save_ahead
from comparisons.history.records import (
    Record,
    RecordedModel,
    earlier_records,
    recorded_links,
    recorded_models,
    recorded_relations,
    states,
)
from comparisons.models import ChangedObject, ChangeSet


@dataclass(frozen=True)
class Obstacle:
    """A sentence about what stands in the way, and the set that put it there."""

    text: str
    change_set: ChangeSet | None = None

    def __str__(self):
        return self.text


class UndoConflict(Exception):
    """A set cannot be undone as things stand, for each of ``obstacles``."""

    def __init__(self, obstacles):
        super().__init__(" ".join(map(str, obstacles)))
        self.obstacles = obstacles


def records_of(
    change_sets: Iterable[ChangeSet],
) -> dict[RecordedModel, list[Record]]:
    """Return {model: its records in ``change_sets``, oldest first}."""
    found = {
        model: list(
            model.history.filter(change_set__in=change_sets).order_by("history_id")
        )
        for model in recorded_models()
    }
    return {model: records for model, records in found.items() if records}


def undo(
    change_sets: Iterable[ChangeSet],
    *,
    editor: User | None = None,
    reason: str = "",
) -> ChangeSet:
    """Bring every object of ``change_sets`` back to how it stood before them.

    Returns the new ChangeSet, which can be undone like any other. Without an
    ``editor`` it is the host who undoes, from the shell.

    Raises:
        PermissionDenied: the editor may not undo.
        UndoConflict: an object was changed again since, is still needed by
            others, or needs something that is gone. Nothing is changed then.
    """
    if editor and not editor.has_perm("comparisons.undo_changeset"):
        raise PermissionDenied
    change_sets = list(change_sets)
    try:
        with change_set(editor=editor, reason=reason, kind=ChangeKind.UNDO) as undoing:
            _Undo(change_sets, hold=True).run()
            undoing.undoes.add(*change_sets)
    except IntegrityError as error:
        raise UndoConflict(
            [Obstacle("A name or a place is taken by something else.")]
        ) from error
    return undoing


def obstacles(change_sets: Iterable[ChangeSet]) -> list[Obstacle]:
    """Return what plainly stands in the way of undoing, without trying it."""
    try:
        _Undo(list(change_sets))
    except UndoConflict as conflict:
        return conflict.obstacles
    return []


class _Undo:
    """The way back from some change sets, worked out and then walked.

    With ``hold`` the objects are locked before their history is read, so that no
    edit comes in between.
    """

    def __init__(self, change_sets, *, hold=False):
        self.change_sets = change_sets
        self.hold = hold
        self.obstacles = []
        # What has to go, and the earlier record of what has to be as it was.
        self.going = defaultdict(list)
        self.returning = defaultdict(list)
        for model, records in records_of(change_sets).items():
            self._plan(model, records)
        self._stop_at_obstacles()

    def run(self):
        order = _parents_first(recorded_models())
        for model in order:
            self._look_for_what_is_gone(model)
        self._stop_at_obstacles()
        for model in order:
            self._free_names(model)
            self._step_aside(model)
        for model in reversed(order):
            for row in model._base_manager.filter(pk__in=self.going[model]):
                self._delete(row)
        self._stop_at_obstacles()
        for model in order:
            for record in self.returning[model]:
                self._restore(model, record)
        for model in order:
            self._restore_links(model)
        self._stop_at_obstacles()

    def _plan(self, model, records):
        own, since = defaultdict(list), defaultdict(list)
        for record in records:
            own[record.pk_of_object].append(record)
        if self.hold:
            stored = model._base_manager.filter(pk__in=list(own)).order_by("pk")
            list(stored.select_for_update(of=("self",)))
        firsts = {pk: mine[0] for pk, mine in own.items()}
        later = model.history.filter(**{f"{model._meta.pk.attname}__in": list(own)})
        for record in later.select_related("change_set").order_by("history_id"):
            if record.history_id > firsts[record.pk_of_object].history_id:
                since[record.pk_of_object].append(record)
        earlier = earlier_records(model, firsts.values())
        said = states([*firsts.values(), *chain.from_iterable(since.values())])
        for pk, first in firsts.items():
            if other := _foreign_change(own[pk], since[pk], said):
                self._object(
                    f"Since then {_name(first)} was changed again by "
                    f"“{other.change_set}”.",
                    other.change_set,
                )
            elif first.history_type == Act.CREATED:
                self.going[model].append(pk)
            elif earlier[first.history_id]:
                self.returning[model].append(earlier[first.history_id])
            else:
                self._object(f"How {_name(first)} stood before was not recorded.")

    def _step_aside(self, model):
        """Let rows that return to another one leave what goes, and not go with it."""
        earlier = {record.pk_of_object: record for record in self.returning[model]}
        keys = [f for f in model._meta.concrete_fields if f.is_relation]
        for pk, row in self._rows(model).items():
            if any(
                getattr(row, key.attname) in self.going[key.related_model]
                for key in keys
            ):
                self._restore(model, earlier[pk])

    def _delete(self, row):
        collector = Collector(using=row._state.db)
        try:
            collector.collect([row])
        except ProtectedError as error:
            needed_by = ", ".join(sorted(map(str, error.protected_objects))[:3])
            self._object(f"“{row}” is still needed by {needed_by}.")
            return
        for model, rows in collector.data.items():
            strangers = [other for other in rows if other.pk not in self.going[model]]
            if strangers and model in recorded_models():
                self._object(
                    f"“{strangers[0]}” was added since and would be lost with “{row}”."
                )
                return
        row.delete()

    def _restore(self, model, record):
        fields = model._meta.concrete_fields
        save_ahead(model(**{f.attname: getattr(record, f.attname) for f in fields}))

    def _look_for_what_is_gone(self, model):
        returning = self.returning[model]
        for key in model._meta.concrete_fields:
            if not (returning and key.remote_field):
                continue
            target = key.remote_field.model
            needed = {getattr(record, key.attname) for record in returning} - {None}
            needed -= {record.pk_of_object for record in self.returning[target]}
            there = target._base_manager.filter(pk__in=needed)
            gone = needed - set(there.values_list("pk", flat=True))
            gone |= needed.intersection(self.going[target])
            for record in returning:
                if getattr(record, key.attname) in gone:
                    self._object(
                        f"What {_name(record)} needs, a {target._meta.verbose_name}, "
                        "is gone."
                    )

    def _free_names(self, model):
        """Take from objects that come back the names that others come back with."""
        for tracked in model._meta.concrete_fields:
            if not tracked.unique or tracked.primary_key:
                continue
            owners = {
                getattr(record, tracked.attname): record.pk_of_object
                for record in self.returning[model]
            }
            rows = model._base_manager.filter(pk__in=owners.values())
            for pk, name in rows.values_list("pk", tracked.attname):
                if owners.get(name, pk) != pk:
                    suffix = f"-{pk}-moving"
                    room = tracked.max_length - len(suffix)
                    rows.filter(pk=pk).update(**{tracked.name: name[:room] + suffix})

    def _restore_links(self, model):
        returning = self.returning[model]
        rows = self._rows(model)
        for relation in recorded_relations(model):
            wanted = recorded_links(relation, returning)
            targets = relation.related_model._base_manager
            stored = targets.filter(pk__in=set().union(*wanted.values()))
            there = set(stored.values_list("pk", flat=True))
            for record in returning:
                if wanted[record.history_id] <= there:
                    linked = getattr(rows[record.pk_of_object], relation.name)
                    linked.set(sorted(wanted[record.history_id]))
                else:
                    self._object(
                        f"Something that {_name(record)} was linked to is gone."
                    )

    def _rows(self, model):
        """Return {primary key: row} of what returns and is not gone."""
        return model._base_manager.in_bulk(self._returning_pks(model))

    def _returning_pks(self, model):
        return [record.pk_of_object for record in self.returning[model]]

    def _object(self, text, change_set=None):
        self.obstacles.append(Obstacle(text, change_set))

    def _stop_at_obstacles(self):
        if self.obstacles:
            raise UndoConflict(self.obstacles)


def _foreign_change(mine, since, said):
    """Return the one of the records ``since`` whose change would be lost, or None.

    What others changed and took back, in whatever way, is not lost.
    """
    ids = {record.history_id for record in mine}
    left, foreign = mine[0], None
    for record in since:
        if record.history_id not in ids:
            foreign = record
            continue
        if foreign and not _same(left, foreign, said):
            return foreign
        left, foreign = record, None
    return foreign if foreign and not _same(left, foreign, said) else None


def _same(left, right, said):
    """Whether two records leave their object alike."""
    gone = [record.history_type == Act.DELETED for record in (left, right)]
    return all(gone) if any(gone) else said[left.history_id] == said[right.history_id]


def _name(record):
    listed = ChangedObject.objects.of(record.instance_type, [record.pk_of_object])
    name = listed.values_list("name", flat=True).last()
    return f"the {record.instance_type._meta.verbose_name} “{name}”"


def _parents_first(wanted):
    """Return models so that each stands after those that its keys lead to."""
    ordered = []

    def place(model, path=()):
        if model in ordered or model in path or model not in wanted:
            return
        for tracked in model._meta.concrete_fields:
            if isinstance(tracked, models.ForeignKey):
                place(tracked.remote_field.model, (*path, model))
        ordered.append(model)

    for model in wanted:
        place(model)
    return ordered
