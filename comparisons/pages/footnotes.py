"""Footnotes of the editors' text: ``[[citation-key]]`` behind what a passage proves.

The marks stand in the body of a section. On a page each becomes a number, the same
passage the same one, in the order in which the text first names them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from comparisons.addresses import page_path
from comparisons.models import Citation
from comparisons.prepared import prepared

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


class CitedSource(NamedTuple):
    """A source by what a line of sources shows of it."""

    slug: str
    title: str
    interest: str

    def get_absolute_url(self) -> str:
        return page_path("source-detail", self.slug)


@dataclass(frozen=True)
class Footnotes:
    """The numbers, from 1, of the passages that a text rests on, by their keys.

    And the sources of those passages, each once, in order of first use.
    """

    numbers: Mapping[str, int]
    sources: Sequence[CitedSource]

    @classmethod
    def read(cls, texts: Iterable[str]) -> "Footnotes":
        """Return those of ``texts`` that readers may see, in one query."""
        keys = keys_in(texts)
        found = {key: CitedSource(*source) for key, *source in _sources(keys)}
        cited = {key: found[key] for key in keys if key in found}
        return cls(
            {key: number for number, key in enumerate(cited, start=1)},
            list(dict.fromkeys(cited.values())),
        )


@prepared
def _sources(keys):
    citations = Citation.objects.published().filter(key__in=keys)
    return citations.values_list(
        "key", "source__slug", "source__title", "source__interest"
    )
