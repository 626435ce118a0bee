from decimal import Decimal

from django.contrib import admin, messages
from django.core.exceptions import ValidationError

from advisor.choices import ThemeBasis
from advisor.models import (
    Choice,
    Conflict,
    Effect,
    Kinship,
    Preset,
    PresetPoints,
    Question,
    Share,
    Theme,
)
from comparisons.admin.bases.forms import KnowledgeFormSet, KnowledgeInline
from comparisons.admin.bases.knowledge import KnowledgeAdmin
from comparisons.admin.bases.publishing import PublishableAdmin, PublishableForm
from comparisons.choices import Action
from comparisons.editing.workflow import refusal


class ShareFormSet(KnowledgeFormSet):
    """The shares of a theme."""

    def clean(self):
        """Refuse shares that do not sum to one, and drafts in a published theme."""
        super().clean()
        if self.instance.basis != ThemeBasis.FEATURES or any(self.errors):
            return
        shares = [form.instance for form in self.staying()]
        total = sum((share.share for share in shares), Decimal(0))
        if total != 1:
            raise ValidationError(
                f"The shares of a theme sum to 1; these sum to {total}.",
                code="shares_do_not_sum_to_one",
            )
        if self.instance.is_published:
            for share in shares:
                if not share.feature.is_published:
                    raise ValidationError(
                        f"“{share.feature}” is not published, so a published theme "
                        "cannot count it.",
                        code="unpublished_feature",
                    )


class ThemeForm(PublishableForm):
    """A theme whose shares come in the same post; the formset judges them."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.shares_follow = True


class ShareInline(KnowledgeInline, admin.TabularInline):
    model = Share
    formset = ShareFormSet
    autocomplete_fields = ["feature"]


@admin.register(Theme)
class ThemeAdmin(PublishableAdmin):
    form = ThemeForm
    list_display = ["name", "basis", "status", "position"]
    list_filter = ["status", "basis"]
    search_fields = ["name", "slug", "description"]
    inlines = [ShareInline]
    actions = [*PublishableAdmin.actions, "make_shares_equal"]

    @admin.action(description="Make the shares equal", permissions=["change"])
    def make_shares_equal(self, request, queryset):
        """Give every feature of the chosen themes the same share."""
        equalised = 0
        for theme in queryset:
            if reason := refusal(request.user, Action.CHANGE, theme):
                self.message_user(
                    request, f"“{theme}” stays as it is. {reason}", messages.WARNING
                )
                continue
            theme.share_equally()
            equalised += 1
        if equalised:
            self.message_user(
                request, f"The shares of {equalised} themes are equal now."
            )


class ChoiceFormSet(KnowledgeFormSet):
    """The choices of a question, without their effects."""

    def clean(self):
        """Refuse new choices, which have no effect yet, in a published question."""
        super().clean()
        if self.instance.is_published and any(
            form.has_changed() for form in self.extra_forms
        ):
            raise ValidationError(
                "A choice that is added here has no effect yet. Add it to the list of "
                "choices, together with its effects, or save the question as a draft.",
                code="no_effect",
            )


class EffectsInWords:
    """What a choice does, as a sentence beside it."""

    @admin.display(description="What it does")
    def effects_in_words(self, choice):
        return "; ".join(map(str, choice.effects.all())) or "nothing by itself"

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .prefetch_related("effects__theme", "effects__feature")
        )


class ChoiceInline(EffectsInWords, KnowledgeInline, admin.TabularInline):
    model = Choice
    formset = ChoiceFormSet
    show_change_link = True
    readonly_fields = ["effects_in_words"]


@admin.register(Question)
class QuestionAdmin(PublishableAdmin):
    list_display = ["text", "slug", "kind", "theme", "status", "position"]
    list_filter = ["status", "kind"]
    list_select_related = ["theme"]
    search_fields = ["text", "slug"]
    autocomplete_fields = ["theme", "shown_if"]
    inlines = [ChoiceInline]


class EffectInline(KnowledgeInline, admin.TabularInline):
    model = Effect
    autocomplete_fields = ["theme", "feature"]


@admin.register(Choice)
class ChoiceAdmin(EffectsInWords, KnowledgeAdmin):
    """What an answer does stands in its effects."""

    list_display = ["label", "slug", "question", "effects_in_words"]
    list_filter = ["question"]
    list_select_related = ["question"]
    search_fields = ["label", "slug", "question__text"]
    autocomplete_fields = ["question"]
    inlines = [EffectInline]


class PresetPointsInline(KnowledgeInline, admin.TabularInline):
    model = PresetPoints
    autocomplete_fields = ["theme"]


@admin.register(Preset)
class PresetAdmin(PublishableAdmin):
    list_display = ["name", "choice", "status"]
    list_filter = ["status"]
    list_select_related = ["choice"]
    search_fields = ["name", "slug", "why"]
    autocomplete_fields = ["choice", "citations"]
    inlines = [PresetPointsInline]


@admin.register(Conflict)
class ConflictAdmin(PublishableAdmin):
    list_display = ["message", "first", "second", "status"]
    list_filter = ["status"]
    list_select_related = ["first", "second"]
    search_fields = ["slug", "message"]
    autocomplete_fields = ["first", "second"]


@admin.register(Kinship)
class KinshipAdmin(PublishableAdmin):
    list_display = ["known", "helped", "worth", "reason", "status"]
    list_filter = ["status", "known", "helped"]
    list_select_related = ["known", "helped"]
    search_fields = ["known__name", "helped__name", "reason"]
    autocomplete_fields = ["known", "helped", "source"]
