"""What goes on in the background: how far it is, what came of it, how to stop it."""

from django.contrib import messages
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from comparisons.admin.bases.desk import AGAIN, desk, desk_page
from comparisons.admin.bases.intents import change_reason
from comparisons.admin.pages.imports import ImportFileForm
from comparisons.editing.workflow import PUBLISH
from comparisons.models import Work
from comparisons.models.works import WorkKind, WorkState
from comparisons.work.driving import MOST_KEPT, go_on, start

# What a reviewer may start, and the rows that it looks at.
CHECKS = {WorkKind.LINKS: "comparisons.view_link", WorkKind.PASSAGES: PUBLISH}


@desk()
@require_safe
def works(request):
    """The latest that one may see."""
    found = Work.objects.visible_to(request.user).select_related("editor")
    is_reviewer = request.user.has_perm(PUBLISH)
    return desk_page(
        request,
        "works",
        "Long work",
        works=found.defer("content")[:MOST_KEPT],
        checks=CHECKS if is_reviewer else [],
    )


@desk()
@require_safe
def work(request, pk):
    """How far it is, or what came of it."""
    found = _found(request, pk)
    page = desk_page(
        request,
        "work",
        found.title,
        work=found,
        is_left=Work.objects.left().filter(pk=pk).exists(),
        opts=found.model and found.model._meta,
        # A file with mistakes is chosen again where they are told.
        form=ImportFileForm(table=None),
    )
    if found.is_at_work:
        page["Refresh"] = AGAIN
    return page


@desk()
@require_POST
def resume(request, pk):
    """Have it go on, if nobody works on it any more."""
    go_on(_found(request, pk))
    return redirect("desk:work", pk=pk)


@desk()
@require_POST
def cancel(request, pk):
    """Have it stop before its next step."""
    found = _found(request, pk)
    if found.cancel():
        messages.success(request, f"Cancelled: {found}.")
    else:
        messages.warning(request, "It is over already.")
    return redirect("desk:work", pk=pk)


@desk()
@require_POST
def confirm(request, pk):
    """Import what was compared; the own files alone."""
    own = request.user.works.filter(pk=pk, kind=WorkKind.IMPORT, state=WorkState.READY)
    found = own.first()
    if found is None:
        messages.warning(
            request,
            "Nothing was imported: this file was imported already, or another one "
            "took its place. Choose it again.",
        )
        return redirect("desk:works")
    given = found.given | {"is_confirmed": True, "reason": change_reason(request)}
    if own.update(state=WorkState.WAITING, given=given, tries=0, done=0):
        found.refresh_from_db()
        go_on(found)
    if not found.told.get("is_stored"):
        return redirect("desk:work", pk=pk)
    told, name = found.told, found.given["file"]
    messages.success(
        request,
        f"Imported from {name}: {told['added']} added, {told['changed']} changed.",
    )
    return redirect(admin_urlname(found.model._meta, "changelist"))


@desk(PUBLISH)
@require_POST
def check(request, kind):
    """Start a check, or lead to the one that runs."""
    if kind not in CHECKS:
        raise Http404("There is no such check.")
    running = Work.objects.at_work().filter(kind=kind).first()
    found = running or start(kind, request.user, WorkKind(kind).label)
    return redirect("desk:work", pk=found.pk)


def _found(request, pk):
    visible = Work.objects.visible_to(request.user).defer("content")
    return get_object_or_404(visible, pk=pk)
