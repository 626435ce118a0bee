from django.contrib import admin
from django.core.exceptions import ValidationError

from comparisons.admin.bases.forms import KnowledgeFormSet, KnowledgeInline
from comparisons.admin.bases.publishing import PublishableAdmin
from comparisons.models import Disagreement, Position
from comparisons.models.disagreements import ONE_SIDED


class PositionFormSet(KnowledgeFormSet):
    """The sides of a disagreement."""

    def clean(self):
        """Refuse to publish with fewer than two sides, or one without passages."""
        super().clean()
        if not self.instance.is_published:
            return
        sides = self.staying()
        if len(sides) < 2 or not all(side["citations"].value() for side in sides):
            raise ValidationError(ONE_SIDED, code="one_sided")


class PositionInline(KnowledgeInline, admin.StackedInline):
    model = Position
    first = 2
    formset = PositionFormSet
    autocomplete_fields = ["citations"]


@admin.register(Disagreement)
class DisagreementAdmin(PublishableAdmin):
    list_display = ["key", "question", "feature", "status"]
    list_display_links = ["key", "question"]
    list_filter = ["status", "frameworks", "feature__group"]
    list_select_related = ["feature"]
    search_fields = ["key", "question", "decision"]
    autocomplete_fields = ["feature", "frameworks"]
    inlines = [PositionInline]

    def get_changeform_initial_data(self, request):
        """Let a new one have the number after the last: G51."""
        numbers = [
            int(key[1:])
            for key in Disagreement.objects.values_list("key", flat=True)
            if key.startswith("G") and key[1:].isdecimal()
        ]
        initial = super().get_changeform_initial_data(request)
        return {"key": f"G{max(numbers, default=0) + 1:02}"} | initial
