"""The knowledge as it stood after a set of changes, for pages of earlier versions.

Inside ``as_of()`` every query reads the records in place of the tables: each table
that it names is hidden by a common table expression of the same name, which holds
the latest record of every object up to that set. So pages of the past are made by
the code of the pages of today, and pass the same door: what was a draft then stays
unseen. What is not recorded, such as the state of links, is that of today.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.db import connection

from comparisons.choices import Act
from comparisons.history.records import (
    link_records,
    recorded_models,
    recorded_relations,
)
from comparisons.models import ChangedObject, ChangeSet

TABLE = re.compile(r'"(\w+)"')
# How a view names the table that it hides.
SCHEMAS = {"sqlite": "main.", "postgresql": ""}


def set_of_version(number: int) -> ChangeSet | None:
    """Return the last set of changes that the version ``number`` holds, or None."""
    return ChangeSet.objects.filter(version__lte=number).order_by("-pk").first()


@contextmanager
def as_of(change_set: ChangeSet) -> Iterator[None]:
    """Let all queries inside read the knowledge as ``change_set`` left it."""
    views = _views(connection.vendor)

    def read_records(execute, sql, params, many, context):
        named = [name for name in dict.fromkeys(TABLE.findall(sql)) if name in views]
        if named and sql.startswith("SELECT"):
            # Not materialized, so that a query for one row reads the records of one.
            hidden = ", ".join(
                f'"{name}" AS NOT MATERIALIZED ({views[name].format(change_set.pk)})'
                for name in named
            )
            sql = f"WITH {hidden} {sql}"
        return execute(sql, params, many, context)

    with connection.execute_wrapper(read_records):
        yield


@cache
def _views(vendor):
    """Return {table: the SQL of its rows up to the set in braces}."""
    listed = ChangedObject._meta.db_table
    views = {
        listed: f'SELECT * FROM {SCHEMAS[vendor]}"{listed}" WHERE change_set_id <= {{}}'
    }
    for model in recorded_models():
        records, pk = model.history.model._meta.db_table, model._meta.pk.column
        last = (
            f'(SELECT MAX(later.history_id) FROM "{records}" AS later '
            f"WHERE later.{pk} = {{}} AND later.change_set_id <= {{{{}}}})"
        )
        columns = ", ".join(f'kept."{f.column}"' for f in model._meta.concrete_fields)
        views[model._meta.db_table] = (
            f'SELECT {columns} FROM "{records}" AS kept '
            f"WHERE kept.history_type <> '{Act.DELETED}' "
            f"AND kept.history_id = {last.format(f'kept.{pk}')}"
        )
        for relation in recorded_relations(model):
            through: Any = relation.remote_field.through
            columns = ", ".join(
                f'kept."{field.column}"' for field in through._meta.fields
            )
            owner = f"kept.{relation.m2m_column_name()}"
            views[through._meta.db_table] = (
                f'SELECT {columns} FROM "{link_records(relation).model._meta.db_table}"'
                f" AS kept WHERE kept.history_id = {last.format(owner)}"
            )
    return views
