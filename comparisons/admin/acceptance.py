"""The forms with which an editor amends a suggestion of a reader and applies it."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from comparisons.admin.bases.passages import PassageForm, level_choices
from comparisons.choices import Level, Stance
from comparisons.editing.stamps import stamp
from comparisons.models import (
    Adopter,
    ChangeSet,
    Citation,
    Fact,
    Finding,
    ProCon,
    Source,
)
from comparisons.models.text import PlainFormField, PlainLineFormField

# What can be amended on the way, by what the suggestion is about.
EDITED = {
    Finding: ["level", "extension", "since_version", "note"],
    ProCon: ["statement", "matters_when"],
    Fact: ["value", "event_date", "note"],
    Adopter: ["name", "url", "note"],
    Source: [
        "title",
        "author",
        "publisher",
        "published_date",
        "url",
        "archive_url",
        "interest",
        "note",
    ],
}
# Where the text goes that the reader proposes; a source has several, so there
# the editor chooses.
PROPOSED_TEXT = {
    Finding: "note",
    ProCon: "statement",
    Fact: "value",
    Adopter: "note",
}


class ClosingForm(forms.Form):
    """What an accepted suggestion is recorded with."""

    change_reason = PlainLineFormField(
        label="Why?",
        max_length=ChangeSet._meta.get_field("reason").max_length,
        initial="A reader’s suggestion",
        help_text="A few words for the public list of changes.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    answer = PlainFormField(
        label="A word to the reader",
        required=False,
        max_length=2000,
        help_text="Sent by mail if an address was left. May stay empty.",
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
    )


class RejectionForm(forms.Form):
    """Why nothing is changed."""

    answer = PlainFormField(
        label="Reason",
        max_length=2000,
        help_text="Sent by mail if an address was left.",
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        error_messages={"required": "Say why: it is what the reader is told."},
    )


class EditForm(forms.ModelForm):
    """The target with the proposal filled in, and the stamp of what was shown."""

    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, suggestion, *args, instance, **kwargs):
        self.stamp = stamp(instance)
        initial = {"shown": self.stamp}
        text = PROPOSED_TEXT.get(type(instance))
        if text and suggestion.proposed_text:
            initial[text] = suggestion.proposed_text
        if suggestion.proposed_level:
            initial["level"] = suggestion.proposed_level
        super().__init__(*args, instance=instance, initial=initial, **kwargs)
        self.before = {name: getattr(instance, name) for name in EDITED[type(instance)]}
        _dress(self)
        if "level" in self.fields:
            self.fields["level"].choices = level_choices(instance.feature)

    def clean(self):
        """Refuse to overwrite what the editor has not seen."""
        super().clean()
        if self.cleaned_data.get("shown") != self.stamp:
            self.data = self.data.copy()
            self.data[self.add_prefix("shown")] = self.stamp
            raise ValidationError(
                "Somebody has changed it since you opened this page. It is shown "
                "above as it stands now; what you wrote is below. Look at both, then "
                "accept again.",
                code="changed_meanwhile",
            )
        level = self.cleaned_data.get("level")
        if level and level != Level.UNKNOWN:
            # Bounds narrow an unknown level; a known one has none.
            self.instance.at_least = self.instance.at_most = ""

    def _post_clean(self):
        # Whether it is supported depends on the passage that comes with it.
        self.instance.citations_follow = True
        super()._post_clean()

    @property
    def changes(self):
        """Whether the target is not what it was."""
        return any(
            getattr(self.instance, name) != value for name, value in self.before.items()
        )


class Acceptance:
    """All that an editor fills in to accept a suggestion about ``target``.

    ``target`` is the stored row, locked if ``data`` is posted.
    """

    def __init__(self, suggestion, target, data=None, *, may_add_source):
        model = type(target)
        setattr(suggestion, suggestion.target_field, target)
        self.edit = forms.modelform_factory(model, EditForm, fields=EDITED[model])(
            suggestion, data, instance=target, prefix="edit"
        )
        self.passage = None
        if model is not Source:
            self.passage = PassageForm(
                data,
                prefix="passage",
                instance=Citation(
                    **{suggestion.target_field: target},
                    locator=suggestion.evidence_locator,
                    accessed_date=timezone.localdate(),
                ),
                initial={"address": suggestion.evidence_url},
                empty_permitted=True,
                use_required_attribute=False,
                may_add_source=may_add_source,
            )
            _dress(self.passage)
            _dress(self.passage.source_form)
        self.closing = ClosingForm(data, prefix="closing")
        self._target = target

    @property
    def forms(self):
        """Its forms, in the order of the page."""
        return [form for form in (self.edit, self.passage, self.closing) if form]

    def is_valid(self):
        """Whether it can be applied; the errors stand at their fields."""
        # Each is asked, so that every error is shown at once.
        invalid = [form for form in self.forms if not form.is_valid()]
        if not invalid and not (self.edit.changes or self._citation):
            self.edit.add_error(
                None,
                ValidationError(
                    "This changes nothing. Apply what the reader suggests, or reject "
                    "it with a reason.",
                    code="nothing_changed",
                ),
            )
        elif not invalid and not self._stays_supported():
            self.passage.add_error(
                "address",
                ValidationError(
                    "Nothing is published without a supporting citation: cite one.",
                    code="uncited",
                ),
            )
        return not any(form.errors for form in self.forms)

    def apply(self):
        """Store the passage and the edit; to be called inside a change set."""
        # An answer may be published once its passage is there, not before.
        if self._citation:
            self.passage.save()
        if self.edit.changes:
            self.edit.save()

    @property
    def _citation(self):
        begun = self.passage and self.passage.has_changed()
        return self.passage.instance if begun else None

    def _stays_supported(self):
        if self.passage is None:
            return True
        return (
            not (self._target.is_published and self._target.needs_support)
            or (self._citation and self._citation.stance == Stance.SUPPORTS)
            or self._target.has_support()
        )


def _dress(form):
    """Draw the widgets of ``form`` as the admin does."""
    for field in form.fields.values():
        field.widget.attrs |= _look(field)


def _look(field):
    if isinstance(field.widget, forms.Textarea):
        return {"rows": 3, "class": "vLargeTextField"}
    if isinstance(field.widget, forms.DateInput):
        return {"placeholder": "YYYY-MM-DD"}
    if isinstance(field.widget, forms.TextInput | forms.URLInput):
        return {"class": "vTextField"}
    return {}
