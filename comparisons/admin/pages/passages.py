"""A passage whose section changed, as it was read beside what stands there now."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from comparisons.admin.bases.desk import desk, desk_page
from comparisons.choices import PassageState
from comparisons.history.differences import ADDED, REMOVED, word_differences
from comparisons.history.recording import change_set
from comparisons.models import Citation, PassageCheck


@desk("comparisons.change_citation")
def reread(request, key):
    """Show both texts (GET), or note that the passage still says so (POST)."""
    checks = PassageCheck.objects.open().select_related("citation__source")
    check = get_object_or_404(checks, citation__key=key)
    if request.method == "POST":
        return _accept(request, check)
    words = word_differences(check.before, check.after)
    return desk_page(
        request,
        "comparisons/citation/reread",
        f"Read again: {check.citation}",
        opts=Citation._meta,
        check=check,
        state=PassageState(check.state),
        sides=[
            (check.citation.release, _without(ADDED, words), check.before),
            (check.release, _without(REMOVED, words), check.after),
        ],
    )


def _without(left_out, words):
    return [(how, text) for how, text in words if how != left_out]


def _accept(request, check):
    shown = request.POST.get("fingerprint")
    with (
        change_set(editor=request.user, reason=f"Read again in {check.release}"),
        transaction.atomic(),
    ):
        check = PassageCheck.objects.select_for_update().get(pk=check.pk)
        if not check.fingerprint or check.fingerprint != shown:
            messages.warning(
                request, "It was looked for again meanwhile: compare the texts anew."
            )
            return redirect("desk:reread", key=check.citation.key)
        check.accept(on=timezone.localdate())
    messages.success(request, f"Noted: {check.citation} stands in {check.release}.")
    return redirect("desk:queue-section", slug="passages")
