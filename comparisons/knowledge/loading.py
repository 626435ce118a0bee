"""Files into rows: fill an empty knowledge base, or bring one up to date.

A record that an editor changed since it was last loaded is never touched: its
present form has another digest than the one stored at that time.
"""

import json
from collections import defaultdict
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from comparisons.choices import ChangeKind
from comparisons.history.recording import change_set, record_present_state
from comparisons.history.records import key_names
from comparisons.keys import natural_key
from comparisons.knowledge.parts import KnowledgeError
from comparisons.knowledge.records import Record, fingerprint, read_records
from comparisons.knowledge.shapes import label
from comparisons.models import Alias, Framework, LoadedRecord, Renamable
from comparisons.models.history import paused
from comparisons.triggers import explain


class Change(StrEnum):
    """What a load does, or would do, to one record."""

    ADDED = "added"
    UPDATED = "updated"
    # An editor changed or deleted it since; the file says something else.
    KEPT = "kept"


def is_empty():
    """Whether nothing was ever loaded or entered."""
    return not Framework.objects.exists()


# What an update would do


def compare(folder) -> list[tuple[Change, Record, dict | None]]:
    """Return what an update would do: (change, record, present form or None).

    Raises:
        KnowledgeError: a file cannot be read, or two records are the same.
    """
    records = read_records(folder)
    loaded = dict(LoadedRecord.objects.values_list("label", "digest"))
    rows = _stored_rows(records)
    _number(records, rows, loaded)
    changes = []
    for record in records:
        row = rows.get(record.label)
        if row is None:
            change = Change.KEPT if record.label in loaded else Change.ADDED
            changes.append((change, record, None))
            continue
        present = record.present_form(row)
        if same(present, record.form()):
            continue
        untouched = fingerprint(present) == loaded.get(record.label)
        changes.append((Change.UPDATED if untouched else Change.KEPT, record, present))
    return changes


def same(one, other) -> bool:
    """Whether two forms are written alike, in the same order."""
    one, other = (json.dumps(form, default=str) for form in (one, other))
    return one == other


def _stored_rows(records):
    """Return {label: row} of the models of ``records``, each model in its order."""
    shapes = {record.shape.model: record.shape for record in records}
    return {
        label(model, natural_key(row)): row
        for model, shape in shapes.items()
        for row in model.objects.prefetch_related(*shape.lookups, *key_names(model))
    }


def _number(records, rows, loaded):
    """Number ``records`` so that storing them gives each list the files' order.

    Editors leave gaps, so ranks count and not numbers: a list whose rows stand as
    in the files keeps their numbers, and what is new at its end goes on from the
    last. Any other list is numbered as in the files.
    """
    ranks = {name: rank for rank, name in enumerate(rows)}
    for listed in _lists(records):
        # What an editor deleted stays away.
        coming = [r for r in listed if r.label in rows or r.label not in loaded]
        stored = [record for record in coming if record.label in rows]
        stands = [ranks[record.label] for record in stored]
        if (
            stored
            and stored == coming[: len(stored)]
            and stands == sorted(stands)
            and all(record.is_at_home(rows[record.label]) for record in stored)
        ):
            for record in stored:
                record.number = record.number_of(rows[record.label])
            last = stored[-1].number
            for number, record in enumerate(coming[len(stored) :], start=1):
                record.number = None if last is None else last + number


def _lists(records):
    found = defaultdict(list)
    for record in records:
        if record.shape.order:
            found[id(record.list), id(record.parent)].append(record)
    return found.values()


# Storing


class Finder:
    """Finds rows by their slug or key, each of them once.

    Before a first load nothing is stored, so nothing is looked for in vain.
    """

    def __init__(self, *, is_first):
        self.is_first = is_first
        self._found = {}

    def stored_or_new(self, model, key):
        """Return the row that ``key`` finds, or one that is not stored yet."""
        if self.is_first:
            return model()
        return model.objects.filter(**key).first() or model()

    def remember(self, row):
        """Find ``row`` from now on without asking the database."""
        for name in ("slug", "key"):
            if hasattr(row, name):
                self._found[type(row), getattr(row, name)] = row

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


def _store_all(records, finder):
    for record in records:
        try:
            # Without a savepoint: after thousands of them PostgreSQL takes a minute to
            # look through those who hold the row of a framework.
            _store(record, finder)
        except (ValidationError, IntegrityError, KnowledgeError) as error:
            raise KnowledgeError(f"{record.label}: {explain(error)}") from error
    LoadedRecord.objects.bulk_create(
        (
            LoadedRecord(label=record.label, digest=fingerprint(record.form()))
            for record in records
        ),
        update_conflicts=True,
        unique_fields=["label"],
        update_fields=["digest"],
    )


def _store(record, finder):
    row = finder.stored_or_new(record.shape.model, record.key)
    for name, value in record.list.fixed.items():
        setattr(row, name, value)
    if parent := record.parent:
        owner = finder.find(parent.shape.model, **parent.key)
        setattr(row, record.list.parent, owner)
    if record.shape.order:
        setattr(row, record.shape.order, record.number)
    record.shape.store(row, record.data, finder)
