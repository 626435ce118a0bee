from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.core.exceptions import ValidationError

from comparisons.models import Framework
from comparisons.models.frameworks import VERSUS

FEWEST, MOST = 2, 6
# Of more rows than this a form asks for a name instead of listing them as boxes, or
# in a menu.
MOST_LISTED, MOST_IN_MENU = 50, 200
SHOWN_MATCHES = 20
# SQLite refuses to look for patterns without an end.
LONGEST_SEARCH = 100


class FilterForm(forms.Form):
    """The form of a list's facets: a GET form with one button."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.form_class = "facets"
        self.helper.disable_csrf = True
        # A button without a name keeps the address clean.
        self.helper.add_input(Submit("", "Show"))
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


def list_few(field, chosen, words):
    """List the rows of a field to choose several from; too many only if named.

    Of more than ``MOST_LISTED`` it lists those whose slugs are ``chosen`` and a few
    whose name contains ``words``. Returns whether it left out any.
    """
    listed = list(field.queryset[: MOST_LISTED + 1])
    is_short = len(listed) <= MOST_LISTED
    if not is_short:
        chosen = chosen[:MOST_LISTED]
        listed = list(field.queryset.filter(slug__in=chosen))
        if words:
            others = field.queryset.exclude(slug__in=chosen)
            listed += others.filter(name__icontains=words)[:SHOWN_MATCHES]
    field.choices = [(row.slug, row.name) for row in listed]
    return not is_short


class CompareForm(forms.Form):
    """Choose the frameworks to see side by side."""

    frameworks = forms.ModelMultipleChoiceField(
        queryset=Framework.objects.none(),
        to_field_name="slug",
        widget=forms.CheckboxSelectMultiple,
        label="Frameworks",
        error_messages={
            "required": f"Choose {FEWEST} to {MOST} frameworks.",
            "invalid_choice": "“%(value)s” is not a framework we know.",
        },
    )

    def __init__(self, *args, words="", **kwargs):
        """``words`` are those of names to offer, where there are too many to list."""
        super().__init__(*args, **kwargs)
        field = self.fields["frameworks"]
        field.queryset = Framework.objects.published()
        named = self.data.getlist if self.is_bound else self.initial.get
        if list_few(field, named("frameworks", []), words):
            self.fields["q"] = forms.CharField(
                label="Find frameworks by name",
                max_length=LONGEST_SEARCH,
                required=False,
                initial=words,
            )
            self.order_fields(["q"])
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.form_action = "comparisons:compare-picker"
        self.helper.disable_csrf = True
        is_short = "q" not in self.fields
        self.helper.add_input(Submit("", "Compare" if is_short else "Find or compare"))

    def clean_frameworks(self):
        frameworks = self.cleaned_data["frameworks"]
        if not FEWEST <= len(frameworks) <= MOST:
            raise ValidationError(
                f"Choose {FEWEST} to {MOST} frameworks; you chose {len(frameworks)}.",
                code="wrong_number",
            )
        return frameworks

    @property
    def slugs(self):
        """The slug of the comparison's address, in its canonical order."""
        return comparison_slug(f.slug for f in self.cleaned_data["frameworks"])


class SearchForm(forms.Form):
    """A few words to look for, and of which kind."""

    q = forms.CharField(label="Search", max_length=LONGEST_SEARCH, required=False)
    kind = forms.CharField(required=False)


def comparison_slug(slugs):
    """Return the canonical address part for frameworks: alphabetical, each once."""
    return VERSUS.join(sorted(set(slugs)))
