"""What a form showed its editor; the form itself carries it, signed and compact."""

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.core import signing
from django.core.exceptions import ValidationError
from django.forms import ModelChoiceField, ModelMultipleChoiceField
from django.utils import timezone
from django.utils.choices import flatten_choices

from comparisons.editing.stamps import stamps

# The hidden field that carries it.
SEEN_FIELD = "_seen"


@dataclass(frozen=True)
class RowForms:
    """The form of a row, and the formsets of the rows that belong to it."""

    form: object
    formsets: list

    @property
    def inline_forms(self):
        return [form for formset in self.formsets for form in formset.forms]

    def values(self):
        """Return what is stored in each field: {its place: a plain value}.

        A place is a field's name, for an inline row with its formset and key:
        ``citations/17/says``.
        """
        found = {
            name: stored_value(self.form, name) for name in value_fields(self.form)
        }
        for formset in self.formsets:
            for form in formset.initial_forms:
                for name in value_fields(form):
                    place = f"{formset.prefix}/{form.instance.pk}/{name}"
                    found[place] = stored_value(form, name)
        return found

    def digests(self):
        """Return {place: a short digest of what is stored there}."""
        return {place: digest(value) for place, value in self.values().items()}


@dataclass(frozen=True)
class Seen:
    """The state of a row that an editor saw in a form, or on a page to confirm."""

    stamp: str
    moment: datetime
    # Place of each value in the form, and its digest.
    values: dict = field(default_factory=dict)

    @classmethod
    def of(cls, row, forms=None):
        return cls(
            stamp=stamps([row])[row.pk],
            moment=timezone.now(),
            values=forms.digests() if forms else {},
        )

    @classmethod
    def read(cls, text, row):
        """Return what a form of ``row`` carried; None if it is missing or forged."""
        try:
            stamp, moment, values = signing.loads(text or "", salt=_salt(row))
        except signing.BadSignature:
            return None
        return cls(stamp, datetime.fromisoformat(moment), values)

    def signed(self, row):
        content = [self.stamp, self.moment.isoformat(), self.values]
        return signing.dumps(content, salt=_salt(row), compress=True)


def value_fields(form):
    """Return the names of the fields of ``form`` that hold what an editor enters."""
    keys = {form.instance._meta.pk.name, "DELETE"}
    return [
        name
        for name, each in form.fields.items()
        # The key of the row around an inline is no choice either.
        if name not in keys and not hasattr(each, "parent_instance")
    ]


def stored_value(form, name):
    return plain(form.fields[name], form.get_initial_for_field(form.fields[name], name))


def posted_value(form_field, data, name):
    return plain(form_field, form_field.widget.value_from_datadict(data, {}, name))


def plain(form_field, value):
    """Return ``value``, stored or as a browser sends it, in one comparable form."""
    if isinstance(form_field, ModelMultipleChoiceField):
        return sorted(str(form_field.prepare_value(each)) for each in value or [])
    if isinstance(form_field, ModelChoiceField):
        key = form_field.prepare_value(value)
    else:
        key = value
        # What is no value of the field stays as it was typed.
        with suppress(ValidationError):
            key = form_field.to_python(value)
    if isinstance(key, Decimal):
        key = f"{key.normalize():f}"
    text = "" if key in form_field.empty_values else str(key)
    return text.strip()


def as_posted(form_field, value):
    """Return a stored ``value`` as the list of texts that a browser would send."""
    widget = getattr(form_field.widget, "widget", form_field.widget)
    shown = widget.format_value(form_field.prepare_value(value))
    return shown if isinstance(shown, list) else ["" if shown is None else shown]


def in_words(form_field, value):
    """Return a plain ``value`` as editors read it: labels instead of keys."""
    if isinstance(form_field, ModelChoiceField):
        rows = form_field.queryset.filter(pk__in=possible_keys(_listed(value)))
        return ", ".join(form_field.label_from_instance(row) for row in rows)
    choices = dict(flatten_choices(getattr(form_field, "choices", [])))
    return ", ".join(str(choices.get(each, each)) for each in _listed(value))


def possible_keys(texts):
    """Return those of ``texts`` that can be primary keys in either database."""
    return [
        text
        for text in map(str, texts)
        if text.isascii() and text.isdecimal() and len(text) < 19
    ]


def digest(value):
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:12]


def _listed(value):
    return value if isinstance(value, list) else [value]


def _salt(row):
    return f"{row._meta.label}/{row.pk}"
