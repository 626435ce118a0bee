"""Rows out to a file, and back with a preview: the pages around ``spreadsheets``.

An import is one recorded set: everything in the file, or nothing. It is a work of its
own (``comparisons.work.imports``), which compares, and stores once it is confirmed.
"""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import site
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone

from comparisons.admin.bases.desk import desk, desk_page
from comparisons.models.works import WorkKind, WorkState
from comparisons.spreadsheets import TABLES, files
from comparisons.work.driving import start

MOST_NAMED = 5
LONGEST_NAME = 200


class ExportForm(forms.Form):
    """What kind of file it shall be."""

    format = forms.ChoiceField(choices=[(name, name.upper()) for name in files.FORMATS])


class ImportFileForm(forms.Form):
    """A file of rows; ``rows`` holds them once the form is valid."""

    file = forms.FileField(
        label="File",
        max_length=LONGEST_NAME,
        help_text="An export with your changes: CSV or XLSX. With Excel use XLSX.",
        widget=forms.FileInput(
            attrs={"accept": ",".join(f".{name}" for name in files.FORMATS)}
        ),
    )

    def __init__(self, *args, table, **kwargs):
        super().__init__(*args, **kwargs)
        self.table = table
        # Sheets of a workbook besides the first.
        self.unread = []

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.IMPORT_MEGABYTES * 1_000_000:
            raise ValidationError(
                f"The file has {filesizeformat(file.size)}. No more than "
                f"{settings.IMPORT_MEGABYTES} MB are imported at once.",
                code="too_large",
            )
        self.content = file.read()
        self.unread = files.unread_sheets(self.content)
        self.rows = files.read(self.content)
        self.table.check(self.rows)
        return file


@desk()
def export_rows(request, model):
    """Ask for a format (GET), or give the rows that the list shows (POST)."""
    list_page = site.get_model_admin(model)
    if not list_page.has_view_permission(request):
        raise PermissionDenied
    try:
        rows = list_page.get_changelist_instance(request).queryset
    except IncorrectLookupParameters:
        # As the list itself answers a filter that it does not understand.
        return redirect(
            reverse(admin_urlname(model._meta, "changelist"), query={"e": "1"})
        )
    form = ExportForm(request.POST or None)
    if form.is_valid():
        try:
            return _file(model, rows, form.cleaned_data["format"])
        except ValidationError as error:
            form.add_error("format", error)
    title = f"Export {model._meta.verbose_name_plural}"
    return desk_page(request, "comparisons/export", title, opts=model._meta, form=form)


def _file(model, rows, extension):
    table = TABLES[model]()
    name = f"{model.__name__}-{timezone.localdate()}.{extension}"
    return HttpResponse(
        files.write(extension, model.__name__, table.headers, table.dump(rows)),
        content_type=files.FORMATS[extension],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@desk()
def import_rows(request, model):
    """Ask for a file (GET), or have it compared (POST); its work shows the rest."""
    table = _table(request, model)
    sent = [request.POST, request.FILES] if request.method == "POST" else []
    form = ImportFileForm(*sent, table=table)
    is_valid = form.is_valid()
    if form.unread:
        names = ", ".join(f"“{name}”" for name in form.unread[:MOST_NAMED])
        messages.warning(
            request,
            f"More sheets than the first are not read: {names}. To import one of them, "
            "move it to the front.",
        )
    opts, title = model._meta, f"Import {model._meta.verbose_name_plural}"
    if not is_valid:
        return desk_page(
            request, "comparisons/import", title, opts=opts, form=form, table=table
        )
    given = {"model": opts.label_lower, "file": form.cleaned_data["file"].name}
    # The next file of a table takes the place of one that waits for its editor's word.
    waiting = request.user.works.filter(kind=WorkKind.IMPORT, state=WorkState.READY)
    for former in waiting.filter(given__model=given["model"]):
        former.cancel()
    title = f"{title}: {given['file']}"
    work = start(
        WorkKind.IMPORT, request.user, title, given=given, content=form.content
    )
    return redirect("desk:work", pk=work.pk)


def _table(request, model):
    if not site.get_model_admin(model).has_change_permission(request):
        raise PermissionDenied
    return TABLES[model](request.user)
