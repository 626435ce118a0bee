"""Several rows side by side, made one."""

from django.contrib import messages
from django.contrib.admin import site
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.text import Truncator

from comparisons.admin.bases.desk import desk, desk_page
from comparisons.admin.bases.forms import possible_keys
from comparisons.admin.bases.intents import change_reason
from comparisons.admin.bases.merging import MOST
from comparisons.editing.admin_urls import edit_address
from comparisons.editing.seen import Seen
from comparisons.merging import Merge, MergeRefused, Report, merge, words

# A longer list of what moves is cut.
SHOWN = 30


@desk()
def merge_rows(request, model):
    """Rows side by side and what merging would do (GET), or do it (POST)."""
    if not site.get_model_admin(model).has_merge_permission(request):
        raise PermissionDenied
    posted = request.POST if request.method == "POST" else request.GET
    keys = possible_keys(posted.getlist("row"))
    rows = list(model.objects.filter(pk__in=keys))
    if not 2 <= len(rows) <= MOST:
        messages.error(request, f"Choose two to {MOST}; what you chose may be gone.")
        return redirect(admin_urlname(model._meta, "changelist"))
    by_key = {str(row.pk): row for row in rows}
    oldest = min(rows, key=lambda row: row.pk)
    kept = by_key.get(posted.get("keep"), oldest)
    if request.method == "POST":
        try:
            return _merge(request, kept, rows)
        except (MergeRefused, model.DoesNotExist) as refusal:
            messages.error(request, str(refusal))
    return _confirm(request, kept, rows)


def _merge(request, kept, rows):
    seen = Seen.posted(request.POST, kept)
    report = merge(
        kept,
        *(row for row in rows if row != kept),
        editor=request.user,
        reason=change_reason(request),
        shown=seen.stamp if seen else "",
    )
    gone = ", ".join(f"“{row}” ({row.slug})" for row in rows if row != kept)
    waiting = len(report.to_review)
    messages.success(
        request,
        f"{gone} merged into “{kept}”."
        + (f" {waiting} statements wait for review." if waiting else ""),
    )
    return redirect(edit_address(kept))


def _confirm(request, kept, rows):
    """Return the page that shows what merging ``rows`` into ``kept`` would do."""
    # Working it out changes the rows in memory, so it gets rows of its own.
    own = type(kept).objects.in_bulk([row.pk for row in rows])
    report, refusal = Report(), ""
    try:
        report = Merge(
            own.pop(kept.pk), [own[row.pk] for row in rows if row != kept]
        ).report
    except MergeRefused as error:
        refusal = str(error)
    return desk_page(
        request,
        "merge",
        f"Merge {kept._meta.verbose_name_plural}",
        opts=kept._meta,
        rows=rows,
        kept=kept,
        fields=_side_by_side(rows),
        report=report,
        seen=Seen.of(kept, stamp=report.stamp()),
        refusal=refusal,
        parts=_told(kept, report),
    )


def _told(kept, report):
    """Return (heading, what it means, lines, whether there are more) of each part."""
    hidden = [f"{row}: to review" for row in report.to_review]
    hidden += [f"{row}: retired" for row in report.retired]
    hidden += [f"{row}: deleted, as the two are one" for row in report.dissolved]
    moved = [f"{row._meta.verbose_name.capitalize()}: {row}" for row in report.moved]
    moved += [f"{row} links to {other}" for row, other in report.linked]
    parts = [
        (
            "Answers that both have",
            f"Each pair becomes one. The answer of “{kept}” stays, with the citations "
            "of both.",
            [f"{row} ← {gone}" for row, gone in report.joined],
        ),
        (
            "Readers see no more, until it is reviewed",
            "The answers differ, or something in them was not public yet. Comparisons "
            "that there are twice are retired.",
            hidden,
        ),
        (
            "What differs",
            "The history keeps what goes, and the merge can be undone.",
            [
                f"{row}, {label}: “{_short(stays)}” stays, “{_short(goes)}” goes"
                for row, label, stays, goes in report.given_up
            ],
        ),
        (
            "Filled or joined",
            "What is kept had nothing there, or lists both.",
            [
                f"{row}: {label} becomes “{_short(text)}”"
                for row, label, text in report.filled
            ],
        ),
        (f"What moves to “{kept}”", "The old addresses lead here.", moved),
    ]
    return [
        (f"{heading} ({len(lines)})", meaning, lines[:SHOWN], len(lines) > SHOWN)
        for heading, meaning, lines in parts
        if lines
    ]


def _short(text):
    return Truncator(text).chars(300)


def _side_by_side(rows):
    """Return (label, whether they differ, a text for each row) for each field."""
    compared = []
    for tracked in rows[0]._meta.concrete_fields:
        if not tracked.editable or tracked.primary_key:
            continue
        texts = [words(row, tracked.name) for row in rows]
        compared.append((tracked.verbose_name, len(set(texts)) > 1, texts))
    return compared
