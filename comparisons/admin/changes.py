from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.utils.text import Truncator

from comparisons.admin.bases.desk import ReadOnlyAdmin, desk_page
from comparisons.admin.pages.undo import contents
from comparisons.editing.workflow import may_undo
from comparisons.history.summaries import summaries
from comparisons.models import ChangeSet


class SummedUp(ChangeList):
    """Sets of changes with what each of them did."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.result_list)
        for summary in summaries(self.result_list, public=False):
            summary.change_set.summary = summary


@admin.register(ChangeSet)
class ChangeSetAdmin(ReadOnlyAdmin):
    """Read what changed. Nobody edits history; ``pages.undo`` takes it back."""

    list_display = ["__str__", "what", "kind", "editor", "created_at"]
    list_filter = ["kind", "created_at", "editor"]
    list_select_related = ["editor"]
    search_fields = [
        "reason",
        "credit",
        "editor__username",
        "objects_changed__name",
    ]
    search_help_text = "Words of a reason, or of the name of what was changed."
    date_hierarchy = "created_at"
    change_list_template = "admin/change_sets.html"

    def get_changelist(self, request, **kwargs):
        return SummedUp

    @admin.display(description="what was changed")
    def what(self, changes):
        return Truncator(changes.summary.sentence).chars(200)

    def page_of(self, request, changes):
        """Show what a set changed, drafts included."""
        return desk_page(
            request,
            "change_set",
            changes,
            opts=self.opts,
            changes=changes,
            may_undo=may_undo(request.user),
            undone_by=changes.undone_by.all(),
            undoes=changes.undoes.all(),
            **contents(request, changes),
        )
