"""Files into rows: fill an empty knowledge base, or bring one up to date.

A record that an editor changed since it was last loaded is never touched: its
present form has another digest than the one stored at that time.
"""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from ..choices import Status
from ..models import Framework, LoadedRecord
from . import shapes
from .documents import LIBRARY, KnowledgeError
from .shapes import Children, Many, Shape


class Change(StrEnum):
    """What a load does, or would do, to one record."""

    ADDED = "added"
    UPDATED = "updated"
    KEPT = "kept"  # An editor changed it since; the file says something else.


@dataclass(frozen=True, kw_only=True)
class Record:
    """One row of the files that stands for itself, ready to be loaded."""

    shape: Shape
    data: dict
    position: int
    # How its parent row calls it, and the record of that parent.
    children: Children | None = None
    parent: "Record | None" = None

    @property
    def identity(self):
        """The lookups that find the stored row."""
        lookups = {
            _lookup(self.shape, name): self.data.get(name)
            for name in self.shape.identity
        }
        if self.parent and self.shape.identity != ("slug",):
            lookups |= {
                f"{self.children.parent}__{lookup}": value
                for lookup, value in self.parent.identity.items()
            }
        return lookups

    @property
    def label(self):
        """A readable name: ``finding flask/orm``."""
        names = [str(value) for value in reversed(self.identity.values())]
        return f"{self.shape.model._meta.model_name} {'/'.join(names)}"

    def content(self):
        """The row as the file has it, without the records inside it."""
        inner = {children.name for children in self.shape.records}
        return {name: value for name, value in self.data.items() if name not in inner}


class Finder:
    """Finds rows by their slug or key, each of them once."""

    def __init__(self):
        self._found = {}

    def find(self, model, **lookup):
        key = (model, *lookup.values())
        if key not in self._found:
            try:
                self._found[key] = model.objects.get(**lookup)
            except model.DoesNotExist:
                name = " ".join(str(value) for value in lookup.values())
                raise KnowledgeError(
                    f"refers to the {model._meta.verbose_name} “{name}”, which "
                    "does not exist"
                ) from None
        return self._found[key]


def is_empty():
    """Whether nothing was ever loaded or entered."""
    return not Framework.objects.exists()


def read_records(folder):
    """Return the records of all files, parents before their children."""
    records = []
    for document in LIBRARY.documents:
        for position, data in enumerate(document.read(folder), start=1):
            records += _flatten(
                Record(shape=document.shape, data=data, position=position)
            )
    places = _load_order()
    return sorted(records, key=lambda record: places[id(record.shape)])


def compare(folder):
    """Return what an update would do: (change, record, present form or None)."""
    stored = dict(LoadedRecord.objects.values_list("label", "digest"))
    changes = []
    for record in read_records(folder):
        row = record.shape.model.objects.filter(**record.identity).first()
        if row is None:
            changes.append((Change.ADDED, record, None))
            continue
        present = record.shape.dump(row)
        if digest(present) == digest(_normal(record)):
            continue
        untouched = digest(present) == stored.get(record.label)
        changes.append(
            (Change.UPDATED if untouched else Change.KEPT, record, present)
        )
    return changes


@transaction.atomic
def load(records):
    """Store ``records``; all of them, or none.

    Raises:
        KnowledgeError: a record breaks a promise of the knowledge base; the
            message names the record and says which.
    """
    finder = Finder()
    for record in records:
        try:
            with transaction.atomic():
                row = _store(record, finder)
        except ValidationError as error:
            raise KnowledgeError(
                f"{record.label}: {' '.join(error.messages)}"
            ) from error
        except (IntegrityError, KnowledgeError) as error:
            raise KnowledgeError(f"{record.label}: {error}") from error
        row = record.shape.model.objects.get(pk=row.pk)
        LoadedRecord.objects.update_or_create(
            label=record.label, defaults={"digest": digest(record.shape.dump(row))}
        )


def digest(content):
    """Return the SHA-256 of a record's form, the same for the same content."""
    text = json.dumps(content, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _flatten(record):
    yield record
    for children in record.shape.records:
        for position, data in enumerate(record.data.get(children.name) or [], start=1):
            yield from _flatten(
                Record(
                    shape=children.shape,
                    data={**data, **children.fixed},
                    position=position,
                    children=children,
                    parent=record,
                )
            )


def _load_order():
    """Return each shape's place, so that what others refer to comes first."""
    outer = [document.shape for document in LIBRARY.documents]
    inner = [children.shape for shape in outer for children in shape.records]
    referred_to = [
        shapes.FEATURE_GROUP,
        shapes.FEATURE,
        shapes.FRAMEWORK,
        shapes.SOURCE,
        shapes.EXTENSION,
        *(children.shape for children in shapes.FRAMEWORK.records),
    ]
    places = {}
    for shape in [*referred_to, *outer, *inner]:
        places.setdefault(id(shape), len(places))
    return places


def _lookup(shape, name):
    is_relation = shape.model._meta.get_field(name).is_relation
    return f"{name}__slug" if is_relation else name


def _store(record, finder):
    shape = record.shape
    row = shape.model.objects.filter(**record.identity).first() or shape.model()
    if record.parent:
        parent = finder.find(record.parent.shape.model, **record.parent.identity)
        setattr(row, record.children.parent, parent)
        for name, value in record.children.fixed.items():
            setattr(row, name, value)
    if shape.positioned:
        row.position = record.position
    _fill(row, shape, record.content(), finder)
    return row


def _fill(row, shape, data, finder):
    """Give ``row`` the form ``data``; publish it last, when its citations stand."""
    names = {part.name for part in shape.fields} | {"status"}
    fixed = {"side"} if hasattr(row, "side") else set()
    if unknown := set(data) - names - fixed:
        raise KnowledgeError(f"has no field {', '.join(sorted(unknown))}")
    related = [part for part in shape.fields if isinstance(part, Many | Children)]
    for part in shape.fields:
        if part not in related:
            part.assign(row, data.get(part.name), finder)
    row.clean_fields()
    row.save()
    for part in related:
        if isinstance(part, Many):
            part.store(row, data.get(part.name), finder)
        else:
            _fill_children(row, part, data.get(part.name), finder)
    if shape.is_publishable:
        row.status = data.get("status", Status.PUBLISHED)
        row.clean()
        row.save(update_fields=["status"])


def _fill_children(row, children, values, finder):
    shape = children.shape
    kept = []
    for item in children.items(values):
        identity = {_lookup(shape, name): item.get(name) for name in shape.identity}
        # A citation's key is unique everywhere, so that it may move.
        if shape.identity != ("key",):
            identity[children.parent] = row
        child = shape.model.objects.filter(**identity).first() or shape.model()
        setattr(child, children.parent, row)
        _fill(child, shape, item, finder)
        kept.append(child.pk)
    shape.model.objects.filter(**{children.parent: row}).exclude(pk__in=kept).delete()


def _normal(record):
    """Return the record's content as its stored row would be written."""
    written = record.content()
    return {
        name: value
        for name, value in written.items()
        if value not in (None, "", [], {})
        and name not in (record.children.fixed if record.children else ())
        and not (name == "status" and value == Status.PUBLISHED)
    }
