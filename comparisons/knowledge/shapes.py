"""How a row of each model looks in YAML: its fields, in the order of the file.

A shape describes one model. A row that stands for itself (a finding, a source)
is a *record*: it is compared, loaded and protected against overwriting as a
whole. Rows without a life of their own (citations, thresholds) belong to the
record around them.
"""

import hashlib
import json
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models

from comparisons.choices import Level, Status
from comparisons.keys import key_lookups
from comparisons.knowledge.parts import Children, KnowledgeError, Part, part_of
from comparisons.models import Publishable
from comparisons.models.listed import Listed


def digest(content):
    """Return the SHA-256 of a record's form, the same for the same content.

    The order of the rows inside a record does not count.
    """
    return hashlib.sha256(_sorted_json(content).encode()).hexdigest()


def _sorted_json(content):
    if isinstance(content, dict):
        items = [f"{key!s}: {_sorted_json(content[key])}" for key in sorted(content)]
        return f"{{{', '.join(items)}}}"
    if isinstance(content, list):
        return f"[{', '.join(sorted(map(_sorted_json, content)))}]"
    return json.dumps(content, default=str, ensure_ascii=False)


def label(model, key):
    """Return a readable name of a row by its natural key: ``finding flask/orm``."""
    return f"{model._meta.model_name} {'/'.join(map(str, key))}"


@dataclass(frozen=True)
class Shape:
    """How the rows of ``model`` are written.

    ``records`` are the children that are records of their own.
    """

    model: type[models.Model]
    fields: tuple[Part, ...]
    records: tuple[Children, ...] = ()
    # For models ordered by a position, which is written by the place in the list.
    positioned: bool = False

    @property
    def is_publishable(self):
        return issubclass(self.model, Publishable)

    @property
    def order(self):
        """The field that keeps the place in the list, or "" if something else does."""
        if self.positioned:
            return "position"
        return "place" if issubclass(self.model, Listed) else ""

    @property
    def lookups(self):
        return [lookup for part in self.fields for lookup in part.lookups]

    @property
    def all_lookups(self):
        """The lookups with those of the records inside."""
        inner = (lookup for children in self.records for lookup in children.lookups)
        return [*self.lookups, *inner]

    def key(self, data, parent="", parent_key=()):
        """Return the lookups that find the row of ``data``, as {lookup: value}.

        ``parent`` is the field that points at the row around it, if there is one.
        """
        owner = iter(parent_key)
        return {
            lookup: next(owner) if name == parent else data.get(name)
            for lookup in key_lookups(self.model)
            for name in [lookup.partition("__")[0]]
        }

    def dump(self, row, *, with_records=False):
        """Return ``row`` as it stands in the file, with or without inner records."""
        parts = [*self.fields, *self.records] if with_records else self.fields
        written = {part.name: part.dump(row) for part in parts}
        if self.is_publishable and row.status != Status.PUBLISHED:
            written["status"] = row.status
        return _without_empty(written)

    def normal(self, data):
        """Return ``data`` from a file as ``dump`` would write the row it makes."""
        parts = {
            part.name: part.normal(self.model, data.get(part.name))
            for part in self.fields
        }
        # What is no field of the row stays; storing it says so.
        inner = {children.name for children in self.records}
        others = {name: data[name] for name in data if name not in parts.keys() | inner}
        if others.get("status") == Status.PUBLISHED:
            del others["status"]
        return _without_empty(parts | others)

    def store(self, row, data, finder):
        """Give ``row`` the form ``data``; publish it last, when its citations stand."""
        names = {part.name for part in (*self.fields, *self.records)}
        if self.is_publishable:
            names.add("status")
        if unknown := set(data) - names:
            raise KnowledgeError(f"has no field {', '.join(sorted(unknown))}")
        for part in self.fields:
            if not part.is_relation:
                part.store(row, data.get(part.name), finder)
        if self.is_publishable:
            # What is published already may gain the claim before the citation.
            row.status = Status.DRAFT
        _refuse_unclean(row)
        row.save()
        finder.remember(row)
        for part in self.fields:
            if part.is_relation:
                part.store(row, data.get(part.name), finder)
        if self.is_publishable:
            row.status = data.get("status", Status.PUBLISHED)
            row.clean()
            row.save(update_fields=["status"])


def shape(model, *entries, **options):
    """Return the Shape of ``model``: parts, and names of plain fields in between."""
    fields = [
        part
        for entry in entries
        for part in (
            [part_of(model, name) for name in entry.split()]
            if isinstance(entry, str)
            else [entry]
        )
    ]
    return Shape(model, tuple(fields), **options)


def _refuse_unclean(row):
    """Raise ValidationError for a field that is not valid, and say what would be."""
    # The finder found what relations lead to.
    found = [
        each.name
        for each in row._meta.fields
        if each.is_relation and getattr(row, each.attname) is not None
    ]
    try:
        row.clean_fields(exclude=found)
    except ValidationError as error:
        for name, errors in error.error_dict.items():
            for each in errors:
                if each.code == "invalid_choice":
                    offered = ", ".join(_choices(row, row._meta.get_field(name)))
                    each.message = f"{each.message} Choose one of: {offered}."
        raise


def _choices(row, field):
    """Return the values that ``field`` can have; of levels, those of the feature."""
    feature = getattr(row, "feature", None)
    if feature and field.choices == Level.choices:
        return [*feature.feature_kind.levels, Level.UNKNOWN]
    return [value for value, _ in field.flatchoices]


def _without_empty(written):
    return {
        name: value
        for name, value in written.items()
        if value is not None and value != [] and value != {}
    }
