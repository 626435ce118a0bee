"""The files that editors import and export: CSV and XLSX.

Each is one table of texts under a row of names. A file that is too large, hides
more than it shows or is something else is refused with a sentence.

What a spreadsheet would take for a formula is written with an apostrophe in
front of it, and read without.
"""

import csv
import datetime
import io
import re
import zipfile

import openpyxl
import tablib
from import_export.formats import base_formats
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

MOST_ROWS = 10_000
MOST_COLUMNS = 40
# An XLSX is compressed; unpacked it may hold this much.
MOST_BYTES_UNPACKED = 100_000_000
# What fits into one cell of a spreadsheet.
MOST_CHARACTERS = 32_767

# Spreadsheets of East Asian languages understand the wide forms as well.
_FORMULA = re.compile("'*[=+@＝＋＠－-]")
_WIDEST = 60


class FileError(ValueError):
    """A file that cannot be read or written. The message says why."""


def plain(text):
    """Return ``text`` as it is compared: one kind of line end, no outer space."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def escape(text):
    """Return ``text`` so that no spreadsheet takes it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unescape(text):
    """Return the text of which ``escape`` made this one."""
    is_escaped = text.startswith("'") and _FORMULA.match(text[1:])
    return text[1:] if is_escaped else text


class CSV(base_formats.CSV):
    """Values separated by commas, as spreadsheets save them."""

    extensions = ("csv",)
    # The number under which a reader finds the first row of the table.
    first_row = 2

    def create_dataset(self, content):
        text = _decode(content)
        first_line = text.partition("\n")[0]
        delimiter = max(",;\t", key=first_line.count)
        rows = csv.reader(
            io.StringIO(text, newline=""), delimiter=delimiter, strict=True
        )
        try:
            return _table([unescape(cell) for cell in row] for row in rows)
        except csv.Error as error:
            raise FileError(
                f"This is no CSV file: line {rows.line_num} cannot be read ({error})."
            ) from error

    def export_data(self, dataset, **kwargs):
        text = io.StringIO(newline="")
        csv.writer(text).writerows(
            [escape(cell) for cell in row] for row in [dataset.headers, *dataset]
        )
        # By this mark spreadsheets know that the text is UTF-8.
        return f"\ufeff{text.getvalue()}"


class XLSX(base_formats.XLSX):
    """The first sheet of an Excel workbook, all cells texts."""

    extensions = ("xlsx",)
    first_row = 2

    def create_dataset(self, content):
        _refuse_large_archive(content)
        try:
            book = openpyxl.load_workbook(
                io.BytesIO(content), read_only=True, data_only=True
            )
            # What the sheet says of its own size is not believed.
            rows = book.worksheets[0].iter_rows(max_col=MOST_COLUMNS, values_only=True)
            return _table([_cell_text(cell) for cell in row] for row in rows)
        except FileError:
            raise
        except Exception as error:
            # A broken workbook makes openpyxl raise whatever its XML leads to.
            raise FileError(
                "This is no XLSX workbook, or it is damaged or protected by a "
                "password. Save it as “Excel workbook (.xlsx)” and try again."
            ) from error

    def export_data(self, dataset, **kwargs):
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet(dataset.title or "Rows")
        sheet.freeze_panes = "A2"
        for number, column in enumerate(zip(dataset.headers, *dataset, strict=True)):
            letter = openpyxl.utils.get_column_letter(number + 1)
            widest = max(map(len, column)) + 2
            sheet.column_dimensions[letter].width = min(widest, _WIDEST)
        sheet.append(_xlsx_cell(sheet, name, bold=True) for name in dataset.headers)
        for row in dataset:
            sheet.append(_xlsx_cell(sheet, escape(text)) for text in row)
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()


FORMATS = [CSV, XLSX]
EXTENSIONS = [extension for each in FORMATS for extension in each.extensions]


def read(name, content):
    """Return the format by which the file ``name`` is read, and its Dataset of texts.

    Raises:
        FileError: it is no file of one of the formats, or too much of one.
    """
    extension = name.rpartition(".")[2].lower()
    for each in FORMATS:
        if extension in each.extensions:
            return each, each().create_dataset(content)
    raise FileError("The name of the file has to end in .csv or .xlsx.")


def _table(rows):
    """Return the Dataset of ``rows``, of which the first names the columns."""
    rows = iter(rows)
    names = _without_empty_end(next(rows, []))
    if not names:
        raise FileError("The file is empty: its first row has to name the columns.")
    if len(names) >= MOST_COLUMNS:
        raise FileError(f"The file has {MOST_COLUMNS} columns or more.")
    table = []
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise FileError(
                f"The file has more than {MOST_ROWS} rows. Import it in parts."
            )
        row = _without_empty_end(row)
        if len(row) > len(names):
            raise FileError(
                f"Row {number} has {len(row)} cells, but only {len(names)} columns "
                "have a name."
            )
        table.append([*row, *[""] * (len(names) - len(row))])
    while table and not any(table[-1]):
        table.pop()
    if not table:
        raise FileError("The file names columns, but has no rows.")
    return tablib.Dataset(*table, headers=names)


def _without_empty_end(row):
    row = [plain(text) for text in row]
    while row and not row[-1]:
        row.pop()
    return row


def _decode(content):
    try:
        text = bytes(content).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(
            "The text is not in UTF-8. Save the file as “CSV UTF-8” and try again."
        ) from error
    if "\0" in text:
        raise FileError("The file contains a NUL character, which no text has.")
    return text


def _refuse_large_archive(content):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            # Nothing is unpacked beyond the size that is declared here.
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise FileError("This is no XLSX workbook.") from error
    if unpacked > MOST_BYTES_UNPACKED:
        raise FileError("Unpacked, the workbook is too large to be read.")


def _cell_text(value):
    """Return what an editor sees in a cell."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime) and value.time() == datetime.time.min:
        value = value.date()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return unescape(str(value))


def _xlsx_cell(sheet, text, *, bold=False):
    if len(text) > MOST_CHARACTERS:
        raise FileError(
            "A text is too long for a cell of a workbook. Export CSV instead."
        )
    try:
        cell = WriteOnlyCell(sheet, text)
    except openpyxl.utils.exceptions.IllegalCharacterError as error:
        raise FileError(
            "A text holds a control character, which a workbook cannot. Export CSV "
            "instead."
        ) from error
    # What is typed into the cell stays a text: 3.10 does not become 3.1.
    cell.number_format = "@"
    if bold:
        cell.font = Font(bold=True)
    return cell
