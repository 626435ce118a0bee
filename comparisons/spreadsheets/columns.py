"""What one column of an exported file holds: a value as text, and back.

A column shows each value in one ``canonical`` way, so that two texts are equal
when their values are.
"""

import datetime
import re
from contextlib import suppress

from django.db import models

from comparisons.keys import find_by_key, natural_key
from comparisons.models import Adopter, Fact, Finding, ProCon, Verdict
from comparisons.models.sources import STATEMENTS
from comparisons.spreadsheets.cells import DayCell, Refused, compact, plain


class Column:
    """Words, or whatever the field of the model makes of them."""

    # Whether the row has to be stored before its value is.
    is_many = False

    def __init__(self, name):
        self.name = name

    def text(self, row):
        """Return the canonical text of the value in ``row``."""
        value = getattr(row, self.name)
        return "" if value is None else plain(str(value))

    def read(self, cell):
        """Return the canonical text of what ``cell`` holds.

        Raises:
            ValueError: the cell is refused; the message says why.
        """
        if isinstance(cell, Refused):
            raise ValueError(cell.reason)
        return self.canonical(str(cell))

    def canonical(self, text):
        return text

    def value(self, text):
        """Return the value that ``text`` stands for.

        Raises:
            ValueError: it stands for none; the message says what would.
        """
        return text

    def assign(self, row, text):
        setattr(row, self.name, self.value(text))


class Slug(Column):
    """A key, in which nothing stands that nobody sees."""

    def canonical(self, text):
        return compact(text)


class Chosen(Column):
    """One value of a closed vocabulary; its label is understood as well."""

    def __init__(self, name, choices):
        super().__init__(name)
        self.labels = {value: label for value, label in choices if value}

    def canonical(self, text):
        wanted = compact(text).casefold()
        return next(
            (
                value
                for value, label in self.labels.items()
                if wanted in (value, label.casefold())
            ),
            text,
        )

    def value(self, text):
        if text and text not in self.labels:
            known = ", ".join(self.labels)
            raise ValueError(f"“{text}” is none of these: {known}.")
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
        try:
            return datetime.date.fromisoformat(text) if text else None
        except ValueError:
            what = "can be read as two days" if _readings(text) else "is no day"
            raise ValueError(
                f"“{text}” {what}: write year, month and day as 2026-11-02. If Excel "
                "made it of an exported day, export XLSX, which it leaves as it is."
            ) from None


class Named(Slug):
    """A row of another model, named by its slug."""

    def __init__(self, name, model):
        super().__init__(name)
        self.model = model
        self.found = {"": None}

    def text(self, row):
        value = getattr(row, self.name)
        return "" if value is None else value.slug

    def value(self, text):
        if text not in self.found:
            row = self.model.objects.filter(slug=text).first()
            if row is None:
                what = self.model._meta.verbose_name
                raise ValueError(f"There is no {what} “{text}”.")
            self.found[text] = row
        return self.found[text]


class ManyNamed(Named):
    """Rows of another model, their slugs separated by commas."""

    is_many = True

    def text(self, row):
        return ", ".join(sorted(each.slug for each in getattr(row, self.name).all()))

    def canonical(self, text):
        slugs = {compact(slug) for slug in text.split(",")} - {""}
        return ", ".join(sorted(slugs))

    def value(self, text):
        return [super(ManyNamed, self).value(slug) for slug in text.split(", ") if slug]

    def assign(self, row, text):
        getattr(row, self.name).set(self.value(text))


class Reference(Slug):
    """The statement of a citation: ``finding flask/orm``, ``pro_con flask-pro-small``.

    The first word is the field of Citation, the second the statement's natural key.
    """

    models = dict(
        zip(STATEMENTS, [Finding, ProCon, Fact, Adopter, Verdict], strict=True)
    )

    def __init__(self, name):
        super().__init__(name)
        self.found = {}

    def text(self, row):
        for kind in self.models:
            if statement := getattr(row, kind):
                return f"{kind} {'/'.join(natural_key(statement))}"
        return ""

    def value(self, text):
        kind, _, key = text.partition(" ")
        if kind not in self.models:
            raise ValueError(
                f"“{text}” names no statement: write one of {', '.join(self.models)}, "
                "a space and its key, such as “finding flask/orm”."
            )
        if text not in self.found:
            rows = self.models[kind].objects.all()
            try:
                self.found[text] = find_by_key(rows, key.split("/"))
            except (rows.model.DoesNotExist, ValueError):
                raise ValueError(f"There is no {kind} “{key}”.") from None
        return self.found[text]

    def assign(self, row, text):
        statement = self.value(text)
        for kind, model in self.models.items():
            setattr(row, kind, statement if isinstance(statement, model) else None)


def column_for(field):
    """Return the column that shows a model's ``field`` under its own name."""
    if field.many_to_many:
        return ManyNamed(field.name, field.related_model)
    if field.is_relation:
        return Named(field.name, field.related_model)
    if field.choices:
        return Chosen(field.name, field.flatchoices)
    if isinstance(field, models.DateField):
        return Day(field.name)
    return Slug(field.name) if field.unique else Column(field.name)


def _readings(text):
    """Return the days that ``text``, three numbers, can mean."""
    numbers = re.fullmatch(r"(\d{1,4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,4})\.?", text)
    if not numbers:
        return set()
    first, second, third = map(int, numbers.groups())
    orders = (
        [(first, second, third)]
        if len(numbers[1]) == 4
        else [(third, second, first), (third, first, second)]
        if len(numbers[3]) == 4
        else []
    )
    days = set()
    for order in orders:
        with suppress(ValueError):
            days.add(datetime.date(*order))
    return days
