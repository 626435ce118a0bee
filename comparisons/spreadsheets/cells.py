"""What one cell of a file holds, before it is known which column it stands in.

A cell is a text, as its spreadsheet shows it. One that a spreadsheet may have
rewritten is a ``Loose`` text, and one that cannot be taken for a text a ``Refused``
one. What a spreadsheet would take for a formula is written with an apostrophe in
front of it, and read without.
"""

import datetime
import re
from contextlib import suppress

from openpyxl.styles.numbers import is_date_format

# Spreadsheets of East Asian languages understand the wide forms as well.
_FORMULA = re.compile("'*[=+@＝＋＠－-]")
# #REF!, #DIV/0!, #¿NOMBRE?; #N/A, #Н/Д; ##### where a column is narrow; Err:502.
_ERROR = re.compile(
    r"#[¡¿]?[^\Wa-z]+(/0)?[!?]|#[^\W\da-z]/[^\W\da-z]{1,3}|#NV|#GETTING_DATA"
    r"|#{3,}|Err:\d{3}"
)
_CONTROL = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffd\ufffe\uffff]")
# Spaces of no width, and marks of direction.
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
# A spreadsheet shows zeros for what comes after so many.
_MOST_DIGITS = 15
_VERSION = re.compile(r"\d+(\.\d+)*")
# 03. Okt, Oct-03, 01.02.2003
_DATE = re.compile(
    r"\d{1,2}\W{1,2}[^\W\d]{3,}\.?|[^\W\d]{3,}\.?\W\d{2}|\d{1,2}\W\d{1,2}\W\d{2,4}"
)

_TO_TEXT = "Make the column Text and type it again."


class Loose(str):
    """A text of a CSV file, or a number: a spreadsheet may have rewritten it."""


class Refused(str):
    """What the cell shows or holds. ``reason`` says why it is not taken."""

    def __new__(cls, text, reason):
        refused = super().__new__(cls, text)
        refused.reason = reason
        return refused


class DayCell(Refused):
    """A ``day``, which is taken where one is wanted and nowhere else."""

    def __new__(cls, day):
        reason = f"The spreadsheet took this for a day. {_TO_TEXT}"
        cell = super().__new__(cls, "(a day)", reason)
        cell.day = day.isoformat()
        return cell


def plain(text):
    """Return ``text`` as it is compared: one kind of line end, no outer space."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.strip().strip(_INVISIBLE).strip()


def compact(text):
    """Return a key or a name as it is compared: nothing in it that nobody sees."""
    return " ".join(text.translate(dict.fromkeys(map(ord, _INVISIBLE))).split())


def escape(text):
    """Return ``text`` so that no spreadsheet takes it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unescape(text):
    """Return the text of which ``escape`` made this one."""
    is_escaped = text.startswith("'") and _FORMULA.match(text[1:])
    return text[1:] if is_escaped else text


def from_text(text, kind=str):
    """Return the cell of ``kind`` that holds ``text``."""
    text = unescape(plain(text))
    if text[:1] in ("#", "E") and _ERROR.fullmatch(text):
        return from_error(text)
    if _CONTROL.search(text):
        reason = "It holds a control character, or one that was lost (�): type it anew."
        return Refused(_CONTROL.sub("�", text), reason)
    return kind(text)


def from_error(text):
    return Refused(text or "#", "This is an error of the spreadsheet: write a value.")


def from_number(text, number_format, *, is_1904=False):
    """Return the cell that holds the number ``text`` and shows it in a format.

    One that shows anything but its plain digits is refused.
    """
    number = float(text)
    if is_date_format(number_format):
        return _from_serial(number, is_1904, text)
    decimals = re.fullmatch(r"0(?:\.(0+))?", number_format)
    if decimals:
        shown = f"{number:.{len(decimals[1] or '')}f}"
    elif number_format in ("General", "@"):
        # So many digits does a wide cell show.
        shown = f"{number:.11g}"
    else:
        shown = ""
    if (
        len(shown) <= _MOST_DIGITS
        and _NUMBER.fullmatch(shown)
        and float(shown) == number
    ):
        return Loose(shown)
    return Refused(text, f"The cell shows this number in another way. {_TO_TEXT}")


def from_boolean(text):
    return Refused("TRUE" if text == "1" else "FALSE", f"This is no text. {_TO_TEXT}")


def without_result(formula):
    reason = "The file holds this formula without its result: write a value."
    return Refused(f"={formula}", reason)


def from_moment(text):
    """Return the cell that holds a day as ISO 8601 writes it."""
    day, _, time = text.partition("T")
    with suppress(ValueError):
        if not time.strip("0:.Z"):
            return DayCell(datetime.date.fromisoformat(day))
    return Refused(text, f"This is no day. {_TO_TEXT}")


def rewritten(cell, stored):
    """Whether ``cell`` is no edit of the text ``stored``, but what was made of it.

    Opening a CSV file and saving it, a spreadsheet makes 3.1 or “Oct 3” of the
    version 3.10, and a question mark of a sign that its encoding does not have.
    """
    if not isinstance(cell, Loose):
        return False
    if _VERSION.fullmatch(stored):
        with suppress(ValueError):
            return float(cell) == float(stored)
        return bool(_DATE.fullmatch(cell))
    return cell == stored.encode("ascii", "replace").decode()


def _from_serial(number, is_1904, text):
    """Excel counts days, from one of two beginnings; a part of a day is a time."""
    epoch = datetime.date(1904, 1, 1) if is_1904 else datetime.date(1899, 12, 30)
    # Before March 1900 it counts a day that never was.
    if number.is_integer() and number > 60:
        with suppress(OverflowError):
            return DayCell(epoch + datetime.timedelta(days=number))
    return Refused(text, f"The cell holds a time of day or a duration. {_TO_TEXT}")
