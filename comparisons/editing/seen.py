"""What somebody was shown of a row, and whether it is still so.

``stamp()`` is a digest of a row and of what belongs to it. Whatever shows a row so that
it can be changed carries a ``Seen`` in its field ``seen``: a form, a list, a page that
asks for a confirmation, the form of a reader. What comes back is compared with what is
stored then, so that nobody overwrites an edit that they never saw. Files of rows have a
column for the stamp.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from django.core import signing
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.formats import date_format

from comparisons.history.records import sets_of
from comparisons.knowledge.catalogue import LIBRARY
from comparisons.knowledge.parts import Children
from comparisons.knowledge.shapes import digest
from comparisons.models import CodeSample
from comparisons.models.history import account_name

# The hidden field that carries it.
SEEN_FIELD = "seen"
# No more acts than this are named.
MOST_NAMED = 5
# What is edited in the form of the row that holds it, though a record of its own.
SAVED_TOGETHER = {CodeSample}


@dataclass(frozen=True)
class Seen:
    """A row as somebody saw it; as text it is signed and compact."""

    model: str
    # None if the row was not stored yet; its stamp is empty then.
    pk: int | None
    stamp: str
    moment: datetime
    # In a form: {place of a field: a short digest of what it showed}.
    values: dict = field(default_factory=dict)

    @classmethod
    def of(cls, row, *, stamp=None, values=None):
        """Return ``row`` as it is now; ``stamp`` if that is known already."""
        if stamp is None:
            stamp = stamps([row])[row.pk]
        return cls(row._meta.label, row.pk, stamp, timezone.now(), values or {})

    @classmethod
    def read(cls, text):
        """Return what a field carried; None if that is missing or not ours."""
        try:
            model, pk, stamp, moment, values = signing.loads(text or "", salt=__name__)
        except signing.BadSignature:
            return None
        return cls(model, pk, stamp, datetime.fromisoformat(moment), values)

    @classmethod
    def posted(cls, data, row):
        """Return what was sent with ``data``, None unless it is about ``row``.

        A row that is new is about the same as one that was, or that is deleted.
        """
        seen = cls.read(data.get(SEEN_FIELD))
        if seen is None or seen.model != row._meta.label:
            return None
        return seen if seen.pk == row.pk or None in (seen.pk, row.pk) else None

    def __str__(self):
        content = [self.model, self.pk, self.stamp, self.moment.isoformat()]
        return signing.dumps([*content, self.values], salt=__name__, compress=True)

    def is_current(self, row):
        """Whether ``row`` is what was seen, and was not changed since."""
        return self.pk == row.pk and self.stamp == stamps([row])[row.pk]


def stamp(row):
    """Return a digest of ``row`` and the rows that belong to it.

    Any edit makes it another one. What belongs to a row is what the files of the
    knowledge write inside it (the citations of a finding, the choices of a question),
    and whatever is ``SAVED_TOGETHER`` with it.

    Raises:
        KeyError: the model has no place in the files.
    """
    shape = shapes()[type(row)]
    written = {part.name for part in shape.fields} | {"status"}
    # What the files say by the place where they write the row.
    place = {
        tracked.attname: getattr(row, tracked.attname)
        for tracked in row._meta.concrete_fields
        if tracked.many_to_one or (tracked.editable and tracked.name not in written)
    }
    place.pop(row._meta.pk.attname, None)
    together = {part.name: part.dump(row) for part in _saved_together(shape)}
    return digest(shape.dump(row) | together | place)


def stamps(rows):
    """Return {primary key: stamp} for ``rows`` of one model; empty of a new one.

    Runs the same number of queries for many rows as for one.
    """
    stored = [row for row in rows if row.pk is not None]
    if stored:
        shape = shapes()[type(stored[0])]
        together = [each for part in _saved_together(shape) for each in part.lookups]
        prefetch_related_objects(stored, *shape.lookups, *together)
    return {None: ""} | {row.pk: stamp(row) for row in stored}


@cache
def shapes():
    """Return the shape of every model that the files hold."""
    return LIBRARY.shapes()


def children(shape):
    """Return the parts of ``shape`` whose rows belong to the row around them."""
    parts = [part for part in shape.fields if isinstance(part, Children)]
    return [*parts, *_saved_together(shape)]


def _saved_together(shape):
    return [part for part in shape.records if part.shape.model in SAVED_TOGETHER]


def who_changed(model, pk, *, since=None, verb="changed"):
    """Return a sentence: “Ada changed this at 12:03 (Clearer words).”

    Names every act since the moment ``since``, and the last one in any case: a
    long act may carry an earlier time. What belongs to the row counts as well.
    """
    parts = [part.shape.model for part in children(shapes()[model])]
    acts = list(sets_of(model, pk, parts)[:MOST_NAMED])
    if not acts:
        return f"This was {verb} meanwhile."
    named = acts[:1] + [
        act for act in acts[1:] if since is not None and act.created_at > since
    ]
    first, *others = map(_byline, named)
    by, rest = first
    sentence = f"{by} {verb} this {rest}"
    return "; ".join([sentence, *(f"{by} {rest}" for by, rest in others)]) + "."


def _byline(act):
    """Return who and when: ("Ada", "at 12:03 (Clearer words)")."""
    name = account_name(act.editor, "Somebody")
    moment = timezone.localtime(act.created_at)
    today = timezone.localdate() == moment.date()
    when = f"at {moment:%H:%M %Z}"
    if not today:
        when = f"on {date_format(moment, 'j F Y')} {when}"
    return name, f"{when} ({act.reason})" if act.reason else when
