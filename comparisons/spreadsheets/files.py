"""The files that editors import and export: CSV and XLSX.

Each is one table of texts under a row of names. A file that is too large, hides
more than it shows or is something else is refused with a sentence.
"""

import codecs
import csv
import io
import itertools
import re

from comparisons.spreadsheets import cells
from comparisons.spreadsheets.cells import MOST_COLUMNS, FileError

MOST_ROWS = 10_000
# As many as a spreadsheet has, most of them empty.
MOST_LINES = 2**20
_LONGEST_NAME = 60
# HTML that calls itself .xls, XML, JSON, or characters of two bytes.
_OTHER_KIND = re.compile(r"\s*[<{[]|[^\n]*\0")
# The media type of each kind of file, by the end of its name.
FORMATS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def read(content):
    """Return [(row number, {column name: cell})] of the rows that hold something.

    They are numbered as a spreadsheet shows them. What the file is, is seen from
    what it holds.

    Raises:
        FileError: it is no such file, or too much of one.
    """
    if content.startswith(b"PK"):
        return _table(_workbooks().read(content))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileError(
            "The workbook is protected by a password, or of the old kind (.xls). Save "
            "it as “Excel workbook (.xlsx)” without a password."
        )
    return _table(_csv_rows(*_decode(content)))


def unread_sheets(content):
    """Return the names of the visible sheets that ``read`` leaves out."""
    return _workbooks().unread_sheets(content) if content.startswith(b"PK") else []


def write(extension, title, columns, rows):
    """Return the file that holds ``rows``, lists of texts, under ``columns``.

    Raises:
        FileError: a text does not fit into it.
    """
    if extension == "xlsx":
        return _workbooks().write(title, columns, rows)
    text = io.StringIO(newline="")
    csv.writer(text).writerows(map(cells.escape, row) for row in [columns, *rows])
    # By this mark spreadsheets know that the text is UTF-8.
    return codecs.BOM_UTF8 + text.getvalue().encode()


def _workbooks():
    """Return the module for workbooks, which takes a worker ten megabytes."""
    from comparisons.spreadsheets import workbooks

    return workbooks


def _table(rows):
    """Return the rows under the first, which names the columns."""
    rows = ((number, row) for number, row in rows if any(row.values()))
    _, header = next(rows, (0, {}))
    names = {column: _name(text) for column, text in header.items() if text}
    if not names:
        raise FileError("The file is empty: its first row has to name the columns.")
    if len(names) > MOST_COLUMNS:
        raise FileError(f"The file has more than {MOST_COLUMNS} columns.")
    twice = {name for name in names.values() if [*names.values()].count(name) > 1}
    if twice:
        raise FileError(
            f"The columns do not fit: given twice: {', '.join(sorted(twice))}."
        )
    table = []
    for number, row in rows:
        row = {column: text for column, text in row.items() if text}
        if unnamed := row.keys() - names.keys():
            column = _workbooks().column_name(min(unnamed))
            raise FileError(
                f"Row {number} has {max(row)} cells, but column {column} has no name "
                "in the first row."
            )
        if len(table) == MOST_ROWS:
            raise FileError(
                f"The file has more than {MOST_ROWS} rows. Import it in parts."
            )
        table.append((number, {names[c]: row.get(c, "") for c in names}))
    if not table:
        raise FileError("The file names columns, but has no rows.")
    return table


def _name(text):
    return cells.compact(text).casefold().replace(" ", "_")[:_LONGEST_NAME]


def _csv_rows(text, delimiter):
    lines = io.StringIO(text, newline="")
    first = next((line for line in lines if line.strip()), "")
    lines.seek(0)
    delimiter = delimiter or max(",;\t", key=first.count)
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        for number, row in enumerate(rows, start=1):
            if number > MOST_LINES:
                raise FileError(f"The file has more than {MOST_LINES} lines.")
            filled = ((c, text) for c, text in enumerate(row, start=1) if text)
            # One too many tells that there are too many.
            filled = itertools.islice(filled, MOST_COLUMNS + 1)
            yield number, {c: cells.from_text(text, cells.Loose) for c, text in filled}
    except csv.Error as error:
        raise FileError(
            f"This is no CSV file: line {rows.line_num} cannot be read ({error})."
        ) from error


def _decode(content):
    """Return the text of a CSV file, and its delimiter if the file names it."""
    is_wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if is_wide else "utf-8-sig")
        if _OTHER_KIND.match(text):
            raise ValueError("a page, or the data of a program")
    except ValueError as error:
        raise FileError(
            "This is neither a workbook (.xlsx) nor a table as text in UTF-8. Save it "
            "as “CSV UTF-8”, or as “Excel workbook (.xlsx)”."
        ) from error
    # The end of a file, as DOS and some programs since write it.
    text = text.removesuffix("\x1a")
    # Excel obeys this line and does not show it.
    named = re.match(r'"?sep=([^\s\w"]|\t)"?\r?\n', text, re.IGNORECASE)
    return (text[named.end() :], named[1]) if named else (text, "")
