"""Footnotes of the editors' text: ``[[citation-key]]`` behind what a passage proves.

The marks stand in the body of a section. On a page each becomes a number, the same
passage the same one, in the order in which the text first names them.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from comparisons.models import Citation, Source

MARK = re.compile(r"\[\[([\w-]+)\]\]")
# A sentence with the marks behind its end.
_SENTENCE = re.compile(rf".+?[.!?](?:\s*{MARK.pattern})*(?=\s|$)", re.DOTALL)


def keys_in(texts: Iterable[str]) -> list[str]:
    """Return the keys that ``texts`` name, each once, in order."""
    return list(dict.fromkeys(key for text in texts for key in MARK.findall(text)))


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of ``text``, which empty lines part."""
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]


def first_sentence(text: str) -> tuple[str, str]:
    """Return the first sentence of ``text`` and the rest of it."""
    found = _SENTENCE.match(text.strip())
    first = found[0] if found else text.strip()
    return first, text.strip()[len(first) :].strip()


@dataclass(frozen=True)
class Footnotes:
    """The passages that a text rests on, by the key that it names them by."""

    citations: Mapping[str, Citation]

    @classmethod
    def read(cls, texts: Iterable[str], *, whole: bool = False) -> "Footnotes":
        """Return those of ``texts`` that readers may see, in one query.

        Only ``whole`` ones know more than their number and their source.
        """
        keys = keys_in(texts)
        if not keys:
            return cls({})
        citations = Citation.objects.published().select_related("source")
        if whole:
            citations = citations.for_source().select_related("source")
        else:
            citations = citations.only(
                "key", "source__slug", "source__title", "source__interest"
            )
        found = {citation.key: citation for citation in citations.filter(key__in=keys)}
        return cls({key: found[key] for key in keys if key in found})

    @cached_property
    def numbers(self) -> dict[str, int]:
        """{key: its number}, from 1."""
        return {key: number for number, key in enumerate(self.citations, start=1)}

    @property
    def sources(self) -> list[Source]:
        """The sources of the passages, each once, in order of first use."""
        return list(dict.fromkeys(c.source for c in self.citations.values()))
