"""Many historical rows at once, each question in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import apps
from django.db.models import (
    Manager,
    ManyToManyField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)

from comparisons.choices import Act
from comparisons.models import ChangedObject, ChangeSet
from comparisons.models.history import called

# A model with a ``history``, and a row of that, which has all fields of the object:
# simple-history makes them, so no type tells.
RecordedModel = type[Any]
Record = Any


def recorded_models() -> list[RecordedModel]:
    """Return the models whose objects are recorded, in the order of their apps."""
    return [model for model in apps.get_models() if is_recorded(model)]


def is_recorded(model: type[Model]) -> bool:
    """Whether each object of ``model`` is recorded as a change left it."""
    return hasattr(model._meta, "simple_history_manager_attribute")


def recorded_relations(model: RecordedModel) -> list[ManyToManyField]:
    """Return the many-to-many relations of which a record of ``model`` tells."""
    records = model.history.model
    return [each for each in model._meta.many_to_many if hasattr(records, each.name)]


def link_records(relation: ManyToManyField) -> Manager:
    """Return the manager of the rows that say where ``relation`` led at a record."""
    owner: RecordedModel = relation.model
    return getattr(owner.history.model, relation.name)


def earlier_records(model: RecordedModel, records: Iterable[Record]) -> dict[int, Any]:
    """Return how the objects of ``records`` stood before: {history_id: record}.

    The value is None for an object that did not exist, or was not recorded.
    """
    objects = model.history.model.objects
    pk_name = model._meta.pk.attname
    earlier = (
        objects.filter(**{pk_name: OuterRef(pk_name)})
        .filter(history_id__lt=OuterRef("history_id"))
        .order_by("-history_id")
        .values("history_id")[:1]
    )
    pairs = dict(
        objects.filter(history_id__in=[record.history_id for record in records])
        .order_by()
        .annotate(earlier=Subquery(earlier))
        .values_list("history_id", "earlier")
    )
    found = objects.in_bulk([pk for pk in pairs.values() if pk])
    return {
        history_id: (record := found.get(pk))
        and (None if record.history_type == Act.DELETED else record)
        for history_id, pk in pairs.items()
    }


def recorded_links(
    relation: ManyToManyField, records: Iterable[Record]
) -> dict[int, set[Any]]:
    """Return where a many-to-many ``relation`` led: {history_id: primary keys}."""
    target = f"{relation.m2m_reverse_field_name()}_id"
    rows = link_records(relation).filter(
        history_id__in=[record.history_id for record in records]
    )
    found = defaultdict(set)
    for history_id, pk in rows.values_list("history_id", target):
        found[history_id].add(pk)
    return found


def states(records: Iterable[Record]) -> dict[int, dict[str, Any]]:
    """Return what ``records`` of one model say of their objects: {history_id: state}.

    A state is field name to stored value. Times that Django keeps by itself are
    left out; a many-to-many relation is the set of primary keys that it leads to.
    """
    records = list(records)
    if not records:
        return {}
    model = records[0].instance_type
    left_out = kept_by_django(model) + kept_by_django(model, "auto_now_add")
    links = {
        each.name: recorded_links(each, records) for each in recorded_relations(model)
    }
    return {
        record.history_id: {
            field.attname: getattr(record, field.attname)
            for field in model._meta.concrete_fields
            if field.attname not in left_out
        }
        | {name: found[record.history_id] for name, found in links.items()}
        for record in records
    }


def kept_by_django(model: type[Model], how: str = "auto_now") -> list[str]:
    """Return the names of the times that are set whenever a row is saved."""
    return [f.name for f in model._meta.concrete_fields if getattr(f, how, False)]


def key_names(model: type[Model]) -> list[str]:
    """Return the names of the foreign keys of ``model``."""
    return [field.name for field in model._meta.concrete_fields if field.many_to_one]


def sets_of(
    model: RecordedModel, pk: Any, parts: Sequence[RecordedModel] = ()
) -> QuerySet[ChangeSet]:
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


def names_of(
    model: RecordedModel, pks: Iterable[Any], seen: Iterable[Any] | None = None
) -> dict[Any, str]:
    """Return {primary key: name} of objects; what is gone keeps the last that it had.

    Of those alone that readers see, if these are given as ``seen``: what is gone has
    the name under which they knew it.
    """
    pks = list(pks)
    listed = ChangedObject.objects.of(model, pks).order_by("pk")
    live = model._base_manager.filter(pk__in=pks if seen is None else seen)
    if seen is not None:
        listed = listed.filter(is_public=True)
    return dict(listed.values_list("object_pk", "name")) | {
        row.pk: called(row) for row in live.select_related(*key_names(model))
    }


def public_addresses(model: RecordedModel, pks: Iterable[Any]) -> dict[Any, str]:
    """Return {primary key: address} of those that readers see on a page."""
    if not hasattr(model, "get_absolute_url"):
        return {}
    rows = model.objects.published().filter(pk__in=pks)
    return {
        row.pk: row.get_absolute_url() for row in rows.select_related(*key_names(model))
    }


def parents_first(wanted: Iterable[RecordedModel]) -> list[RecordedModel]:
    """Return models so that each stands after those that its keys lead to."""
    ordered = []

    def place(model, path=()):
        if model in ordered or model in path or model not in wanted:
            return
        for tracked in model._meta.concrete_fields:
            if tracked.is_relation:
                place(tracked.remote_field.model, (*path, model))
        ordered.append(model)

    for model in wanted:
        place(model)
    return ordered
