"""Whether something was changed since somebody looked at it.

A form carries the stamp of what it showed; saving compares it with the stamp of
what is stored then, so that nobody overwrites an edit that they never saw.
"""

from functools import cache

from django.db.models import prefetch_related_objects

from .knowledge.documents import LIBRARY
from .knowledge.loading import digest
from .knowledge.shapes import Children


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


def lock(row):
    """Return ``row`` as it is stored now, held until the transaction ends.

    What it belongs to is held as well, such as the finding of a citation, because
    the form of that may change ``row`` too. To be called inside a transaction,
    before its stamp is compared. SQLite needs no lock of its own: its transactions
    write one after the other.

    Raises:
        DoesNotExist: somebody deleted it.
    """
    for stored in lock_all([row]):
        return stored
    raise type(row).DoesNotExist


def lock_all(rows):
    """Return those of ``rows``, of one model, that are still stored, all locked.

    Owners are locked before what belongs to them, and rows of one model in the
    order of their keys, so that no two transactions wait for each other.
    """
    rows = list(rows)
    if not rows:
        return []
    model = type(rows[0])
    for owner in _owners(model):
        keys = {getattr(row, owner.attname) for row in rows} - {None}
        if keys:
            lock_all(owner.related_model._base_manager.filter(pk__in=keys))
    locked = model._base_manager.select_for_update(of=("self",))
    return list(locked.filter(pk__in=[row.pk for row in rows]).order_by("pk"))


def _owners(model):
    """Return the foreign keys to the rows in whose stamp a row of ``model`` is."""
    return [
        model._meta.get_field(part.parent)
        for shape in _shapes().values()
        for part in shape.fields
        if isinstance(part, Children) and part.shape.model is model
    ]


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
