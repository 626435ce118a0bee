"""Change sets taken back, as far as nothing built on them meanwhile.

Of an object that others changed since, the fields that the sets changed go back and
those of the others stay; if they are the same fields, the object stands in the way. So
does what hangs on it: a statement goes back with its passages, or stays with them.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from itertools import chain

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models
from django.db.models.deletion import Collector, ProtectedError

from comparisons.choices import Act, ChangeKind
from comparisons.history.overlaps import (
    Return,
    Unit,
    changes,
    difference,
    overlapping,
    unit_of,
)
from comparisons.history.recording import change_set, save_ahead
from comparisons.history.records import (
    Record,
    RecordedModel,
    earlier_records,
    names_of,
    parents_first,
    recorded_links,
    recorded_models,
    recorded_relations,
    states,
)
from comparisons.models import ChangeSet

# Says why an account may not bring a row to what it is to be; either may be nothing.
Refusal = Callable[[models.Model | None, models.Model | None], str]

# So often it is tried anew without what stood in the way.
MOST_TRIES = 10


@dataclass(frozen=True)
class Obstacle:
    """A sentence about what stands in the way, and the set that put it there.

    The rest can be undone without ``unit``; None if that is not known.
    """

    text: str
    change_set: ChangeSet | None = None
    unit: Unit | None = None

    def __str__(self):
        return self.text


@dataclass(frozen=True)
class Outlook:
    """What plainly stands in the way of undoing, and how much would go back."""

    obstacles: list[Obstacle]
    number: int


class UndoConflict(Exception):
    """Sets cannot be undone as things stand, for each of ``obstacles``."""

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
        PermissionDenied: the editor may not undo whatever there is.
        UndoConflict: what was changed was changed again since, is still needed by
            others, or needs something that is gone. Nothing is changed then.
    """
    if editor and not editor.has_perm("comparisons.undo_changeset"):
        raise PermissionDenied
    return _take_back(list(change_sets), editor, reason)


def undo_most(
    change_sets: Iterable[ChangeSet],
    *,
    editor: User,
    reason: str,
    refusal: Refusal,
) -> tuple[ChangeSet, list[Obstacle]]:
    """Undo what nothing stands in the way of, and return what did of the rest.

    Raises:
        UndoConflict: that is all of it, or what would be left cannot be told.
    """
    change_sets = list(change_sets)
    left: dict[Unit, Obstacle] = {}
    for _ in range(MOST_TRIES):
        try:
            undone = _take_back(change_sets, editor, reason, refusal, left.keys())
        except UndoConflict as conflict:
            blamed = {each.unit: each for each in conflict.obstacles if each.unit}
            if not blamed:
                raise
            left |= blamed
        else:
            if left and undone.pk is None:
                break
            return undone, list(left.values())
    raise UndoConflict(list(left.values()))


def outlook(
    change_sets: Iterable[ChangeSet], refusal: Refusal | None = None
) -> Outlook:
    """Return what can be said about undoing without trying it."""
    plan = _Undo(list(change_sets), refusal=refusal)
    blocked = {obstacle.unit for obstacle in plan.obstacles}
    return Outlook(plan.obstacles, len(plan.units - blocked))


def _take_back(change_sets, editor, reason, refusal=None, left=()):
    at_work = None
    try:
        with change_set(editor=editor, reason=reason, kind=ChangeKind.UNDO) as undoing:
            at_work = _Undo(change_sets, hold=True, refusal=refusal, left=left)
            at_work.run()
            undoing.undoes.add(*change_sets)
    except IntegrityError as error:
        raise UndoConflict([_taken(at_work)]) from error
    return undoing


def _taken(at_work):
    """Return the obstacle that the database met, at a record if that is known."""
    record = at_work and at_work.at
    if record is None:
        return Obstacle("A name or a place is taken by something else.")
    name = at_work.name_of(record)
    text = f"A name or a place of {name} is taken by something else."
    unit = unit_of(record.instance_type, record, record.pk_of_object)
    return Obstacle(text, unit=unit)


class _Undo:
    """The way back from some change sets, worked out and then walked.

    With ``hold`` the objects are locked before their history is read, so that no
    edit comes in between. The units ``left`` stay as they are.
    """

    def __init__(
        self,
        change_sets: Iterable[ChangeSet],
        *,
        hold: bool = False,
        refusal: Refusal | None = None,
        left: Collection[Unit] = (),
    ):
        self.hold = hold
        self.refusal = refusal
        self.left = left
        self.obstacles: list[Obstacle] = []
        # All that is not as it was before.
        self.units: set[Unit] = set()
        # What has to go, and how what has to be as it was is to be.
        self.going = defaultdict(list)
        self.returning = defaultdict(list)
        # The objects that the sets changed, by model, and their names once asked for.
        self.planned: dict[RecordedModel, list] = {}
        self.names: dict[RecordedModel, dict] = {}
        # The record of what is being stored.
        self.at: Record | None = None
        for model, records in records_of(change_sets).items():
            self._plan(model, records)

    def run(self):
        self._stop_at_obstacles()
        order = parents_first(recorded_models())
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
            for back in self.returning[model]:
                self._restore(back)
        for model in order:
            self._restore_links(model)
        self._stop_at_obstacles()

    def _plan(self, model, records):
        own, since = defaultdict(list), defaultdict(list)
        for record in records:
            if unit_of(model, record, record.pk_of_object) not in self.left:
                own[record.pk_of_object].append(record)
        self.planned[model] = list(own)
        stored = self._stored(model, self.planned[model])
        firsts = {pk: mine[0] for pk, mine in own.items()}
        later = model.history.filter(**{f"{model._meta.pk.attname}__in": list(own)})
        for record in later.select_related("change_set").order_by("history_id"):
            if record.history_id > firsts[record.pk_of_object].history_id:
                since[record.pk_of_object].append(record)
        earlier = earlier_records(model, firsts.values())
        said = states(
            [*firsts.values(), *filter(None, earlier.values()), *chain(*since.values())]
        )
        for pk, first in firsts.items():
            before = earlier[first.history_id]
            is_new = first.history_type == Act.CREATED
            if before is None and not is_new:
                self._object(
                    first, f"How {self.name_of(first)} stood before was not recorded."
                )
                continue
            now = since[pk][-1] if since[pk] else first
            ours, others = changes(before, own[pk], since[pk], said)
            theirs = frozenset(chain.from_iterable(names for names, _ in others))
            if theirs and not difference(before, now, said):
                continue
            self.units.add(unit_of(model, first, pk))
            if other := overlapping(ours, others):
                self._object(
                    first,
                    f"Since then {self.name_of(first)} was changed again by "
                    f"“{other.change_set}”.",
                    other.change_set,
                )
                continue
            back = None if is_new else Return(before, now, theirs)
            if self.refusal and (
                text := self.refusal(stored.get(pk), back.row() if back else None)
            ):
                self._object(first, f"You may not undo {self.name_of(first)}. {text}")
            elif back:
                self.returning[model].append(back)
            else:
                self.going[model].append(pk)

    def _stored(self, model, pks):
        """Return {primary key: row} of what is there now, if anybody asks."""
        rows = model._base_manager.filter(pk__in=pks).order_by("pk")
        if self.hold:
            rows = rows.select_for_update(of=("self",))
        return {row.pk: row for row in rows} if self.hold or self.refusal else {}

    def _step_aside(self, model):
        """Let rows that return to another one leave what goes, and not go with it."""
        earlier = {back.pk_of_object: back for back in self.returning[model]}
        keys = [f for f in model._meta.concrete_fields if f.is_relation]
        for pk, row in self._rows(model).items():
            if any(
                getattr(row, key.attname) in self.going[key.related_model]
                for key in keys
            ):
                self._restore(earlier[pk])

    def _delete(self, row):
        collector = Collector(using=row._state.db)
        try:
            collector.collect([row])
        except ProtectedError as error:
            needed_by = ", ".join(sorted(map(str, error.protected_objects))[:3])
            self._object(row, f"“{row}” is still needed by {needed_by}.")
            return
        for model, rows in collector.data.items():
            strangers = [other for other in rows if other.pk not in self.going[model]]
            if strangers and model in recorded_models():
                self._object(
                    row,
                    f"“{strangers[0]}” was added since and would be lost with “{row}”.",
                )
                return
        row.delete()

    def _restore(self, back):
        self.at = back.before
        save_ahead(back.row())
        self.at = None

    def _look_for_what_is_gone(self, model):
        returning = self.returning[model]
        for key in model._meta.concrete_fields:
            if not (returning and key.remote_field):
                continue
            target = key.remote_field.model
            needed = {back.value(key.attname) for back in returning} - {None}
            needed -= set(self._returning_pks(target))
            there = target._base_manager.filter(pk__in=needed)
            gone = needed - set(there.values_list("pk", flat=True))
            gone |= needed.intersection(self.going[target])
            for back in returning:
                if back.value(key.attname) in gone:
                    self._object(
                        back.before,
                        f"What {self.name_of(back.before)} needs, a "
                        f"{target._meta.verbose_name}, is gone.",
                    )

    def _free_names(self, model):
        """Take from objects that come back the names that others come back with."""
        for tracked in model._meta.concrete_fields:
            if not tracked.unique or tracked.primary_key:
                continue
            owners = {
                back.value(tracked.attname): back.pk_of_object
                for back in self.returning[model]
            }
            rows = model._base_manager.filter(pk__in=owners.values())
            for pk, name in rows.values_list("pk", tracked.attname):
                if owners.get(name, pk) != pk:
                    suffix = f"-{pk}-moving"
                    room = tracked.max_length - len(suffix)
                    rows.filter(pk=pk).update(**{tracked.name: name[:room] + suffix})

    def _restore_links(self, model):
        rows = self._rows(model)
        for relation in recorded_relations(model):
            told = {
                b.pk_of_object: b.told(relation.name) for b in self.returning[model]
            }
            wanted = recorded_links(relation, told.values())
            targets = relation.related_model._base_manager
            stored = targets.filter(pk__in=set().union(*wanted.values()))
            there = set(stored.values_list("pk", flat=True))
            for pk, record in told.items():
                if wanted[record.history_id] <= there:
                    linked = getattr(rows[pk], relation.name)
                    linked.set(sorted(wanted[record.history_id]))
                else:
                    self._object(
                        record,
                        f"Something that {self.name_of(record)} was linked to is gone.",
                    )

    def name_of(self, record):
        """Return what the object of ``record`` is called in a sentence."""
        model = record.instance_type
        if model not in self.names:
            self.names[model] = names_of(model, self.planned[model])
        name = self.names[model].get(record.pk_of_object)
        return f"the {model._meta.verbose_name} “{name}”"

    def _rows(self, model):
        """Return {primary key: row} of what returns and is not gone."""
        return model._base_manager.in_bulk(self._returning_pks(model))

    def _returning_pks(self, model):
        return [back.pk_of_object for back in self.returning[model]]

    def _object(self, row, text, change_set=None):
        """Note what stands in the way of a row, which may be a record of it."""
        model = getattr(row, "instance_type", type(row))
        unit = unit_of(model, row, getattr(row, "pk_of_object", row.pk))
        self.obstacles.append(Obstacle(text, change_set, unit))

    def _stop_at_obstacles(self):
        if self.obstacles:
            raise UndoConflict(self.obstacles)
