"""Two editors changed the same: what one typed, laid over what the other stored.

``conflict_with()`` compares what was sent with what is stored now. If somebody else
changed that since it was shown, nothing is saved: the form comes back fitting what is
stored. Where only one of the two changed a value, that change is kept; where both did,
what was typed stays in its field and what is stored is shown beside it. Saving again is
a decision then. Forms and cells of the matrix are compared so; of lists and
confirmations only ``who_changed()`` is told, as nobody typed anything.
"""

import hashlib
import json
from dataclasses import dataclass, field

from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.choices import flatten_choices

from comparisons.admin.bases.forms import possible_keys
from comparisons.editing.seen import Seen, who_changed
from comparisons.models.text import tidy

NOT_SAVED = (
    "Nothing was saved. What you typed is still here, beside what is stored now; "
    "saving again replaces that."
)
DELETED = "What you typed is still here; saving adds it as a new one."
PROPOSED = (
    "What is proposed stands here beside what is stored now, and would replace it."
)
AT_THE_SAME_MOMENT = (
    "Somebody else stored the same just now, so nothing was saved. What you typed is "
    "still here: look at it, then save again."
)
UNREADABLE = "The page did not say, or not any more, what it had shown."
ADDED = "Added meanwhile by somebody else; saving keeps it."
GONE = (
    "Deleted meanwhile by somebody else. What you typed stands here as a new one: "
    "saving adds it again, removing it here leaves it deleted."
)


@dataclass(frozen=True)
class RowForms:
    """The form of a row, and the formsets of the rows that belong to it."""

    form: object
    formsets: list = field(default_factory=list)

    @property
    def inline_forms(self):
        return [form for formset in self.formsets for form in formset.forms]

    def seen(self, row):
        """Return ``row`` with a digest of what the forms show of it in each field.

        A place is a field's name, for an inline row with its formset and key:
        ``citations/17/says``.
        """
        places = [("", self.form)] + [
            (f"{formset.prefix}/{form.instance.pk}/", form)
            for formset in self.formsets
            for form in formset.initial_forms
        ]
        return Seen.of(
            row,
            values={
                f"{place}{name}": _digest(_shown(form, name))
                for place, form in places
                for name in _entered(form)
            },
        )


@dataclass
class EditConflict:
    """Why a post was not saved, and how its form comes back."""

    headline: str
    data: QueryDict
    # What the form carries when it comes back.
    seen: Seen
    # What is typed beside what is stored, and what became of inline rows, by the names
    # of the fields and the prefixes of the rows in ``data``.
    differences: dict[str, str] = field(default_factory=dict)
    row_notes: dict[str, str] = field(default_factory=dict)
    # Inline rows that somebody else deleted and that are not added again.
    dropped: list[str] = field(default_factory=list)
    # Whether both changed the same, so that somebody has to look at it.
    overlaps: bool = False

    def annotate(self, forms: RowForms):
        """Say at each field and row of the forms of ``data`` what happened to it."""
        for form in [forms.form, *forms.inline_forms]:
            for name in _entered(form):
                if difference := self.differences.get(form.add_prefix(name)):
                    form.add_error(name, difference)
            if note := self.row_notes.get(form.prefix):
                form.add_error(None, note)


def conflict_with(row, posted, stored_forms, *, proposed=False):
    """Return the EditConflict of ``posted`` with ``row`` as it is stored, or None.

    A ``row`` without a key stands for one that was deleted or that nobody has entered.
    ``stored_forms()`` makes the RowForms of what is stored, without what was posted.
    ``proposed``: what was posted is what somebody proposed earlier.
    """
    seen = Seen.posted(posted, row)
    if seen and seen.is_current(row):
        return None
    forms = stored_forms()
    end = PROPOSED if proposed else NOT_SAVED
    headline = f"{UNREADABLE} {end}"
    if seen and row.pk:
        who = who_changed(type(row), row.pk, since=seen.moment)
        headline = f"{who} {end}"
    elif seen:
        headline = f"{who_changed(type(row), seen.pk, verb='deleted')} {DELETED}"
    conflict = EditConflict(headline, posted.copy(), forms.seen(row))
    merging = _Merging(posted, seen if row.pk else None, conflict, proposed)
    if row.pk:
        merging.form(forms.form)
    for formset in forms.formsets:
        merging.formset(formset)
    if not row.pk:
        # All of it is new, and the headline says why.
        conflict.row_notes.clear()
    return conflict


class _Merging:
    """One post on its way into ``conflict.data``.

    Without ``seen`` nobody knows who changed what: all that was typed stays.
    """

    def __init__(self, posted, seen, conflict, proposed):
        self.posted = posted
        self.proposed = proposed
        self.seen = seen.values if seen else {}
        self.conflict = conflict

    def form(self, stored, old_prefix=None, place=""):
        """Merge the fields of one form, which had the prefix ``old_prefix`` if any."""
        for name in _entered(stored):
            form_field, new_name = stored.fields[name], stored.add_prefix(name)
            values = self.posted.getlist(f"{old_prefix}-{name}" if place else new_name)
            typed, now = _plain(values), _shown(stored, name)
            was = self.seen.get(place + name)
            if typed != now and was != _digest(now):
                left_alone = was == _digest(typed)
                if left_alone:
                    values = now
                else:
                    self.conflict.overlaps = True
                self.conflict.differences[new_name] = render_to_string(
                    "admin/includes/_side_by_side.html",
                    {
                        "typed": _in_words(form_field, typed),
                        "stored": _in_words(form_field, now),
                        "taken_over": left_alone,
                        "proposed": self.proposed,
                    },
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
            place = f"{prefix}/{pk}/"
            data[f"{prefix}-{number}-{key}"] = pk
            if pk in old:
                old_prefix = f"{prefix}-{old.pop(pk)}"
                self.form(form, old_prefix, place)
                if f"{old_prefix}-DELETE" in self.posted:
                    data[f"{prefix}-{number}-DELETE"] = "on"
                    names = {form.add_prefix(name) for name in _entered(form)}
                    if names & self.conflict.differences.keys():
                        self.conflict.overlaps = True
                continue
            for name in _entered(form):
                data.setlist(form.add_prefix(name), _shown(form, name))
            if self.seen and not any(each.startswith(place) for each in self.seen):
                self.conflict.row_notes[form.prefix] = ADDED
        total = len(forms)
        for pk, number in old.items():
            total += self._place_new(stored, pk, f"{prefix}-{number}", total)
        data[f"{prefix}-TOTAL_FORMS"] = total
        data[f"{prefix}-INITIAL_FORMS"] = len(forms)

    def _place_new(self, stored, pk, old_prefix, number):
        """Put a row that is not stored at ``number``; return how many it makes."""
        prefix, blank = f"{stored.prefix}-{number}", stored.empty_form
        typed = {
            name: self.posted.getlist(f"{old_prefix}-{name}")
            for name in _entered(blank)
        }
        was_stored = not isinstance(pk, int)
        if was_stored and f"{old_prefix}-DELETE" in self.posted:
            return 0
        left_alone = was_stored and all(
            self.seen.get(f"{stored.prefix}/{pk}/{name}") == _digest(_plain(values))
            for name, values in typed.items()
        )
        self.conflict.overlaps |= was_stored and not left_alone
        if left_alone or stored.edit_only:
            words = (
                _in_words(blank.fields[name], _plain(values))
                for name, values in typed.items()
            )
            self.conflict.dropped.append("; ".join(filter(None, words)))
            return 0
        if was_stored:
            self.conflict.row_notes[prefix] = GONE
        for name, values in typed.items():
            # A name that is given when left empty may be another row's by now.
            renamed = was_stored and name == "key"
            self.conflict.data.setlist(f"{prefix}-{name}", [""] if renamed else values)
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


# Values are compared as the texts that a browser sends, in one spelling


def _entered(form):
    """Return the names of the fields of ``form`` that hold what an editor enters."""
    keys = {form.instance._meta.pk.name, "DELETE"}
    return [
        name
        for name, each in form.fields.items()
        # The key of the row around an inline is no choice either.
        if name not in keys and not hasattr(each, "parent_instance")
    ]


def _shown(form, name):
    """Return what a form shows in a field, as a browser would send it."""
    form_field = form.fields[name]
    widget = getattr(form_field.widget, "widget", form_field.widget)
    value = form_field.prepare_value(form.get_initial_for_field(form_field, name))
    shown = widget.format_value(value)
    return _plain(shown if isinstance(shown, list) else [shown or ""])


def _plain(texts):
    """Return texts without what browsers change and without empty ones, sorted."""
    plain = (tidy(str(text)).strip() for text in texts)
    return sorted(filter(None, plain))


def _digest(texts):
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()[:12]


def _in_words(form_field, texts):
    """Return a value as editors read it: labels instead of keys."""
    if hasattr(form_field, "queryset"):
        rows = form_field.queryset.filter(pk__in=possible_keys(texts))
        return ", ".join(form_field.label_from_instance(row) for row in rows)
    choices = dict(flatten_choices(getattr(form_field, "choices", [])))
    return ", ".join(str(choices.get(each, each)) for each in texts)
