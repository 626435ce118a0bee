"""What sets of changes did, object by object, field by field, word by word.

``differences()`` runs a number of queries that depends on the models it meets and
not on the number of objects.
"""

import difflib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import groupby, takewhile
from os.path import commonprefix

from django.db import models
from django.utils.formats import date_format

from comparisons.choices import Act
from comparisons.history.records import (
    earlier_records,
    key_names,
    names_of,
    public_addresses,
    recorded_links,
    recorded_relations,
)
from comparisons.history.visibility import Moment
from comparisons.models import ChangedObject, Citation
from comparisons.models.sources import STATEMENTS, cited_for

KEPT, ADDED, REMOVED = "kept", "added", "removed"
# Beyond so many pairs of words, such as 200 by 200, what differs is shown whole.
# The time of difflib can grow with the third power of the number of words: of 1,400
# pairs of patterns the worst took 0.13 s at this bound, and 30 s with 1,000 words.
MOST_PAIRS = 40_000
UNNAMED = "something that is not published"


@dataclass(frozen=True, kw_only=True)
class FieldDifference:
    """How one field stood before and after; ``""`` where there was nothing.

    A long text comes as ``words``: (kept, added or removed; text) parts that
    together are the text. A relation to several says what it ``added`` and
    ``removed``.
    """

    label: str
    before: str = ""
    after: str = ""
    words: list[tuple[str, str]] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class ObjectDifference:
    """What was done to one object, with the citations of a statement under it."""

    changed: ChangedObject
    act: str
    # Where it is now; empty if it has no page, or is gone.
    address: str
    # The statement of a citation, where that one is not shown itself.
    about: str
    fields: list[FieldDifference]
    citations: list["ObjectDifference"] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """What the object is, in a word or two."""
        return self.changed.kind


def differences(
    listed: Iterable[ChangedObject],
    *,
    edit_address: Callable[[models.Model], str] | None = None,
) -> list[ObjectDifference]:
    """Return the ObjectDifferences of ``listed`` objects of sets, in their order.

    They hold what readers saw before and after, and no more: neither how a draft was
    written nor the names of what is not published. Editors are shown all of it, with
    the ``edit_address`` of each row that is still there.
    """
    return _Differences(list(listed), edit_address).gather()


def word_differences(before: str, after: str) -> list[tuple[str, str]]:
    """Return the parts of two texts: (kept, added or removed; text)."""
    old, new = (re.findall(r"\S+\s*|\s+", text) for text in (before, after))
    head = _alike(old, new)
    tail = _alike(reversed(old[head:]), reversed(new[head:]))
    end, new_end = len(old) - tail, len(new) - tail
    pieces = [
        (KEPT, "".join(old[:head])),
        *_matched(old[head:end], new[head:new_end]),
        (KEPT, "".join(old[end:])),
    ]
    said = (piece for piece in pieces if piece[1])
    runs = groupby(said, key=lambda piece: piece[0] == KEPT)
    return [part for _, run in runs for part in _joined(run)]


def _alike(old, new):
    """Return how many words are the same from the start on."""
    pairs = zip(old, new, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _matched(old, new):
    """Return the parts of two lists of words, each with the space that follows it."""
    if len(old) * len(new) > MOST_PAIRS:
        return [(REMOVED, "".join(old)), (ADDED, "".join(new))]
    bare = [[word.strip() for word in words] for words in (old, new)]
    pieces = []
    matcher = difflib.SequenceMatcher(None, bare[0], bare[1], autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        gone, come = old[start:end], new[new_start:new_end]
        if tag != "equal":
            pieces += [(REMOVED, "".join(gone)), (ADDED, "".join(come))]
            continue
        for left, right in zip(gone, come, strict=True):
            same = commonprefix([left, right])
            space = len(same)
            pieces += [(KEPT, same), (REMOVED, left[space:]), (ADDED, right[space:])]
    return pieces


def _joined(run):
    """Return as one each what is kept, or what is removed and then what is added."""
    texts = {KEPT: "", REMOVED: "", ADDED: ""}
    for how, text in run:
        texts[how] += text
    return [(how, text) for how, text in texts.items() if text]


class _Differences:
    def __init__(self, listed, edit_address):
        self.listed = listed
        self.public = edit_address is None
        self.edit_address = edit_address
        self.now = Moment()
        self.records = self._records()
        self.earlier = {
            model: earlier_records(model, records.values())
            for model, records in self.records.items()
        }
        self.links = self._links()
        self.names = self._names()
        self.addresses = self._addresses()

    def gather(self):
        gathered: list[ObjectDifference] = []
        statements: dict[tuple, ObjectDifference] = {}
        for changed in self.listed:
            record = self.records[changed.model].get(changed.record_id)
            if record is None:
                continue
            statement = cited_for(record) if changed.model is Citation else None
            above = statements.get((changed.change_set_id, statement))
            difference = self._difference(changed, record, statement, above)
            if above:
                above.citations.append(difference)
                continue
            gathered.append(difference)
            own = (changed.model, changed.object_pk)
            statements[changed.change_set_id, own] = difference
        return gathered

    def _difference(self, changed, record, statement, above):
        model = changed.model
        return ObjectDifference(
            changed=changed,
            act=changed.public_act_label if self.public else changed.get_act_display(),
            address=self.addresses[model].get(changed.object_pk, ""),
            about="" if above or not statement else self._name(*statement),
            fields=self._fields(changed, *self._ends(changed, record)),
        )

    def _ends(self, changed, record):
        """Return the records to show as before and after, None for nothing."""
        earlier = self.earlier[changed.model][record.history_id]
        later = None if changed.act == Act.DELETED else record
        if changed.act == Act.DELETED and earlier is None:
            # simple-history keeps how a deleted object stood last.
            earlier = record
        if self.public:
            earlier = earlier if changed.was_public else None
            later = later if changed.is_public else None
        return earlier, later

    def _fields(self, changed, before, after):
        if not (before or after):
            return []
        hidden = {"status"} if self.public else set()
        if changed.model is Citation:
            hidden |= {*STATEMENTS, "key"}
        found = [
            self._field(tracked, before, after)
            for tracked in changed.model._meta.concrete_fields
            if tracked.editable and not tracked.primary_key
            if tracked.name not in hidden
        ]
        found += [
            self._relation(relation, before, after)
            for relation in recorded_relations(changed.model)
        ]
        return [difference for difference in found if difference]

    def _field(self, tracked, before, after):
        old, new = (
            record and getattr(record, tracked.attname) for record in (before, after)
        )
        if old == new or not (_says(old) or _says(new)):
            return None
        label = tracked.verbose_name
        shown_old, shown_new = self._shown(tracked, old), self._shown(tracked, new)
        if _is_prose(tracked) and shown_old and shown_new:
            words = word_differences(shown_old, shown_new)
            return FieldDifference(label=label, words=words)
        return FieldDifference(label=label, before=shown_old, after=shown_new)

    def _relation(self, relation, before, after):
        old, new = (
            self.links[relation].get(record.history_id, set()) if record else set()
            for record in (before, after)
        )
        added, removed = (
            sorted(filter(None, (self._link(relation, pk) for pk in pks)))
            for pks in (new - old, old - new)
        )
        if not (added or removed):
            return None
        return FieldDifference(
            label=relation.verbose_name, added=added, removed=removed
        )

    def _link(self, relation, pk):
        """Return the name of a linked object; readers get none of a hidden one."""
        if self.public:
            return self.names[relation.related_model].get(pk)
        return self._name(relation.related_model, pk)

    def _shown(self, tracked, value):
        """Return a stored value as people read it."""
        if not _says(value):
            return ""
        if tracked.many_to_one:
            return self._name(tracked.related_model, value)
        if tracked.flatchoices:
            return str(dict(tracked.flatchoices).get(value, value))
        if isinstance(tracked, models.DateField):
            return date_format(value, "j F Y")
        return str(value)

    def _name(self, model, pk):
        unnamed = UNNAMED if self.public else f"{model._meta.verbose_name} {pk}"
        return self.names[model].get(pk, unnamed)

    # What is looked up, by model

    def _records(self):
        by_model = defaultdict(list)
        for changed in self.listed:
            by_model[changed.model].append(changed.record_id)
        return {
            model: model.history.model.objects.in_bulk(ids)
            for model, ids in by_model.items()
        }

    def _pairs(self, model):
        """Return the records of ``model`` and those before them."""
        earlier = self.earlier[model].values()
        return [*self.records[model].values(), *filter(None, earlier)]

    def _links(self):
        return {
            relation: recorded_links(relation, self._pairs(model))
            for model in self.records
            for relation in recorded_relations(model)
        }

    def _names(self):
        """Return {model: {primary key: name}} of all that a record leads to."""
        wanted = defaultdict(set)
        for model in self.records:
            for record in self._pairs(model):
                for name in key_names(model):
                    key = model._meta.get_field(name)
                    wanted[key.related_model].add(getattr(record, key.attname))
        for relation, links in self.links.items():
            wanted[relation.related_model].update(*links.values())
        return {
            model: names_of(model, pks, self.now.visible(model, pks))
            if self.public
            else names_of(model, pks)
            for model, pks in ((model, pks - {None}) for model, pks in wanted.items())
        }

    def _addresses(self):
        return {model: self._addresses_of(model) for model in self.records}

    def _addresses_of(self, model):
        pks = {changed.object_pk for changed in self.listed if changed.model is model}
        if self.public:
            return public_addresses(model, pks)
        rows = model._base_manager.filter(pk__in=pks)
        return {row.pk: self.edit_address(row) for row in rows}


def _says(value):
    return value not in (None, "")


def _is_prose(tracked):
    """Whether a change of the field is best read word by word."""
    if tracked.flatchoices or isinstance(tracked, models.URLField | models.SlugField):
        return False
    return isinstance(tracked, models.TextField) or (
        isinstance(tracked, models.CharField) and (tracked.max_length or 0) >= 200
    )
