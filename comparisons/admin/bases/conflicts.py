"""Two editors changed the same: what one typed, laid over what the other stored.

``merge()`` writes a refused post anew so that it fits what is stored now. Where
only one of the two changed a value, that change is kept; where both did, what
was typed stays in its field and what is stored is shown beside it. The form then
comes back with everything in it, and saving it again is a decision.
"""

from dataclasses import dataclass, field

from django.http import QueryDict
from django.template.loader import render_to_string

from comparisons.admin.bases.seen import (
    RowForms,
    Seen,
    as_posted,
    digest,
    in_words,
    posted_value,
    stored_value,
    value_fields,
)

ADDED = "Added meanwhile by somebody else; saving keeps it."
GONE = (
    "Deleted meanwhile by somebody else. What you typed stands here as a new one: "
    "saving adds it again, removing it here leaves it deleted."
)


@dataclass(frozen=True)
class Difference:
    """One value that somebody else stored meanwhile, in words."""

    typed: str
    stored: str
    # Whether the field now shows what is stored, since its editor left it alone.
    taken_over: bool

    def as_html(self):
        return render_to_string(
            "admin/includes/_side_by_side.html", {"difference": self}
        )


@dataclass
class Conflict:
    """Why a post was not saved, and how its form comes back."""

    headline: str
    data: QueryDict
    # What the form carries when it comes back.
    seen: str = ""
    # By the names of the fields and the prefixes of the rows in ``data``.
    differences: dict[str, Difference] = field(default_factory=dict)
    row_notes: dict[str, str] = field(default_factory=dict)
    # Inline rows that somebody else deleted and this editor had not touched.
    dropped: list[str] = field(default_factory=list)

    def annotate(self, forms: RowForms):
        """Say at each field and row of the forms of ``data`` what happened to it."""
        for form in [forms.form, *forms.inline_forms]:
            for name in value_fields(form):
                if difference := self.differences.get(form.add_prefix(name)):
                    form.add_error(name, difference.as_html())
            if note := self.row_notes.get(form.prefix):
                form.add_error(None, note)


def merge(headline, posted, seen: Seen | None, stored: RowForms):
    """Return the Conflict between ``posted`` and ``stored``.

    Without ``seen`` nobody knows who changed what: all that was typed stays.
    """
    conflict = Conflict(headline, posted.copy())
    merging = _Merging(posted, seen, conflict)
    merging.form(stored.form, "", "")
    for formset in stored.formsets:
        merging.formset(formset)
    return conflict


def as_new(headline, posted, blank: RowForms):
    """Return the Conflict of ``posted`` with a row that was deleted.

    All its inline rows become new ones; ``blank`` are the forms of a new row.
    """
    conflict = Conflict(headline, posted.copy())
    merging = _Merging(posted, None, conflict)
    for formset in blank.formsets:
        merging.formset(formset)
    conflict.row_notes.clear()
    return conflict


class _Merging:
    """One post on its way into ``conflict.data``."""

    def __init__(self, posted, seen, conflict):
        self.posted = posted
        self.seen = seen
        self.conflict = conflict

    def form(self, stored, old_prefix, place):
        """Merge the fields of one form, posted under ``old_prefix``."""
        for name in value_fields(stored):
            form_field, new_name = stored.fields[name], stored.add_prefix(name)
            old_name = f"{old_prefix}{name}"
            typed = posted_value(form_field, self.posted, old_name)
            now = stored_value(stored, name)
            values = self.posted.getlist(old_name)
            if typed != now and self._was(place + name) != digest(now):
                left_alone = self._was(place + name) == digest(typed)
                if left_alone:
                    values = self._stored(stored, name)
                self.conflict.differences[new_name] = Difference(
                    in_words(form_field, typed), in_words(form_field, now), left_alone
                )
            self.conflict.data.setlist(new_name, values)

    def formset(self, stored):
        """Merge inline rows: the stored ones in their order, then what is new."""
        prefix, data = stored.prefix, self.conflict.data
        key = stored.model._meta.pk.name
        for name in [name for name in data if name.startswith(f"{prefix}-")]:
            del data[name]
        old = self._posted_rows(stored, key)
        forms = stored.initial_forms
        for number, form in enumerate(forms):
            pk = str(form.instance.pk)
            data[f"{prefix}-{number}-{key}"] = pk
            if pk in old:
                old_prefix = f"{prefix}-{old.pop(pk)}-"
                self.form(form, old_prefix, f"{prefix}/{pk}/")
                if f"{old_prefix}DELETE" in self.posted:
                    data[f"{prefix}-{number}-DELETE"] = "on"
            else:
                for name in value_fields(form):
                    data.setlist(form.add_prefix(name), self._stored(form, name))
                if self.seen and not self._saw(f"{prefix}/{pk}/"):
                    self.conflict.row_notes[form.prefix] = ADDED
        total = len(forms)
        for pk, number in old.items():
            total += self._place_new(stored, pk, number, total)
        data[f"{prefix}-TOTAL_FORMS"] = total
        data[f"{prefix}-INITIAL_FORMS"] = len(forms)

    def _place_new(self, stored, pk, number, new_number):
        """Put a row that is not stored at ``new_number``; return how many it makes."""
        prefix, old_prefix = stored.prefix, f"{stored.prefix}-{number}-"
        fields = stored.empty_form
        was_stored = not isinstance(pk, int)
        if was_stored:
            typed = {
                name: posted_value(
                    fields.fields[name], self.posted, f"{old_prefix}{name}"
                )
                for name in value_fields(fields)
            }
            if f"{old_prefix}DELETE" in self.posted:
                return 0
            if all(
                self._was(f"{prefix}/{pk}/{name}") == digest(value)
                for name, value in typed.items()
            ):
                words = (
                    in_words(fields.fields[name], value)
                    for name, value in typed.items()
                    if value
                )
                self.conflict.dropped.append("; ".join(words))
                return 0
            self.conflict.row_notes[f"{prefix}-{new_number}"] = GONE
        for name in value_fields(fields):
            model_field = stored.model._meta.get_field(name)
            # A name that is given when left empty may be another row's by now.
            renamed = was_stored and model_field.unique and model_field.blank
            values = self.posted.getlist(f"{old_prefix}{name}")
            self.conflict.data.setlist(
                f"{prefix}-{new_number}-{name}", [""] if renamed else values
            )
        return 1

    def _posted_rows(self, stored, key):
        """Return {key of a stored row, or a number for a new one: posted number}."""
        prefix = stored.prefix
        counts = [
            self.posted.get(f"{prefix}-{name}", "")
            for name in ("TOTAL_FORMS", "INITIAL_FORMS")
        ]
        if not all(count.isdecimal() and len(count) < 6 for count in counts):
            return {}
        total, initial = (min(int(count), stored.absolute_max) for count in counts)
        return {
            (number < initial and self.posted.get(f"{prefix}-{number}-{key}"))
            or number: number
            for number in range(total)
        }

    def _was(self, place):
        return self.seen.values.get(place) if self.seen else None

    def _saw(self, row_place):
        return any(place.startswith(row_place) for place in self.seen.values)

    @staticmethod
    def _stored(form, name):
        form_field = form.fields[name]
        return as_posted(form_field, form.get_initial_for_field(form_field, name))
