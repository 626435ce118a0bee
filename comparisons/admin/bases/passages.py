"""The passages of a cell: those that it has, and a new one with its source."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError

from comparisons.admin.bases.forms import KnowledgeForm, possible_keys
from comparisons.keys import free_slug
from comparisons.models import Citation, Source
from comparisons.models.publishing import validate_web_address


def asserted_levels(feature):
    """Return the levels that a passage on ``feature`` may assert, or none."""
    return [("", "asserts none"), *feature.feature_kind.level_choices]


class SourceSelect(AutocompleteSelect):
    """The admin's autocomplete, which can show again what is no key of a source."""

    def optgroups(self, name, value, attrs=None):
        return super().optgroups(name, possible_keys(value), attrs)


class StoredPassageForm(KnowledgeForm):
    """What a passage that is there already does to the finding."""

    class Meta:
        model = Citation
        fields = ["stance", "level"]
        labels = {"level": "Level that it asserts"}
        help_texts = {"level": ""}


class SourceForm(forms.ModelForm):
    """What is asked of a source that nobody has cited before."""

    class Meta:
        model = Source
        # Those that have to be filled in come first.
        fields = ["title", "kind", "publisher", "published_date"]
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

    field_order = ["address"]

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
            self.data if self.is_bound else None,
            prefix=self.add_prefix("source"),
            # Asked for nothing unless the address turns out to be new.
            empty_permitted=True,
            use_required_attribute=False,
        )
        self.fields["source"].required = False
        if self.instance.finding:
            feature = self.instance.finding.feature
            self.fields["level"].choices = asserted_levels(feature)
        else:
            del self.fields["level"]

    def has_changed(self):
        """Whether a passage is begun; a stance and a day alone are none."""
        begun = any(
            self[name].data for name in {*self.fields} - {"stance", "accessed_date"}
        )
        return begun or self.source_form.has_changed()

    def clean(self):
        cleaned = super().clean()
        source, address = cleaned.get("source"), cleaned.get("address")
        if source and address:
            self.add_error("source", "Paste an address or choose a source, not both.")
        elif address:
            cleaned["source"] = Source.objects.at(address).first()
            if cleaned["source"] is None:
                self._check_new_source(address)
        elif not source and "address" not in self.errors:
            self.add_error("address", "Paste the address, or choose a source.")
        return cleaned

    def _check_new_source(self, address):
        """Refuse to add a source without saying what it is, or without permission."""
        if not self.may_add_source:
            self.add_error("address", "No source has this address; you may add none.")
            return
        self.is_of_new_source = True
        self.source_form.empty_permitted = False
        if not self.source_form.is_valid():
            self.add_error("address", "No source has this address yet: say what it is.")
        else:
            source = self.source_form.instance
            source.url = address
            source.slug = free_slug(Source.objects, source.title)
            try:
                source.full_clean()
            except ValidationError as error:
                # What else could be wrong with it stands at its own fields.
                self.add_error("address", error.messages)

    def save(self, commit=True):
        if self.is_of_new_source:
            self.instance.source = self.source_form.save()
        return super().save(commit)
