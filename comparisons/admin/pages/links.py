"""Addresses that lead elsewhere for good, replaced once an editor has looked."""

from django.contrib import messages
from django.contrib.admin import site
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils import timezone

from comparisons.admin.bases.desk import desk, desk_page
from comparisons.history.recording import change_set
from comparisons.models import Link

# No more addresses are confirmed on one page.
MOST = 100


@desk("comparisons.view_link")
def replace(request):
    """What would be replaced (GET), or replace what was shown (POST)."""
    if request.method != "POST":
        wanted = Link.objects.moved().filter(url__in=request.GET.getlist("url"))
        return confirm_replacing(request, wanted)
    confirmed = dict(
        zip(request.POST.getlist("url"), request.POST.getlist("new"), strict=False)
    )
    links = [
        link
        for link in Link.objects.moved().filter(url__in=list(confirmed)[:MOST])
        if link.moved_to_url == confirmed[link.url]
    ]
    # Asked before the first is replaced, so that no half is left.
    for link in links:
        for row, _ in link.holders():
            _require_change(request, row)
    changed = [row for link in links for row in _replace(request, link)]
    if changed:
        messages.success(request, f"{len(changed)} addresses replaced.")
    else:
        messages.warning(
            request,
            "Nothing was replaced: it has been done, or checked again, meanwhile, or "
            "another source has the new address and the two are to be merged.",
        )
    return redirect("admin:comparisons_link_changelist")


def confirm_replacing(request, links):
    """Return the page that asks whether ``links`` shall be replaced."""
    return desk_page(
        request,
        "comparisons/link/replace",
        "Use the new address",
        opts=Link._meta,
        links=[(link, link.holders()) for link in links[:MOST]],
        most=MOST,
        left_out=max(links.count() - MOST, 0),
    )


def _replace(request, link):
    """Replace one address, as one recorded set."""
    with change_set(editor=request.user, reason=f"{link.url} has moved"[:300]):
        changed = link.replace(on=timezone.localdate())
        for row in changed:
            _require_change(request, row)
    return changed


def _require_change(request, row):
    """Raise PermissionDenied if ``row`` may not be changed."""
    if not site.get_model_admin(type(row)).has_change_permission(request, row):
        raise PermissionDenied
