"""Excel workbooks (XLSX): the first visible sheet as cells, and rows as a new one.

A workbook is an archive of XML files, and one of 0.1 MB may hold millions of cells
or a comment that takes a minute. It is therefore read element by element: each is
counted before anything is made of it, and what is too much ends the reading. What
is not needed, such as notes, pictures and macros, is not opened.
"""

import io
import posixpath
import re
import zipfile
from xml.parsers import expat

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.utils.escape import unescape as from_ooxml

from comparisons.spreadsheets import cells
from comparisons.spreadsheets.cells import MOST_COLUMNS, FileError

# An own export of 10 000 findings has half a million elements once Excel has saved
# it. So many take about a second of a processor, and as many bytes half of one.
MOST = {"elements": 600_000, "characters": 10_000_000, "bytes": 50_000_000}
MOST_FILES = 1_000
DEEPEST = 50
# What fits into one cell.
LONGEST = 32_767

_CHUNK = 65_536
_TOO_MUCH = (
    "The workbook holds too much, even if it is empty cells with a format. Copy the "
    "rows that you changed into a new workbook."
)
_KINDS = {"b": cells.from_boolean, "d": cells.from_moment, "e": cells.from_error}
# Excel takes “_x000D_” for one sign, and this for its first.
_LIKE_A_SIGN = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def read(content):
    """Yield (row number, {column number: cell}) of the rows that hold something.

    Raises:
        FileError: it is no workbook, or too much of one.
    """
    try:
        yield from _Workbook(content).rows()
    except FileError:
        raise
    except Exception as error:
        # A broken archive raises whatever its bytes lead to.
        raise FileError(
            "This is no XLSX workbook, or it is damaged. Save it as “Excel workbook "
            "(.xlsx)” and try again."
        ) from error


def unread_sheets(content):
    """Return the names of the visible sheets that ``read`` leaves out."""
    try:
        return [name for name, _ in _Workbook(content).visible()[1:]]
    except Exception:
        # Reading it says what is wrong.
        return []


def write(title, columns, rows):
    """Return the workbook that shows ``rows``, lists of texts, under ``columns``.

    Raises:
        FileError: a text does not fit into a cell.
    """
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.sheet_format.defaultColWidth = 24
    for row in [columns, *rows]:
        sheet.append(_new_cell(sheet, cells.escape(text)) for text in row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _new_cell(sheet, text):
    text = _LIKE_A_SIGN.sub("_x005F_", text)
    if len(text) > LONGEST or ILLEGAL_CHARACTERS_RE.search(text):
        raise FileError(
            "A text is too long for a cell of a workbook, or holds a control "
            "character. Export CSV instead."
        )
    cell = WriteOnlyCell(sheet, text)
    # What is typed into the cell stays a text: 3.10 does not become 3.1.
    cell.number_format = "@"
    return cell


def column_name(number):
    """Return how spreadsheets call the column ``number``: “C”."""
    return get_column_letter(number)


class _Workbook:
    """A workbook as far as it is needed, and how much of it was read."""

    def __init__(self, content):
        # An archive lists all its files as soon as it is opened.
        if content.count(b"PK\x01\x02") > MOST_FILES:
            raise FileError(_TOO_MUCH)
        self.archive = zipfile.ZipFile(io.BytesIO(content))
        self.files = {_path(file.filename): file for file in self.archive.infolist()}
        self.counted = dict.fromkeys(MOST, 0)

    def rows(self):
        """Yield (row number, {column number: cell}) of the first visible sheet."""
        if self.files.keys() & {"mimetype", "xl/workbook.bin"}:
            raise FileError(
                "This is a workbook of another kind: save it as “Excel workbook "
                "(.xlsx)”."
            )
        visible = self.visible()
        if not visible:
            raise FileError("The workbook shows no sheet.")
        self.strings, self.formats = [], ["General"]
        for _, kind, path in self._related(self.book):
            if kind == "sharedStrings":
                self.strings = list(self._strings(path))
            elif kind == "styles":
                self.formats = self._formats(path)
        return self._sheet(visible[0][1])

    def visible(self):
        """Return (name, path) of each sheet that is not hidden."""
        related = self._related("")
        [self.book] = [to for _, kind, to in related if kind == "officeDocument"]
        paths = {
            key: path
            for key, kind, path in self._related(self.book)
            if kind == "worksheet"
        }
        found, self.is_1904 = [], False
        for name, attributes, _ in self._read(self.book):
            if name == "workbookPr":
                self.is_1904 = attributes.get("date1904") in ("1", "true")
            elif name == "sheet" and attributes.get("state", "visible") == "visible":
                key = next(attributes[k] for k in attributes if k.endswith(":id"))
                if key in paths:
                    found.append((attributes["name"], paths[key]))
        return found

    def _sheet(self, path):
        number = column = 0
        row, value, inline, formula = {}, "", [], None
        for name, attributes, text in self._read(path):
            if name == "v":
                value = text
            elif name == "t":
                inline.append(text)
            elif name == "rPh":
                # It tells how the text is pronounced, in one “t”.
                inline.pop()
            elif name == "f":
                formula = text
            elif name == "c":
                column = _column(attributes.get("r")) or column + 1
                # One too many tells that there are too many.
                is_filled = value or inline or formula is not None
                if is_filled and len(row) <= MOST_COLUMNS:
                    value = "".join(inline) or value
                    row[column] = self._cell(attributes, value, formula)
                    self._count("characters", len(row[column]) or 1)
                value, inline, formula = "", [], None
            elif name == "row":
                number = int(attributes.get("r", number + 1))
                if row:
                    yield number, row
                column, row = 0, {}
            elif name == "mergeCell":
                raise FileError(
                    f"The cells {attributes['ref']} are merged: take them apart, so "
                    "that each row has its own."
                )

    def _cell(self, attributes, value, formula):
        kind = attributes.get("t", "n")
        if kind == "s":
            return cells.from_text(self.strings[int(value)] if value else "")
        if kind in ("inlineStr", "str"):
            return cells.from_text(from_ooxml(value))
        if kind in _KINDS:
            return _KINDS[kind](value)
        if value:
            shown_as = self.formats[int(attributes.get("s") or 0)]
            return cells.from_number(value, shown_as, is_1904=self.is_1904)
        if formula is not None:
            return cells.from_formula(formula)
        return ""

    def _strings(self, path):
        parts = []
        for name, _, text in self._read(path):
            if name == "t":
                parts.append(text)
            elif name == "rPh":
                parts.pop()
            elif name == "si":
                yield from_ooxml("".join(parts))
                parts = []

    def _formats(self, path):
        """Return the number format of each style to which a cell may refer."""
        codes, formats = dict(BUILTIN_FORMATS), []
        for name, attributes, _ in self._read(path):
            if name == "numFmt":
                codes[int(attributes["numFmtId"])] = attributes["formatCode"]
            elif name == "xf":
                formats.append(codes.get(int(attributes.get("numFmtId", 0)), ""))
            elif name == "cellStyleXfs":
                # Those of named styles, from which cells have copies.
                formats = []
            elif name == "cellXfs":
                break
        return formats or ["General"]

    def _related(self, path):
        """Yield (key, kind, path) of the files to which the one at ``path`` refers."""
        folder, name = posixpath.split(path)
        links = posixpath.join(folder, "_rels", f"{name}.rels")
        for name, attributes, _ in self._read(links):
            if name == "Relationship":
                target = _path(posixpath.join("/", folder, attributes["Target"]))
                if target in self.files:
                    kind = attributes["Type"].rpartition("/")[2]
                    yield attributes["Id"], kind, target

    def _read(self, path):
        """Yield (name, attributes, text) of each element of a file, as it ends."""
        opened, ended = [], []

        def start(name, attributes):
            opened.append((name.rpartition(":")[2], attributes, []))

        def text(text):
            self._count("characters", len(text))
            opened[-1][2].append(text)

        def end(name):
            name, attributes, texts = opened.pop()
            ended.append((name, attributes, "".join(texts)))

        def refuse(*args):
            raise expat.ExpatError("A workbook has no document type.")

        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = start
        parser.CharacterDataHandler = text
        parser.EndElementHandler = end
        parser.StartDoctypeDeclHandler = refuse
        file = self.files[path]
        if file.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            # Others are unpacked without end.
            raise zipfile.BadZipFile(path)
        fed = 0
        with self.archive.open(file) as stream:
            while chunk := stream.read(_CHUNK):
                parser.Parse(chunk)
                fed += len(chunk)
                self._count("bytes", len(chunk))
                self._count("elements", len(ended))
                # What does not end, such as a long comment, is read anew each time.
                if len(opened) > DEEPEST or fed - parser.CurrentByteIndex > 4 * _CHUNK:
                    raise FileError(_TOO_MUCH)
                yield from ended
                ended.clear()
        parser.Parse(b"", True)
        yield from ended

    def _count(self, what, number):
        self.counted[what] += number
        if self.counted[what] > MOST[what]:
            raise FileError(_TOO_MUCH)


def _path(name):
    """Return the name of a file as it is looked up, whichever way it is written."""
    return posixpath.normpath(name.replace("\\", "/")).casefold().strip("/")


def _column(reference):
    letters = (reference or "").rstrip("0123456789")
    return column_index_from_string(letters) if letters else None
