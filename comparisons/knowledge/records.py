"""The rows of the files that stand for themselves, each with its place there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from django.utils.text import slugify

from comparisons.knowledge.catalogue import LIBRARY, LOADED_FIRST
from comparisons.knowledge.documents import Document
from comparisons.knowledge.parts import Children, KnowledgeError
from comparisons.knowledge.shapes import Shape, digest, label
from comparisons.models import Citation


@dataclass(kw_only=True, eq=False)
class Record:
    """One row of the files that stands for itself, ready to be loaded."""

    data: dict
    # The list that holds it, its number there, and the row around that list.
    list: Document | Children
    number: int | None
    file: str
    parent: "Record | None" = None

    @property
    def shape(self) -> Shape:
        return self.list.shape

    @property
    def key(self) -> dict:
        """The lookups that find the stored row, as {lookup: value}."""
        if self.parent is None:
            return self.shape.key(self.data)
        return self.shape.key(self.data, self.list.parent, self.parent.key.values())

    @property
    def label(self) -> str:
        """A readable name: ``finding flask/orm``."""
        return label(self.shape.model, self.key.values())

    def home(self) -> dict:
        """Where the files have the row: in which parent, in which of its lists."""
        home = dict(self.list.fixed)
        if self.parent:
            home[self.list.parent] = self.parent.data.get("slug")
        return home

    def is_at_home(self, row) -> bool:
        """Whether the stored ``row`` stands in the list where the files have it."""
        return self._home_of(row) == self.home()

    def number_of(self, row) -> int | None:
        """The number of the stored ``row`` in its list; None if it has none."""
        return getattr(row, self.shape.order)

    def form(self) -> dict:
        """The row, its home and number as ``present_form`` would give them."""
        return self.shape.normal(self.data) | self.home() | self._order(self.number)

    def present_form(self, row) -> dict:
        """The stored ``row``, its home and number, to be compared with ``form``."""
        number = self.number_of(row) if self.shape.order else None
        return self.shape.dump(row) | self._home_of(row) | self._order(number)

    def _home_of(self, row):
        home = {name: getattr(row, name) for name in self.home()}
        return {name: getattr(value, "slug", value) for name, value in home.items()}

    def _order(self, number):
        return {self.shape.order: number} if self.shape.order else {}


def fingerprint(form) -> str:
    """Return a digest of a record's form that an edit changes.

    Editors cannot change a place, only a position.
    """
    return digest({name: form[name] for name in form if name != "place"})


def read_records(folder: Path) -> list[Record]:
    """Return the records of all files, what others refer to before them.

    Raises:
        KnowledgeError: a file cannot be read, or something stands there twice.
    """
    if not folder.is_dir():
        raise KnowledgeError(f"{folder} is no folder.")
    records = []
    for document in LIBRARY.documents:
        for number, (file, data) in enumerate(document.read(folder), start=1):
            record = Record(data=data, list=document, number=number, file=file)
            records += _with_inner(record)
    passages = []
    for record in records:
        with _about(record):
            found = _citations(record.shape, record.data, record.key)
            passages += [(record, stem, citation) for stem, citation in found]
    _name_citations(passages)
    _refuse_what_stands_twice(
        [
            *((record, "", record.label) for record in records),
            *((record, "citation", each["key"]) for record, _, each in passages),
        ]
    )
    places = {}
    for model in (*LOADED_FIRST, *(record.shape.model for record in records)):
        places.setdefault(model, len(places))
    return sorted(records, key=lambda record: places[record.shape.model])


def _with_inner(record) -> Iterator[Record]:
    yield record
    for children in record.shape.records:
        with _about(record):
            items = children.items(record.data.get(children.name))
        for number, data in enumerate(items, start=1):
            inner = Record(
                data=data, list=children, number=number, file=record.file, parent=record
            )
            yield from _with_inner(inner)


def _name_citations(passages):
    """Give a key to each citation that has none: ``flask-orm-1``."""
    taken = {citation.get("key") for _, _, citation in passages}
    for _, stem, citation in passages:
        if not citation.get("key"):
            numbered = (f"{stem}-{number}" for number in count(1))
            citation["key"] = next(key for key in numbered if key not in taken)
            taken.add(citation["key"])


def _refuse_what_stands_twice(named):
    files = {}
    for record, kind, name in named:
        if (kind, name) in files:
            what = f"the {kind} “{name}” " if kind else ""
            where = " and ".join(dict.fromkeys([files[kind, name], record.file]))
            with _about(record):
                raise KnowledgeError(f"{what}stands in the files twice, in {where}")
        files[kind, name] = record.file


@contextmanager
def _about(record):
    """Say of which record an error tells."""
    try:
        yield
    except KnowledgeError as error:
        raise KnowledgeError(f"{record.label}: {error}") from error


def _citations(shape, data, key):
    """Yield the stem of the key and the data of each citation inside a row."""
    for part in shape.fields:
        if isinstance(part, Children):
            for item in part.items(data.get(part.name)):
                if part.shape.model is Citation:
                    yield slugify("-".join(map(str, key.values()))), item
                inner = part.shape.key(item, part.parent, key.values())
                yield from _citations(part.shape, item, inner)
