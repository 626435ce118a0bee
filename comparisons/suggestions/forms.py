"""The forms in which a reader says what is wrong, and an editor why it stays so."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from comparisons.editing.seen import Seen
from comparisons.models import Suggestion
from comparisons.models.text import PlainFormField
from comparisons.suggestions import deciding

# Seconds between opening the form of a suggestion and sending it: nobody writes
# faster, and nobody leaves it open for longer.
QUICKEST, SLOWEST = 3, 24 * 60 * 60


class SuggestionForm(forms.ModelForm):
    """What a reader finds wrong about ``target``, without an account.

    Programs that fill in every form are told apart by an empty field that people do
    not see and by the signed time at which the form was ``seen``. With it goes the
    stamp of what it showed, which may change while the reader writes.
    """

    website = forms.CharField(
        label="Leave this empty",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Suggestion
        fields = deciding.WRITTEN
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
        self.fields["seen"].initial = lambda: str(Seen.of(target))
        if field == "finding":
            self.fields["proposed_level"].choices = [
                ("", "I propose no level"),
                *target.feature.feature_kind.level_choices,
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
        seen = Seen.posted(self.data, self.instance.target)
        age = seen and (timezone.now() - seen.moment).total_seconds()
        # The clock may have been put back meanwhile.
        if seen is None or not 0 <= age <= SLOWEST:
            # Everything typed stays, and the next attempt has a time of its own.
            self.data = self.data.copy()
            self.data["seen"] = self.fields["seen"].initial()
            raise ValidationError(
                "This form was open for too long, or not opened here. Please send "
                "it again; nothing that you wrote is lost.",
                code="not_opened",
            )
        if age < QUICKEST:
            raise ValidationError(
                "That was quicker than people write. Please wait a few seconds and "
                "send it again; nothing that you wrote is lost.",
                code="too_quick",
            )
        self.instance.stamp = seen.stamp


class AnswerForm(forms.Form):
    """Why what a reader suggests, or an editor proposes, is not done, or not yet."""

    answer = PlainFormField(
        label="Reason",
        max_length=2000,
        help_text="It is what the author is told, by mail if they may be mailed.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why: it is what the author is told."},
    )
