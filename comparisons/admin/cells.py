"""One cell of the matrix as editors fill it in: its finding and the passages."""

from dataclasses import dataclass

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.utils import timezone

from ..choices import Level
from ..models import Citation, Extension, Finding, Source
from ..models.publishing import validate_web_address
from ..stamps import stamp
from .statements import StatementForm, refuse_uncited

CELL_FIELDS = ["level", "extension", "since_version", "note", "status"]
# More stored passages than this are folded, which keeps the way by Tab short.
MOST_UNFOLDED = 3
# The hidden field that carries what the form showed.
STAMP_FIELD = "stamp"


def find_source(url):
    """Return the source of the page at ``url``, or None."""
    return Source.objects.at(url).order_by("pk").first()


class ExtensionSelect(AutocompleteSelect):
    """The admin's autocomplete, which without a script is a list of all."""

    def optgroups(self, name, value, attrs=None):
        return forms.Select.optgroups(self, name, value, attrs)


class SourceSelect(AutocompleteSelect):
    """The admin's autocomplete, which can show again what is no key of a source."""

    def optgroups(self, name, value, attrs=None):
        keys = [key for key in map(str, value) if key.isdecimal() and len(key) < 19]
        return super().optgroups(name, keys, attrs)


class CellForm(StatementForm):
    """The finding, with the levels of its feature's kind alone."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["level"] = forms.ChoiceField(
            choices=_levels(self.instance.feature), widget=forms.RadioSelect
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


class StoredPassageForm(forms.ModelForm):
    """What a passage that is there already does to the finding."""

    remove = forms.BooleanField(required=False)

    class Meta:
        model = Citation
        fields = ["stance", "level"]
        labels = {"level": "Level that it asserts"}
        help_texts = {"level": ""}

    def __init__(self, *args, may_change, may_remove, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = _asserted_levels(self.instance)
        for name in ("stance", "level"):
            self.fields[name].disabled = not may_change
        self.fields["remove"].disabled = not may_remove

    def save(self, commit=True):
        if self.cleaned_data["remove"]:
            self.instance.delete()
        elif self.has_changed():
            super().save(commit)


class SourceForm(forms.ModelForm):
    """What is asked of a source that nobody has cited before."""

    class Meta:
        model = Source
        fields = ["title", "publisher", "kind", "published_date"]
        widgets = {"published_date": forms.DateInput({"type": "date"}, "%Y-%m-%d")}


class PassageForm(forms.ModelForm):
    """A new passage, of a stored source or of a page that becomes one."""

    address = forms.URLField(
        label="Address of the page",
        required=False,
        max_length=500,
        assume_scheme="https",
        validators=[validate_web_address],
        help_text="Paste it: a source that has it is found, another one is added.",
    )

    class Meta:
        model = Citation
        fields = ["source", "locator", "says", "stance", "level", "accessed_date"]
        widgets = {
            "says": forms.Textarea({"rows": 2}),
            "source": SourceSelect(Citation.source.field, admin.site),
            "accessed_date": forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        }
        labels = {
            "source": "Or choose a source",
            "says": "What it says",
            "level": "Level that it asserts",
            "accessed_date": "Read on",
        }
        help_texts = {"level": "", "accessed_date": ""}

    def __init__(self, *args, may_add_source, **kwargs):
        super().__init__(*args, **kwargs)
        self.may_add_source = may_add_source
        self.is_of_new_source = False
        self.source_form = SourceForm(
            self.data if self.is_bound else None, prefix=self.add_prefix("source")
        )
        self.fields["source"].required = False
        self.fields["level"].choices = _asserted_levels(self.instance)

    def has_changed(self):
        """Whether anything was entered; what the form proposes does not count."""
        proposed = {"stance", "accessed_date"}
        return bool({*self.changed_data} - proposed) or self.source_form.has_changed()

    def clean(self):
        cleaned = super().clean()
        source, address = cleaned.get("source"), cleaned.get("address")
        if source and address:
            self.add_error("source", "Paste an address or choose a source, not both.")
        elif address:
            cleaned["source"] = find_source(address)
            if cleaned["source"] is None:
                self._check_new_source(address)
        elif not source and "address" not in self.errors:
            self.add_error("address", "Paste the address, or choose a source.")
        return cleaned

    def _check_new_source(self, address):
        """Refuse to add a source without saying what it is, or without permission."""
        self.is_of_new_source = True
        if not self.may_add_source:
            self.add_error("address", "No source has this address; you may add none.")
        elif not self.source_form.is_valid():
            self.add_error("address", "No source has this address yet: say what it is.")
        else:
            source = self.source_form.instance
            source.url = address
            source.slug = Source.objects.free_slug(source.title)
            try:
                source.full_clean()
            except ValidationError as error:
                self.add_error(None, error.messages)

    def save(self, commit=True):
        if self.is_of_new_source:
            self.instance.source = self.source_form.save()
        return super().save(commit)


@dataclass(frozen=True)
class Difference:
    """One value of the finding, as it is stored and as somebody typed it."""

    label: str
    stored: str
    typed: str


class CellEditor:
    """The forms of one cell for the editor who sent ``request``.

    ``cell`` holds the finding as it is stored, with its citations; ``data`` is
    what was posted. What the editor may do is what the admin's forms of findings,
    citations and sources let them do.
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
        forms_ = []
        for citation in self.finding.citations.all():
            prefix = f"citation-{citation.pk}"
            # One that was added since the form was shown is left as it is.
            is_posted = data is not None and f"{prefix}-stance" in data
            forms_.append(
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
        return forms_

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
        # New support comes first, so that there is some at any moment.
        for form in [*self._new_passages, *self._kept_passages]:
            form.save()
        self._finding_admin.save_related(self.request, self.form, [], change)
        log = self._finding_admin.log_addition
        if change:
            log = self._finding_admin.log_change
        log(self.request, self.finding, "Saved in the matrix.")

    def differences(self):
        """Return what is stored beside what was typed, where the two differ."""
        self.form.is_valid()
        pairs = [(name, *self._in_words(name)) for name in CELL_FIELDS]
        return [
            Difference(str(self.form[name].label), stored, typed)
            for name, stored, typed in pairs
            if stored != typed
        ]

    def _in_words(self, name):
        stored = self.form.initial.get(name)
        typed = self.form.cleaned_data.get(name, self.form[name].value())
        if name == "extension":
            stored = Extension.objects.filter(pk=stored).first() if stored else ""
            return str(stored), str(typed or "")
        labels = dict(getattr(self.form.fields[name], "choices", []))
        return str(labels.get(stored, stored)), str(labels.get(typed, typed))


def _levels(feature):
    levels = [*feature.feature_kind.levels, Level.UNKNOWN]
    return [(level.value, level.label) for level in levels]


def _asserted_levels(citation):
    return [("", "none"), *_levels(citation.finding.feature)]
