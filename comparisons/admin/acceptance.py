"""The forms with which an editor amends a suggestion of a reader and applies it."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from ..choices import Level, SourceKind, Stance
from ..models import Adopter, ChangeSet, Citation, Fact, Finding, ProCon, Source
from ..models.publishing import validate_web_address
from ..stamps import stamp

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

    change_reason = forms.CharField(
        label="Why?",
        max_length=ChangeSet._meta.get_field("reason").max_length,
        initial="A reader’s suggestion",
        help_text="A few words for the public list of changes.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    answer = forms.CharField(
        label="A word to the reader",
        required=False,
        max_length=2000,
        help_text="Sent by mail if an address was left. May stay empty.",
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
    )


class RejectionForm(forms.Form):
    """Why nothing is changed."""

    answer = forms.CharField(
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
        for field in self.fields.values():
            field.widget.attrs |= _look(field)
        if "level" in self.fields:
            levels = [*instance.feature.feature_kind.levels, Level.UNKNOWN]
            self.fields["level"].choices = [(one.value, one.label) for one in levels]

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


def _look(field):
    """Return the attributes with which the admin draws the widget of ``field``."""
    if isinstance(field.widget, forms.Textarea):
        return {"rows": 3, "class": "vLargeTextField"}
    if isinstance(field.widget, forms.DateInput):
        return {"placeholder": "YYYY-MM-DD"}
    if isinstance(field.widget, forms.TextInput | forms.URLInput):
        return {"class": "vTextField"}
    return {}


class PassageForm(forms.Form):
    """The passage that is cited, or nothing if all of it is left empty.

    ``citation`` is, once the form is valid, the new citation or None. Its source
    is one that is known by this address, or a new one.
    """

    url = forms.URLField(
        label="Address of the source",
        max_length=500,
        required=False,
        assume_scheme="https",
        validators=[validate_web_address],
        widget=forms.URLInput(attrs={"class": "vURLField"}),
        help_text="A source that is known already is found by it. Empty this, place "
        "and passage to cite nothing.",
    )
    title = forms.CharField(
        label="Title, if the source is new",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    kind = forms.ChoiceField(
        label="Kind, if it is new",
        choices=[("", "---------"), *SourceKind.choices],
        required=False,
    )
    locator = forms.CharField(
        label="Where in it",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    says = forms.CharField(
        label="What the passage says, in our words",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )
    stance = forms.ChoiceField(choices=Stance, initial=Stance.SUPPORTS)
    level = forms.ChoiceField(label="Level that it asserts", required=False)
    accessed_date = forms.DateField(
        label="Read on",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, suggestion, *args, **kwargs):
        initial = {
            "url": suggestion.evidence_url,
            "locator": suggestion.evidence_locator,
            "accessed_date": timezone.localdate(),
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.suggestion = suggestion
        self.citation = None
        if suggestion.finding:
            levels = suggestion.finding.feature.feature_kind.levels
            self.fields["level"].choices = [
                ("", "---------"),
                *((level.value, level.label) for level in levels),
            ]
        else:
            del self.fields["level"]

    def clean(self):
        """Explain what a passage needs, once one is begun."""
        given = super().clean()
        if not any(given.get(name) for name in ("url", "locator", "says")):
            return given
        for name in ("url", "locator", "says"):
            if not given.get(name) and name not in self.errors:
                self.add_error(
                    name, ValidationError("A passage needs this.", code="required")
                )
        known = Source.objects.at(given["url"]).first() if given.get("url") else None
        if given.get("url") and known is None:
            for name in ("title", "kind"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(
                        name,
                        ValidationError(
                            "No source has this address yet; a new one needs this.",
                            code="required",
                        ),
                    )
        if not self.errors:
            self.citation = self._citation(known or self._new_source())
        return given

    def save(self):
        """Store the citation, and its source if that is new."""
        source = self.citation.source
        if source.pk is None:
            source.save()
            self.citation.source = source
        self.citation.save()

    def _citation(self, source):
        given = self.cleaned_data
        target = {self.suggestion.target_field: self.suggestion.target}
        return Citation(
            source=source,
            **target,
            **{
                name: given.get(name, "")
                for name in ("stance", "level", "locator", "says", "accessed_date")
            },
        )

    def _new_source(self):
        given = self.cleaned_data
        return Source(
            slug=Source.objects.free_slug(given["title"]),
            title=given["title"],
            kind=given["kind"],
            url=given["url"],
        )


class Acceptance:
    """All that an editor fills in to accept a suggestion about ``target``.

    ``target`` is the stored row, locked if ``data`` is posted.
    """

    def __init__(self, suggestion, target, data=None):
        model = type(target)
        setattr(suggestion, suggestion.target_field, target)
        self.edit = forms.modelform_factory(model, EditForm, fields=EDITED[model])(
            suggestion, data, instance=target, prefix="edit"
        )
        self.passage = None
        if model is not Source:
            self.passage = PassageForm(suggestion, data, prefix="passage")
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
                "url",
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
        return self.passage.citation if self.passage else None

    def _stays_supported(self):
        if self.passage is None:
            return True
        return (
            not (self._target.is_published and self._target.needs_support)
            or (self._citation and self._citation.stance == Stance.SUPPORTS)
            or self._target.has_support()
        )
