"""What the tables share: finding a row, comparing its cells, refusing it."""

import logging
from dataclasses import dataclass

from django.core.exceptions import (
    NON_FIELD_ERRORS,
    PermissionDenied,
    ValidationError,
)
from django.db import IntegrityError
from django.utils import formats, timezone
from import_export import fields, instance_loaders, resources, results

from comparisons.choices import Action
from comparisons.editing.seen import stamp
from comparisons.editing.workflow import move, refusal
from comparisons.knowledge.shapes import digest
from comparisons.models.sources import STATEMENTS
from comparisons.spreadsheets.columns import ManyNamed, column_for
from comparisons.spreadsheets.files import FileError
from comparisons.triggers import explain

logger = logging.getLogger(__name__)

STAMP = "stamp"
# So many rows of one file may differ: 500 citations or findings were measured to
# take 6 to 8 s of a processor, and a server gives a request half a minute.
MOST_CHANGES = 500
# So many characters of a digest are enough to notice an edit.
_SHORT = 16


@dataclass(frozen=True, kw_only=True)
class RowChange:
    """What an import does to one row: (column, text before, text after) each."""

    number: int
    name: str
    is_new: bool
    cells: list[tuple[str, str, str]]


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Why a row is refused. ``stored`` is None where nothing is stored."""

    number: int
    name: str
    message: str
    column: str = ""
    given: str = ""
    stored: str | None = None


class _Rows(instance_loaders.BaseInstanceLoader):
    """The stored rows by their key, read at once."""

    def __init__(self, resource, dataset):
        super().__init__(resource, dataset)
        self.rows = resource.stored(dataset)

    def get_instance(self, row):
        return self.rows.get(self.resource.key(row))


class _RowResult(results.RowResult):
    """Does not ask a row for its name before it has one."""

    def add_instance_info(self, instance):
        if instance.pk is not None:
            super().add_instance_info(instance)


class KnowledgeResource(resources.ModelResource):
    """What the four tables share.

    ``editor`` imports; ``is_confirmed`` holds the rows of the file until the
    transaction ends. After ``import_data`` the ``changes`` and ``problems`` say
    what became, or would have become, of each row that is not as it was.
    """

    stamp = fields.Field(column_name=STAMP)
    # How a query calls the columns by which a row is found; as they are named.
    key_lookups = None

    class Meta:
        instance_loader_class = _Rows
        clean_model_instances = True
        # The texts of the cells are compared, and only those that differ.
        skip_diff = True
        report_skipped = False
        chunk_size = 1000

    def __init__(self, *, editor=None, is_confirmed=False, first_row=1, **kwargs):
        super().__init__(**kwargs)
        self.editor = editor
        self.is_confirmed = is_confirmed
        self.first_row = first_row
        self.changes = []
        self.problems = []
        # The key of each row of the file and the first number under which it stands.
        self._seen = {}
        # What differs in the row that is being imported.
        self._cells = []

    @classmethod
    def field_from_django_field(cls, field_name, django_field, readonly):
        return column_for(django_field)

    @classmethod
    def get_row_result_class(cls):
        return _RowResult

    # Exporting

    def filter_export(self, queryset, **kwargs):
        """Return the same rows with all that belongs to them."""
        return self.get_queryset().filter(pk__in=queryset.order_by().values("pk"))

    def dehydrate_stamp(self, row):
        return self._stamp(row, self._texts(row))

    # Reading a file

    def check(self, headers):
        """Refuse a file with other columns than those of an export.

        Columns that are no part of a key may be missing: they stay as they are.

        Raises:
            FileError: says which are too many or missing.
        """
        known = [*self.columns, STAMP]
        needed = [*self.get_import_id_fields(), STAMP]
        complaints = {
            "unknown": [name or "(no name)" for name in headers if name not in known],
            "missing": [name for name in needed if name not in headers],
            "given twice": sorted({n for n in headers if headers.count(n) > 1}),
        }
        found = [
            f"{what}: {', '.join(names)}" for what, names in complaints.items() if names
        ]
        if found:
            raise FileError(
                f"The columns do not fit: {'; '.join(found)}. An export has "
                f"{', '.join(known)}."
            )

    def stored(self, dataset):
        """Return {key: row} of the stored rows that the file may name."""
        rows = self.get_queryset()
        if self.is_confirmed:
            rows = rows.filter(**self._named_in(dataset)).order_by("pk")
            rows = rows.select_for_update(of=("self",))
        return {self._stored_key(row): row for row in rows}

    def key(self, row):
        return tuple(row[name] for name in self.get_import_id_fields())

    @property
    def columns(self):
        """The columns that an import may write, by name."""
        return {name: self.fields[name] for name in self._meta.fields if name != STAMP}

    # Importing a row, in the order in which import_row() calls these

    def import_row(self, row, instance_loader, **kwargs):
        self._cells = []
        result = super().import_row(row, instance_loader, **kwargs)
        number = kwargs["row_number"] + self.first_row - 1
        name = "/".join(self.key(row))
        if result.is_invalid():
            self._note_problems(number, name, row, result.validation_error)
        elif result.is_error():
            error = result.errors[0].error
            logger.error("Row %s of an import cannot be stored", number, exc_info=error)
            message = f"It cannot be stored: {explain(error)}"
            self.problems.append(Problem(number=number, name=name, message=message))
        elif not result.is_skip():
            self.changes.append(
                RowChange(
                    number=number, name=name, is_new=result.is_new(), cells=self._cells
                )
            )
        return result

    def before_import_row(self, row, row_number=None, **kwargs):
        """Refuse a row without a key, or with that of an earlier one."""
        if not any(row.values()):
            return
        missing = [name for name in self.get_import_id_fields() if not row[name]]
        if missing:
            raise ValidationError(
                dict.fromkeys(missing, "Every row has a key; write it here.")
            )
        number = row_number + self.first_row - 1
        first = self._seen.setdefault(self.key(row), number)
        if first != number:
            raise ValidationError(f"Row {first} has the same key.")

    def after_init_instance(self, instance, new, row, **kwargs):
        """Work out which cells differ, and refuse what was changed since."""
        if not any(row.values()):
            return
        given = {
            name: field.widget.canonical(row[name])
            for name, field in self.columns.items()
            if name in row
        }
        if row[STAMP].endswith(f"-{_short(given)}"):
            # As it was exported: whatever happened since, nobody wants it back.
            return
        texts = {} if new else self._texts(instance)
        self._cells = [
            (name, texts.get(name, ""), text)
            for name, text in given.items()
            if text != texts.get(name, "")
        ]
        if not self._cells:
            return
        if len(self.changes) + len(self.problems) >= MOST_CHANGES:
            raise ValidationError(
                f"More than {MOST_CHANGES} rows differ. Import the file in parts.",
                code="too_many",
            )
        self._refuse_unseen(instance, new, row, texts)

    def import_instance(self, instance, row, **kwargs):
        """Set what differs; collect what cannot be read.

        The status waits until the rest is stored, unless readers lose the row.
        """
        if self._cells and not instance._state.adding:
            self._refuse_change(instance)
        errors = {}
        for name, _, _ in self._cells:
            field = self.fields[name]
            try:
                if name == "status" or self._is_many(field):
                    field.clean(row)
                else:
                    self.import_field(field, instance, row)
            except ValueError as error:
                errors[name] = ValidationError(str(error), code="invalid")
        if errors:
            raise ValidationError(errors)
        if getattr(instance, "is_published", False):
            self._move(instance, row)

    def skip_row(self, instance, original, row, import_validation_errors=None):
        return not self._cells

    def validate_instance(self, instance, import_validation_errors=None, **kwargs):
        super().validate_instance(instance, import_validation_errors, **kwargs)
        self._refuse_change(instance)

    def do_instance_save(self, instance, is_create):
        if {name for name, _, _ in self._cells} == {"status"}:
            return
        try:
            super().do_instance_save(instance, is_create)
        except IntegrityError as error:
            raise ValidationError(explain(error), code="refused") from error

    def save_m2m(self, instance, row, **kwargs):
        """Store the relations, then publish."""
        for name, _, _ in self._cells:
            if self._is_many(self.fields[name]):
                self.import_field(self.fields[name], instance, row, is_m2m=True)
        self._move(instance, row)

    def _refuse_change(self, instance):
        action = Action.ADD if instance._state.adding else Action.CHANGE
        if reason := refusal(self.editor, action, instance):
            raise ValidationError(reason, code="forbidden")

    def _move(self, instance, row):
        """Bring ``instance`` into the status that the file asks for, if it does."""
        if "status" not in {name for name, _, _ in self._cells}:
            return
        to = self.fields["status"].clean(row)
        if not to:
            raise ValidationError({"status": "Every row has a status."})
        if to == instance.status:
            return
        try:
            move(instance, to, self.editor)
        except PermissionDenied as error:
            raise ValidationError({"status": str(error)}) from error

    # What is compared

    def _texts(self, row):
        return {name: field.export(row) for name, field in self.columns.items()}

    def _stamp(self, row, texts):
        return f"s{stamp(row)[:_SHORT]}-{_short(texts)}"

    def _refuse_unseen(self, instance, new, row, texts):
        given = row[STAMP]
        if new and given:
            raise ValidationError(
                {
                    STAMP: "It was deleted or renamed since the export. To add it "
                    "anew, leave the stamp empty."
                }
            )
        if not new and not given:
            raise ValidationError(
                {
                    STAMP: "There is such a row already. To change it, export it: the "
                    "stamp shows what you have seen."
                }
            )
        if not new and given != self._stamp(instance, texts):
            raise ValidationError(
                {name: _CHANGED for name, _, _ in self._cells}
                | {STAMP: _last_change(instance)}
            )

    def _named_in(self, dataset):
        names = self.get_import_id_fields()
        return {
            f"{lookup}__in": set(dataset[name])
            for name, lookup in zip(names, self.key_lookups or names, strict=True)
        }

    def _stored_key(self, row):
        return tuple(
            self.fields[name].export(row) for name in self.get_import_id_fields()
        )

    def _note_problems(self, number, name, row, error):
        errors = (
            error.message_dict
            if hasattr(error, "error_dict")
            else {NON_FIELD_ERRORS: error.messages}
        )
        stored = {column: before for column, before, _ in self._cells}
        for field, messages in errors.items():
            column = _column_of(field) if field != NON_FIELD_ERRORS else ""
            self.problems.append(
                Problem(
                    number=number,
                    name=name,
                    column=column,
                    given=row.get(column, ""),
                    stored=stored.get(column),
                    message=" ".join(messages),
                )
            )

    @staticmethod
    def _is_many(field):
        return isinstance(field.widget, ManyNamed)


_CHANGED = "Changed here since the export: nothing is overwritten. Export it again."


def _short(texts):
    return digest(texts)[:_SHORT]


def _column_of(field):
    return "statement" if field in STATEMENTS else field


def _last_change(row):
    """Return who changed ``row`` last, as far as the history knows."""
    last = (
        type(row)
        .history.filter(id=row.pk)
        .select_related("change_set__editor")
        .order_by("-history_id")
        .first()
    )
    if last is None:
        return "It, or what is cited for it, is not as it was when it was exported."
    changes = last.change_set
    day = formats.date_format(timezone.localtime(changes.created_at), "j F Y, H:i")
    who = f" by {changes.editor}" if changes.editor else ""
    return (
        "It, or what is cited for it, is not as it was when it was exported. It was "
        f"last changed{who} on {day}: {changes}."
    )
