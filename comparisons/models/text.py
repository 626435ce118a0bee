"""Text that people write: line ends one way, and nothing in it that nobody can see.

Whatever way a text comes in (form, import, file, shell), it is stored in one form,
so that nothing counts as an edit that nobody can see, and every page, feed and file
can say it. What cannot be put right without guessing is refused.
"""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

# The line ends of other systems, and the soft breaks of word processors.
LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Hyphens and spaces without width; joiners mean something in some scripts only.
WITHOUT_WIDTH = re.compile(
    "[\u00ad\u180e\u200b\u2060\ufeff]"
    "|(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])"
)
# Categories of characters: control, format, surrogate, private.
UNSEEN = {"Cc", "Cf", "Cs", "Co"}
STORED_ALL_THE_SAME = "\n\t\u200c\u200d"


def tidy(text: str, *, lines: bool = True) -> str:
    """Return ``text`` as it is stored; without ``lines``, on one line.

    Accents are composed, line ends are ``\\n``, what has no width is gone.
    """
    if text.isascii() and not LINE_ENDS.search(text):
        return text if lines else text.replace("\n", " ")
    text = LINE_ENDS.sub("\n", WITHOUT_WIDTH.sub("", text))
    return unicodedata.normalize("NFC", text if lines else text.replace("\n", " "))


def refuse_unseen(text: str) -> None:
    """Raise ValidationError if ``text`` holds a character that nobody can see.

    Marks of direction make a text read otherwise than it is; control characters
    can be written in no feed.
    """
    for place, character in enumerate(text):
        if _is_unseen(character):
            before = text[max(0, place - 20) : place].split("\n")[-1]
            where = f"after “{before}”" if before else "at the beginning"
            raise ValidationError(
                "Write plain text: nobody can see the character U+%(code)s %(where)s.",
                code="not_plain_text",
                params={"code": f"{ord(character):04X}", "where": where},
            )


def without_unseen(text: str) -> str:
    """Return ``text`` on one line, without what ``refuse_unseen`` refuses."""
    tidied = tidy(text, lines=False)
    return "".join(character for character in tidied if not _is_unseen(character))


def _is_unseen(character):
    if character in STORED_ALL_THE_SAME:
        return False
    # The last two of each plane, and 32 more, are set aside for ever.
    number = ord(character)
    is_no_character = number & 0xFFFE == 0xFFFE or 0xFDD0 <= number <= 0xFDEF
    return is_no_character or unicodedata.category(character) in UNSEEN


class PlainFormField(forms.CharField):
    """A field of a form that reads what was typed as it would be stored."""

    default_validators = (refuse_unseen,)
    lines = True

    def to_python(self, value):
        return tidy(super().to_python(value) or "", lines=self.lines)

    def has_changed(self, initial, data):
        return super().has_changed(
            self.to_python(initial), None if data is None else self.to_python(data)
        )


class PlainLineFormField(PlainFormField):
    """The same for one line."""

    lines = False


class _Plain:
    """What the two fields share; to migrations they are Django's own."""

    default_validators = (refuse_unseen,)

    def to_python(self, value):
        value = super().to_python(value)
        return tidy(value, lines=self.lines) if isinstance(value, str) else value

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": self.form_class} | kwargs)

    def deconstruct(self):
        name, _, args, kwargs = super().deconstruct()
        return name, f"django.db.models.{self.get_internal_type()}", args, kwargs


class PlainCharField(_Plain, models.CharField):
    """One line that people write."""

    lines = False
    form_class = PlainLineFormField


class PlainTextField(_Plain, models.TextField):
    """Lines that people write."""

    lines = True
    form_class = PlainFormField
