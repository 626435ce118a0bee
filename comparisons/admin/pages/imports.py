"""Rows out to a file, and back with a preview: the pages around ``spreadsheets``.

An import is one recorded set: everything in the file, or nothing.
"""

import uuid

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import site
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from comparisons.admin.bases.desk import desk, desk_page
from comparisons.admin.bases.intents import change_reason
from comparisons.choices import ChangeKind
from comparisons.history.recording import change_set
from comparisons.models import ChangeSet, PendingImport
from comparisons.spreadsheets import TABLES, files

# No more rows are shown on one page; all of them are imported.
MOST_SHOWN = 200
MOST_NAMED = 5


class ExportForm(forms.Form):
    """What kind of file it shall be."""

    format = forms.ChoiceField(
        choices=[(str(i), name.upper()) for i, name in enumerate(files.FORMATS)]
    )


class ImportFileForm(forms.Form):
    """A file of rows; ``rows`` holds them once the form is valid."""

    file = forms.FileField(
        label="File",
        max_length=PendingImport._meta.get_field("file_name").max_length,
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


class ConfirmForm(forms.Form):
    """Which of the waiting files is meant."""

    token = forms.UUIDField(widget=forms.HiddenInput)


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
            return _file(
                model, rows, list(files.FORMATS)[int(form.cleaned_data["format"])]
            )
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
    """Ask for a file (GET), or show what it would change (POST)."""
    table = _table(request, model)
    sent = [request.POST, request.FILES] if request.method == "POST" else []
    form = ImportFileForm(*sent, table=table)
    confirm_form = None
    is_valid = form.is_valid()
    if form.unread:
        names = ", ".join(f"“{name}”" for name in form.unread[:MOST_NAMED])
        messages.warning(
            request,
            f"More sheets than the first are not read: {names}. To import one of them, "
            "move it to the front.",
        )
    if is_valid:
        name = form.cleaned_data["file"].name
        _load(request, table, name, form.rows, is_confirmed=False)
        if table.changes and not table.problems:
            # It waits in the database, where every process of the site finds it.
            pending, _ = PendingImport.objects.update_or_create(
                editor=request.user,
                model=model._meta.label_lower,
                defaults={
                    "token": uuid.uuid4(),
                    "file_name": name,
                    "content": form.content,
                },
            )
            confirm_form = ConfirmForm(initial={"token": pending.token})
    return _import_page(request, table, form, confirm_form)


@desk()
@require_POST
def confirm_import(request, model):
    """Import the file that waits, unless the rows have changed meanwhile."""
    table = _table(request, model)
    form = ConfirmForm(request.POST)
    waiting = PendingImport.objects.select_for_update(of=("self",)).filter(
        editor=request.user, model=model._meta.label_lower
    )
    with transaction.atomic():
        pending = form.is_valid() and waiting.filter(**form.cleaned_data).first()
        if not pending:
            messages.warning(request, _GONE)
            return redirect(f"desk:import-{model._meta.model_name}")
        rows = files.read(bytes(pending.content))
        _load(request, table, pending.file_name, rows, is_confirmed=True)
        if not table.problems:
            pending.delete()
    if table.problems:
        return _import_page(request, table, ImportFileForm(table=table))
    added = sum(row.is_new for row in table.changes)
    messages.success(
        request,
        f"Imported from {pending.file_name}: {added} added, "
        f"{len(table.changes) - added} changed.",
    )
    return redirect(admin_urlname(model._meta, "changelist"))


def _table(request, model):
    if not site.get_model_admin(model).has_change_permission(request):
        raise PermissionDenied
    return TABLES[model](request.user)


def _load(request, table, name, rows, *, is_confirmed):
    """Import all of the file ``name`` or nothing, and nothing unless confirmed."""
    longest = ChangeSet._meta.get_field("reason").max_length
    said = [f"Import of {name}", change_reason(request)]
    with change_set(
        editor=request.user,
        reason=": ".join(filter(None, said))[:longest],
        kind=ChangeKind.IMPORT,
    ):
        table.load(rows, is_confirmed=is_confirmed)
        if is_confirmed and not table.problems:
            for flag, is_new in ((ADDITION, True), (CHANGE, False)):
                stored = [r.object for r in table.changes if r.is_new == is_new]
                message = f"Imported from {name}."
                LogEntry.objects.log_actions(request.user.pk, stored, flag, message)


def _import_page(request, table, form, confirm_form=None):
    opts = table.model._meta
    return desk_page(
        request,
        "comparisons/import",
        f"Import {opts.verbose_name_plural}",
        opts=opts,
        form=form,
        confirm_form=confirm_form,
        table=table,
        most=MOST_SHOWN,
    )


_GONE = (
    "Nothing was imported: this file was imported already, or another one took its "
    "place. Choose it again."
)
