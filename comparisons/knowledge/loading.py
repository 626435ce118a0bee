"""Files into rows: fill an empty knowledge base, or bring one up to date.

A record that an editor changed since it was last loaded is never touched: its
present form has another digest than the one stored at that time.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from comparisons.choices import ChangeKind, Status
from comparisons.history.recording import change_set, record_present_state
from comparisons.knowledge import catalogue
from comparisons.knowledge.catalogue import LIBRARY
from comparisons.knowledge.shapes import Children, KnowledgeError, Many, Shape, digest
from comparisons.models import Alias, Framework, LoadedRecord, Renamable
from comparisons.models.history import paused
from comparisons.triggers import explain


class Change(StrEnum):
    """What a load does, or would do, to one record."""

    ADDED = "added"
    UPDATED = "updated"
    # An editor changed or deleted it since; the file says something else.
    KEPT = "kept"


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

    def place(self):
        """Where the files have the row: in which parent, in which of its lists."""
        place = dict(self.children.fixed) if self.children else {}
        if parent := _parent_field(self.shape):
            place[parent] = self.parent.data.get("slug") if self.parent else None
        return place

    def form(self):
        """The row and its place as ``present_form`` would give them once stored."""
        return self.shape.normal(self.content()) | self.place()

    def present_form(self, row):
        """The stored ``row`` and its place, to be compared with ``form``."""
        place = {name: getattr(row, name) for name in self.place()}
        return self.shape.dump(row) | {
            name: getattr(value, "slug", value) for name, value in place.items()
        }

    def fingerprint(self, row):
        """A digest of ``row`` that any edit changes."""
        position = {"position": row.position} if self.shape.positioned else {}
        return digest(self.present_form(row) | position)

    def written_fingerprint(self):
        """The ``fingerprint`` that the row has once the record is stored."""
        position = {"position": self.position} if self.shape.positioned else {}
        return digest(self.form() | position)


class Finder:
    """Finds rows by their slug or key, each of them once.

    Before a first load nothing is stored, so nothing is looked for in vain.
    """

    def __init__(self, *, is_first):
        self.is_first = is_first
        self._found = {}
        self._claimed = set()

    def stored_or_new(self, model, **identity):
        """Return the row that ``identity`` finds, or one that is not stored yet."""
        if self.is_first:
            return model()
        return model.objects.filter(**identity).first() or model()

    def remember(self, row):
        """Find ``row`` from now on without asking the database."""
        for name in ("slug", "key"):
            if hasattr(row, name):
                self._found[type(row), getattr(row, name)] = row

    def claim(self, key):
        """Refuse a citation's key that another statement of this load has."""
        if key in self._claimed:
            raise KnowledgeError(f"the citation “{key}” stands in the files twice")
        self._claimed.add(key)

    def find(self, model, **lookup):
        key = (model, *lookup.values())
        if key not in self._found:
            found = model.objects.filter(**lookup).first()
            found = found or self._renamed(model, **lookup)
            if found is None:
                name = " ".join(str(value) for value in lookup.values())
                raise KnowledgeError(
                    f"refers to the {model._meta.verbose_name} “{name}”, which "
                    "does not exist"
                )
            self._found[key] = found
        return self._found[key]

    def _renamed(self, model, **lookup):
        """Return the row that was called so before an editor merged or renamed it."""
        if not issubclass(model, Renamable) or lookup.keys() != {"slug"}:
            return None
        if known := Alias.objects.rows(model, lookup.values()).get(lookup["slug"]):
            return known
        # What readers never met under its former slug has no alias of it.
        former = model.history.filter(**lookup).values("id")
        return model.objects.filter(pk__in=former).first()


def is_empty():
    """Whether nothing was ever loaded or entered."""
    return not Framework.objects.exists()


def read_records(folder):
    """Return the records of all files, parents before their children.

    Raises:
        KnowledgeError: a file cannot be read, or two records are the same.
    """
    if not folder.is_dir():
        raise KnowledgeError(f"{folder} is no folder.")
    records = []
    for document in LIBRARY.documents:
        for position, data in enumerate(document.read(folder), start=1):
            records += _flatten(
                Record(shape=document.shape, data=data, position=position)
            )
    labels = set()
    for record in records:
        if record.label in labels:
            raise KnowledgeError(f"{record.label}: stands in the files twice")
        labels.add(record.label)
    places = _load_order()
    return sorted(records, key=lambda record: places[id(record.shape)])


def compare(folder):
    """Return what an update would do: (change, record, present form or None)."""
    stored = dict(LoadedRecord.objects.values_list("label", "digest"))
    changes = []
    for record in read_records(folder):
        row = record.shape.model.objects.filter(**record.identity).first()
        if row is None:
            change = Change.KEPT if record.label in stored else Change.ADDED
            changes.append((change, record, None))
            continue
        present = record.present_form(row)
        if digest(present) == digest(record.form()):
            continue
        untouched = record.fingerprint(row) == stored.get(record.label)
        changes.append((Change.UPDATED if untouched else Change.KEPT, record, present))
    return changes


def load(records):
    """Store ``records``; all of them, or none.

    What was there before keeps its history; a first load is recorded as a whole,
    since object by object would take twice as long.

    Raises:
        KnowledgeError: a record breaks a promise of the knowledge base; the
            message names the record and says which.
    """
    if is_empty():
        with transaction.atomic(), paused():
            _store_all(records, Finder(is_first=True))
            record_present_state(reason="First load of the files")
    else:
        with change_set(kind=ChangeKind.LOAD, reason="Update from the files"):
            _store_all(records, Finder(is_first=False))


def _flatten(record):
    yield record
    for children in record.shape.records:
        try:
            items = children.items(record.data.get(children.name))
        except KnowledgeError as error:
            raise KnowledgeError(f"{record.label}: {error}") from error
        for position, data in enumerate(items, start=1):
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
        catalogue.FEATURE_GROUP,
        catalogue.FEATURE,
        catalogue.FRAMEWORK,
        catalogue.SOURCE,
        catalogue.EXTENSION,
        *(children.shape for children in catalogue.FRAMEWORK.records),
    ]
    places = {}
    for shape in [*referred_to, *outer, *inner]:
        places.setdefault(id(shape), len(places))
    return places


def _parent_field(shape):
    """Return by which field the rows of ``shape`` point at a parent, if any."""
    for document in LIBRARY.documents:
        for children in document.shape.records:
            if children.shape is shape:
                return children.parent
    return None


def _lookup(shape, name):
    is_relation = shape.model._meta.get_field(name).is_relation
    return f"{name}__slug" if is_relation else name


def _store_all(records, finder):
    for record in records:
        try:
            with transaction.atomic():
                _store(record, finder)
        except (ValidationError, IntegrityError, KnowledgeError) as error:
            raise KnowledgeError(f"{record.label}: {explain(error)}") from error
    LoadedRecord.objects.bulk_create(
        (
            LoadedRecord(label=record.label, digest=record.written_fingerprint())
            for record in records
        ),
        update_conflicts=True,
        unique_fields=["label"],
        update_fields=["digest"],
    )


def _store(record, finder):
    shape = record.shape
    row = finder.stored_or_new(shape.model, **record.identity)
    if parent_field := _parent_field(shape):
        parent = record.parent and finder.find(
            record.parent.shape.model, **record.parent.identity
        )
        setattr(row, parent_field, parent)
    if record.children:
        for name, value in record.children.fixed.items():
            setattr(row, name, value)
    if shape.positioned:
        row.position = record.position
    _fill(row, shape, record.content(), finder)


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
    if shape.is_publishable:
        # What is published already may gain the claim before the citation.
        row.status = Status.DRAFT
    # The finder found what its relations lead to.
    row.clean_fields(exclude=[f.name for f in row._meta.fields if f.is_relation])
    row.save()
    finder.remember(row)
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
        if shape.identity == ("key",):
            finder.claim(item.get("key"))
        else:
            identity[children.parent] = row
        child = finder.stored_or_new(shape.model, **identity)
        setattr(child, children.parent, row)
        _fill(child, shape, item, finder)
        kept.append(child.pk)
    if not finder.is_first:
        siblings = shape.model.objects.filter(**{children.parent: row})
        siblings.exclude(pk__in=kept).delete()
