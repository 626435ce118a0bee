"""Forms as editors fill them in: fields that read well, and judge what was changed."""

from collections import defaultdict
from copy import copy

from django import forms
from django.contrib.admin.widgets import (
    AdminTextareaWidget,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
)
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import BaseInlineFormSet, construct_instance
from django.utils import timezone

from comparisons.choices import FeatureKind, Level
from comparisons.editing.locks import lock_all
from comparisons.editing.workflow import PUBLISH, unsettled
from comparisons.keys import made_slug
from comparisons.models import Finding
from comparisons.models.listed import Listed

CODE = AdminTextareaWidget({"class": "desk-code", "rows": 12, "spellcheck": "false"})
MOST_PLACES = 32_767
GIVEN = {"slug", "key"}
MADE_SLUG = "Left empty, it is made of what is entered."
LEVEL_FIELDS = {"level", "at_least", "at_most"}


class KnowledgeForm(forms.ModelForm):
    """The form of one row.

    What is stored kept every promise when it was stored, so what nobody changed is
    not judged again: each constraint is a question to the database.
    """

    # They are set on the class that is made for one request.
    editor = None
    intent = None
    conflict = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.makes_slug = self.instance._state.adding and "slug" in self.fields
        if self.makes_slug:
            slug = self.fields["slug"]
            slug.required = False
            slug.help_text = f"{slug.help_text} {MADE_SLUG}".strip()

    def is_valid(self):
        """Whether it can be saved: not if it only shows what is proposed."""
        return super().is_valid() and not (self.intent and self.intent.shows)

    def clean(self):
        """Save nothing over what somebody else has stored meanwhile."""
        cleaned = super().clean()
        faults = []
        if self.conflict:
            faults.append(ValidationError(self.conflict.headline, code="conflict"))
        if self.intent and self.intent.refusal:
            faults.append(ValidationError(self.intent.refusal, code="refused"))
        if faults:
            raise ValidationError(faults)
        if self.instance._state.adding and not self.errors:
            self._refuse_twice(cleaned)
            if self.makes_slug and not cleaned["slug"]:
                row = construct_instance(self, copy(self.instance), self._meta.fields)
                cleaned["slug"] = self.make_slug(row)
        return cleaned

    def make_slug(self, row):
        """Return the slug of the new ``row``, as it was entered without one."""
        return made_slug(row)

    def _refuse_twice(self, cleaned):
        """Refuse a new row that says nothing but what another one says already.

        What it belongs to is locked, so that the second of two at once finds the first.
        """
        model = self._meta.model
        entered = {
            field.name: cleaned[field.name]
            for field in model._meta.concrete_fields
            if field.name in cleaned and not field.primary_key
            # Left empty, it is given.
            if cleaned[field.name] or field.name not in GIVEN
        }
        owners = [entered.get(name) for name in getattr(model, "belongs_to", ())]
        owners = [owner for owner in owners if owner]
        if not owners or any(owner.pk is None for owner in owners):
            return
        for owner in owners:
            lock_all([owner])
        if model._base_manager.filter(**entered).exists():
            raise ValidationError(
                "The same is stored already: was the form sent twice?", code="twice"
            )

    def _get_validation_exclusions(self):
        """Leave out what a change cannot break, as Django leaves out other fields."""
        excluded, meta = super()._get_validation_exclusions(), self.instance._meta
        if self.instance._state.adding:
            return excluded
        judged = changed = set(self.changed_data)
        for constraint in meta.constraints:
            condition = getattr(constraint, "condition", None)
            names = {*getattr(constraint, "fields", ())}
            names |= condition.referenced_base_fields if condition else set()
            if names & changed:
                judged = judged | names
        return excluded | {field.name for field in meta.fields} - judged


class OrderField(forms.IntegerField):
    """The place of a row among those beside it."""

    widget = forms.NumberInput({"class": "desk-order"})

    def __init__(self):
        text = "Smaller comes first; empty comes last."
        super().__init__(
            required=False, min_value=0, max_value=MOST_PLACES, help_text=text
        )


class KnowledgeFormSet(BaseInlineFormSet):
    """The rows that belong to one row, some in an order that editors choose."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if "order" in form.fields and form.instance.pk:
            form.fields["order"].initial = form.instance.place

    def save(self, commit=True):
        saved = super().save(commit)
        if any("order" in form.changed_data for form in self.staying()):
            self._put_in_order()
        return saved

    def _put_in_order(self):
        """Store the places that were typed; where none was, rows come last."""

        def typed(form):
            order = form["order"].value()
            return (order in ("", None), int(order or 0))

        for place, form in enumerate(sorted(self.staying(), key=typed)):
            if form.instance.place != place:
                form.instance.place = place
                form.instance.save(update_fields=["place"])

    def get_form_kwargs(self, index):
        """Judge no stored row in which nothing was changed."""
        kwargs = super().get_form_kwargs(index)
        if f"{self.add_prefix(index)}-DELETE" in self.data:
            return kwargs
        return kwargs | {"empty_permitted": True}

    def staying(self):
        """Return the forms of the rows that there will be."""
        return [
            form
            for form in self.forms
            if form.instance.pk or form.has_changed()
            if not getattr(form, "cleaned_data", {}).get("DELETE")
        ]


class KnowledgeFields:
    """Fields as editors read them: levels by kind, findings by name, short texts."""

    # Relations through which readers would see what is entered here.
    shown_by = []
    formfield_overrides = {
        models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 3})}
    }

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "accessed_date":
            # What is entered now was most likely read now.
            kwargs["initial"] = timezone.localdate
        if db_field.name == "code":
            kwargs["widget"] = CODE
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name in LEVEL_FIELDS:
            by_kind = [
                (kind.label, [(level.value, level.label) for level in kind.levels])
                for kind in FeatureKind
            ]
            is_given = db_field.has_default() and not db_field.blank
            nothing = [] if is_given else [("", "---------")]
            unknown = (Level.UNKNOWN.value, Level.UNKNOWN.label)
            kwargs["choices"] = [*nothing, *by_kind, unknown]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = LabelledSelect(db_field, self.admin_site)
        kwargs |= self._within_rights(db_field, request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = LabelledSelectMultiple(db_field, self.admin_site)
        if db_field.related_model is Finding:
            # A finding is called by its framework and feature.
            kwargs["queryset"] = Finding.objects.with_parents()
        kwargs |= self._within_rights(db_field, request)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def _within_rights(self, db_field, request):
        """Return what keeps a relation from adding to what readers see."""
        owners = getattr(self.model, "belongs_to", self.shown_by)
        intent = getattr(request, "intent", None)
        may_be_any = request.user.has_perm(PUBLISH) or (intent and intent.proposes)
        if db_field.name not in owners or may_be_any:
            return {}
        refusal = "Readers see it: propose the change there, or ask a reviewer."
        return {
            "queryset": unsettled(db_field.related_model),
            "error_messages": {"invalid_choice": refusal},
        }


class KnowledgeInline(KnowledgeFields):
    """Inline rows, read with what their forms and names show in a few queries."""

    form = KnowledgeForm
    formset = KnowledgeFormSet
    extra = 0
    # How many empty ones the form of something new begins with.
    first = 0
    # A post that claims to hold more is refused before so many forms are drawn.
    max_num = 150

    def get_extra(self, request, obj=None, **kwargs):
        return 0 if obj else self.first

    def get_fields(self, request, obj=None):
        ordered = ["order"] if self.fields and issubclass(self.model, Listed) else []
        return [*super().get_fields(request, obj), *ordered]

    def get_formset(self, request, obj=None, **kwargs):
        kwargs["absolute_max"] = self.max_num
        if issubclass(self.model, Listed) and "form" not in kwargs:
            fields = {"order": OrderField()}
            kwargs["form"] = type(self.form)("OrderedForm", (self.form,), fields)
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.editor = request.user
        return formset

    def get_queryset(self, request):
        keys = [
            each.name
            for each in self.opts.concrete_fields
            if each.many_to_one and not each.null
        ]
        links = [each.name for each in self.opts.local_many_to_many]
        rows = super().get_queryset(request)
        return rows.select_related(*keys).prefetch_related(*links)


# Fields that complete what is typed, many on one page in a few queries


class _Labelled:
    """Shows what is chosen by labels that ``label_choices()`` looked up for all."""

    # Primary key as text, and its label; None asks the database, as Django does.
    labels = None

    def optgroups(self, name, value, attr=None):
        if self.labels is None:
            return super().optgroups(name, value, attr)
        options = []
        if not self.is_required and not self.allow_multiple_selected:
            options.append(self.create_option(name, "", "", False, 0))
        for key in value:
            if label := self.labels.get(str(key)):
                options.append(self.create_option(name, key, label, True, len(options)))
        return [(None, options, 0)]


class LabelledSelect(_Labelled, AutocompleteSelect):
    """A foreign key."""


class LabelledSelectMultiple(_Labelled, AutocompleteSelectMultiple):
    """A many-to-many relation."""


def label_choices(forms):
    """Look up the labels of all that is chosen in ``forms``, once for each model."""
    by_model = defaultdict(list)
    for form in forms:
        for name in form.fields:
            bound = form[name]
            widget = getattr(bound.field.widget, "widget", bound.field.widget)
            if isinstance(widget, _Labelled):
                by_model[bound.field.queryset.model].append((bound, widget))
    for fields in by_model.values():
        chosen = {
            key
            for bound, widget in fields
            for key in widget.format_value(bound.value())
        }
        first = fields[0][0].field
        rows = first.queryset.filter(pk__in=possible_keys(chosen))
        labels = {str(row.pk): first.label_from_instance(row) for row in rows}
        for _, widget in fields:
            widget.labels = labels


def possible_keys(texts):
    """Return those of ``texts`` that can be primary keys in either database."""
    return [
        text
        for text in map(str, texts)
        if text.isascii() and text.isdecimal() and len(text) < 19
    ]
