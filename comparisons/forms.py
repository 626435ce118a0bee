from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.core.exceptions import ValidationError

from comparisons.models import Framework
from comparisons.models.frameworks import VERSUS

FEWEST, MOST = 2, 6
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

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["frameworks"].queryset = Framework.objects.published()
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.form_action = "comparisons:compare-picker"
        self.helper.disable_csrf = True
        self.helper.add_input(Submit("", "Compare"))

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
    """A few words to look for."""

    q = forms.CharField(
        label="Search",
        max_length=LONGEST_SEARCH,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )


def comparison_slug(slugs):
    """Return the canonical address part for frameworks: alphabetical, each once."""
    return VERSUS.join(sorted(set(slugs)))
