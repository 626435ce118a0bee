"""The entries of a row in a file: plain fields, references, rows of its own."""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from comparisons.keys import key_lookups, natural_key
from comparisons.models import Alias, Finding


class KnowledgeError(Exception):
    """A file that cannot be read, or a record that breaks a promise."""


def mappings(name, items):
    """Return ``items``, the entry ``name`` of a file, or refuse them."""
    if not isinstance(items, list) or not all(isinstance(i, dict) for i in items):
        raise KnowledgeError(f"“{name}” must be a list of mappings.")
    return items


@dataclass(frozen=True)
class Part:
    """One entry of a row in a file.

    It can ``dump`` what a row holds and bring what a file holds to the same
    ``normal`` form, so that the two can be compared, and ``store`` what a file
    holds in a row: in the row itself or, once the row has a key, in others that
    point at it. Its ``lookups`` are what to prefetch so that dumping runs no query.
    """

    name: str

    # Whether the row needs its key first.
    is_relation = False

    @property
    def lookups(self):
        return ()


@dataclass(frozen=True)
class Value(Part):
    """A plain field. Empty and default values are left out of the file."""

    required: bool = False

    def dump(self, row):
        return self.normal(type(row), getattr(row, self.name))

    def normal(self, model, value):
        # What is no value of the field stays; storing it says what is wrong.
        with suppress(ValidationError):
            value = model._meta.get_field(self.name).to_python(value)
        if isinstance(value, str):
            # Forms strip.
            value = value.strip()
        empty = value is None or value == "" or value == _default(model, self.name)
        return None if empty and not self.required else value

    def store(self, row, value, finder):
        if value is None:
            value = _default(type(row), self.name)
        setattr(row, self.name, value)


@dataclass(frozen=True)
class Number(Value):
    """A decimal field, written as a plain number."""

    def normal(self, model, value):
        with suppress(TypeError, ValueError):
            value = float(value)
        return None if value == _default(model, self.name) else value

    def store(self, row, value, finder):
        # As text, because a float has more digits than the file shows.
        super().store(row, None if value is None else str(value), finder)


@dataclass(frozen=True)
class One(Part):
    """A foreign key, written as the slug of the other row."""

    model: type[models.Model]

    @property
    def lookups(self):
        return (self.name,)

    def dump(self, row):
        other = getattr(row, self.name)
        return other.slug if other else None

    def normal(self, model, value):
        return value or None

    def store(self, row, value, finder):
        found = finder.find(self.model, slug=value) if value else None
        setattr(row, self.name, found)


@dataclass(frozen=True)
class Many(Part):
    """A many-to-many relation, written as a sorted list of slugs (or keys)."""

    model: type[models.Model]

    is_relation = True

    @property
    def lookups(self):
        return (self.name,)

    def dump(self, row):
        # Sorted, because the database keeps no order of its own.
        [lookup] = key_lookups(self.model)
        return sorted(getattr(other, lookup) for other in getattr(row, self.name).all())

    def normal(self, model, values):
        return sorted(values or [])

    def store(self, row, values, finder):
        [lookup] = key_lookups(self.model)
        others = [finder.find(self.model, **{lookup: value}) for value in values or []]
        relation = getattr(row, self.name)
        if not finder.is_first:
            relation.set(others)
        elif others:
            relation.add(*others)


@dataclass(frozen=True)
class Aliases(Many):
    """The slugs that a row had before, written as a sorted list."""

    name: str = "aliases"
    model: type[models.Model] = Alias

    def store(self, row, values, finder):
        wanted = set(values or [])
        if finder.is_first and not wanted:
            return
        row.aliases.exclude(slug__in=wanted).delete()
        for slug in wanted - {alias.slug for alias in row.aliases.all()}:
            Alias.objects.lead(slug, row)


@dataclass(frozen=True)
class VerdictFindings(Many):
    """A verdict's findings, written as features: its framework is known."""

    model: type[models.Model] = Finding

    @property
    def lookups(self):
        return (f"{self.name}__feature",)

    def dump(self, row):
        return sorted(finding.feature.slug for finding in row.findings.all())

    def store(self, row, values, finder):
        framework = row.framework.slug
        row.findings.set(
            finder.find(Finding, framework__slug=framework, feature__slug=feature)
            for feature in values or []
        )


def part_of(model, name):
    """Return the part that the field ``name`` of ``model`` is.

    A word of a closed vocabulary is written down even if it is the default.
    """
    tracked = model._meta.get_field(name)
    if tracked.related_model is Alias:
        return Aliases()
    if tracked.many_to_many:
        return Many(name, tracked.related_model)
    if tracked.many_to_one:
        return One(name, tracked.related_model)
    if isinstance(tracked, models.DecimalField):
        return Number(name)
    return Value(name, required=bool(tracked.choices and tracked.has_default()))


@dataclass(frozen=True)
class Children(Part):
    """Rows that point at this one, written as a list inside it.

    ``as_mapping`` names two fields to write the list as a mapping instead; of a row
    that holds more than these, the value is a mapping too.
    ``fixed`` holds what all of them have in common, such as the side of a pro.
    """

    # A Shape, which is made of parts.
    shape: Any
    parent: str
    related: str = ""
    fixed: dict = field(default_factory=dict)
    as_mapping: tuple[str, str] | None = None

    is_relation = True

    @property
    def lookups(self):
        name = self.related or self.name
        return (name, *(f"{name}__{inner}" for inner in self.shape.all_lookups))

    def dump(self, row):
        written = [
            self.shape.dump(child, with_records=True)
            for child in getattr(row, self.related or self.name).all()
            if all(getattr(child, name) == value for name, value in self.fixed.items())
        ]
        return self._written(written)

    def normal(self, model, values):
        return self._written([self.shape.normal(item) for item in self.items(values)])

    def items(self, values):
        """Return the written children as a list of dictionaries."""
        values = values or []
        if self.as_mapping and isinstance(values, dict):
            key, value = self.as_mapping
            return [
                {key: k} | (v if isinstance(v, dict) else {value: v})
                for k, v in values.items()
            ]
        return mappings(self.name, values)

    def store(self, row, values, finder):
        model, order = self.shape.model, self.shape.order
        kept = []
        for place, item in enumerate(self.items(values), start=1):
            key = self.shape.key(item, self.parent, natural_key(row))
            child = finder.stored_or_new(model, key)
            setattr(child, self.parent, row)
            if order:
                setattr(child, order, place)
            self.shape.store(child, item, finder)
            kept.append(child.pk)
        if not finder.is_first:
            siblings = model.objects.filter(**{self.parent: row})
            siblings.exclude(pk__in=kept).delete()

    def _written(self, items):
        if self.as_mapping:
            key, value = self.as_mapping
            return {item.pop(key): _value_or_all(item, value) for item in items}
        return items


def _value_or_all(item, value):
    return item if item.keys() - {value} else item.get(value)


def _default(model, name):
    field = model._meta.get_field(name)
    default = field.get_default()
    return "" if default is None and not field.null else default
