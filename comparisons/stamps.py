"""Whether something was changed since somebody looked at it.

A form carries the stamp of what it showed; saving compares it with the stamp of
what is stored then, so that nobody overwrites an edit that they never saw.
"""

from functools import cache

from .knowledge.documents import LIBRARY
from .knowledge.loading import digest


def stamp(row):
    """Return a digest of ``row`` and the rows that belong to it.

    Any edit makes it another one. What belongs to a row is what the files of the
    knowledge write inside it: the citations of a finding, the choices of a question.

    Raises:
        KeyError: the model has no place in the files.
    """
    position = {"position": row.position} if hasattr(row, "position") else {}
    return digest(_shapes()[type(row)].dump(row) | position | _parent(row))


def lock(row):
    """Return ``row`` as it is stored now, held until the transaction ends.

    To be called inside a transaction, before its stamp is compared. SQLite needs
    no lock of its own: its transactions write one after the other.

    Raises:
        DoesNotExist: somebody deleted it.
    """
    return type(row)._base_manager.select_for_update(of=("self",)).get(pk=row.pk)


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
