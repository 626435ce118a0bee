"""What points at the rows of a model, told from the models themselves."""

from django.db import models


def relations(model):
    """Return what points at ``model``: one-to-many and many-to-many, all of it.

    The records of the history are left out; they tell what was.
    """
    return [
        relation
        for relation in model._meta.get_fields(include_hidden=True)
        if relation.auto_created
        and not relation.concrete
        and not relation.related_model._meta.auto_created
        and _points(relation)
    ]


def _points(relation):
    if relation.many_to_many:
        # A table of its own for the links points here by itself.
        return relation.through._meta.auto_created
    return relation.field.db_constraint


def unique_with(model, name):
    """Return the other fields of each unique key of ``model`` that has ``name``.

    Raises:
        NotImplementedError: a key has a condition or an expression, for which
            somebody has to say what a collision is.
    """
    meta = model._meta
    keys = [tuple(fields) for fields in meta.unique_together]
    for constraint in meta.constraints:
        if not isinstance(constraint, models.UniqueConstraint):
            continue
        if name in constraint.fields and constraint.condition is None:
            keys.append(constraint.fields)
        elif constraint.expressions or name in constraint.fields:
            raise NotImplementedError(constraint.name)
    if meta.get_field(name).unique:
        keys.append((name,))
    return [
        tuple(other for other in key if other != name) for key in keys if name in key
    ]


def columns(relation):
    """Return the columns of a table of links: the owner's, and the other end's."""
    return f"{relation.m2m_field_name()}_id", f"{relation.m2m_reverse_field_name()}_id"


def link_rows(relation, column, pks):
    """Return the links of a many-to-many relation that have ``pks`` in ``column``."""
    through = relation.remote_field.through
    return through._base_manager.filter(**{f"{column}__in": list(pks)}).order_by("pk")
