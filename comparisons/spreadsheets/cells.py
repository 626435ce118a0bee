"""What one cell of a file holds, before it is known which column it stands in.

A cell is a text, as its spreadsheet shows it: a ``Loose`` one if a spreadsheet may
have rewritten it, a ``Refused`` one if it cannot be taken for a text.
"""

import datetime
import re
from contextlib import suppress

from django.core.exceptions import ValidationError

from comparisons.models.text import tidy

MOST_COLUMNS = 40

# Spreadsheets of East Asian languages understand the wide forms as well.
_FORMULA = re.compile("'*[=+@＝＋＠－-]")
# #REF!, #DIV/0!, #¿NOMBRE?; #N/A, #Н/Д; ##### where a column is narrow; Err:502.
_ERROR = re.compile(
    r"#[¡¿]?[^\Wa-z]+(/0)?[!?]|#[^\W\da-z]/[^\W\da-z]{1,3}|#NV|#GETTING_DATA"
    r"|#{3,}|Err:\d{3}"
)
_LOST = re.compile("[\0\ud800-\udfff\ufffd]")
# No spreadsheet shows more digits.
_DIGITS = re.compile(r"(?=.{1,15}$)-?\d+(\.\d+)?")
# What it takes for a number or a day: 3.10, 1-2, 2024-05, 1e5, 5 October 2013.
_LIKE_A_NUMBER = re.compile(
    r"(?!\d{4}-\d\d-\d\d$)\d+([.,/:-]\d+)*(e\d+)?"
    r"|(\d{1,2}\.? )?[^\W\d]{3,9}\.? \d{1,4}",
    re.IGNORECASE,
)
# 03. Okt, Oct-03, 03-Oct-13, 01.02.2003, 1.23E+19
_REWRITTEN = re.compile(
    r"\d{1,2}\W{1,2}[^\W\d]{3,}\.?(\W\d{2})?|[^\W\d]{3,}\.?\W\d{2}|\d{1,2}\W\d{1,2}\W\d{2,4}"
    r"|\d([.,]\d+)?E\+\d+"
)
_TO_TEXT = "Make the column Text and type it again."


class FileError(ValidationError):
    """A file that cannot be read or written. The message says why."""

    def __init__(self, message):
        super().__init__(message, code="file")


class Loose(str):
    """A text of a CSV file, or a number: a spreadsheet may have rewritten it."""


class Refused(str):
    """What the cell shows or holds. ``reason`` says why it is not taken."""

    def __new__(cls, text, reason):
        cell = super().__new__(cls, text)
        cell.reason = reason
        return cell


class DayCell(Refused):
    """A ``day``, which is taken where one is wanted and nowhere else."""

    def __new__(cls, day):
        reason = f"The spreadsheet took this for a day. {_TO_TEXT}"
        cell = super().__new__(cls, "(a day)", reason)
        cell.day = day.isoformat()
        return cell


def compact(text):
    """Return a key or a name as it is compared: nothing in it that nobody sees."""
    return " ".join(tidy(text, lines=False).split())


def escape(text):
    """Return ``text`` with an apostrophe if a spreadsheet took it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unescape(text):
    """Return the text of which ``escape`` made this one."""
    is_escaped = text.startswith("'") and _FORMULA.match(text[1:])
    return text[1:] if is_escaped else text


def from_text(text, kind=str):
    """Return the cell of ``kind`` that holds ``text``."""
    text = unescape(tidy(text).strip())
    if text[:1] in ("#", "E") and _ERROR.fullmatch(text):
        return from_error(text)
    if _LOST.search(text):
        reason = "It holds a character that is none, or that was lost: type it anew."
        return Refused(_LOST.sub("\ufffd", text), reason)
    return kind(text)


def from_error(text):
    return Refused(text or "#", "This is an error of the spreadsheet: write a value.")


def from_formula(text):
    """Return the cell of a formula whose result the file does not hold."""
    return Refused(f"={text}", "The formula has no result here: write a value.")


def from_boolean(text):
    return Refused("TRUE" if text == "1" else "FALSE", f"This is no text. {_TO_TEXT}")


def from_number(text, number_format, *, is_1904=False):
    """Return the cell that holds the number ``text`` and shows it in a format.

    One that shows anything but its plain digits is refused.
    """
    # Only where there is a workbook: it takes ten megabytes.
    from openpyxl.styles.numbers import is_date_format

    number, shown = float(text), ""
    if is_date_format(number_format):
        # Days are counted, from one of two beginnings; parts of a day are times.
        epoch = datetime.date(1904, 1, 1) if is_1904 else datetime.date(1899, 12, 30)
        # Before March 1900 Excel counts a day that never was.
        if number.is_integer() and number > 60:
            with suppress(OverflowError):
                return DayCell(epoch + datetime.timedelta(days=number))
    elif decimals := re.fullmatch(r"0(?:\.(0+))?", number_format):
        shown = f"{number:.{len(decimals[1] or '')}f}"
    elif number_format in ("General", "@"):
        # So many digits does a wide cell show.
        shown = f"{number:.11g}"
    if _DIGITS.fullmatch(shown) and float(shown) == number:
        return Loose(shown)
    return Refused(text, f"The cell shows this number in another way. {_TO_TEXT}")


def from_moment(text):
    """Return the cell that holds a day as ISO 8601 writes it."""
    day, _, time = text.partition("T")
    with suppress(ValueError):
        if not time.strip("0:.Z"):
            return DayCell(datetime.date.fromisoformat(day))
    return Refused(text, f"This is no day. {_TO_TEXT}")


def is_rewritten(cell, stored):
    """Whether ``cell`` is no edit of the text ``stored``, but what was made of it.

    Opening a CSV file and saving it, a spreadsheet makes 3.1 or “Oct 3” of the
    version 3.10, and a question mark of a sign that its encoding does not have.
    """
    if not isinstance(cell, Loose):
        return False
    if _LIKE_A_NUMBER.fullmatch(stored):
        with suppress(ValueError):
            if len({float(text.replace(",", ".")) for text in (cell, stored)}) == 1:
                return True
        return bool(_REWRITTEN.fullmatch(cell))
    return cell == stored.encode("ascii", "replace").decode()
