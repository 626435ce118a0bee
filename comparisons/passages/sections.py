"""A page of documentation as sections, each with the fragment that leads to it."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(kw_only=True)
class Section:
    """One heading and what stands below it, up to the next heading.

    ``fragments`` lead to it, the one that readers see first; ``level`` is 1 for a
    page's title. The section without a title is what stands before any heading.
    """

    title: str = ""
    level: int = 1
    fragments: list[str] = field(default_factory=list)
    text: str = ""


@dataclass(frozen=True)
class Page:
    """The sections of one page, in its order."""

    sections: list[Section]

    def passage(self, fragment: str, marks: Iterable[str] = ()) -> str | None:
        """Return the normalised text that ``fragment`` leads to; None if nothing does.

        It ends at the next heading if all ``marks`` stand before that, or else
        with the last of the sections inside. No fragment means the whole page.
        """
        if not fragment:
            return normalise(self._text(self.sections))
        for number, section in enumerate(self.sections):
            if fragment in section.fragments:
                own = normalise(self._text([section]))
                if section.text.strip() and not missing(own, marks):
                    return own
                return normalise(self._text([section, *self._inside(number)]))
        return None

    def place_of(self, marks: Iterable[str]) -> str:
        """Return the fragment of the only section that holds ``marks``, or ""."""
        marks = list(marks)
        found = [
            section
            for section in self.sections
            if section.fragments
            and not missing(normalise(self._text([section])), marks)
        ]
        return found[0].fragments[0] if marks and len(found) == 1 else ""

    def _inside(self, number):
        level = self.sections[number].level
        for section in self.sections[number + 1 :]:
            if section.level <= level:
                return
            yield section

    @staticmethod
    def _text(sections):
        return "\n".join(f"{section.title}\n{section.text}" for section in sections)


def normalise(text: str) -> str:
    """Return ``text`` in small letters, without what an editor of prose may change.

    Breaks of lines, kinds of quotation marks and the signs of markup do not count.
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub("[‘’“”\"'`*]", "", text)
    return " ".join(text.split())


def missing(passage: str, marks: Iterable[str]) -> list[str]:
    """Return those of ``marks`` that are no whole words of a normalised ``passage``."""
    return [
        mark
        for mark in marks
        if not re.search(rf"(?<!\w){re.escape(normalise(mark))}(?!\w)", passage)
    ]


def fingerprint(fragment: str, passage: str) -> str:
    """Return 16 characters that change with a normalised ``passage`` or its place."""
    return hashlib.sha256(f"{fragment}\n{passage}".encode()).hexdigest()[:16]


def add_fragments(sections: list[Section]) -> None:
    """Give each section what different makers of pages make of its title.

    A title that stands there again is numbered. Sections that name their fragment
    themselves keep that one alone.
    """
    untold = [
        section for section in sections if section.title and not section.fragments
    ]
    for slug, join in ((mkdocs_slug, "_"), (github_slug, "-"), (plain_slug, "-")):
        taken = Counter()
        for section in untold:
            stem = slug(section.title)
            number = taken[stem]
            taken[stem] += 1
            fragment = f"{stem}{join}{number}" if number else stem
            if fragment not in section.fragments:
                section.fragments.append(fragment)


def mkdocs_slug(title: str) -> str:
    """Return the fragment that MkDocs makes of ``title``."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    kept = re.sub(r"[^\w\s-]", "", plain).strip().lower()
    return re.sub(r"[-\s]+", "-", kept)


def github_slug(title: str) -> str:
    """Return the fragment that GitHub makes of ``title``."""
    return re.sub(r"[^\w\s-]", "", title.strip().lower()).replace(" ", "-")


def plain_slug(title: str) -> str:
    """Return ``title`` with hyphens, of which nothing but letters and digits stays."""
    return re.sub(r"[^a-z0-9-]", "", title.strip().lower().replace(" ", "-"))
