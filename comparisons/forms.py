from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.core.exceptions import ValidationError

from comparisons.models import Framework
from comparisons.models.frameworks import comparison_slug
from comparisons.pages.side_by_side import MOST_LISTED, listed_frameworks
from comparisons.search.names import Names

FEWEST, MOST = 2, 6
# Of more rows than this a form asks for a name instead of listing them in a menu.
MOST_IN_MENU = 200
# SQLite refuses to look for patterns without an end.
LONGEST_SEARCH = 100


def asking(button):
    """Lay out a form that asks for another page, whose address holds the answers."""
    helper = FormHelper()
    helper.form_method = "get"
    helper.add_input(Submit("", button))
    return helper


class FilterForm(forms.Form):
    """The form of a list's facets."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = asking("Show")
        for field in self.fields.values():
            # Editors choose how many features there are, and the world how many
            # frameworks.
            if getattr(field, "queryset", None) is not None and (
                field.queryset.model is Framework
            ):
                ask_for_name(field)


def ask_for_name(field):
    """Have a field whose menu would have too many rows take a slug instead."""
    if field.queryset.exceeds(MOST_IN_MENU):
        field.widget = forms.TextInput()
        field.help_text = "As in the address of its page, for example “django”."


class NamesInput(forms.TextInput):
    """Several names in one line, parted by commas; the address may repeat the field."""

    def value_from_datadict(self, data, files, name):
        lines = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return names_in(lines)

    def format_value(self, value):
        return ", ".join(value or [])


def names_in(lines):
    """Return the names that stand in ``lines``, parted by commas."""
    parts = (part.strip() for line in lines for part in line.split(","))
    return [part for part in parts if part]


class FrameworkNamesField(forms.Field):
    """Several frameworks by name or slug, where they are too many to list."""

    widget = NamesInput
    # What the reader is told besides.
    how = "Names, with commas between them."
    default_error_messages = {
        "unknown": "“%(name)s” is not a framework we know.",
        "mistyped": "“%(name)s” is not a framework we know. Did you mean %(near)s?",
        "too_many": "Name at most %(most)s frameworks.",
    }

    def __init__(self, *, most=None, **kwargs):
        self.most = most or MOST_LISTED
        kwargs.setdefault("help_text", self.how)
        super().__init__(**kwargs)

    def to_python(self, value):
        """Return the slugs of the frameworks, each once."""
        named = value or []
        if len(named) > self.most:
            raise self._error("too_many", most=self.most)
        names = Names.current()
        slugs = {}
        for name in named:
            slug = names.slug_of(Framework, name)
            if slug is None:
                raise self._unknown(name, names)
            slugs[slug] = True
        return list(slugs)

    def known(self, value):
        """Return the slugs of those in ``value`` that are known."""
        names = Names.current()
        slugs = (names.slug_of(Framework, name) for name in value[: self.most])
        return [slug for slug in slugs if slug]

    def _unknown(self, name, names):
        alike = (near for _, near in names.nearest(name[:LONGEST_SEARCH], 5))
        for near in alike:
            if names.slug_of(Framework, near):
                return self._error("mistyped", name=name, near=near)
        return self._error("unknown", name=name)

    def _error(self, code, **params):
        return ValidationError(self.error_messages[code], code=code, params=params)


class CompareForm(forms.Form):
    """Choose the frameworks to see side by side."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        words = {
            "label": "Frameworks",
            "error_messages": {
                "required": f"Choose {FEWEST} to {MOST} frameworks.",
                "invalid_choice": "“%(value)s” is not a framework we know.",
            },
        }
        listed = listed_frameworks()
        self.is_possible = listed is None or len(listed) >= FEWEST
        if listed is None:
            field = FrameworkNamesField(**words)
        else:
            choices = [(framework.slug, framework.name) for framework in listed]
            ticks = forms.CheckboxSelectMultiple
            field = forms.MultipleChoiceField(choices=choices, widget=ticks, **words)
        self.fields["frameworks"] = field
        self.helper = asking("Compare")

    def clean_frameworks(self):
        slugs = set(self.cleaned_data["frameworks"])
        if not FEWEST <= len(slugs) <= MOST:
            raise ValidationError(
                f"Choose {FEWEST} to {MOST} frameworks; you chose {len(slugs)}.",
                code="wrong_number",
            )
        return slugs

    @property
    def slug(self):
        """That of the comparison, in its canonical order."""
        return comparison_slug(self.cleaned_data["frameworks"])


class SearchForm(forms.Form):
    """A few words to look for, and of which kind."""

    q = forms.CharField(label="Search", max_length=LONGEST_SEARCH, required=False)
    kind = forms.CharField(required=False)
