"""Facets over the lists. A filter that makes no sense shows a message, not a 500."""

from datetime import UTC, date, datetime

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.forms.models import ModelChoiceIterator

from comparisons.choices import (
    ChangeKind,
    ExtensionKind,
    FeatureKind,
    FrameworkKind,
    Level,
    Maintenance,
    SourceKind,
)
from comparisons.facets import Facets, OneMore
from comparisons.forms import LONGEST_SEARCH, FilterForm
from comparisons.models import (
    Disagreement,
    Feature,
    FeatureGroup,
    Framework,
    Source,
)
from comparisons.pages.profile import levels_of
from comparisons.prepared import prepared
from comparisons.search.index import matching

# The answers of more frameworks than this are not summed up in menus.
MOST_SUMMED = 200


@prepared
def _menu(*, rows):
    return rows(None).values_list("slug", "name")


class Menu(ModelChoiceIterator):
    """What can be chosen, asked by a question that is put together once."""

    def __iter__(self):
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        yield from _menu(rows=self.field.rows)


class SlugField(django_filters.fields.ModelChoiceField):
    """One row of those that the function ``rows`` returns, by its slug."""

    iterator = Menu

    def __init__(self, *args, rows, **kwargs):
        self.rows = rows
        super().__init__(*args, **kwargs)


class SlugFilter(django_filters.ModelChoiceFilter):
    """Of one row, by its slug; ``queryset`` is a function of the request."""

    field_class = SlugField

    def __init__(self, *args, queryset, **kwargs):
        own = {"queryset": queryset, "rows": queryset, "to_field_name": "slug"}
        super().__init__(*args, **own, **kwargs)


def published(model):
    return lambda request: model.objects.published()


def capabilities(request):
    return Feature.objects.published().filter(kind=FeatureKind.CAPABILITY)


def use_cases(request):
    return Feature.objects.published().filter(kind=FeatureKind.USE_CASE)


def disputed_features(request):
    disputed = Disagreement.objects.published().filter(feature=OuterRef("pk"))
    return Feature.objects.published().filter(Exists(disputed))


def disputed_sections(request):
    disputed = Disagreement.objects.published().filter(feature__group=OuterRef("pk"))
    return FeatureGroup.objects.filter(Exists(disputed))


@prepared
def _features():
    return Feature.objects.published().values_list("slug", "name", "kind")


def _sum(counts, levels):
    return sum(counts.get(level, 0) for level in levels)


class WordsFilter(django_filters.CharFilter):
    """Of the rows that have all words, as the search finds them."""

    def __init__(self, **kwargs):
        super().__init__(max_length=LONGEST_SEARCH, **kwargs)

    def filter(self, queryset, value):
        return matching(queryset, value) if value else queryset


class ListFilter(Facets):
    """The facets of a list, in a form of ours."""

    class Meta:
        fields = []
        form = FilterForm


class FrameworkFilter(ListFilter):
    """Browse frameworks by kind, by what they provide, and by use case."""

    q = WordsFilter(label="Name or words")
    kind = django_filters.MultipleChoiceFilter(
        label="Kind", choices=FrameworkKind, widget=forms.CheckboxSelectMultiple
    )
    provides = django_filters.ModelMultipleChoiceFilter(
        label="Provides",
        queryset=capabilities,
        to_field_name="slug",
        widget=OneMore("Add a feature"),
        method="provide",
    )
    match = django_filters.ChoiceFilter(
        label="Of these",
        choices=[("any", "Any one")],
        empty_label="All of them",
        method="ignore",
    )
    at_least = django_filters.ChoiceFilter(
        label="Provided",
        choices=[
            (Level.OFFICIAL.value, "Built in or official"),
            (Level.BUILT_IN.value, "Built in"),
            (Level.MANUAL.value, "If need be by hand"),
        ],
        empty_label="By a package or better",
        method="ignore",
    )
    lacks = django_filters.ModelMultipleChoiceFilter(
        label="Does without",
        queryset=capabilities,
        to_field_name="slug",
        widget=OneMore("Add a feature"),
        method="lack",
    )
    fits = django_filters.ModelMultipleChoiceFilter(
        label="Fits well",
        queryset=use_cases,
        to_field_name="slug",
        widget=OneMore("Add a use case"),
        method="fit",
    )

    counted = {"kind": "kind"}

    @property
    def asked(self):
        """The features that are asked for, whose answers the list shows."""
        names = ("provides", "lacks", "fits") if self.given else ()
        return [row for name in names for row in self.given[name]]

    @property
    def level(self):
        """The level at which a feature has to be provided."""
        return Level(self.given.get("at_least") or Level.THIRD_PARTY)

    def count_choices(self):
        """Count in the menus too, how many of those listed have each feature."""
        if not super().count_choices():
            return False
        wanted = {
            "provides": (FeatureKind.CAPABILITY, self.level.at_least()),
            "lacks": (FeatureKind.CAPABILITY, [Level.MANUAL, Level.NONE]),
            "fits": (FeatureKind.USE_CASE, Level.GOOD.at_least()),
        }
        rows = self.qs.order_by().values_list("pk", flat=True)
        shown = list(rows[: MOST_SUMMED + 1])
        if len(shown) > MOST_SUMMED:
            return True
        features = _features()
        counts = levels_of(shown)
        for name, (kind, levels) in wanted.items():
            self.form.fields[name].widget.choices = [
                (slug, f"{label} ({_sum(counts.get(slug, {}), levels)})")
                for slug, label, own in features
                if own == kind
            ]
        return True

    def provide(self, queryset, name, features):
        if self.form.cleaned_data.get("match"):
            return queryset.providing(features, self.level) if features else queryset
        for feature in features:
            queryset = queryset.providing([feature], self.level)
        return queryset

    def lack(self, queryset, name, features):
        return queryset.lacking(features) if features else queryset

    def fit(self, queryset, name, features):
        for feature in features:
            queryset = queryset.fitting(feature)
        return queryset

    def ignore(self, queryset, name, value):
        """It only says how ``provides`` is meant."""
        return queryset


class ExtensionFilter(ListFilter):
    """Find an extension by its words, for a framework, for a feature, by its upkeep."""

    q = WordsFilter(label="Name or words")
    framework = SlugFilter(
        field_name="frameworks",
        label="Works with",
        queryset=published(Framework),
        empty_label="Any framework",
    )
    feature = SlugFilter(
        field_name="features",
        label="Provides",
        queryset=capabilities,
        empty_label="Any feature",
    )
    kind = django_filters.MultipleChoiceFilter(
        label="Made by", choices=ExtensionKind, widget=forms.CheckboxSelectMultiple
    )
    maintenance = django_filters.MultipleChoiceFilter(
        label="Upkeep", choices=Maintenance, widget=forms.CheckboxSelectMultiple
    )

    counted = {"kind": "kind", "maintenance": "maintenance"}


class SourceFilter(ListFilter):
    """Find a source by its words, its kind or what it disputes."""

    q = WordsFilter(label="Title, author or publisher")
    kind = django_filters.MultipleChoiceFilter(
        label="Kind", choices=SourceKind, widget=forms.CheckboxSelectMultiple
    )
    disputes = django_filters.BooleanFilter(
        label="Only sources that dispute something",
        method="dispute",
        widget=forms.CheckboxInput,
    )

    counted = {"kind": "kind"}

    def dispute(self, queryset, name, value):
        return queryset.disputing() if value else queryset


class DisagreementFilter(ListFilter):
    """Browse disagreements by section, feature and framework."""

    section = SlugFilter(
        field_name="feature__group",
        label="Section",
        queryset=disputed_sections,
        empty_label="Any section",
    )
    feature = SlugFilter(
        label="Feature",
        queryset=disputed_features,
        empty_label="Any feature",
    )
    framework = SlugFilter(
        field_name="frameworks",
        label="Framework",
        queryset=published(Framework),
        empty_label="Any framework",
    )


class SinceField(forms.CharField):
    """A day, or the number of a version of the knowledge; None if it is empty."""

    def clean(self, value):
        value = super().clean(value)
        if value.isdecimal():
            # Everything came after version 0.
            return int(value) or None
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            raise ValidationError(
                "Write a day, such as 2026-11-01, or the number of a version.",
                code="no_moment",
            ) from None


class SinceFilter(django_filters.CharFilter):
    """Keep what a reader missed who came last on a day, or at a version."""

    field_class = SinceField

    def filter(self, queryset, value):
        if value is None:
            return queryset
        if isinstance(value, int):
            return queryset.filter(version__gt=value)
        return queryset.since(datetime(value.year, value.month, value.day, tzinfo=UTC))


class ChangeSetFilter(ListFilter):
    """Follow the changes of one framework, feature or source, or of one kind."""

    since = SinceFilter(
        label="Since",
        max_length=15,
        help_text="A day, such as 2026-11-01, or a version.",
    )

    framework = SlugFilter(
        label="Framework",
        queryset=published(Framework),
        empty_label="Any framework",
        method="touch",
    )
    feature = SlugFilter(
        label="Feature",
        queryset=published(Feature),
        empty_label="Any feature",
        method="touch",
    )
    # Too many to choose from; a source's own page leads here.
    source = SlugFilter(
        label="Source",
        queryset=published(Source),
        method="touch",
        widget=forms.HiddenInput,
    )
    kind = django_filters.MultipleChoiceFilter(
        label="Kind", choices=ChangeKind, widget=forms.CheckboxSelectMultiple
    )

    @property
    def about(self):
        """The rows of which alone the changes are asked for, by what they are."""
        names = ("framework", "feature", "source")
        return {name: row for name in names if (row := self.given.get(name))}

    def touch(self, queryset, name, row):
        return queryset.public(**{name: row})
