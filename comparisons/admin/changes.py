"""What changed, and the ways back: one set, one editor's work, what was deleted."""

from datetime import datetime, time

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminDateWidget
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone

from comparisons.choices import Action
from comparisons.editing.admin_urls import edit_address
from comparisons.editing.workflow import may, require
from comparisons.history.differences import differences
from comparisons.history.summaries import summaries
from comparisons.history.undoing import UndoConflict, obstacles, undo
from comparisons.models import ChangedObject, ChangeSet
from comparisons.models.text import PlainLineFormField

PAGE_SIZE = 50
# More sets than this are undone in several steps, from the latest on.
MOST_SETS = 200


class UndoForm(forms.Form):
    """Why something is taken back."""

    reason = PlainLineFormField(
        label="Why?",
        max_length=ChangeSet._meta.get_field("reason").max_length,
        help_text="A few words for the public list of changes.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    # The latest set that the confirmation showed; what came since stays.
    until = forms.IntegerField(required=False, widget=forms.HiddenInput)


class EditorForm(forms.Form):
    """Whose changes are to be taken back, and since when."""

    editor = forms.ModelChoiceField(queryset=get_user_model().objects.none())
    since = forms.DateField(
        label="Since (the whole day)",
        widget=AdminDateWidget,
        help_text="Such as 2026-11-28.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["editor"].queryset = (
            get_user_model()
            .objects.filter(change_sets__isnull=False)
            .distinct()
            .order_by("username")
        )

    @property
    def change_sets(self):
        """The sets of the editor since then, the latest first."""
        midnight = datetime.combine(self.cleaned_data["since"], time.min)
        since = timezone.make_aware(midnight)
        sets = ChangeSet.objects.by(self.cleaned_data["editor"]).since(since)
        return sets.select_related("editor")


@admin.register(ChangeSet)
class ChangeSetAdmin(admin.ModelAdmin):
    """Read what changed and take it back. Nobody edits history."""

    list_display = ["__str__", "kind", "editor", "created_at"]
    list_filter = ["kind", "created_at", "editor"]
    list_select_related = ["editor"]
    list_per_page = PAGE_SIZE
    search_fields = ["reason", "credit", "editor__username"]
    date_hierarchy = "created_at"
    change_list_template = "admin/change_sets.html"

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("deleted/", wrap(self.deleted), name="comparisons_deleted"),
            path("undo/", wrap(self.undo_editor), name="comparisons_undo_editor"),
            path("<int:pk>/undo/", wrap(self.undo_set), name="comparisons_undo_set"),
            *super().get_urls(),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show what a set changed, drafts included."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        changes = self.get_object(request, unquote(object_id))
        if changes is None:
            raise Http404("There is no such set of changes.")
        return self._page(
            request,
            "admin/change_set.html",
            title=changes,
            changes=changes,
            may_undo=may(request.user, Action.UNDO),
            undone_by=changes.undone_by.all(),
            undoes=changes.undoes.all(),
            **_contents(request, changes),
        )

    def undo_set(self, request, pk):
        """Confirm, then undo one set."""
        require(request.user, Action.UNDO)
        changes = get_object_or_404(ChangeSet.objects.select_related("editor"), pk=pk)
        return self._confirm(
            request,
            [changes],
            lambda: {"changes": changes, **_contents(request, changes)},
            title=f"Undo: {changes}",
        )

    def undo_editor(self, request):
        """Choose an editor and a day, confirm, then undo all since then or nothing."""
        require(request.user, Action.UNDO)
        asked = "editor" in request.GET
        choice = EditorForm(request.GET if asked else None)
        sets = list(choice.change_sets[: MOST_SETS + 1]) if choice.is_valid() else []
        context = {
            "title": "Undo everything by one editor",
            "choice": choice,
            "asked": choice.is_valid(),
            "too_many": MOST_SETS if len(sets) > MOST_SETS else None,
        }
        sets = sets[:MOST_SETS]
        return self._confirm(
            request,
            sets,
            lambda: {"summaries": summaries(sets, public=False)},
            **context,
        )

    def deleted(self, request):
        """List what was deleted and did not come back."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        gone = ChangedObject.objects.gone().select_related("change_set__editor")
        page = Paginator(gone.order_by("-pk"), PAGE_SIZE).get_page(
            request.GET.get("page")
        )
        return self._page(
            request,
            "admin/deleted_objects.html",
            title="What was deleted",
            page_obj=page,
            may_undo=may(request.user, Action.UNDO),
        )

    def _confirm(self, request, sets, contents, **context):
        """Undo ``sets``, or show what they hold, which ``contents()`` gathers."""
        latest = max((changes.pk for changes in sets), default=None)
        form = UndoForm(request.POST or None, initial={"until": latest})
        found = []
        if request.method == "POST" and form.is_valid() and sets:
            until = form.cleaned_data["until"] or latest
            try:
                undone = undo(
                    [changes for changes in sets if changes.pk <= until],
                    editor=request.user,
                    reason=form.cleaned_data["reason"],
                )
            except UndoConflict as conflict:
                found = conflict.obstacles
            else:
                return self._after(request, undone)
        return self._page(
            request,
            "admin/undo.html",
            sets=sets,
            form=form,
            obstacles=found or obstacles(sets),
            status=409 if found else 200,
            **context,
            **contents(),
        )

    def _after(self, request, undone):
        if not ChangeSet.objects.filter(pk=undone.pk).exists():
            self.message_user(request, "All was so already.", messages.INFO)
            return redirect("admin:comparisons_changeset_changelist")
        self.message_user(
            request, "Taken back. This set can be undone as well.", messages.SUCCESS
        )
        return redirect("admin:comparisons_changeset_change", undone.pk)

    def _page(self, request, template, *, status=200, **context):
        request.current_app = self.admin_site.name
        context = {**self.admin_site.each_context(request), "opts": self.opts} | context
        return TemplateResponse(request, template, context, status=status)


def _contents(request, changes):
    page = Paginator(changes.objects_changed.all(), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    [summary] = summaries([changes], public=False)
    return {
        "summary": summary,
        "page_obj": page,
        "differences": differences(page, edit_address=edit_address),
    }
