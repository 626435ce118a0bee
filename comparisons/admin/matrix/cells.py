"""One cell of the matrix as editors fill it in: its finding and the passages."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.utils import timezone

from comparisons.admin.bases.conflicts import RowForms
from comparisons.admin.bases.forms import KnowledgeFormSet
from comparisons.admin.bases.passages import (
    PassageForm,
    StoredPassageForm,
    asserted_levels,
)
from comparisons.admin.bases.statements import CitationInline, StatementForm
from comparisons.choices import Level
from comparisons.editing.seen import SEEN_FIELD
from comparisons.models import Citation, Finding

CELL_FIELDS = [
    "level",
    "extension",
    "since_version",
    "note",
    "status",
    "decision",
    "reason",
]
# More stored passages than this are folded, which keeps the way by Tab short.
MOST_UNFOLDED = 3


class ExtensionSelect(AutocompleteSelect):
    """The admin's autocomplete, which without a script is a list of all."""

    def optgroups(self, name, value, attrs=None):
        return forms.Select.optgroups(self, name, value, attrs)


class CellForm(StatementForm):
    """The finding, with the levels of its feature's kind alone."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["level"] = forms.ChoiceField(
            choices=self.instance.feature.feature_kind.level_choices,
            widget=forms.RadioSelect,
        )
        extension = self.fields["extension"]
        extension.widget = ExtensionSelect(
            Finding._meta.get_field("extension"), admin.site
        )
        extension.widget.choices = extension.choices
        extension.label, extension.help_text = "Provided by", ""

    def clean(self):
        """Drop what narrowed an unknown level: it says nothing of a known one."""
        cleaned = super().clean()
        if cleaned.get("level", Level.UNKNOWN) != Level.UNKNOWN:
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


class CellEditor:
    """The forms of one cell for the editor who sent ``request``.

    ``finding`` is the one of the cell of ``line`` as it is stored, or None; ``data`` is
    what was posted, and ``after`` the finding of the row that was open before. They are
    the admin's forms of a finding and its citations, with other fields, and what the
    editor may do is what those let them do.
    """

    def __init__(self, request, line, finding, data=None, *, after=None):
        self.request = request
        self.line = line
        self.is_new = finding is None
        self.finding = finding or Finding(framework=line.cell.framework)
        # The one whose thresholds and group are loaded.
        self.finding.feature = line.cell.feature
        self._admin = admin.site.get_model_admin(Finding)
        self.conflict = request.conflict = None
        if data is not None:
            self.conflict, data = request.intent.compare(
                self.finding, data, self._forms
            )
            request.conflict = self.conflict
        self.forms = self._forms(data)
        self.form = self.forms.form
        self.passages = next(iter(self.forms.formsets), None)
        self.passage = self._new_passage(data, after)
        if self.conflict:
            self.seen = self.conflict.seen
            self.is_valid()
            self.conflict.annotate(self.forms)
        else:
            self.seen = data[SEEN_FIELD] if data else self.forms.seen(self.finding)

    @staticmethod
    def may_edit(request, finding):
        """Whether the one who sent ``request`` may save ``finding``, or a new one."""
        finding_admin = admin.site.get_model_admin(Finding)
        if finding is None:
            return finding_admin.has_add_permission(request)
        return finding_admin.has_change_permission(request, finding)

    def _forms(self, data=None):
        """Return the forms of the finding and of its stored passages."""
        request, row = self.request, None if self.is_new else self.finding
        form = self._admin.get_form(
            request, row, change=not self.is_new, form=CellForm, fields=CELL_FIELDS
        )
        return RowForms(
            form(data, instance=self.finding),
            [] if self.is_new else [self._stored_passages(data)],
        )

    def _stored_passages(self, data):
        inline = CitationInline(Finding, admin.site)
        formset = inline.get_formset(
            self.request,
            self.finding,
            form=StoredPassageForm,
            formset=KnowledgeFormSet,
            fields=StoredPassageForm.Meta.fields,
            edit_only=True,
        )
        rows = Citation.objects.select_related("source")
        passages = formset(data, instance=self.finding, queryset=rows)
        may_change = inline.has_change_permission(self.request, self.finding)
        for form in passages.initial_forms:
            form.fields["level"].choices = asserted_levels(self.finding.feature)
            for name in StoredPassageForm.Meta.fields:
                form.fields[name].disabled = not may_change
        return passages

    def _new_passage(self, data, after):
        if not admin.site.get_model_admin(Citation).has_add_permission(self.request):
            return None
        return PassageForm(
            data,
            prefix="new",
            instance=Citation(finding=self.finding, accessed_date=timezone.localdate()),
            empty_permitted=True,
            use_required_attribute=False,
            editor=self.request.user,
            after=after,
        )

    @property
    def _new_passages(self):
        """The new passage in a list, which is empty if nothing was entered."""
        has_one = self.passage is not None and self.passage.has_changed()
        return [self.passage] if has_one else []

    def is_valid(self):
        """Whether everything posted could be stored; if not, the forms say why."""
        posted = [self.form, *self.forms.formsets, *self._new_passages]
        # All of them are asked before the first refusal, so that each explains its own.
        answers = [form.is_valid() for form in posted]
        if not all(answers):
            return False
        staying = [
            *(self.passages.staying() if self.passages else []),
            *self._new_passages,
        ]
        for field, error in self.finding.unproved(
            [f.instance for f in staying]
        ).items():
            self.form.add_error(field, error)
        return self.form.is_valid()

    @property
    def shows_passages(self):
        """Whether the stored passages are unfolded: few, or something is wrong."""
        return self.form.is_bound or len(self.passages.forms) <= MOST_UNFOLDED

    def save(self):
        """Store what was posted the way that the admin's own form does."""
        change = not self.is_new
        self._admin.save_form(self.request, self.form, change)
        self._admin.save_model(self.request, self.finding, self.form, change)
        for form in self._new_passages:
            form.instance.finding = self.finding
            form.save()
        if self.passage:
            self.request.intent.read(self.passage)
        self._admin.save_related(self.request, self.form, self.forms.formsets, change)
