"""Every change in one recorded set, and the way back.

django-simple-history stores each object as a change left it. This module adds
what makes a history of it: ``change_set()`` gathers all that one act changes,
in one transaction, with who and why; ``undo()`` brings every object of some
sets back to how it stood before them, or says what stands in the way.

Inside a set each object is recorded once, as the set left it, and not at all
if nothing about it changed.
"""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.deletion import Collector, ProtectedError
from simple_history.models import HistoricalRecords

from .choices import Act, ChangeKind
from .contents import list_contents, list_unseen
from .models import ChangedObject, ChangeSet, Citation
from .models.publishing import Publishable
from .models.sources import STATEMENTS
from .models.statements import Statement
from .records import earlier_records, recorded_models

_open = ContextVar("open", default=None)


@dataclass
class _Open:
    """The set that is being filled, and what was touched so far."""

    change_set: ChangeSet
    models: set = field(default_factory=set)
    # Objects that lose a link when another one is deleted: (model, pk).
    losing: set = field(default_factory=set)


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


# Recording


@contextmanager
def change_set(*, editor=None, reason="", kind=ChangeKind.EDIT, credit=""):
    """Record all that is changed inside as one set, in one transaction.

    Yields the ChangeSet. Inside another ``change_set()`` it joins that one. A
    set in which nothing changed leaves no trace.
    """
    if outer := _open.get():
        yield outer.change_set
        return
    with transaction.atomic():
        changes = ChangeSet.objects.create(
            editor=editor, reason=reason, kind=kind, credit=credit
        )
        opened = _Open(changes)
        token = _open.set(opened)
        try:
            yield changes
            _record_side_effects(opened)
        finally:
            _open.reset(token)
        kept = [model for model in opened.models if _collapse(model, changes)]
        if kept:
            list_contents(changes, [m for m in recorded_models() if m in kept])
        else:
            changes.delete()


@transaction.atomic
def record_present_state(*, reason="", kind=ChangeKind.LOAD):
    """Record every object that has no history yet, as it stands, in one set."""
    changes = ChangeSet(kind=kind, reason=reason)
    for model in recorded_models():
        records = model.history.model
        known = records.objects.filter(**{model._meta.pk.attname: OuterRef("pk")})
        rows = list(model._base_manager.filter(~Exists(known)))
        if not rows:
            continue
        if changes.pk is None:
            changes.save()
        created = model.history.bulk_history_create(
            rows, custom_historical_attrs={"change_set": changes}
        )
        for relation in records._history_m2m_fields:
            _record_links(relation, rows, created)
    if changes.pk is None:
        return None
    list_contents(changes)
    return changes


def join_change_set(sender, history_instance, **kwargs):
    """Put a historical row into the open set, or into one of its own.

    Receives ``pre_create_historical_record``.
    """
    opened = _open.get()
    if opened:
        opened.models.add(history_instance.instance_type)
        history_instance.change_set = opened.change_set
    else:
        history_instance.change_set = ChangeSet.objects.create()


def list_lone_change(sender, instance, history_instance, **kwargs):
    """List what was saved outside of any set, such as from a shell, for editors.

    Receives ``post_create_historical_record``.
    """
    if _open.get() is None:
        list_unseen(history_instance, instance)


def note_lost_links(sender, instance, **kwargs):
    """Remember whose relations lose ``instance``. Receives ``pre_delete``."""
    opened = _open.get()
    if opened is None:
        return
    for relation in sender._meta.related_objects:
        if _outlives(relation):
            owner = relation.related_model
            owners = owner._base_manager.filter(**{relation.field.name: instance})
            opened.losing |= {(owner, pk) for pk in owners.values_list("pk", flat=True)}


def _outlives(relation):
    """Whether a recorded object stays, without its link, when the other end goes."""
    history = getattr(relation.related_model, "history", None)
    if history is None:
        return False
    if relation.many_to_many:
        return relation.field in history.model._history_m2m_fields
    return relation.on_delete is models.SET_NULL


def _record_links(relation, rows, created):
    """Record the present links of ``rows``, whose new records are ``created``."""
    through = relation.remote_field.through
    own = relation.m2m_field_name()
    record_of = {
        getattr(record, relation.model._meta.pk.attname): record for record in created
    }
    links = through._base_manager.filter(**{f"{own}__in": list(record_of)})
    HistoricalRecords.m2m_models[relation].objects.bulk_create(
        HistoricalRecords.m2m_models[relation](
            history=record_of[getattr(link, f"{own}_id")],
            **{f.attname: getattr(link, f.attname) for f in through._meta.fields},
        )
        for link in links
    )


def _record_side_effects(opened):
    """Record what the database changed by itself: lost links, lost publication."""
    for model, pk in opened.losing:
        for row in model._base_manager.filter(pk=pk):
            row.save()
    if Citation not in opened.models:
        return
    cited = list(Citation.history.filter(change_set=opened.change_set))
    # A passage that moved supported another statement before.
    cited += filter(None, earlier_records(Citation, cited).values())
    for name in STATEMENTS:
        statement = Citation._meta.get_field(name).related_model
        if not issubclass(statement, Statement):
            continue
        pks = {getattr(record, f"{name}_id") for record in cited} - {None}
        for row in statement._base_manager.filter(pk__in=pks):
            last = statement.history.filter(id=row.pk).order_by("-history_id").first()
            if last is None or last.status != row.status:
                row.save()


def _collapse(model, changes):
    """Keep one record for each object of ``changes``, and none if it is as before.

    Returns how many are left.
    """
    records = model.history.model.objects.filter(change_set=changes)
    by_object = defaultdict(list)
    for record in records.order_by("history_id"):
        by_object[record.pk_of_object].append(record)
    superfluous = []
    for own in by_object.values():
        first, last = own[0], own[-1]
        superfluous += own[:-1]
        if _changed_nothing(model, first, last):
            superfluous.append(last)
        elif last.history_type == Act.CHANGED and first.history_type == Act.CREATED:
            last.history_type = Act.CREATED
            last.save(update_fields=["history_type"])
    _forget(model, superfluous)
    return records.count()


def _changed_nothing(model, first, last):
    """Whether an object is after ``last`` what it was ahead of ``first``."""
    if first.history_type == Act.CREATED:
        return last.history_type == Act.DELETED
    earlier = before(model, first)
    return (
        last.history_type != Act.DELETED
        and earlier is not None
        and state(earlier) == state(last)
    )


def _forget(model, superfluous):
    ids = [record.history_id for record in superfluous]
    for relation in model.history.model._history_m2m_fields:
        HistoricalRecords.m2m_models[relation].objects.filter(
            history_id__in=ids
        ).delete()
    model.history.model.objects.filter(history_id__in=ids).delete()


# Reading


def state(record):
    """Return what ``record`` says of its object: field name to stored value.

    Times that Django keeps by itself are left out; a many-to-many relation is
    the sorted list of the primary keys that it leads to.
    """
    values = {
        tracked.attname: getattr(record, tracked.attname)
        for tracked in record.tracked_fields
        if tracked.editable or tracked.primary_key
    }
    return values | {
        relation.name: links(record, relation)
        for relation in record._history_m2m_fields
    }


def links(record, relation):
    """Return the primary keys to which ``relation`` led when ``record`` was made."""
    target = f"{relation.m2m_reverse_field_name()}_id"
    rows = HistoricalRecords.m2m_models[relation].objects.filter(
        history_id=record.history_id
    )
    return sorted(rows.values_list(target, flat=True))


def records_of(change_sets):
    """Return {model: its records in ``change_sets``, oldest first}."""
    found = {
        model: list(
            model.history.filter(change_set__in=change_sets).order_by("history_id")
        )
        for model in recorded_models()
    }
    return {model: records for model, records in found.items() if records}


def before(model, record):
    """Return how the object of ``record`` stood before it; None if it did not exist."""
    earlier = (
        model.history.filter(**{model._meta.pk.attname: record.pk_of_object})
        .filter(history_id__lt=record.history_id)
        .order_by("-history_id")
        .first()
    )
    return None if earlier is None or earlier.history_type == Act.DELETED else earlier


def sets_of(model, pk, parts=()):
    """Return the change sets that touched an object, or rows that belong to it.

    The newest comes first. ``parts`` are the models of such rows, each with a
    foreign key to ``model``.
    """
    touched = Q(pk__in=_sets(model, {model._meta.pk.attname: pk}))
    for part in parts:
        for tracked in part._meta.concrete_fields:
            if tracked.related_model is model:
                touched |= Q(pk__in=_sets(part, {tracked.attname: pk}))
    return ChangeSet.objects.filter(touched).select_related("editor")


def _sets(model, condition):
    return model.history.filter(**condition).order_by().values("change_set")


# Undoing


def undo(change_sets: Iterable[ChangeSet], *, editor=None, reason=""):
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


def obstacles(change_sets: Iterable[ChangeSet]):
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
            self._step_aside(model)
        self._stop_at_obstacles()
        for model in reversed(order):
            for row in model._base_manager.filter(pk__in=self.going[model]):
                self._delete(row)
        self._stop_at_obstacles()
        # Nothing is published before its citations are back.
        for model in order:
            for record in self.returning[model]:
                self._restore(model, record)
        self._stop_at_obstacles()
        for model in order:
            for record in self.returning[model]:
                self._restore_links(model, record)
        self._stop_at_obstacles()
        for model in order:
            if issubclass(model, Publishable):
                for record in self.returning[model]:
                    self._restore_status(model, record)

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
        for pk, first in firsts.items():
            if other := _foreign_change(own[pk], since[pk]):
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
        for pk, row in model._base_manager.in_bulk(list(earlier)).items():
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
        attrs = {f.attname: getattr(record, f.attname) for f in record.tracked_fields}
        row = model(**attrs)
        for tracked in model._meta.concrete_fields:
            target = tracked.remote_field and tracked.remote_field.model
            pk = getattr(row, tracked.attname)
            if target and pk is not None and not self._will_exist(target, pk):
                self._object(
                    f"What {_name(record)} needs, a {target._meta.verbose_name}, "
                    "is gone."
                )
                return
        if issubclass(model, Publishable):
            row.status = model._meta.get_field("status").default
        self._free_names(row)
        row.save()

    def _free_names(self, row):
        """Take from another object that comes back too the name that ``row`` had."""
        model = type(row)
        coming = {record.pk_of_object for record in self.returning[model]}
        for tracked in model._meta.concrete_fields:
            if tracked.unique and not tracked.primary_key:
                taken = Q(**{tracked.name: getattr(row, tracked.attname)})
                for other in model._base_manager.filter(
                    taken, pk__in=coming - {row.pk}
                ):
                    suffix = f"-{other.pk}-moving"
                    room = tracked.max_length - len(suffix)
                    name = getattr(other, tracked.attname)[:room]
                    others = model._base_manager.filter(pk=other.pk)
                    others.update(**{tracked.name: name + suffix})

    def _will_exist(self, target, pk):
        coming = {record.pk_of_object for record in self.returning[target]}
        return pk in coming or target._base_manager.filter(pk=pk).exists()

    def _restore_links(self, model, record):
        row = model._base_manager.get(pk=record.pk_of_object)
        for relation in record._history_m2m_fields:
            wanted = links(record, relation)
            there = relation.remote_field.model._base_manager.filter(pk__in=wanted)
            if there.count() != len(wanted):
                self._object(f"Something that {_name(record)} was linked to is gone.")
            else:
                getattr(row, relation.name).set(wanted)

    def _restore_status(self, model, record):
        row = model._base_manager.get(pk=record.pk_of_object)
        if row.status != record.status:
            row.status = record.status
            row.save(update_fields=["status"])

    def _object(self, text, change_set=None):
        self.obstacles.append(Obstacle(text, change_set))

    def _stop_at_obstacles(self):
        if self.obstacles:
            raise UndoConflict(self.obstacles)


def _foreign_change(mine, since):
    """Return the one of the records ``since`` whose change would be lost, or None.

    What others changed and took back, in whatever way, is not lost.
    """
    ids = {record.history_id for record in mine}
    left, foreign = mine[0], None
    for record in since:
        if record.history_id not in ids:
            foreign = record
            continue
        if foreign and not _same(left, foreign):
            return foreign
        left, foreign = record, None
    return foreign if foreign and not _same(left, foreign) else None


def _same(left, right):
    """Whether two records leave their object alike."""
    gone = [record.history_type == Act.DELETED for record in (left, right)]
    return all(gone) if any(gone) else state(left) == state(right)


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
