"""What one column of an exported file holds: a value as text, and back.

A column shows each value in one ``canonical`` way, so that two texts are equal
when their values are.
"""

import datetime
from contextlib import suppress

from django.db import models
from import_export import fields, widgets

from comparisons.keys import key_lookups, natural_key
from comparisons.models import Adopter, Fact, Finding, ProCon, Verdict
from comparisons.models.sources import STATEMENTS
from comparisons.spreadsheets.files import plain


class Text(widgets.Widget):
    """Words, or whatever the field of the model makes of them."""

    def clean(self, value, row=None, **kwargs):
        return value

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else plain(str(value))

    def canonical(self, text):
        return text


class Chosen(Text):
    """One value of a closed vocabulary; its label is understood as well."""

    def __init__(self, choices):
        super().__init__()
        self.labels = {value: label for value, label in choices if value}

    def clean(self, value, row=None, **kwargs):
        text = self.canonical(value)
        if text and text not in self.labels:
            known = ", ".join(self.labels)
            raise ValueError(f"“{value}” is none of these: {known}.")
        return text

    def canonical(self, text):
        wanted = text.lower()
        return next(
            (
                value
                for value, label in self.labels.items()
                if wanted in (value, label.lower())
            ),
            text,
        )


class Day(Text):
    """A day as 2026-11-02, the one way that cannot be misread."""

    def clean(self, value, row=None, **kwargs):
        try:
            return datetime.date.fromisoformat(value) if value else None
        except ValueError:
            raise ValueError(
                f"“{value}” is no day: write year, month and day as 2026-11-02."
            ) from None

    def canonical(self, text):
        with suppress(ValueError):
            return datetime.date.fromisoformat(text).isoformat()
        return text


class Named(Text):
    """A row of another model, named by its slug. All are read at the first use."""

    def __init__(self, model):
        super().__init__()
        self.model = model
        self._rows = None

    def clean(self, value, row=None, **kwargs):
        return self.find(value) if value else None

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else value.slug

    def find(self, slug):
        if self._rows is None:
            self._rows = {each.slug: each for each in self.model.objects.all()}
        if slug not in self._rows:
            raise ValueError(f"There is no {self.model._meta.verbose_name} “{slug}”.")
        return self._rows[slug]


class ManyNamed(widgets.ManyToManyWidget):
    """Rows of another model, their slugs separated by commas."""

    def __init__(self, model):
        super().__init__(model, separator=",", field="slug")
        self.named = Named(model)

    def clean(self, value, row=None, **kwargs):
        return [self.named.find(slug) for slug in _slugs(value)]

    def render(self, value, obj=None, **kwargs):
        return ", ".join(sorted(each.slug for each in value.all()))

    def canonical(self, text):
        return ", ".join(_slugs(text))


class Reference(Text):
    """The statement of a citation: ``finding flask/orm``, ``pro_con flask-pro-small``.

    The first word is the field of Citation, the second the statement's natural key.
    """

    statement_models = dict(
        zip(STATEMENTS, [Finding, ProCon, Fact, Adopter, Verdict], strict=True)
    )

    def __init__(self):
        super().__init__()
        self._rows = {}

    def clean(self, value, row=None, **kwargs):
        kind, _, key = self.canonical(value).partition(" ")
        if kind not in self.statement_models:
            raise ValueError(
                f"“{value}” names no statement: write one of {', '.join(STATEMENTS)}, "
                "a space and its key, such as “finding flask/orm”."
            )
        if kind not in self._rows:
            self._rows[kind] = {
                "/".join(natural_key(statement)): statement
                for statement in self.statements(kind)
            }
        if key not in self._rows[kind]:
            raise ValueError(f"There is no {kind} “{key}”.")
        return self._rows[kind][key]

    def render(self, value, obj=None, **kwargs):
        if value is None:
            return ""
        kind = next(
            kind
            for kind, model in self.statement_models.items()
            if isinstance(value, model)
        )
        return f"{kind} {'/'.join(natural_key(value))}"

    def canonical(self, text):
        return " ".join(text.split())

    def statements(self, kind):
        """Return all statements of a kind, with what their keys are made of."""
        return self.statement_models[kind].objects.select_related(*self.parents()[kind])

    @classmethod
    def parents(cls):
        """Return {kind: the relations of which its natural key is made}."""
        return {
            kind: [
                lookup.partition("__")[0]
                for lookup in key_lookups(model)
                if "__" in lookup
            ]
            for kind, model in cls.statement_models.items()
        }


def column_for(field):
    """Return the column that shows a model's ``field`` under its own name."""
    if field.many_to_many:
        widget = ManyNamed(field.related_model)
    elif field.is_relation:
        widget = Named(field.related_model)
    elif field.choices:
        widget = Chosen(field.flatchoices)
    elif isinstance(field, models.DateField):
        widget = Day()
    else:
        widget = Text()
    return fields.Field(attribute=field.name, column_name=field.name, widget=widget)


class StatementColumn(fields.Field):
    """The one statement of a citation, whichever field holds it."""

    def __init__(self):
        super().__init__(
            attribute="statement", column_name="statement", widget=Reference()
        )

    def save(self, instance, row, is_m2m=False, **kwargs):
        statement = self.clean(row)
        for name, model in Reference.statement_models.items():
            setattr(instance, name, statement if isinstance(statement, model) else None)


def _slugs(text):
    return sorted({slug.strip() for slug in text.split(",")} - {""})
