"""The ways back: one set of changes, one editor's work, what was deleted or retired."""

from datetime import datetime, time

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminDateWidget
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.views.decorators.http import require_safe

from comparisons.admin.bases.desk import desk, desk_page
from comparisons.choices import Action
from comparisons.editing.admin_urls import edit_address
from comparisons.editing.workflow import WHOLE, may_undo
from comparisons.history.differences import differences
from comparisons.history.records import recorded_models
from comparisons.history.summaries import summaries
from comparisons.models import ChangedObject, ChangeSet
from comparisons.models.text import PlainLineFormField
from comparisons.models.works import WorkKind, WorkState
from comparisons.queue.drafts import retired_rows, tell
from comparisons.web.paging import PAGE_SIZE, page_of
from comparisons.work.driving import start
from comparisons.work.undoing import way_back

# More sets than this are undone in several steps, from the latest on.
MOST_SETS = 200
# So much of what was left as it is is named afterwards; the confirmation names more.
MOST_NAMED = 10


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
        users = get_user_model().objects.filter(change_sets__isnull=False)
        self.fields["editor"].queryset = users.distinct().order_by("username")

    @property
    def change_sets(self):
        """The sets of the editor since then, the latest first."""
        midnight = datetime.combine(self.cleaned_data["since"], time.min)
        since = timezone.make_aware(midnight)
        sets = ChangeSet.objects.by(self.cleaned_data["editor"]).since(since)
        return sets.with_editors()


@desk("comparisons.view_changeset")
@require_safe
def deleted(request):
    """What was deleted and did not come back, and what is retired."""
    label = request.GET.get("of", "")
    models = {model._meta.label_lower: model for model in recorded_models()}
    if label and label not in models:
        raise Http404("Nothing of this kind is recorded.")
    gone = ChangedObject.objects.gone().select_related("change_set__editor")
    if label:
        gone = gone.filter(model_label=label)
    page = page_of(request, gone.order_by("-pk"))
    chosen = [models[label]] if label else recorded_models()
    retired = retired_rows(chosen, request.user)[: PAGE_SIZE + 1]
    return desk_page(
        request,
        "deleted_objects",
        f"Deleted or retired {chosen[0]._meta.verbose_name_plural}"
        if label
        else "What was deleted or retired",
        opts=ChangeSet._meta,
        page_obj=page,
        retired=tell(retired[:PAGE_SIZE]),
        most=PAGE_SIZE if len(retired) > PAGE_SIZE else None,
        may_undo=may_undo(request.user),
    )


@desk("comparisons.view_changeset")
def undo_set(request, pk):
    """Confirm, then undo what nothing stands in the way of, and nobody's right."""
    if not may_undo(request.user):
        raise PermissionDenied("Your account does not have this right.")
    changes = get_object_or_404(ChangeSet.objects.with_editors(), pk=pk)
    return _confirm(
        request,
        f"Undo: {changes}",
        [changes],
        lambda: {"changes": changes, **contents(request, changes)},
    )


@desk(WHOLE[Action.UNDO])
def undo_editor(request):
    """Choose an editor and a day, confirm, then undo what still can be."""
    asked = "editor" in request.GET
    choice = EditorForm(request.GET if asked else None)
    sets = list(choice.change_sets[: MOST_SETS + 1]) if choice.is_valid() else []
    return _confirm(
        request,
        "Undo everything by one editor",
        sets[:MOST_SETS],
        lambda: {"summaries": summaries(sets[:MOST_SETS], public=False)},
        choice=choice,
        asked=choice.is_valid(),
        too_many=MOST_SETS if len(sets) > MOST_SETS else None,
    )


def _confirm(request, title, sets, gather, **context):
    """Undo ``sets``, or show what they hold, which ``gather()`` finds out."""
    latest = max((changes.pk for changes in sets), default=None)
    form = UndoForm(request.POST or None, initial={"until": latest})
    status = 200
    if request.method == "POST" and form.is_valid() and sets:
        until = form.cleaned_data["until"] or latest
        given = {
            "sets": [changes.pk for changes in sets if changes.pk <= until],
            "reason": form.cleaned_data["reason"],
        }
        work = start(WorkKind.UNDO, request.user, title, given=given)
        if work.state != WorkState.DONE:
            return redirect("desk:work", pk=work.pk)
        if work.told["changes"] or not work.told["left"]:
            return _after(request, work.told)
        status = 409
    return desk_page(
        request,
        "undo",
        title,
        status=status,
        opts=ChangeSet._meta,
        sets=sets,
        form=form,
        ahead=way_back(sets, request.user),
        most_obstacles=PAGE_SIZE,
        **context,
        **gather(),
    )


def _after(request, told):
    if not told["changes"]:
        messages.info(request, "All was so already.")
        return redirect("admin:comparisons_changeset_changelist")
    as_sets = f", in {told['parts']} sets" if told["parts"] > 1 else ""
    messages.success(request, f"Taken back{as_sets}. It can be undone as well.")
    if told["left"]:
        messages.warning(request, _left(told))
    return redirect("admin:comparisons_changeset_change", told["changes"])


def _left(told):
    left = told["left"]
    others = len(left[MOST_NAMED:]) + told["others"]
    return format_html(
        "Left as it is: {}<ul>{}</ul>{}",
        len(left) + told["others"],
        format_html_join("", "<li>{}</li>", ((each,) for each in left[:MOST_NAMED])),
        f"And {others} more." if others else "",
    )


def contents(request, changes):
    """Return what a page shows of one set of changes."""
    page = page_of(request, changes.objects_changed.all())
    [summary] = summaries([changes], public=False)
    return {
        "summary": summary,
        "page_obj": page,
        "differences": differences(page, edit_address=edit_address),
    }
