"""The matrix editor: one framework down its features, or one feature across.

One row at a time is open. Everything works by plain links and forms; a script
asks the same addresses for the rows that changed alone.
"""

from http import HTTPStatus

from django.contrib.admin import site
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from comparisons.admin.bases.conflicts import AT_THE_SAME_MOMENT
from comparisons.admin.bases.desk import desk, desk_page
from comparisons.admin.bases.intents import Intent, intent_of, recording
from comparisons.admin.bases.passages import PassageForm
from comparisons.admin.matrix.cells import CellEditor, ExtensionSelect
from comparisons.admin.matrix.sheets import Sheet
from comparisons.editing.locks import lock_all
from comparisons.models import Finding, Source


@desk("comparisons.view_finding")
@require_http_methods(["GET", "HEAD", "POST"])
def matrix(request, rows, slug):
    """The sheet of one of ``rows``, with the row open that the address names."""
    sheet = Sheet.of(get_object_or_404(rows, slug=slug))
    line = _line(sheet, request.GET.get("edit"))
    if "missing" in request.GET:
        line = sheet.missing
    if request.method == "POST":
        if line is None:
            raise Http404
        return _save(request, sheet, line)
    return _page(request, sheet, _editor(request, sheet, line) if line else None)


@desk("comparisons.view_source")
@require_safe
def source_at(request):
    """The source of the page at ``url``, if one is known, for the form's script."""
    field = PassageForm.base_fields["address"]
    try:
        source = Source.objects.at(field.clean(request.GET.get("url", ""))).first()
    except ValidationError:
        source = None
    return JsonResponse({"title": str(source) if source else None})


def _save(request, sheet, line):
    try:
        with recording(request):
            editor = _editor(request, sheet, line, request.POST)
            if editor.is_valid():
                editor.save()
            status = HTTPStatus.CONFLICT if editor.conflict else HTTPStatus.OK
    except IntegrityError:
        # Two new findings or sources at the same moment.
        with recording(request):
            editor = _editor(request, sheet, line, request.POST)
        status = HTTPStatus.CONFLICT
        if not editor.conflict:
            editor.form.add_error(None, AT_THE_SAME_MOMENT)
    if request.intent.page:
        return request.intent.page
    if request.intent.saved:
        request.intent.tell()
        return HttpResponseRedirect(_next_address(request, sheet, line))
    return _page(request, sheet, editor, status=status)


def _editor(request, sheet, line, data=None):
    """Return the editor of a cell as it is stored, which a post holds."""
    cell = {"framework": line.cell.framework, "feature": line.cell.feature}
    if data is not None:
        lock_all(Finding.objects.filter(**cell))
    finding = Finding.objects.with_parents().with_citations().filter(**cell).first()
    intent = Intent.of(request, finding, in_matrix=True)
    if data is None and intent.proposal:
        intent.shows, data = True, intent.proposal.form_data()
    if not CellEditor.may_edit(request, finding):
        raise PermissionDenied
    before = _line(sheet, request.GET.get("close"))
    after = before and before.cell.finding
    return CellEditor(request, line, finding, data, after=after)


def _next_address(request, sheet, line):
    """Return where saving ``line`` leads: the next row, the same one or none."""
    if "_accept" in request.POST:
        return request.intent.next_address()
    opened = line if "_stay" in request.POST else sheet.after(line)
    if "_close" in request.POST:
        opened = None
    query = {"edit": opened.slug} if opened else {}
    return reverse(
        request.resolver_match.view_name,
        args=[sheet.subject.slug],
        query=query | {"close": line.slug},
        fragment=(opened or line).slug,
    )


def _page(request, sheet, editor, status=HTTPStatus.OK):
    """Return the whole page, or to a script the rows that open and close."""
    changed = [editor.line] if editor else []
    closed = _line(sheet, request.GET.get("close"))
    if closed and closed not in changed:
        changed.append(closed)
    is_script = request.headers.get("X-Requested-With") == "XMLHttpRequest"
    return desk_page(
        request,
        "includes/_matrix_changes" if is_script else "matrix",
        f"Matrix: {sheet.subject}",
        status=status,
        axis=sheet.subject._meta.model_name,
        sheet=sheet,
        editor=editor,
        intent=intent_of(request),
        changed=changed,
        media=ExtensionSelect(Finding._meta.get_field("extension"), site).media,
    )


def _line(sheet, slug):
    """Return the line called ``slug``, None without a slug.

    Raises:
        Http404: there is no such line.
    """
    if not slug:
        return None
    line = sheet.line(slug)
    if line is None:
        raise Http404(f"No row is called “{slug}”.")
    return line
