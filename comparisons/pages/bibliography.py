"""The sources of one page, numbered in order of first use.

A footnote in a cell is a number; the bibliography at the foot of the page says
which source it is. Citations of one statement that come from one source share
a footnote, so that evidence stays one click away and never crowds the text.
"""

from dataclasses import dataclass, field

from comparisons.choices import Stance
from comparisons.models import Link, Source

# What a footnote shows when one source is cited more than once for a statement:
# a dispute must never hide behind support.
_LOUDEST = [Stance.DISPUTES, Stance.SUPPORTS, Stance.CONTEXT]


@dataclass(frozen=True, kw_only=True)
class Footnote:
    """One source as cited for one statement."""

    number: int
    source: Source
    stance: Stance
    locators: list[str]

    @property
    def disputes(self):
        return self.stance == Stance.DISPUTES


@dataclass(kw_only=True)
class Bibliography:
    """Numbers sources as a page first uses them."""

    _numbers: dict = field(default_factory=dict)

    def number(self, source):
        """Return the number of ``source``, giving it the next one if it is new."""
        return self._numbers.setdefault(source, len(self._numbers) + 1)

    def footnotes(self, citations):
        """Return the footnotes of a statement with ``citations``."""
        by_source = {}
        for citation in citations:
            by_source.setdefault(citation.source, []).append(citation)
        notes = [
            Footnote(
                number=self.number(source),
                source=source,
                stance=min((c.stance for c in cited), key=_LOUDEST.index),
                locators=list(dict.fromkeys(c.locator for c in cited)),
            )
            for source, cited in by_source.items()
        ]
        return sorted(notes, key=lambda note: note.number)

    def mark_gone(self):
        """Note, in one query, on which day a source was found to be gone."""
        gone = Link.objects.gone().filter(url__in=[s.url for s in self._numbers])
        checked = dict(gone.values_list("url", "checked_at"))
        for source in self._numbers:
            source.gone_at = checked.get(source.url)

    def entries(self):
        """Return (number, source) for every source used so far."""
        return [(number, source) for source, number in self._numbers.items()]

    def __len__(self):
        return len(self._numbers)
