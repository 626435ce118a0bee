"""A row held until the end of the transaction, with all that belongs to it."""

from comparisons.editing.seen import children, shapes


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
        for shape in shapes().values()
        for part in children(shape)
        if part.shape.model is model
    ]
