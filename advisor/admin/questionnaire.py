from decimal import Decimal

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet

from comparisons.admin.shared import KnowledgeAdmin, KnowledgeInline

from ..choices import ThemeBasis
from ..models import Choice, Effect, Question, Share, Theme


class ShareFormSet(BaseInlineFormSet):
    """The shares of a theme."""

    def clean(self):
        """Refuse shares that do not sum to one."""
        super().clean()
        if self.instance.basis != ThemeBasis.FEATURES or any(self.errors):
            return
        total = sum(
            (
                form.cleaned_data.get("share") or Decimal(0)
                for form in self.forms
                if not form.cleaned_data.get("DELETE")
            ),
            Decimal(0),
        )
        if total != 1:
            raise ValidationError(
                f"The shares of a theme sum to 1; these sum to {total}.",
                code="shares_do_not_sum_to_one",
            )


class ShareInline(KnowledgeInline, admin.TabularInline):
    model = Share
    formset = ShareFormSet
    extra = 0
    autocomplete_fields = ["feature"]


@admin.register(Theme)
class ThemeAdmin(KnowledgeAdmin):
    list_display = ["name", "basis", "status", "position"]
    list_filter = ["status", "basis"]
    search_fields = ["name", "slug", "description"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [ShareInline]


class ChoiceInline(KnowledgeInline, admin.TabularInline):
    model = Choice
    extra = 0
    show_change_link = True


@admin.register(Question)
class QuestionAdmin(KnowledgeAdmin):
    list_display = ["text", "slug", "kind", "theme", "status", "position"]
    list_filter = ["status", "kind"]
    list_select_related = ["theme"]
    search_fields = ["text", "slug"]
    autocomplete_fields = ["theme"]
    inlines = [ChoiceInline]


class EffectInline(KnowledgeInline, admin.TabularInline):
    model = Effect
    extra = 0
    autocomplete_fields = ["theme", "feature"]


@admin.register(Choice)
class ChoiceAdmin(KnowledgeAdmin):
    """What an answer does stands in its effects."""

    list_display = ["label", "slug", "question"]
    list_filter = ["question"]
    list_select_related = ["question"]
    search_fields = ["label", "slug", "question__text"]
    autocomplete_fields = ["question"]
    inlines = [EffectInline]
