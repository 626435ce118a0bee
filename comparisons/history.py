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

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import Exists, Max, Min, OuterRef, Q
from django.db.models.deletion import Collector, ProtectedError
from simple_history.models import HistoricalRecords

from .choices import ChangeKind
from .models import ChangeSet, Citation
from .models.publishing import Publishable
from .models.sources import STATEMENTS
from .models.statements import Statement

CREATED, CHANGED, DELETED = "+", "~", "-"

_open = ContextVar("open", default=None)


@dataclass
class _Open:
    """The set that is being filled, and what was touched so far."""

    change_set: ChangeSet
    models: set = field(default_factory=set)
    # Objects that lose a link when another one is deleted: (model, pk).
    losing: set = field(default_factory=set)


class UndoConflict(Exception):
    """A set cannot be undone as things stand. ``obstacles`` are sentences."""

    def __init__(self, obstacles):
        super().__init__(" ".join(obstacles))
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
        kept = [_collapse(model, changes) for model in opened.models]
        if not any(kept):
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
    return changes if changes.pk else None


def recorded_models():
    """Return the models whose objects are recorded, in the order of their apps."""
    return [
        model
        for model in apps.get_models()
        if hasattr(model._meta, "simple_history_manager_attribute")
    ]


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
    cited = Citation.history.filter(change_set=opened.change_set)
    for name in STATEMENTS:
        statement = Citation._meta.get_field(name).related_model
        if not issubclass(statement, Statement):
            continue
        pks = cited.exclude(**{name: None}).values(f"{name}_id")
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
        elif last.history_type == CHANGED and first.history_type == CREATED:
            last.history_type = CREATED
            last.save(update_fields=["history_type"])
    _forget(model, superfluous)
    return records.count()


def _changed_nothing(model, first, last):
    """Whether an object is after ``last`` what it was ahead of ``first``."""
    if first.history_type == CREATED:
        return last.history_type == DELETED
    earlier = before(model, first)
    return (
        last.history_type != DELETED
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
    return None if earlier is None or earlier.history_type == DELETED else earlier


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

    Returns the new ChangeSet, which can be undone like any other.

    Raises:
        UndoConflict: an object was changed again since, is still needed by
            others, or needs something that is gone. Nothing is changed then.
    """
    change_sets = list(change_sets)
    try:
        with change_set(editor=editor, reason=reason, kind=ChangeKind.UNDO) as undoing:
            _Undo(change_sets).run()
            undoing.undoes.add(*change_sets)
    except IntegrityError as error:
        raise UndoConflict(["A name or a place is taken by something else."]) from error
    return undoing


class _Undo:
    """The way back from some change sets, worked out and then walked."""

    def __init__(self, change_sets):
        self.change_sets = change_sets
        self.obstacles = []
        # What has to go, and the earlier record of what has to be as it was.
        self.going = defaultdict(list)
        self.returning = defaultdict(list)
        for model, records in records_of(change_sets).items():
            self._plan(model, records)
        self._stop_at_obstacles()

    def run(self):
        order = _parents_first(recorded_models())
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
        pk_name = model._meta.pk.attname
        spans = (
            model.history.filter(history_id__in=[r.history_id for r in records])
            .order_by()
            .values(pk_name)
            .annotate(first=Min("history_id"), last=Max("history_id"))
        )
        for span in spans:
            pk = span[pk_name]
            own = model.history.filter(**{pk_name: pk})
            first = own.get(history_id=span["first"])
            others = own.filter(history_id__gt=span["first"]).exclude(
                change_set__in=self.change_sets
            )
            if later := others.select_related("change_set").first():
                self.obstacles.append(
                    f"Since then {_name(first)} was changed again by "
                    f"“{later.change_set}”."
                )
            elif first.history_type == CREATED:
                self.going[model].append(pk)
            elif earlier := before(model, first):
                self.returning[model].append(earlier)
            else:
                self.obstacles.append(
                    f"How {_name(first)} stood before was not recorded."
                )

    def _delete(self, row):
        collector = Collector(using=row._state.db)
        try:
            collector.collect([row])
        except ProtectedError as error:
            needed_by = ", ".join(sorted(map(str, error.protected_objects))[:3])
            self.obstacles.append(f"“{row}” is still needed by {needed_by}.")
            return
        for model, rows in collector.data.items():
            strangers = [other for other in rows if other.pk not in self.going[model]]
            if strangers and model in recorded_models():
                self.obstacles.append(
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
                self.obstacles.append(
                    f"What {_name(record)} needs, a {target._meta.verbose_name}, "
                    "is gone."
                )
                return
        if issubclass(model, Publishable):
            row.status = model._meta.get_field("status").default
        row.save()

    def _will_exist(self, target, pk):
        coming = {record.pk_of_object for record in self.returning[target]}
        return pk in coming or target._base_manager.filter(pk=pk).exists()

    def _restore_links(self, model, record):
        row = model._base_manager.get(pk=record.pk_of_object)
        for relation in record._history_m2m_fields:
            wanted = links(record, relation)
            there = relation.remote_field.model._base_manager.filter(pk__in=wanted)
            if there.count() != len(wanted):
                self.obstacles.append(
                    f"Something that {_name(record)} was linked to is gone."
                )
            else:
                getattr(row, relation.name).set(wanted)

    def _restore_status(self, model, record):
        row = model._base_manager.get(pk=record.pk_of_object)
        if row.status != record.status:
            row.status = record.status
            row.save(update_fields=["status"])

    def _stop_at_obstacles(self):
        if self.obstacles:
            raise UndoConflict(self.obstacles)


def _name(record):
    kind = record.instance_type._meta.verbose_name
    return f"the {kind} “{record.instance}”"


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
