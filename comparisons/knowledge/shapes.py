"""How a row of each model looks in YAML: its fields, in the order of the file.

A shape describes one model. A row that stands for itself (a finding, a source)
is a *record*: it is compared, loaded and protected against overwriting as a
whole. Rows without a life of their own (citations, thresholds) belong to the
record around them.
"""

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import models

from comparisons.choices import Status
from comparisons.models import Alias, Finding, Publishable


def digest(content):
    """Return the SHA-256 of a record's form, the same for the same content.

    Rows inside a record have no order that the database keeps, so theirs does
    not count.
    """
    return hashlib.sha256(_sorted_json(content).encode()).hexdigest()


def _sorted_json(content):
    if isinstance(content, dict):
        items = [f"{key!s}: {_sorted_json(content[key])}" for key in sorted(content)]
        return f"{{{', '.join(items)}}}"
    if isinstance(content, list):
        return f"[{', '.join(sorted(map(_sorted_json, content)))}]"
    return json.dumps(content, default=str, ensure_ascii=False)


class KnowledgeError(Exception):
    """A file that cannot be read, or a record that breaks a promise."""


# Every part of a shape can ``dump`` what a row holds and bring what a file
# holds to the same ``normal`` form, so that the two can be compared. Its
# ``lookups`` are what to prefetch so that dumping runs no query.


@dataclass(frozen=True)
class Value:
    """A plain field. Empty and default values are left out of the file."""

    name: str
    required: bool = False

    lookups = ()

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

    def assign(self, row, value, finder):
        if value is None:
            value = _default(type(row), self.name)
        setattr(row, self.name, value)


@dataclass(frozen=True)
class Number(Value):
    """A decimal field, written as a plain number."""

    def normal(self, model, value):
        with suppress(TypeError, ValueError):
            return float(value)
        return value

    def assign(self, row, value, finder):
        # As text, because a float has more digits than the file shows.
        super().assign(row, None if value is None else str(value), finder)


@dataclass(frozen=True)
class One:
    """A foreign key, written as the slug of the other row."""

    name: str
    model: type[models.Model]

    @property
    def lookups(self):
        return (self.name,)

    def dump(self, row):
        other = getattr(row, self.name)
        return other.slug if other else None

    def normal(self, model, value):
        return value or None

    def assign(self, row, value, finder):
        found = finder.find(self.model, slug=value) if value else None
        setattr(row, self.name, found)


@dataclass(frozen=True)
class Many:
    """A many-to-many relation, written as a sorted list of slugs (or keys)."""

    name: str
    model: type[models.Model]
    lookup: str = "slug"

    @property
    def lookups(self):
        return (self.name,)

    def dump(self, row):
        # Sorted, because the database keeps no order of its own.
        return sorted(
            getattr(other, self.lookup) for other in getattr(row, self.name).all()
        )

    def normal(self, model, values):
        return sorted(values or [])

    def store(self, row, values, finder):
        others = [
            finder.find(self.model, **{self.lookup: value}) for value in values or []
        ]
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
        for alias in row.aliases.all():
            if alias.slug not in wanted:
                alias.delete()
        for slug in wanted - {alias.slug for alias in row.aliases.all()}:
            Alias.objects.lead(slug, row)


@dataclass(frozen=True)
class VerdictFindings(Many):
    """A verdict's findings, written as features: its framework is known."""

    @property
    def lookups(self):
        return (f"{self.name}__feature",)

    def dump(self, row):
        return sorted(finding.feature.slug for finding in row.findings.all())

    def store(self, row, values, finder):
        row.findings.set(
            [
                finder.find(
                    Finding,
                    framework__slug=row.framework.slug,
                    feature__slug=value,
                )
                for value in values or []
            ]
        )


@dataclass(frozen=True)
class Children:
    """Rows that point at this one, written as a list inside it.

    ``as_mapping`` names two fields to write the list as a mapping instead.
    ``fixed`` holds what all of them have in common, such as the side of a pro.
    """

    name: str
    shape: "Shape"
    parent: str
    related: str = ""
    fixed: dict = field(default_factory=dict)
    as_mapping: tuple[str, str] | None = None

    @property
    def lookups(self):
        name = self.related or self.name
        return (name, *(f"{name}__{inner}" for inner in self.shape.lookups))

    def rows(self, row):
        rows = getattr(row, self.related or self.name).all()
        return [
            child
            for child in rows
            if all(getattr(child, name) == value for name, value in self.fixed.items())
        ]

    def dump(self, row):
        return self._written([self.shape.dump(child) for child in self.rows(row)])

    def normal(self, model, values):
        return self._written([self.shape.normal(item) for item in self.items(values)])

    def items(self, values):
        """Return the written children as a list of dictionaries."""
        values = values or []
        if self.as_mapping and isinstance(values, dict):
            key, value = self.as_mapping
            return [{key: k, value: v} for k, v in values.items()]
        if not isinstance(values, list) or not all(
            isinstance(item, dict) for item in values
        ):
            raise KnowledgeError(f"“{self.name}” must be a list of mappings.")
        return values

    def _written(self, items):
        if self.as_mapping:
            key, value = self.as_mapping
            return {item[key]: item.get(value) for item in items}
        return items


@dataclass(frozen=True)
class Shape:
    """How the rows of ``model`` are written.

    ``identity`` are the fields that, with the parent, tell one row from
    another; ``records`` the children that are records of their own.
    """

    model: type[models.Model]
    fields: tuple
    identity: tuple[str, ...] = ("slug",)
    records: tuple[Children, ...] = ()
    # Written by its place in the list, for models ordered by a position.
    positioned: bool = False

    @property
    def is_publishable(self):
        return issubclass(self.model, Publishable)

    @property
    def lookups(self):
        return [lookup for part in self.fields for lookup in part.lookups]

    def dump(self, row, *, with_records=False):
        """Return ``row`` as it stands in the file, with or without inner records."""
        written = {part.name: part.dump(row) for part in self.fields}
        if self.is_publishable and row.status != Status.PUBLISHED:
            written["status"] = row.status
        if with_records:
            for children in self.records:
                written[children.name] = [
                    children.shape.dump(child, with_records=True)
                    for child in children.rows(row)
                ]
        return _without_empty(written)

    def normal(self, data):
        """Return ``data`` from a file as ``dump`` would write the row it makes."""
        parts = {
            part.name: part.normal(self.model, data.get(part.name))
            for part in self.fields
        }
        # What is no field of the row stays; storing it says so.
        others = {name: value for name, value in data.items() if name not in parts}
        if others.get("status") == Status.PUBLISHED:
            del others["status"]
        return _without_empty(parts | others)


def _without_empty(written):
    return {
        name: value
        for name, value in written.items()
        if value is not None and value != [] and value != {}
    }


def _default(model, name):
    field = model._meta.get_field(name)
    default = field.get_default()
    return "" if default is None and not field.null else default
