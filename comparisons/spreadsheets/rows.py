"""What the tables share: finding a row, comparing its cells, refusing it."""

from dataclasses import dataclass, field

from django.core.exceptions import (
    NON_FIELD_ERRORS,
    PermissionDenied,
    ValidationError,
)
from django.db import DataError, IntegrityError, models, transaction
from django.utils import formats, timezone

from comparisons.choices import Action
from comparisons.editing.seen import stamp
from comparisons.editing.workflow import move, refusal
from comparisons.knowledge.shapes import digest
from comparisons.models.sources import STATEMENTS
from comparisons.spreadsheets.cells import rewritten
from comparisons.spreadsheets.columns import Slug, column_for
from comparisons.triggers import explain

STAMP = "stamp"
# So many rows of one file may differ: 500 citations or findings were measured to
# take 6 to 8 s of a processor, and a server gives a request half a minute.
MOST_CHANGES = 500
# So many characters of a digest are enough to notice an edit.
_SHORT = 16


@dataclass
class Row:
    """A row of a file, beside the one that is stored, or a new one."""

    number: int
    cells: dict[str, str]
    key: tuple[str, ...] = ()
    object: models.Model | None = None
    # The texts of what is stored, by column.
    stored: dict[str, str] = field(default_factory=dict)
    # {column: text} of what differs.
    changes: dict[str, str] = field(default_factory=dict)
    is_new: bool = False

    @property
    def name(self):
        return "/".join(self.key)

    @property
    def differences(self):
        """(column, text before, text after) of each cell that differs."""
        return [
            (name, self.stored.get(name, ""), text)
            for name, text in self.changes.items()
        ]


@dataclass(frozen=True)
class Problem:
    """Why a row is refused, in one column or as a whole."""

    row: Row
    message: str
    column: str = ""

    @property
    def given(self):
        return self.row.cells.get(self.column, "")

    @property
    def stored(self):
        """What is stored under the column; None where nothing is."""
        return self.row.stored.get(self.column)


class KnowledgeTable:
    """The rows of one ``model`` as texts, which ``editor`` imports.

    ``columns`` names the fields in the order of the file, with spaces between; ``key``
    those by which a row is found, and what a query calls them. After ``load()`` the
    ``changes`` are the rows that became another, or would have, and the ``problems``
    say why not. The ``rows`` of a file are what ``files.read()`` returns.
    """

    model = None
    columns = ""
    key = {"slug": "slug"}

    def __init__(self, editor=None):
        self.editor = editor
        self._columns = {name: self.column(name) for name in self.columns.split()}
        self.headers = [*self._columns, STAMP]
        self.changes = []
        self.problems = []

    def column(self, name):
        return column_for(self.model._meta.get_field(name))

    def rows(self):
        """Return the stored rows with all that their texts and stamps need."""
        return self.model.objects.all()

    def dump(self, queryset):
        """Return the rows of ``queryset`` as lists of texts, one for each header."""
        rows = self.rows().filter(pk__in=queryset.order_by().values("pk"))
        found = ((row, self._texts(row)) for row in rows)
        return [[*texts.values(), _stamp(row, texts)] for row, texts in found]

    def check(self, rows):
        """Refuse a file with other columns than those of an export.

        Columns that are no part of a key may be missing: they stay as they are.

        Raises:
            ValidationError: says which are too many or missing.
        """
        _, names = rows[0]
        complaints = {
            "unknown": [name for name in names if name not in self.headers],
            "missing": [name for name in [*self.key, STAMP] if name not in names],
        }
        found = [
            f"{what}: {', '.join(them)}" for what, them in complaints.items() if them
        ]
        if found:
            raise ValidationError(
                f"The columns do not fit: {'; '.join(found)}. An export has "
                f"{', '.join(self.headers)}.",
                code="columns",
            )

    def load(self, rows, *, is_confirmed):
        """Import all ``rows`` of a file or nothing, and nothing unless confirmed.

        If it is, the stored rows that they name are held until the transaction ends.
        """
        with transaction.atomic():
            edits = self._compare(rows, hold=is_confirmed)
            if len(edits) > MOST_CHANGES:
                message = f"More than {MOST_CHANGES} rows differ. Import it in parts."
                self.problems.append(Problem(edits[MOST_CHANGES], message))
                edits = []
            for edit in edits:
                self._try(edit)
            if not self.problems:
                self.finish()
            self.problems.sort(key=lambda problem: problem.row.number)
            if self.problems or not is_confirmed:
                transaction.set_rollback(True)

    def finish(self):
        """Look at the whole once every row is stored, and note further problems."""

    def stored(self, rows, *, hold):
        """Return the stored rows that those of the file name, held if so wanted."""
        found = self.rows().filter(
            **{
                f"{lookup}__in": {row.key[place] for row in rows}
                for place, lookup in enumerate(self.key.values())
            }
        )
        return found.order_by("pk").select_for_update(of=("self",)) if hold else found

    # Which rows differ

    def _compare(self, rows, *, hold):
        named = {}
        for row in [Row(number, cells) for number, cells in rows]:
            try:
                self._identify(row, named)
            except ValidationError as error:
                self._note(row, error)
        objects = {
            tuple(self._columns[name].text(row) for name in self.key): row
            for row in self.stored(named.values(), hold=hold)
        }
        for row in named.values():
            row.is_new = row.key not in objects
            row.object = objects.get(row.key) or self.model()
            try:
                self._find_changes(row)
            except ValidationError as error:
                self._note(row, error)
        return [row for row in named.values() if row.changes]

    def _identify(self, row, named):
        """Refuse a row without a key, or with that of an earlier one."""
        key = self._read(row, self.key)
        row.key = tuple(key.values())
        missing = [name for name, text in key.items() if not text]
        if missing:
            raise ValidationError(
                dict.fromkeys(missing, "Every row has a key; write it here.")
            )
        first = named.setdefault(row.key, row)
        if first is not row:
            raise ValidationError(f"Row {first.number} has the same key.")

    def _find_changes(self, row):
        given = self._read(row, row.cells)
        seen = given.pop(STAMP)
        if seen.endswith(f"-{_short(given)}"):
            # As it was exported: whatever happened since, nobody wants it back.
            return
        row.stored = {} if row.is_new else self._texts(row.object)
        changes = {
            name: text
            for name, text in given.items()
            if text != row.stored.get(name, "")
        }
        spoilt = [
            name
            for name in changes
            if rewritten(row.cells[name], row.stored.get(name, ""))
        ]
        if spoilt:
            raise ValidationError(dict.fromkeys(spoilt, _REWRITTEN))
        row.changes = changes

    def _read(self, row, names):
        """Return the texts of the cells under ``names``."""
        texts, refused = {}, {}
        for name in names:
            try:
                texts[name] = self._columns.get(name, _SLUG).read(row.cells[name])
            except ValueError as error:
                refused[name] = str(error)
        if refused:
            raise ValidationError(refused)
        return texts

    # What becomes of one that does

    def _try(self, row):
        try:
            with transaction.atomic():
                self._refuse_unseen(row)
                self.store(row)
        except ValidationError as error:
            self._note(row, error)
        except (IntegrityError, DataError) as error:
            self._note(row, ValidationError(f"It cannot be stored: {explain(error)}"))
        else:
            self.changes.append(row)

    def store(self, row):
        """Store what differs.

        The status waits until the rest is stored, unless readers lose the row.

        Raises:
            ValidationError: what a form would refuse, by field.
        """
        if not row.is_new:
            self._refuse_change(row)
        later = [name for name in row.changes if self._columns[name].is_many]
        wrong = {}
        for name, text in row.changes.items():
            column = self._columns[name]
            try:
                if name == "status" or name in later:
                    column.value(text)
                else:
                    column.assign(row.object, text)
            except ValueError as error:
                wrong[name] = str(error)
        if wrong:
            raise ValidationError(wrong)
        if getattr(row.object, "is_published", False):
            self._move(row)
        row.object.full_clean()
        self._refuse_change(row)
        if row.changes.keys() != {"status"}:
            row.object.save()
        for name in later:
            self._columns[name].assign(row.object, row.changes[name])
        self._move(row)

    def _refuse_change(self, row):
        action = Action.ADD if row.is_new else Action.CHANGE
        if reason := refusal(self.editor, action, row.object):
            raise ValidationError(reason, code="forbidden")

    def _refuse_unseen(self, row):
        """Refuse what somebody else changed since it was exported."""
        given = row.cells[STAMP]
        if row.is_new and given:
            raise ValidationError(
                {
                    STAMP: "It was deleted or renamed since the export. To add it "
                    "anew, leave the stamp empty."
                }
            )
        if not row.is_new and not given:
            raise ValidationError(
                {
                    STAMP: "There is such a row already. To change it, export it: the "
                    "stamp shows what you have seen."
                }
            )
        if not row.is_new and given != _stamp(row.object, row.stored):
            raise ValidationError(
                dict.fromkeys(row.changes, _CHANGED) | {STAMP: _last_change(row.object)}
            )

    def _move(self, row):
        """Bring the row into the status that the file asks for, if it does."""
        to = row.changes.get("status")
        if to is None or to == row.object.status:
            return
        if not to:
            raise ValidationError({"status": "Every row has a status."})
        try:
            move(row.object, to, self.editor)
        except PermissionDenied as error:
            raise ValidationError({"status": str(error)}) from error

    def _note(self, row, error):
        by_field = (
            error.message_dict
            if hasattr(error, "error_dict")
            else {NON_FIELD_ERRORS: error.messages}
        )
        for name, messages in by_field.items():
            column = {NON_FIELD_ERRORS: ""} | dict.fromkeys(STATEMENTS, "statement")
            self.problems.append(
                Problem(row, " ".join(messages), column.get(name, name))
            )

    def _texts(self, row):
        return {name: column.text(row) for name, column in self._columns.items()}


_SLUG = Slug(STAMP)
_CHANGED = "Changed here since the export: nothing is overwritten. Export it again."
_REWRITTEN = (
    "This looks like what a spreadsheet makes of the stored text when it opens and "
    "saves a CSV file. Export XLSX and edit that."
)


def _stamp(row, texts):
    return f"s{stamp(row)[:_SHORT]}-{_short(texts)}"


def _short(texts):
    return digest(texts)[:_SHORT]


def _last_change(row):
    """Return who changed ``row`` last, as far as the history knows."""
    message = "It, or what is cited for it, is not as it was when it was exported."
    last = (
        type(row)
        .history.filter(id=row.pk)
        .select_related("change_set__editor")
        .order_by("-history_id")
        .first()
    )
    if last is None:
        return message
    changes = last.change_set
    day = formats.date_format(timezone.localtime(changes.created_at), "j F Y, H:i")
    who = f" by {changes.editor}" if changes.editor else ""
    return f"{message} It was last changed{who} on {day}: {changes}."
