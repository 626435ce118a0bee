"""The forms with which an editor amends a suggestion of a reader and applies it."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from comparisons.admin.bases.conflicts import RowForms, conflict_with
from comparisons.admin.bases.passages import PassageForm
from comparisons.admin.bases.statements import KnownLevelForm
from comparisons.editing.seen import SEEN_FIELD
from comparisons.models import ChangeSet, Citation, Source
from comparisons.models.text import PlainFormField, PlainLineFormField

DATES = dict.fromkeys(
    ["event_date", "published_date"], forms.DateInput({"type": "date"}, "%Y-%m-%d")
)


class ClosingForm(forms.Form):
    """What an accepted suggestion is recorded with."""

    change_reason = PlainLineFormField(
        label="Why?",
        max_length=ChangeSet._meta.get_field("reason").max_length,
        initial="A reader’s suggestion",
        help_text="A few words for the public list of changes.",
    )
    answer = PlainFormField(
        label="A word to the reader",
        required=False,
        max_length=2000,
        help_text="Sent by mail if an address was left. May stay empty.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AnswerForm(forms.Form):
    """Why what a reader suggests, or an editor proposes, is not done, or not yet."""

    answer = PlainFormField(
        label="Reason",
        max_length=2000,
        help_text="It is what the author is told, by mail if they may be mailed.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why: it is what the author is told."},
    )


class EditForm(KnownLevelForm):
    """The target, in which the proposal is filled in."""

    def __init__(self, *args, instance, **kwargs):
        super().__init__(*args, instance=instance, **kwargs)
        # Whether it is supported depends on the passage that comes with it.
        instance.citations_follow = True
        if "level" in self.fields:
            self.fields["level"].choices = instance.feature.feature_kind.level_choices


class Acceptance:
    """All that an editor fills in to accept a suggestion about ``target``.

    ``target`` is the stored row, locked if ``data`` is posted.
    """

    def __init__(self, suggestion, target, data=None, *, editor):
        model = type(target)
        setattr(suggestion, suggestion.target_field, target)
        edit_form = forms.modelform_factory(
            model, EditForm, fields=model.amended, widgets=DATES
        )

        def stored():
            return RowForms(edit_form(instance=target, prefix="edit"))

        self.conflict = None
        if data is None:
            self.seen, proposed = stored().seen(target), _proposed(suggestion, model)
        else:
            self.conflict = conflict_with(target, data, stored)
            data = self.conflict.data if self.conflict else data
            self.seen = self.conflict.seen if self.conflict else data[SEEN_FIELD]
            proposed = None
        self.edit = edit_form(data, instance=target, initial=proposed, prefix="edit")
        self.edit.conflict = self.conflict
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
                editor=editor,
            )
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
        if self.conflict:
            self.conflict.annotate(RowForms(self.edit))
        if not invalid and not (self.edit.has_changed() or self._citation):
            self.edit.add_error(
                None,
                ValidationError(
                    "This changes nothing. Apply what the reader suggests, or reject "
                    "it with a reason.",
                    code="nothing_changed",
                ),
            )
        elif not invalid and self.passage:
            passages = [*self._target.citations.all()]
            passages += [self._citation] if self._citation else []
            for name, error in self._target.unproved(passages).items():
                if name in self.edit.fields:
                    self.edit.add_error(name, error)
                else:
                    self.passage.add_error("address", error)
        return not any(form.errors for form in self.forms)

    def apply(self):
        """Store the passage and the edit; to be called inside a change set."""
        # An answer may be published once its passage is there, not before.
        if self._citation:
            self.passage.save()
        if self.edit.has_changed():
            self.edit.save()

    @property
    def _citation(self):
        begun = self.passage and self.passage.has_changed()
        return self.passage.instance if begun else None


def _proposed(suggestion, model):
    """Return what the reader proposes, by the field into which it goes."""
    proposed = {
        model.proposed_text: suggestion.proposed_text,
        "level": suggestion.proposed_level,
    }
    return {name: value for name, value in proposed.items() if name and value}
