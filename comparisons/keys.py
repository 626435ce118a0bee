"""Natural keys: what tells one row from another in files and in addresses."""


def key_lookups(model):
    """Return the lookups of the key of ``model``: the slug, unless it names others."""
    return getattr(model, "natural_key_lookups", ("slug",))


def natural_key(row):
    """Return the values of the key of ``row``, None where it belongs to nothing."""
    return tuple(_value(row, lookup) for lookup in key_lookups(type(row)))


def find_by_key(rows, key):
    """Return the one of ``rows`` that has the natural ``key``.

    Raises:
        DoesNotExist: none has it.
        ValueError: the key has another number of parts.
    """
    return rows.get(**dict(zip(key_lookups(rows.model), key, strict=True)))


def _value(row, lookup):
    for name in lookup.split("__"):
        row = row and getattr(row, name)
    return row
