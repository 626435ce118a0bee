from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.core import signing
from django.core.exceptions import ValidationError

from .choices import Level
from .models import Framework, Suggestion
from .models.frameworks import VERSUS
from .stamps import stamps

FEWEST, MOST = 2, 6
# SQLite refuses to look for patterns without an end.
LONGEST_SEARCH = 100
# Seconds between opening the form of a suggestion and sending it: nobody writes
# faster, and nobody leaves it open for longer.
QUICKEST, SLOWEST = 3, 24 * 60 * 60


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


class SuggestionForm(forms.ModelForm):
    """What a reader finds wrong about ``target``, without an account.

    Programs that fill in every form are told apart by an empty field that people
    do not see and by a signed time: when the form was opened. With it goes the
    stamp of what the form showed, which may change while the reader writes.
    """

    website = forms.CharField(
        label="Leave this empty",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Suggestion
        fields = [
            "problem",
            "proposed_level",
            "proposed_text",
            "evidence_url",
            "evidence_locator",
            "credit",
            "contact",
        ]
        widgets = {
            "problem": forms.Textarea(attrs={"rows": 4}),
            "proposed_text": forms.Textarea(attrs={"rows": 3}),
            "evidence_url": forms.URLInput(attrs={"placeholder": "https://"}),
            "credit": forms.TextInput(attrs={"autocomplete": "name"}),
            "contact": forms.EmailInput(attrs={"autocomplete": "email"}),
        }
        error_messages = {"problem": {"required": "Say in a few words what is wrong."}}

    def __init__(self, target, *args, **kwargs):
        field = Suggestion.field_for(type(target))
        suggestion = Suggestion(**{field: target})
        super().__init__(*args, instance=suggestion, **kwargs)
        self._signer = signing.TimestampSigner(salt=f"suggestion-{field}-{target.pk}")
        self.fields["opened"].initial = self._token
        if field == "finding":
            levels = [*target.feature.feature_kind.levels, Level.UNKNOWN]
            self.fields["proposed_level"].choices = [
                ("", "I propose no level"),
                *((level.value, level.label) for level in levels),
            ]
        else:
            del self.fields["proposed_level"]

    def clean_website(self):
        if self.cleaned_data["website"]:
            raise ValidationError(
                "This field tells programs from people: leave it empty.",
                code="filled_by_a_program",
            )
        return ""

    def clean(self):
        """Refuse what was sent faster than a person writes, or too late."""
        super().clean()
        try:
            self.instance.stamp = self._signer.unsign(
                self.cleaned_data.get("opened", ""), max_age=SLOWEST
            )
        except signing.BadSignature:
            # Everything typed stays, and the next attempt has a time of its own.
            self.data = self.data.copy()
            self.data["opened"] = self._token()
            raise ValidationError(
                "This form was open for too long, or not opened here. Please send "
                "it again; nothing that you wrote is lost.",
                code="not_opened",
            ) from None
        if self._is_too_quick():
            raise ValidationError(
                "That was quicker than people write. Please wait a few seconds and "
                "send it again; nothing that you wrote is lost.",
                code="too_quick",
            )

    def _token(self):
        target = self.instance.target
        return self._signer.sign(stamps([target])[target.pk])

    def _is_too_quick(self):
        try:
            self._signer.unsign(self.cleaned_data["opened"], max_age=QUICKEST)
        except signing.SignatureExpired:
            return False
        return True


def comparison_slug(slugs):
    """Return the canonical address part for frameworks: alphabetical, each once."""
    return VERSUS.join(sorted(set(slugs)))
