"""One cell of the matrix as editors fill it in: its finding and the passages."""

from dataclasses import dataclass

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.utils import timezone

from comparisons.admin.bases.passages import (
    PassageForm,
    StoredPassageForm,
    level_choices,
)
from comparisons.admin.bases.statements import StatementForm, refuse_uncited
from comparisons.choices import Level
from comparisons.editing.stamps import stamp
from comparisons.models import Citation, Extension, Finding, Source

CELL_FIELDS = ["level", "extension", "since_version", "note", "status"]
# More stored passages than this are folded, which keeps the way by Tab short.
MOST_UNFOLDED = 3
# The hidden field that carries what the form showed.
STAMP_FIELD = "stamp"


class ExtensionSelect(AutocompleteSelect):
    """The admin's autocomplete, which without a script is a list of all."""

    def optgroups(self, name, value, attrs=None):
        return forms.Select.optgroups(self, name, value, attrs)


class CellForm(StatementForm):
    """The finding, with the levels of its feature's kind alone."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["level"] = forms.ChoiceField(
            choices=level_choices(self.instance.feature), widget=forms.RadioSelect
        )
        extension = self.fields["extension"]
        extension.widget = ExtensionSelect(
            Finding._meta.get_field("extension"), admin.site
        )
        extension.widget.choices = extension.choices
        extension.label, extension.help_text = "Provided by", ""

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("level") != Level.UNKNOWN:
            # What narrowed an unknown level says nothing about a known one.
            self.instance.at_least = self.instance.at_most = ""
        return cleaned

    def scale(self):
        """Return each level as a radio button with its threshold."""
        thresholds = {
            threshold.level: threshold.text
            for threshold in self.instance.feature.thresholds.all()
        }
        return [
            (radio, Level(radio.data["value"]), thresholds.get(radio.data["value"], ""))
            for radio in self["level"]
        ]


@dataclass(frozen=True)
class Difference:
    """One value of the finding, as it is stored and as somebody typed it."""

    label: str
    stored: str
    typed: str


class CellEditor:
    """The forms of one cell for the editor who sent ``request``.

    ``finding`` is the one of the cell of ``line`` as it is stored, with its
    citations, or None; ``data`` is what was posted. What the editor may do is what
    the admin's forms of findings, citations and sources let them do.
    """

    def __init__(self, request, line, finding, data=None):
        self.request = request
        self.line = line
        self.stamp = stamp(finding) if finding else ""
        self.is_new = finding is None
        self.headline = ""
        self._finding_admin = admin.site.get_model_admin(Finding)
        cell = line.cell
        self.finding = finding or Finding(framework=cell.framework)
        # The one whose thresholds and group are loaded.
        self.finding.feature = cell.feature
        form = self._finding_admin.get_form(
            request,
            finding,
            change=not self.is_new,
            form=CellForm,
            fields=CELL_FIELDS,
        )
        self.form = form(data, instance=self.finding)
        self.stored_passages = self._stored_passages(data)
        self.passage = self._new_passage(data)

    @staticmethod
    def may_edit(request, finding):
        """Whether the one who sent ``request`` may save ``finding``, or a new one."""
        finding_admin = admin.site.get_model_admin(Finding)
        if finding is None:
            return finding_admin.has_add_permission(request)
        return finding_admin.has_change_permission(request, finding)

    def _stored_passages(self, data):
        citation_admin = admin.site.get_model_admin(Citation)
        if self.is_new:
            return []
        passages = []
        for citation in self.finding.citations.all():
            prefix = f"citation-{citation.pk}"
            # One that was added since the form was shown is left as it is.
            is_posted = any(name.startswith(f"{prefix}-") for name in data or ())
            passages.append(
                StoredPassageForm(
                    data if is_posted else None,
                    prefix=prefix,
                    instance=citation,
                    may_change=citation_admin.has_change_permission(
                        self.request, citation
                    ),
                    may_remove=citation_admin.has_delete_permission(
                        self.request, citation
                    ),
                )
            )
        return passages

    def _new_passage(self, data):
        if not admin.site.get_model_admin(Citation).has_add_permission(self.request):
            return None
        source_admin = admin.site.get_model_admin(Source)
        return PassageForm(
            data,
            prefix="new",
            instance=Citation(finding=self.finding, accessed_date=timezone.localdate()),
            empty_permitted=True,
            use_required_attribute=False,
            may_add_source=source_admin.has_add_permission(self.request),
        )

    @property
    def _new_passages(self):
        """The new passage in a list, which is empty if nothing was entered."""
        has_one = self.passage is not None and self.passage.has_changed()
        return [self.passage] if has_one else []

    @property
    def _kept_passages(self):
        """The stored passages about which something was posted."""
        return [form for form in self.stored_passages if form.is_bound]

    def is_valid(self):
        """Whether everything posted could be stored; if not, the forms say why."""
        posted = [self.form, *self._kept_passages, *self._new_passages]
        # All of them are asked before the first refusal, so that each explains its own.
        answers = [form.is_valid() for form in posted]
        if not all(answers):
            return False
        try:
            refuse_uncited(self.finding, self._stances())
        except ValidationError as error:
            self.form.add_error(None, error)
        return self.form.is_valid()

    def _stances(self):
        """Return the stances of the passages that the finding will have."""
        staying = [
            form
            for form in self.stored_passages
            if not (form.is_bound and form.cleaned_data["remove"])
        ]
        return {form.instance.stance for form in [*staying, *self._new_passages]}

    @property
    def shows_passages(self):
        """Whether the stored passages are unfolded: few, or something is wrong."""
        is_refused = self.form.is_bound
        return is_refused or len(self.stored_passages) <= MOST_UNFOLDED

    def save(self):
        """Store what was posted the way that the admin's own form does."""
        change = not self.is_new
        self._finding_admin.save_form(self.request, self.form, change)
        self._finding_admin.save_model(self.request, self.finding, self.form, change)
        if self.passage:
            self.passage.instance.finding = self.finding
        for form in [*self._new_passages, *self._kept_passages]:
            form.save()
        self._finding_admin.save_related(self.request, self.form, [], change)
        log = self._finding_admin.log_addition
        if change:
            log = self._finding_admin.log_change
        log(self.request, self.finding, "Saved in the matrix.")

    def differences(self):
        """Return what is stored beside what was typed, where the two differ."""
        found = []
        for form in [self.form, *self._kept_passages]:
            form.is_valid()
            of = "" if form is self.form else f"{form.instance}: "
            for name in form.fields:
                stored, typed = _in_words(form, name)
                if stored != typed:
                    label = f"{of}{form[name].label}"
                    found.append(Difference(label, stored, typed))
        return found


def _in_words(form, name):
    stored = form.initial.get(name, form.fields[name].initial)
    typed = form.cleaned_data.get(name, form[name].value())
    if name == "extension":
        stored = Extension.objects.filter(pk=stored).first() if stored else ""
        return str(stored), str(typed or "")
    labels = dict(getattr(form.fields[name], "choices", []))
    return str(labels.get(stored, stored or "")), str(labels.get(typed, typed or ""))
