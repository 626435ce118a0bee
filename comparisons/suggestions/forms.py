"""The form in which a reader says what is wrong."""

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError

from comparisons.choices import Level
from comparisons.editing.stamps import stamps
from comparisons.models import Suggestion

# Seconds between opening the form of a suggestion and sending it: nobody writes
# faster, and nobody leaves it open for longer.
QUICKEST, SLOWEST = 3, 24 * 60 * 60


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
