"""What the tables share: finding a row, comparing its cells, refusing it."""

from contextlib import contextmanager
from dataclasses import dataclass, field

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import DataError, IntegrityError, models, transaction

from comparisons.choices import Action
from comparisons.editing.seen import stamp, who_changed
from comparisons.editing.workflow import move, refusal
from comparisons.history.outcomes import Outcome
from comparisons.history.rehearsing import in_steps, rehearse
from comparisons.keys import key_lookups
from comparisons.knowledge.shapes import digest
from comparisons.models.sources import STATEMENTS
from comparisons.spreadsheets.cells import is_rewritten
from comparisons.spreadsheets.columns import Slug, column_for
from comparisons.triggers import explain

STAMP = "stamp"
# So many rows of one file may differ, which take about two seconds of a processor.
MOST_CHANGES = 300
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
        return [(name, self.stored[name], text) for name, text in self.changes.items()]


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

    ``columns`` names the fields in the order of the file, with spaces between. After
    ``load()`` the ``changes`` are the rows that became another, or would have, and the
    ``problems`` say why not. The ``rows`` of a file are what ``files.read()`` returns.
    """

    model = None
    columns = ""

    def __init__(self, editor=None):
        self.editor = editor
        # The columns by which a row is found, and what a query calls them.
        self.key = {each.split("__")[0]: each for each in key_lookups(self.model)}
        self._columns = {name: self.column(name) for name in self.columns.split()}
        self.headers = [*self._columns, STAMP]
        self.changes = []
        self.problems = []
        self.outcome = None

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

        Columns that are no part of a key may be missing: they stay as they are. So
        may the stamp, where all rows are new.

        Raises:
            ValidationError: says which are too many or missing.
        """
        _, names = rows[0]
        unknown = [f"“{name}” is unknown" for name in names if name not in self.headers]
        missing = [f"“{name}” is missing" for name in self.key if name not in names]
        if unknown or missing:
            raise ValidationError(
                f"The columns do not fit: {', '.join(unknown + missing)}. An export "
                f"has {', '.join(self.headers)}.",
                code="columns",
            )

    def load(self, rows, *, is_confirmed):
        """Try to import ``rows`` of a file a few at a time; yield (done, of).

        Nothing is stored. If it is confirmed, its ``outcome`` is to be.
        """
        edits = self._compare(rows, hold=False)
        yield 0, len(edits)
        if len(edits) > MOST_CHANGES:
            message = f"More than {MOST_CHANGES} rows differ. Import it in parts."
            self.problems.append(Problem(edits[MOST_CHANGES], message))
            edits = []

        self.outcome = Outcome() if is_confirmed else None
        yield from in_steps(
            self.units(edits),
            lambda part: rehearse(lambda: self._try(part), self.outcome),
        )
        self.problems.sort(key=lambda problem: problem.row.number)

    def units(self, rows):
        """Return ``rows`` in lists of those that have to be judged together."""
        return [[row] for row in rows]

    def _try(self, part):
        """Store what differs now, with the stored rows held, or note problems."""
        problems = len(self.problems)
        again = [(row.number, row.cells) for row in part]
        for row in self._compare(again, hold=True):
            with self._noting(row), transaction.atomic():
                self._refuse_unseen(row)
                self.store(row)
                self.changes.append(row)
        if len(self.problems) == problems:
            self.finish()

    def finish(self):
        """Look at the whole once rows of a step are stored, and note problems."""

    def stored(self, rows, *, hold):
        """Return the stored rows that those of the file name, held if so wanted."""
        found = self.rows()
        for place, lookup in enumerate(self.key.values()):
            found = found.filter(**{f"{lookup}__in": {row.key[place] for row in rows}})
        return found.order_by("pk").select_for_update(of=("self",)) if hold else found

    @contextmanager
    def _noting(self, row):
        """Make problems of what is refused inside."""
        try:
            yield
        except (IntegrityError, DataError) as error:
            self.problems.append(Problem(row, explain(error)))
        except ValidationError as error:
            fields = error.message_dict if hasattr(error, "error_dict") else {"": error}
            self.problems += [
                Problem(row, " ".join(messages), _COLUMNS.get(name, name))
                for name, messages in fields.items()
            ]

    # Which rows differ

    def _compare(self, rows, *, hold):
        named = {}
        for row in [Row(number, cells) for number, cells in rows]:
            with self._noting(row):
                self._identify(row, named)
        objects = {
            tuple(self._columns[name].text(row) for name in self.key): row
            for row in self.stored(named.values(), hold=hold)
        }
        for row in named.values():
            row.is_new = row.key not in objects
            row.object = objects.get(row.key) or self.model()
            with self._noting(row):
                self._find_changes(row)
        return [row for row in named.values() if row.changes]

    def _identify(self, row, named):
        """Refuse a row without a key, or with that of an earlier one."""
        key = self._read(row, self.key)
        row.key = tuple(key.values())
        if missing := [name for name, text in key.items() if not text]:
            raise ValidationError(dict.fromkeys(missing, _KEYLESS))
        first = named.setdefault(row.key, row)
        if first is not row:
            raise ValidationError(f"Row {first.number} has the same key.")

    def _find_changes(self, row):
        given = self._read(row, row.cells)
        if given.pop(STAMP, "").endswith(f"-{_short(given)}"):
            # As it was exported: whatever happened since, nobody wants it back.
            return
        row.stored = dict.fromkeys(given, "") if row.is_new else self._texts(row.object)
        changes = {
            name: text for name, text in given.items() if text != row.stored[name]
        }
        spoilt = [n for n in changes if is_rewritten(row.cells[n], row.stored[n])]
        if spoilt:
            raise ValidationError(dict.fromkeys(spoilt, _REWRITTEN))
        row.changes = changes

    def _read(self, row, names):
        """Return the texts of the cells under ``names``."""
        return _each(names, lambda n: self._columns.get(n, _SLUG).read(row.cells[n]))

    def _texts(self, row):
        return {name: column.text(row) for name, column in self._columns.items()}

    # What becomes of one that does

    def store(self, row):
        """Store what differs.

        The status waits until the rest is stored, unless readers lose the row.

        Raises:
            ValidationError: what a form would refuse, by field.
        """
        if not row.is_new:
            self._refuse_change(row)
        columns = {name: self._columns[name] for name in row.changes}
        values = _each(columns, lambda n: columns[n].value(row.changes[n]))
        later = {name for name in columns if columns[name].is_many}
        for name in columns.keys() - later - {"status"}:
            columns[name].assign(row.object, values[name])
        if getattr(row.object, "is_published", False):
            self._move(row)
        # What the database promises it keeps by itself, in a fraction of the time.
        row.object.full_clean(validate_constraints=False)
        self._refuse_change(row)
        if columns.keys() != {"status"}:
            row.object.save()
        for name in later:
            columns[name].assign(row.object, values[name])
        self._move(row)

    def _refuse_change(self, row):
        action = Action.ADD if row.is_new else Action.CHANGE
        if reason := refusal(self.editor, action, row.object):
            raise ValidationError(reason, code="forbidden")

    def _refuse_unseen(self, row):
        """Refuse what somebody else changed since it was exported."""
        seen = row.cells.get(STAMP, "")
        if row.is_new == bool(seen):
            raise ValidationError({STAMP: _GONE if row.is_new else _KNOWN})
        if seen and seen != _stamp(row.object, row.stored):
            changed = dict.fromkeys(row.changes, _CHANGED)
            why = f"{_NOT_AS_IT_WAS} {who_changed(type(row.object), row.object.pk)}"
            raise ValidationError(changed | {STAMP: why})

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


_SLUG = Slug(STAMP)
# Where a column is named otherwise than the field of the model.
_COLUMNS = {NON_FIELD_ERRORS: ""} | dict.fromkeys(STATEMENTS, "statement")

_KEYLESS = "Every row has a key; write it here."
_GONE = (
    "It was deleted or renamed since the export. To add it anew, leave the stamp empty."
)
_KNOWN = (
    "There is such a row already. To change it, export it: the stamp shows what you "
    "have seen."
)
_CHANGED = "Changed here since the export: nothing is overwritten. Export it again."
_NOT_AS_IT_WAS = "It, or what is cited for it, is not as it was when it was exported."
_REWRITTEN = (
    "This looks like what a spreadsheet makes of the stored text when it opens and "
    "saves a CSV file. Export XLSX and edit that."
)


def _each(names, read):
    """Return {name: what ``read`` makes of it}, or raise all that is wrong."""
    found, wrong = {}, {}
    for name in names:
        try:
            found[name] = read(name)
        except ValueError as error:
            wrong[name] = str(error)
    if wrong:
        raise ValidationError(wrong)
    return found


def _stamp(row, texts):
    return f"s{stamp(row)[:_SHORT]}-{_short(texts)}"


def _short(texts):
    return digest(texts)[:_SHORT]
