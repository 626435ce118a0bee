"""Natural keys: what tells one row from another in files and in addresses."""

import itertools

from django.utils.text import slugify

# A slug that is made of a sentence holds its first words.
LONGEST_MADE = 50


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


def free_slug(rows, words):
    """Return a slug made of ``words`` that none of ``rows`` has yet."""
    stem = slugify(words)
    if len(stem) > LONGEST_MADE - 5:
        stem = stem[: LONGEST_MADE - 5].rpartition("-")[0]
    stem = stem or rows.model._meta.model_name
    taken = set(rows.filter(slug__startswith=stem).values_list("slug", flat=True))
    numbered = (f"{stem}-{number}" for number in itertools.count(2))
    return next(s for s in itertools.chain([stem], numbered) if s not in taken)


def made_slug(row):
    """Return a slug for ``row``, which has none, that no row beside it has."""
    rows = type(row)._base_manager.all()
    for lookup in key_lookups(type(row)):
        owner = lookup.partition("__")[0]
        if owner != lookup:
            rows = rows.filter(**{owner: getattr(row, f"{owner}_id")})
    return free_slug(rows, getattr(row, "slug_stem", str(row)))


def _value(row, lookup):
    for name in lookup.split("__"):
        row = row and getattr(row, name)
    return row
