"""Fields that complete what is typed, many on one page in a few queries."""

from collections import defaultdict

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple

from comparisons.admin.bases.seen import possible_keys


class _Labelled:
    """Shows what is chosen by labels that ``label_choices()`` looked up for all."""

    # Primary key as text, and its label; None asks the database, as Django does.
    labels = None

    def optgroups(self, name, value, attr=None):
        if self.labels is None:
            return super().optgroups(name, value, attr)
        options = []
        if not self.is_required and not self.allow_multiple_selected:
            options.append(self.create_option(name, "", "", False, 0))
        for key in value:
            if label := self.labels.get(str(key)):
                options.append(self.create_option(name, key, label, True, len(options)))
        return [(None, options, 0)]


class LabelledSelect(_Labelled, AutocompleteSelect):
    """A foreign key."""


class LabelledSelectMultiple(_Labelled, AutocompleteSelectMultiple):
    """A many-to-many relation."""


def label_choices(forms):
    """Look up the labels of all that is chosen in ``forms``, once for each model."""
    by_model = defaultdict(list)
    for form in forms:
        for name in form.fields:
            bound = form[name]
            widget = getattr(bound.field.widget, "widget", bound.field.widget)
            if isinstance(widget, _Labelled):
                by_model[bound.field.queryset.model].append((bound, widget))
    for fields in by_model.values():
        chosen = {
            key
            for bound, widget in fields
            for key in widget.format_value(bound.value())
        }
        first = fields[0][0].field
        rows = first.queryset.filter(pk__in=possible_keys(chosen))
        labels = {str(row.pk): first.label_from_instance(row) for row in rows}
        for _, widget in fields:
            widget.labels = labels
