"""Whether something was changed since somebody looked at it.

A form carries the stamp of what it showed; saving compares it with the stamp of
what is stored then, so that nobody overwrites an edit that they never saw.
"""

from functools import cache

from django.db.models import prefetch_related_objects

from comparisons.knowledge.catalogue import LIBRARY
from comparisons.knowledge.shapes import digest


def stamp(row):
    """Return a digest of ``row`` and the rows that belong to it.

    Any edit makes it another one. What belongs to a row is what the files of the
    knowledge write inside it: the citations of a finding, the choices of a question.

    Raises:
        KeyError: the model has no place in the files.
    """
    position = {"position": row.position} if hasattr(row, "position") else {}
    return digest(_shapes()[type(row)].dump(row) | position | _parent(row))


def stamps(rows):
    """Return {primary key: stamp} for ``rows`` of one model.

    Runs the same number of queries for many rows as for one.
    """
    rows = list(rows)
    if rows:
        prefetch_related_objects(rows, *_shapes()[type(rows[0])].lookups)
    return {row.pk: stamp(row) for row in rows}


def _parent(row):
    """Return the keys of the rows in which the files write ``row``."""
    return {
        tracked.attname: getattr(row, tracked.attname)
        for tracked in row._meta.concrete_fields
        if tracked.many_to_one
    }


@cache
def _shapes():
    """Return the shape of every model that the files hold."""
    found = {}
    waiting = [document.shape for document in LIBRARY.documents]
    while waiting:
        shape = waiting.pop()
        found[shape.model] = shape
        waiting += [
            part.shape
            for part in (*shape.fields, *shape.records)
            if hasattr(part, "shape")
        ]
    return found
