"""The passages of a statement: those that it has, and a new one with its source."""

from copy import copy
from urllib.parse import unquote

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError

from comparisons.addresses import ROUTES
from comparisons.admin.bases.forms import KnowledgeForm, possible_keys
from comparisons.choices import Action
from comparisons.editing.workflow import may
from comparisons.keys import free_slug
from comparisons.models import Citation, Source
from comparisons.models.publishing import validate_web_address

# What is asked of a source that nobody has cited before.
ASKED = ["title", "kind", "publisher", "published_date"]
# A passage of which no more is entered is none.
PRESET = {"stance", "accessed_date", "order"}


def asserted_levels(feature):
    """Return the levels that a passage on ``feature`` may assert, or none."""
    return [("", "asserts none"), *feature.feature_kind.level_choices]


def last_cited(editor):
    """Return the passage that ``editor`` cited last; it is asked once for a request."""
    if editor and not hasattr(editor, "last_cited"):
        cited = Citation.history.filter(change_set__editor=editor)
        last = cited.order_by("-history_id").values("id")[:1]
        passages = Citation.objects.select_related("source")
        editor.last_cited = passages.filter(pk__in=last).first()
    return getattr(editor, "last_cited", None)


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


class SourcedForm(KnowledgeForm):
    """A passage of a stored source, or of a page that becomes one.

    Its source is found by the address of its page, and what leads to the section
    taken from that.
    """

    address = forms.URLField(
        label="Address of the page",
        required=False,
        max_length=500,
        assume_scheme="https",
        validators=[validate_web_address],
        help_text="Paste it: a source that has it is found, another one is added.",
    )
    same = forms.BooleanField(label="Same source as before", required=False)
    source_title = Source.title.field.formfield(
        label="Title of the new source", required=False
    )
    source_kind = Source.kind.field.formfield(
        label="Kind of the new source", required=False
    )
    source_publisher = Source.publisher.field.formfield(
        label="Publisher of the new source"
    )
    source_published_date = Source.published_date.field.formfield(
        label="Published on", widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def __init__(self, *args, editor=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.editor = editor or self.editor
        self.new_source = None
        self.is_of_new_source = False
        self.fields["source"].required = False
        # What is stored has its source.
        self.last = None if self.instance.pk else last_cited(self.editor)
        if self.last is None:
            self.hide("same")
        else:
            self.fields["same"].help_text = str(self.last.source)

    @property
    def source_fields(self):
        """What the source is, if it is new."""
        return [self[f"source_{name}"] for name in ASKED]

    def hide(self, *names):
        """Have the form carry fields that it does not show."""
        for name in names:
            self.fields[name].widget = forms.HiddenInput()

    def clean(self):
        self._find_source(self.cleaned_data)
        return super().clean()

    def _find_source(self, cleaned):
        """Take the source that is meant; one that is named goes before “the same”."""
        is_chosen = cleaned.get("source") and "source" in self.changed_data
        if cleaned.get("address") and is_chosen:
            self.add_error("source", "Paste an address or choose a source, not both.")
        elif cleaned.get("address"):
            self._find_page(cleaned)
        elif cleaned.get("same") and self.last and not is_chosen:
            cleaned["source"] = self.last.source
        elif not cleaned.get("source") and "address" not in self.errors:
            self.add_error("address", "Paste the address, or choose a source.")

    def _find_page(self, cleaned):
        address, _, fragment = cleaned["address"].partition("#")
        if fragment.startswith(ROUTES):
            # It is a part of what leads to the page.
            address, fragment = cleaned["address"], ""
        cleaned["source"] = Source.objects.at(address).first()
        if cleaned["source"] is None:
            self._check_new_source(address)
        self._point_at(unquote(fragment))

    def _point_at(self, fragment):
        """Take what leads to the section, unless something else is entered."""
        known = {"fragment", "no_fragment"} & {*self.fields}
        if any(self.cleaned_data.get(name) for name in known):
            return
        try:
            Citation.fragment.field.clean(fragment, None)
        except ValidationError:
            return
        self.cleaned_data["fragment"] = self.instance.fragment = fragment

    def _check_new_source(self, address):
        """Refuse to add a source without saying what it is, or without permission."""
        if not may(self.editor, Action.ADD, Source):
            self.add_error("address", "No source has this address; you may add none.")
            return
        self.is_of_new_source = True
        for name in ASKED:
            asked = self.base_fields[f"source_{name}"]
            self.fields[f"source_{name}"].widget = copy(asked.widget)
        said = ((name, self.cleaned_data.get(f"source_{name}")) for name in ASKED)
        source = Source(url=address, **{name: value for name, value in said if value})
        source.slug = free_slug(Source.objects, source.title)
        try:
            source.full_clean()
        except ValidationError as error:
            self.add_error("address", "No source has this address yet: say what it is.")
            for name, messages in error.message_dict.items():
                place = f"source_{name}" if name in ASKED else "address"
                self.add_error(place, messages)
        else:
            self.new_source = source

    def save(self, commit=True):
        if self.new_source:
            # Another passage of this post may have brought it.
            known = Source.objects.at(self.new_source.url).first()
            if known is None:
                self.new_source.save()
            self.instance.source = known or self.new_source
        return super().save(commit)


class PassageForm(SourcedForm):
    """A new passage of a cell."""

    field_order = ["address", "same", *(f"source_{name}" for name in ASKED)]

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

    def __init__(self, *args, after=None, **kwargs):
        """``after`` is the finding that was filled in before, if one was."""
        super().__init__(*args, **kwargs)
        # What it most likely has in common with the passage before.
        self.goes_on = {}
        if self.last and after and self.last.finding_id == after.pk:
            self.goes_on = {"same": True, "locator": self.last.locator}
            self.initial |= self.goes_on
        feature = self.instance.finding.feature
        self.fields["level"].choices = asserted_levels(feature)

    def has_changed(self):
        """Whether a passage is begun, be it by what was filled in for its editor."""
        return any(
            self[name].data and self[name].data != self.goes_on.get(name)
            for name in {*self.fields} - PRESET
        )


class CitationForm(SourcedForm):
    """A passage in the form of its statement, or in its own."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.hide("address")
        self.hide(*(f"source_{name}" for name in ASKED))

    def clean_key(self):
        """Let several new ones leave it empty: None is never the same twice."""
        return self.cleaned_data["key"] or None

    def has_changed(self):
        """Whether a new passage is begun, or a stored one edited."""
        preset = set() if self.instance.pk else PRESET
        return bool({*self.changed_data} - preset)
