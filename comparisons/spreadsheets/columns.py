"""What one column of an exported file holds: a value as text, and back.

A column shows each value in one ``canonical`` way, so that two texts are equal
when their values are.
"""

import datetime
import re
from contextlib import suppress
from functools import cached_property

from django.db import models

from comparisons.keys import find_by_key, natural_key
from comparisons.models import Citation, Finding
from comparisons.models.alternatives import models_of
from comparisons.models.sources import STATEMENTS
from comparisons.models.text import tidy
from comparisons.search.names import did_you_mean
from comparisons.spreadsheets.cells import DayCell, Refused, compact

# How the parts of a day follow each other; months also by their English names.
_ORDERS = ["%Y-%m-%d", "%d-%m-%Y", "%m-%d-%Y"]
_ORDERS += [f"{order}-%Y" for order in ("%d-%b", "%d-%B", "%b-%d", "%B-%d")]


class Column:
    """Words, or whatever the field ``name`` of the model makes of them."""

    # Whether the row has to be stored before its value is.
    is_many = False

    def __init__(self, name):
        self.name = name

    def text(self, row):
        """Return the canonical text of the value in ``row``."""
        value = getattr(row, self.name)
        return "" if value is None else tidy(str(value)).strip()

    def read(self, cell):
        """Return the canonical text of a cell, or raise ValueError with the reason."""
        if isinstance(cell, Refused):
            raise ValueError(cell.reason)
        return self.canonical(str(cell))

    def canonical(self, text):
        return text

    def value(self, text):
        """Return what ``text`` stands for, or raise ValueError: what would be one."""
        return text

    def assign(self, row, value):
        setattr(row, self.name, value)


class Slug(Column):
    """A key, in which nothing stands that nobody sees."""

    def canonical(self, text):
        return compact(text)


class Chosen(Column):
    """One value of a closed vocabulary; its label is understood as well."""

    def __init__(self, field):
        super().__init__(field.name)
        self.labels = {value: label for value, label in field.flatchoices if value}
        called = [(label, value) for value, label in self.labels.items()]
        called += [(value, value) for value in self.labels]
        self.values = {_plain(name): value for name, value in called}

    def canonical(self, text):
        return self.values.get(_plain(text), text)

    def value(self, text):
        if text and text not in self.labels:
            known = ", ".join(self.labels)
            hint = did_you_mean(text, [*self.labels, *self.labels.values()])
            raise ValueError(f"“{text}” is none of these: {known}.{hint}")
        return text


class Day(Column):
    """A day as 2026-11-02, the one way that cannot be misread.

    Excel writes the days of a CSV file anew in the way of its country. Where only
    one day can be meant, it is that one.
    """

    def read(self, cell):
        return cell.day if isinstance(cell, DayCell) else super().read(cell)

    def canonical(self, text):
        days = _readings(text)
        return days.pop().isoformat() if len(days) == 1 else text

    def value(self, text):
        days = _readings(text)
        if text and len(days) != 1:
            raise ValueError(
                f"“{text}” {'can be read as two days' if days else 'is no day'}: write "
                "year, month and day as 2026-11-02. If Excel made it of an exported "
                "day, export XLSX, which Excel leaves as it is."
            )
        return days.pop() if text else None


class Named(Slug):
    """A row of another model: its slug, for which its name and former slugs stand."""

    def __init__(self, field):
        super().__init__(field.name)
        self.model = field.related_model

    @cached_property
    def rows(self):
        """All rows by their slugs."""
        rows = self.model.objects.prefetch_related("aliases")
        return {row.slug: row for row in rows}

    @cached_property
    def slugs(self):
        """{what a row is called, in small letters: its slug}.

        None for what several rows are called; a slug comes before any name.
        """
        slugs = {}
        for slug, row in self.rows.items():
            names = [alias.slug for alias in row.aliases.all()]
            names += [str(row), getattr(row, "title", slug)]
            for name in {compact(name).casefold() for name in names}:
                slugs[name] = None if name in slugs else slug
        return slugs | {slug: slug for slug in self.rows}

    def text(self, row):
        value = getattr(row, self.name)
        return "" if value is None else value.slug

    def canonical(self, text):
        text = compact(text)
        return self.slugs.get(text.casefold()) or text

    def value(self, text):
        if text and text not in self.rows:
            what = self.model._meta.verbose_name
            hint = did_you_mean(text, self.slugs)
            raise ValueError(f"There is no {what} “{text}”.{hint}")
        return self.rows.get(text)


class ManyNamed(Named):
    """Rows of another model, their slugs separated by commas, or as people do it."""

    is_many = True

    def text(self, row):
        return ", ".join(sorted(each.slug for each in getattr(row, self.name).all()))

    def canonical(self, text):
        names = re.split(r"[,;\n]", text)
        slugs = {super(ManyNamed, self).canonical(name) for name in names}
        return ", ".join(sorted(slugs - {""}))

    def value(self, text):
        return [super(ManyNamed, self).value(slug) for slug in text.split(", ") if slug]

    def assign(self, row, value):
        getattr(row, self.name).set(value)


class Reference(Slug):
    """The statement of a citation: ``finding flask/orm``, ``pro_con flask-pro-small``.

    The first word is the field of Citation, the second the statement's natural key;
    of a finding, the names of its framework and feature are understood as well.
    """

    models = models_of(Citation, STATEMENTS)

    def __init__(self, name):
        super().__init__(name)
        names = ("framework", "feature")
        self.pair = [Named(Finding._meta.get_field(name)) for name in names]

    def text(self, row):
        kind = next(kind for kind in self.models if getattr(row, kind))
        return f"{kind} {'/'.join(natural_key(row.statement))}"

    def canonical(self, text):
        kind, _, key = compact(text).partition(" ")
        parts = key.split("/")
        if kind == "finding" and len(parts) == len(self.pair):
            pairs = zip(self.pair, parts, strict=True)
            key = "/".join(column.canonical(part) for column, part in pairs)
        return f"{kind} {key}".strip()

    def value(self, text):
        kind, _, key = text.partition(" ")
        if kind not in self.models:
            raise ValueError(
                f"“{text}” names no statement: write one of {', '.join(self.models)}, "
                "a space and its key, such as “finding flask/orm”."
            )
        rows = self.models[kind].objects.all()
        try:
            return find_by_key(rows, key.split("/"))
        except (rows.model.DoesNotExist, ValueError):
            raise ValueError(f"There is no {kind} “{key}”.") from None

    def assign(self, row, value):
        for kind, model in self.models.items():
            setattr(row, kind, value if isinstance(value, model) else None)


def column_for(field):
    """Return the column that shows a model's ``field`` under its own name."""
    if field.is_relation:
        return ManyNamed(field) if field.many_to_many else Named(field)
    if field.choices:
        return Chosen(field)
    if isinstance(field, models.DateField):
        return Day(field.name)
    return Slug(field.name) if field.unique else Column(field.name)


def _plain(text):
    """Return ``text`` without what people write in one way or another: “Built-in”."""
    return re.sub(r"[\W_]+", " ", compact(text)).strip().casefold()


def _readings(text):
    """Return the days that ``text``, three numbers or a named month, can mean."""
    text = re.sub(r"[T ]0?0:00(:00(\.0+)?)?Z?$", "", text)
    text = re.sub(r"[\s./,]+", "-", text.rstrip("."))
    days = set()
    for order in _ORDERS:
        with suppress(ValueError):
            days.add(datetime.datetime.strptime(text, order).date())
    return days
