"""What one act changes, gathered in one change set.

django-simple-history stores each object as a change left it. ``change_set()``
makes a history of that: it gathers all that one act changes, in one transaction,
with who and why. Inside a set each object is recorded once, as the set left it,
and not at all if nothing about it changed.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Subquery
from django.dispatch import Signal
from django.utils import timezone

from comparisons.choices import Act, ChangeKind, Status
from comparisons.history.listing import list_contents
from comparisons.history.records import (
    Record,
    earlier_records,
    is_recorded,
    kept_by_django,
    link_records,
    recorded_models,
    recorded_relations,
    states,
)
from comparisons.models import ChangeSet, Citation
from comparisons.models.alternatives import models_of
from comparisons.models.history import OpenSet, is_paused, open_set
from comparisons.models.sources import STATEMENTS
from comparisons.models.statements import Statement
from comparisons.models.text import without_unseen

# Sent with each ``change_set`` that is closed, in its transaction.
closed = Signal()


@contextmanager
def change_set(
    *,
    editor: User | None = None,
    reason: str = "",
    kind: ChangeKind = ChangeKind.EDIT,
    credit: str = "",
) -> Iterator[ChangeSet]:
    """Record all that is changed inside as one set, in one transaction.

    Yields the ChangeSet. Inside another ``change_set()`` it joins that one. A
    set in which nothing changed leaves no trace.
    """
    if outer := open_set.get():
        yield outer.change_set
        return
    with transaction.atomic():
        changes = ChangeSet.objects.create(
            editor=editor,
            # Not every form that asks for it is a model's.
            reason=without_unseen(reason),
            kind=kind,
            credit=without_unseen(credit),
        )
        opened = OpenSet(changes)
        token = open_set.set(opened)
        try:
            yield changes
            _record_side_effects(opened)
        finally:
            open_set.reset(token)
        told = opened.told | {m: _collapse(m, changes) for m in opened.models}
        if any(told.values()):
            list_contents(changes, told)
            closed.send(sender=ChangeSet, change_set=changes)
        else:
            changes.delete()


def save_ahead(row: models.Model) -> None:
    """Save ``row``, whose citations may follow in the same set.

    A statement that is to be published, and that nothing supports yet, is a draft
    until the set is closed; if nothing does then, the database refuses.
    """
    opened = open_set.get()
    if (
        opened is None
        or not isinstance(row, Statement)
        or not row.is_published
        or row.can_stand()
    ):
        row.save()
        return
    row.status = Status.DRAFT
    row.save()
    row.status = Status.PUBLISHED
    opened.ahead[type(row)].add(row.pk)


@transaction.atomic
def record_present_state(*, reason: str = "") -> ChangeSet | None:
    """Record every object that has no history yet, as it stands, in one set."""
    changes = ChangeSet(kind=ChangeKind.LOAD, reason=reason)
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
        for relation in recorded_relations(model):
            record_links(relation, created)
    if changes.pk is None:
        return None
    list_contents(changes, {m: told_of(m, changes) for m in recorded_models()})
    return changes


def note_lost_links(
    sender: type[models.Model], instance: models.Model, **kwargs: Any
) -> None:
    """Remember whose relations lose ``instance``. Receives ``pre_delete``."""
    if not is_paused():
        note_losses(sender, [instance.pk])


def note_losses(model: type[models.Model], keys: Collection) -> None:
    """Remember whose relations lose the rows of ``keys``, which are to go."""
    opened = open_set.get()
    if opened is None or not keys:
        return
    for relation in model._meta.related_objects:
        if _outlives(relation):
            owner = relation.related_model
            owners = owner._base_manager.filter(**{f"{relation.field.name}__in": keys})
            opened.losing[owner] |= set(owners.values_list("pk", flat=True))


def _outlives(relation):
    """Whether a recorded object stays, without its link, when the other end goes."""
    if not is_recorded(relation.related_model):
        return False
    if relation.many_to_many:
        return relation.field in recorded_relations(relation.related_model)
    return relation.on_delete is models.SET_NULL


def record_links(relation: Any, created: Iterable[Record]) -> None:
    """Record where ``relation`` leads now from the rows of new records."""
    through = relation.remote_field.through
    own = relation.m2m_field_name()
    record_of = {record.pk_of_object: record for record in created}
    links = through._base_manager.filter(**{f"{own}__in": list(record_of)})
    kept = link_records(relation)
    kept.bulk_create(
        kept.model(
            history=record_of[getattr(link, f"{own}_id")],
            **{f.attname: getattr(link, f.attname) for f in through._meta.fields},
        )
        for link in links
    )


def _record_side_effects(opened):
    """Record what the database changed by itself: lost links, lost publication."""
    for model, pks in opened.losing.items():
        opened.models.add(model)
        rows = model._base_manager.filter(pk__in=pks)
        if times := kept_by_django(model):
            rows.update(**dict.fromkeys(times, timezone.now()))
        created = model.history.bulk_history_create(
            list(rows),
            update=True,
            custom_historical_attrs={"change_set": opened.change_set},
        )
        for relation in recorded_relations(model):
            record_links(relation, created)
    for model, pks in _relying(opened).items():
        last = model.history.filter(id=OuterRef("pk")).order_by("-history_id")
        rows = model._base_manager.filter(pk__in=pks | opened.ahead[model])
        rows = rows.annotate(recorded_status=Subquery(last.values("status")[:1]))
        for row in rows:
            if row.pk in opened.ahead[model]:
                row.status = Status.PUBLISHED
                row.save()
            elif row.status != row.recorded_status:
                # It only lent its passages on the way, or the database withdrew it.
                if row.recorded_status == Status.PUBLISHED and row.can_stand():
                    row.status = Status.PUBLISHED
                row.save()


def _relying(opened):
    """Return {model of statements: primary keys} of what lost or gained passages."""
    found: dict[type[Statement], set] = {model: set() for model in opened.ahead}
    told = opened.told.get(Citation, {})
    if Citation in opened.models:
        told = told_of(Citation, opened.change_set)
    return found | cited_by(told) if told else found


def told_of(model: Any, changes: ChangeSet) -> dict[Record, Record | None]:
    """Return what a set records of ``model``, each with the record before or None."""
    records = list(model.history.filter(change_set=changes))
    earlier = earlier_records(model, records)
    return {each: earlier[each.history_id] for each in records}


def cited_by(told: Mapping[Record, Record | None]) -> dict[type[Statement], set]:
    """Return {model of statements: primary keys} of what passages are cited for.

    ``told`` are the records of the passages, with those before: one that moved
    supported another before.
    """
    cited = [*told, *filter(None, told.values())]
    return {
        statement: {getattr(record, f"{name}_id") for record in cited} - {None}
        for name, statement in models_of(Citation, STATEMENTS).items()
        if issubclass(statement, Statement)
    }


def _collapse(model, changes):
    """Keep one record for each object of ``changes``, and none if it is as before.

    Returns what is left, with the records before: {record: record, or None}.
    """
    records = model.history.model.objects.filter(change_set=changes)
    by_object = defaultdict(list)
    for record in records.order_by("history_id"):
        by_object[record.pk_of_object].append(record)
    earlier = earlier_records(model, [own[0] for own in by_object.values()])
    lasts = [own[-1] for own in by_object.values()]
    said = states([*lasts, *filter(None, earlier.values())])
    superfluous, created, kept = [], [], {}
    for own in by_object.values():
        first, last = own[0], own[-1]
        superfluous += own[:-1]
        if _changed_nothing(first, last, earlier[first.history_id], said):
            superfluous.append(last)
            continue
        kept[last] = earlier[first.history_id]
        if last.history_type == Act.CHANGED and first.history_type == Act.CREATED:
            last.history_type = Act.CREATED
            created.append(last)
    model.history.model.objects.bulk_update(created, ["history_type"])
    _forget(model, superfluous)
    return kept


def _changed_nothing(first, last, earlier, said):
    """Whether an object is after ``last`` what ``earlier`` was, ahead of ``first``."""
    if first.history_type == Act.CREATED:
        return last.history_type == Act.DELETED
    return (
        last.history_type != Act.DELETED
        and earlier is not None
        and said[earlier.history_id] == said[last.history_id]
    )


def _forget(model, superfluous):
    ids = [record.history_id for record in superfluous]
    for relation in recorded_relations(model):
        link_records(relation).filter(history_id__in=ids).delete()
    model.history.model.objects.filter(history_id__in=ids).delete()
