"""Facets over the lists. A filter that makes no sense shows a message, not a 500."""

from datetime import UTC, date, datetime

import django_filters
from django import forms
from django.core.exceptions import ValidationError

from comparisons.choices import (
    ChangeKind,
    ExtensionKind,
    FeatureKind,
    FrameworkKind,
    Level,
    Maintenance,
    SourceKind,
)
from comparisons.forms import LONGEST_SEARCH, FilterForm
from comparisons.models import (
    ChangeSet,
    Disagreement,
    Extension,
    Feature,
    FeatureGroup,
    Framework,
    Source,
)
from comparisons.search.index import matching


class SlugFilter(django_filters.ModelChoiceFilter):
    """Of one row, by its slug; ``queryset`` is a function of the request."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, to_field_name="slug", **kwargs)


def published(model):
    return lambda request: model.objects.published()


def capabilities(request):
    return Feature.objects.published().capabilities()


def use_cases(request):
    return Feature.objects.published().use_cases()


def disputed_features(request):
    disputed = Disagreement.objects.published()
    return Feature.objects.published().filter(disagreements__in=disputed).distinct()


def disputed_sections(request):
    disputed = Disagreement.objects.published()
    return FeatureGroup.objects.filter(features__disagreements__in=disputed).distinct()


class FrameworkFilter(django_filters.FilterSet):
    """Browse frameworks by kind, by a feature that they provide, by use case."""

    q = django_filters.CharFilter(
        label="Name or words", method="search", max_length=LONGEST_SEARCH
    )
    kind = django_filters.MultipleChoiceFilter(
        label="Kind", choices=FrameworkKind, widget=forms.CheckboxSelectMultiple
    )
    provides = SlugFilter(
        label="Provides",
        queryset=capabilities,
        empty_label="Any feature",
        method="provide",
    )
    at_least = django_filters.ChoiceFilter(
        label="At least as",
        choices=[
            (level.value, level.label)
            for level in FeatureKind.CAPABILITY.levels
            if level not in (Level.THIRD_PARTY, Level.NONE)
        ],
        empty_label=Level.THIRD_PARTY.label,
        method="ignore",
    )
    fits = SlugFilter(
        label="Fits well",
        queryset=use_cases,
        empty_label="Any use case",
        method="fit",
    )

    class Meta:
        model = Framework
        fields = []
        form = FilterForm

    def search(self, queryset, name, value):
        return matching(queryset, value)

    def provide(self, queryset, name, feature):
        level = self.form.cleaned_data.get("at_least") or Level.THIRD_PARTY
        return queryset.providing(feature, Level(level))

    def fit(self, queryset, name, feature):
        return queryset.fitting(feature)

    def ignore(self, queryset, name, value):
        """The level only says how ``provides`` is meant."""
        return queryset


class ExtensionFilter(django_filters.FilterSet):
    """Find an extension by its words, for a framework, for a feature, by its upkeep."""

    q = django_filters.CharFilter(
        label="Name or words", method="search", max_length=LONGEST_SEARCH
    )
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

    class Meta:
        model = Extension
        fields = []
        form = FilterForm

    def search(self, queryset, name, value):
        return matching(queryset, value)


class SourceFilter(django_filters.FilterSet):
    """Find a source by its words, its kind or what it disputes."""

    q = django_filters.CharFilter(
        label="Title, author or publisher", method="search", max_length=LONGEST_SEARCH
    )
    kind = django_filters.MultipleChoiceFilter(
        label="Kind", choices=SourceKind, widget=forms.CheckboxSelectMultiple
    )
    disputes = django_filters.BooleanFilter(
        label="Only sources that dispute something",
        method="dispute",
        widget=forms.CheckboxInput,
    )

    class Meta:
        model = Source
        fields = []
        form = FilterForm

    def search(self, queryset, name, value):
        return matching(queryset, value)

    def dispute(self, queryset, name, value):
        return queryset.disputing() if value else queryset


class DisagreementFilter(django_filters.FilterSet):
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

    class Meta:
        model = Disagreement
        fields = []
        form = FilterForm


class SinceField(forms.CharField):
    """A day, or the number of a version of the knowledge; None if it is empty."""

    def clean(self, value):
        value = super().clean(value)
        if value.isdecimal():
            return int(value)
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


class ChangeSetFilter(django_filters.FilterSet):
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

    class Meta:
        model = ChangeSet
        fields = []
        form = FilterForm

    def touch(self, queryset, name, row):
        return queryset.public(**{name: row})
