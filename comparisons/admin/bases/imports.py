"""Rows out to a file, and back with a preview: the pages around ``spreadsheets``."""

import uuid
from dataclasses import dataclass

import tablib
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST
from import_export.admin import ImportExportMixin
from import_export.forms import ExportForm

from comparisons.admin.bases.knowledge import change_reason
from comparisons.choices import ChangeKind
from comparisons.history.recording import change_set
from comparisons.models import ChangeSet, PendingImport
from comparisons.spreadsheets import files

# No more rows are shown on one page; all of them are imported.
MOST_SHOWN = 200


@dataclass(frozen=True)
class Upload:
    """A file of rows as it came, and what it holds."""

    name: str
    content: bytes
    format: type
    dataset: tablib.Dataset

    @classmethod
    def read(cls, name, content):
        """Raise ``files.FileError`` unless it can be read."""
        return cls(name, content, *files.read(name, content))


class ImportFileForm(forms.Form):
    """A file of rows; ``upload`` holds it once the form is valid."""

    file = forms.FileField(
        label="File",
        max_length=PendingImport._meta.get_field("file_name").max_length,
        help_text="An export with your changes: CSV or XLSX.",
        widget=forms.FileInput(
            attrs={"accept": ",".join(f".{name}" for name in files.EXTENSIONS)}
        ),
    )

    def __init__(self, *args, resource_class, **kwargs):
        super().__init__(*args, **kwargs)
        self.resource_class = resource_class

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.IMPORT_MEGABYTES * 1_000_000:
            raise ValidationError(
                f"The file has {filesizeformat(file.size)}. No more than "
                f"{settings.IMPORT_MEGABYTES} MB are imported at once.",
                code="too_large",
            )
        try:
            self.upload = Upload.read(file.name, file.read())
            self.resource_class().check(self.upload.dataset.headers)
        except files.FileError as error:
            raise ValidationError(str(error), code="unreadable") from error
        return file


class ConfirmForm(forms.Form):
    """Which of the waiting files is meant."""

    token = forms.UUIDField(widget=forms.HiddenInput)


class ImportExportAdmin(ImportExportMixin):
    """Adds “Import” and “Export” to a list, for those who may change and view it.

    An import is one recorded set: everything in the file, or nothing.
    """

    formats = files.FORMATS
    # Django's encoding of a response; spreadsheets look for the mark in the text.
    to_encoding = "utf-8"
    export_form_class = ExportForm
    export_template_name = "admin/comparisons/export.html"
    import_template_name = "admin/comparisons/import.html"

    def has_export_permission(self, request):
        return self.has_view_permission(request)

    def has_import_permission(self, request):
        return self.has_change_permission(request)

    def export_action(self, request):
        """Ask for a format (GET), or give the rows that the list shows (POST)."""
        try:
            return super().export_action(request)
        except IncorrectLookupParameters:
            # As the list itself answers a filter that it does not understand.
            return redirect(
                reverse(admin_urlname(self.opts, "changelist"), query={"e": "1"})
            )

    def import_action(self, request):
        """Ask for a file (GET), or show what it would change (POST)."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return self._import_page(request, self._file_form())
        form = self._file_form(request.POST, request.FILES)
        if not form.is_valid():
            return self._import_page(request, form)
        resource = self._import(request, form.upload, is_confirmed=False)
        if resource.changes and not resource.problems:
            token = self._keep(request, form.upload)
            confirm_form = ConfirmForm(initial={"token": token})
            return self._import_page(request, form, resource, confirm_form)
        return self._import_page(request, form, resource)

    @method_decorator(require_POST)
    def process_import(self, request):
        """Import the file that waits, unless the rows have changed meanwhile."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = ConfirmForm(request.POST)
        with transaction.atomic():
            pending = form.is_valid() and self._waiting(
                request, form.cleaned_data["token"]
            )
            if not pending:
                self.message_user(request, _GONE, messages.WARNING)
                return redirect(admin_urlname(self.opts, "import"))
            upload = Upload.read(pending.file_name, bytes(pending.content))
            resource = self._import(request, upload, is_confirmed=True)
            if not resource.problems:
                pending.delete()
        if resource.problems:
            return self._import_page(request, self._file_form(), resource)
        added = sum(change.is_new for change in resource.changes)
        self.message_user(
            request,
            f"Imported from {upload.name}: {added} added, "
            f"{len(resource.changes) - added} changed.",
            messages.SUCCESS,
        )
        return redirect(admin_urlname(self.opts, "changelist"))

    def _import(self, request, upload, *, is_confirmed):
        """Import all of ``upload`` or nothing, and nothing unless it is confirmed."""
        resource = self.resource_classes[0](
            editor=request.user,
            is_confirmed=is_confirmed,
            first_row=upload.format.first_row,
        )
        with change_set(
            editor=request.user,
            reason=_reason(request, upload.name),
            kind=ChangeKind.IMPORT,
        ):
            result = resource.import_data(
                upload.dataset,
                dry_run=not is_confirmed,
                use_transactions=True,
                rollback_on_validation_errors=True,
                retain_instance_in_row_result=True,
            )
            if result.base_errors and not resource.problems:
                raise result.base_errors[0].error
            if is_confirmed and not resource.problems:
                self._log(request, result, f"Imported from {upload.name}.")
        return resource

    def _log(self, request, result, message):
        for kind, flag in (("new", ADDITION), ("update", CHANGE)):
            rows = [row.instance for row in result.rows if row.import_type == kind]
            LogEntry.objects.log_actions(request.user.pk, rows, flag, message)

    def _keep(self, request, upload):
        """Store the file until it is confirmed; return the token that names it."""
        pending, _ = PendingImport.objects.update_or_create(
            editor=request.user,
            model=self.opts.label_lower,
            defaults={
                "token": uuid.uuid4(),
                "file_name": upload.name,
                "content": upload.content,
            },
        )
        return pending.token

    def _waiting(self, request, token):
        waiting = PendingImport.objects.select_for_update(of=("self",))
        return waiting.filter(
            token=token, editor=request.user, model=self.opts.label_lower
        ).first()

    def _file_form(self, *data):
        return ImportFileForm(*data, resource_class=self.resource_classes[0])

    def _import_page(self, request, form, resource=None, confirm_form=None):
        context = {
            **self.admin_site.each_context(request),
            "title": f"Import {self.opts.verbose_name_plural}",
            "opts": self.opts,
            "form": form,
            "confirm_form": confirm_form,
            "resource": resource,
            "columns": self.resource_classes[0]().get_export_headers(),
            "most": MOST_SHOWN,
        }
        return TemplateResponse(request, self.import_template_name, context)


_GONE = (
    "Nothing was imported: this file was imported already, or another one took its "
    "place. Choose it again."
)


def _reason(request, file_name):
    """Return the reason of the set: the file, and what the editor says of it."""
    said = change_reason(request)
    longest = ChangeSet._meta.get_field("reason").max_length
    return ": ".join(filter(None, [f"Import of {file_name}", said]))[:longest]
