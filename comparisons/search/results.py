"""What is found for a query: ranked, counted by kind, shown a page at a time."""

from collections import Counter
from dataclasses import dataclass
from itertools import combinations

from comparisons.choices import Level
from comparisons.models import Citation, Finding
from comparisons.search import index
from comparisons.search.answers import Answer, answer
from comparisons.search.kinds import KINDS, Kind
from comparisons.search.names import Names
from comparisons.search.reading import correct, read
from comparisons.search.words import best_sentence, marked

# A row that is called so much like the query is meant by it.
TITLE = 0.8


@dataclass(frozen=True)
class Hit:
    """One row that was found, and how well it fits.

    ``alike`` is how much its name is like the query, ``worth`` what its level is, and
    ``has`` are those words that no name begins with and that it has as they stand.
    """

    kind: Kind
    values: tuple
    score: float
    alike: float
    worth: float
    has: set


@dataclass(frozen=True)
class Shown:
    """A hit as it stands in the list; ``title`` and ``text`` are safe HTML."""

    label: str
    title: str
    url: str
    text: str
    level: Level | None


@dataclass(frozen=True)
class Results:
    """All that is told about a query.

    ``hits`` are those of one kind if a kind was asked for; ``facets`` are all kinds
    with how many there are. ``corrected`` is the query that was answered instead of
    one that is mistyped. Where no row has all words, ``is_partial``, they have some;
    where none has any, ``nearest`` are names.
    """

    answer: Answer | None
    hits: list[Hit]
    facets: list[tuple[Kind, str]]
    beginnings: set[str]
    kind: str
    corrected: str
    is_partial: bool
    nearest: list[str]

    @classmethod
    def find(cls, text, kind=""):
        """Return the results for the query ``text``, hits of one ``kind`` alone."""
        names = Names.current()
        reading, corrected = read(text, names), ""
        hits = _hits(reading)
        if mistyped := set(reading.unknown).difference(*(hit.has for hit in hits)):
            corrected = correct(reading, mistyped, names)
        if corrected:
            reading = read(corrected, names)
            hits = _hits(reading)
        number = len(reading.terms)
        if is_partial := not hits and number > 1:
            hits = _hits(reading, number - 1) or _hits(reading, 1)
        counts = Counter(hit.kind for hit in hits)
        kind = kind if kind in {each.slug for each in counts} else ""
        # What names all of it says more than a title does.
        may_be_title = hits and reading.rest and len(reading.words) > 2
        is_title = may_be_title and hits[0].alike >= TITLE
        return cls(
            answer=None if is_title else answer(reading.named),
            hits=[hit for hit in hits if kind in ("", hit.kind.slug)],
            facets=[(each, _counted(counts[each])) for each in KINDS if each in counts],
            beginnings=reading.beginnings,
            kind=kind,
            corrected=corrected,
            is_partial=is_partial,
            nearest=[] if hits else [name for _, name in names.nearest(text, 3, 0)],
        )

    def shown(self, hits):
        """Return ``hits`` as the page shows them, without what the answer leads to."""
        shown = [self._shown(hit.kind, hit.kind.row(hit.values)) for hit in hits]
        answered = self.answer.url if self.answer else None
        return [each for each in shown if each.url != answered]

    def _shown(self, kind, row):
        about = row.statement if isinstance(row, Citation) else row
        return Shown(
            label=kind.label,
            title=marked(str(about), self.beginnings),
            url=about.get_absolute_url(),
            text=best_sentence(
                [getattr(row, name) for name in kind.prose], self.beginnings
            ),
            level=row.answer if isinstance(row, Finding) else None,
        )


def _counted(number):
    return f"{number} or more" if number == index.MOST_SHOWN else str(number)


def _hits(reading, number=None):
    """Return what has ``number`` of the terms, or all of them, the best first."""
    terms = [term.alternatives for term in reading.terms]
    ways = list(combinations(terms, number or len(terms))) if terms else []
    with index.as_written():
        hits = [
            _weigh(kind, values, reading)
            for kind in (KINDS if ways else ())
            for values in index.rows(kind, ways)
        ]
    order = {kind: place for place, kind in enumerate(KINDS)}
    return sorted(hits, key=lambda hit: (-hit.score, order[hit.kind], -hit.worth))


def _weigh(kind, values, reading):
    """Return the hit of one row: its words by their weight, its names all the more."""
    best = [0] * len(reading.terms)
    alike = named = worth = 0
    has = set()
    for field, value in zip(kind.fields, values, strict=False):
        path, weight, is_name, labels = field
        if weight <= min(best) and not (is_name or reading.unknown):
            break
        text = f"{value} {labels[value]}" if value in labels else value
        fits, likeness, found = reading.judge(text, is_name)
        best = [max(b, weight * fit) for b, fit in zip(best, fits, strict=True)]
        alike, named = max(alike, likeness), max(named, weight * likeness)
        has |= found
        if path == "level":
            worth = Level(value).worth or 0
    return Hit(kind, values, sum(best) / len(best) + named, alike, worth, has)
