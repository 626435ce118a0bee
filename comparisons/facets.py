"""What every filtered list tells: which conditions hold, and what one more would leave.

Everything stands in the address, and works without script.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import django_filters
from django import forms
from django.db.models import Count
from django.forms.utils import flatatt
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import mark_safe

# Of more rows than this none are counted beside the choices.
MOST_COUNTED = 2_000


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One thing that was asked for; ``without`` is the query of the list without it."""

    label: str
    without: str


class OneMore(forms.SelectMultiple):
    """A menu that adds one to what is chosen already, which goes along unseen."""

    allow_multiple_selected = False

    def __init__(self, empty_label, **options):
        super().__init__(**options)
        self.empty_label = empty_label

    def value_from_datadict(self, data, files, name):
        values = super().value_from_datadict(data, files, name) or []
        return [value for value in values if value]

    def render(self, name, value, attrs=None, renderer=None):
        options = [("", self.empty_label), *self.choices]
        drawn = mark_safe(
            "".join(
                f'<option value="{escape(value)}">{escape(label)}</option>'
                for value, label in options
            )
        )
        pairs = ((name, each) for each in value or [])
        chosen = format_html_join(
            "", '<input type="hidden" name="{}" value="{}">', pairs
        )
        own = flatatt(self.build_attrs(self.attrs, {"name": name} | (attrs or {})))
        return format_html("<select{}>{}</select>{}", own, drawn, chosen)


class Facets(django_filters.FilterSet):
    """A filtered list. ``counted`` maps filters to the field whose values they list."""

    counted = {}

    @cached_property
    def conditions(self) -> list[Condition]:
        """What narrows the list, in the order of the form."""
        return list(self._conditions())

    @property
    def given(self):
        """The values that are asked for, by filter; none of a form with mistakes."""
        return self.form.cleaned_data if self.is_valid() else {}

    def count_choices(self):
        """Say beside each choice how many rows it would leave.

        Returns whether it did: not where there is a mistake, or too much to count.
        """
        is_refused = self.is_bound and not self.is_valid()
        rows = self.queryset.model.objects
        if is_refused or not self.counted or rows.exceeds(MOST_COUNTED):
            return False
        # Conditions are called as the choices were.
        _ = self.conditions
        for name, field in self.counted.items():
            counts = self._counts(name, field)
            choices = self.form.fields[name]
            choices.choices = [
                (value, f"{label} ({counts.get(value, 0)})")
                for value, label in choices.choices
            ]
        return True

    def _counts(self, name, field):
        """Return {value of ``field``: rows that all other conditions leave}."""
        rows = self.queryset.all()
        for other, value in self.given.items():
            if other != name:
                rows = self.filters[other].filter(rows, value)
        # Without the columns of the list, which would be grouped by.
        plain = rows.model.objects.filter(pk__in=rows.order_by().values("pk"))
        return dict(plain.order_by().values_list(field).annotate(Count("pk")))

    def _conditions(self) -> Iterator[Condition]:
        for name, field in self.form.fields.items():
            chosen = self.given.get(name)
            if not chosen:
                continue
            several = not isinstance(chosen, str) and hasattr(chosen, "__iter__")
            for each in chosen if several else [chosen]:
                value, words = self._told(field, each)
                label = words if chosen is True else f"{field.label}: {words}"
                without = self._without(name, value if several else None)
                yield Condition(label=label, without=without)

    def _told(self, field, chosen):
        """Return how the address and how people call one of ``field``'s choices."""
        if chosen is True:
            return chosen, field.label
        if hasattr(chosen, "pk"):
            return getattr(chosen, field.to_field_name), str(chosen)
        labels = dict(getattr(field, "choices", ()))
        return chosen, str(labels.get(chosen, chosen))

    def _without(self, name, value):
        """Return the query without ``value`` of a filter, or without all of it."""
        query = self.data.copy()
        query.pop("page", None)
        given = query.getlist(name)
        query.setlist(name, [each for each in given if value and each != str(value)])
        return f"?{query.urlencode()}"
