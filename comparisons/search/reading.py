"""What the words of a query stand for."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile

from comparisons.models import Framework
from comparisons.search.names import NAMED
from comparisons.search.words import STOP_WORDS, closeness, spaced, stem, words

MOST_WORDS = 12
# What stands between two dots of it.
VERSION = re.compile(r"v?\d{1,2}")
# In words.
LONGEST_NAME = 4
SHORTEST_MISTYPED, SHORTEST_PART = 4, 3
# How much of its weight a word counts where another begins so, or means the same.
BEGUN, MEANT = 0.8, 0.7


@dataclass(frozen=True)
class Term:
    """One word of a query, or several that are a name.

    ``others`` are other words for the same, all beginnings.
    """

    words: tuple[str, ...]
    others: tuple[tuple[str, ...], ...] = ()

    @cached_property
    def alternatives(self):
        """What to find: tuples of beginnings, all of which a row has to have."""
        return list(dict.fromkeys([self._stems, self._joined, *self.others]))

    @cached_property
    def _stems(self):
        return tuple(map(stem, self.words))

    @cached_property
    def _joined(self):
        return ("".join(self.words),)

    @cached_property
    def _looks(self):
        """(how well it fits, what is all in the text then), the best first."""
        return [
            (1, [f" {word} " for word in self.words]),
            (1, [f" {word} " for word in self._joined]),
            (BEGUN, [f" {word}" for word in self._stems]),
            *((MEANT, [f" {word}" for word in each]) for each in self.others),
        ]

    def fit(self, text):
        """Return how well ``text``, spaces around each word, has it, 0 to 1."""
        for fit, parts in self._looks:
            if all(part in text for part in parts):
                return fit
        return 0


@dataclass
class Reading:
    """The words of a query, and what they stand for.

    ``named`` is {model: primary keys, in the order of the words}; ``rest`` are the
    words that name nothing, ``unknown`` those of them with which no name begins.
    """

    words: list[str]
    terms: list[Term] = field(default_factory=list)
    named: dict = field(default_factory=lambda: {model: [] for model in NAMED})
    rest: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    _judged: dict = field(default_factory=dict)

    def judge(self, text, is_name):
        """Return what ``text`` has of the query, the same names only once.

        As how well each term fits, how much alike the name is, and which of the
        ``unknown`` words it has.
        """
        if (text, is_name) not in self._judged:
            own = spaced(text)
            fits = [term.fit(own) for term in self.terms]
            alike = closeness(self._stems, words(text)) if is_name and any(fits) else 0
            found = {word for word in self.unknown if f" {word} " in own}
            self._judged[text, is_name] = (fits, alike, found)
        return self._judged[text, is_name]

    @cached_property
    def _stems(self):
        return tuple(map(stem, self.words))

    @property
    def beginnings(self):
        """The beginnings of all words that are looked for, and that say something."""
        found = {
            word
            for term in self.terms
            for alternative in term.alternatives
            for word in alternative
        }
        return found - STOP_WORDS or found

    def _name(self, rows):
        for model, pk in rows:
            if pk not in self.named[model]:
                self.named[model].append(pk)


def read(text, names):
    """Return the ``Reading`` of the query ``text``."""
    reading = Reading(words(text)[:MOST_WORDS])
    place = 0
    while place < len(reading.words):
        place += _read_name(reading, place, names) or _read_word(reading, place, names)
    if not reading.terms:
        # Nothing but stop words.
        reading.rest = reading.words
        reading.terms = [Term((word,)) for word in reading.words]
    if feature := names.feature_like(reading.rest):
        reading._name([feature])
    return reading


def _read_name(reading, place, names):
    """Read the longest name at ``place``; return its number of words, 0 for none."""
    for size in range(LONGEST_NAME, 0, -1):
        span = tuple(reading.words[place : place + size])
        rows = names.meaning(span)
        if not rows or len(span) < size or span[0] in STOP_WORDS and size == 1:
            continue
        reading._name(rows)
        # Flask-Login speaks of Flask.
        parts = [row for word in span for row in names.meanings.get(word, ())]
        reading._name(row for row in parts if row[0] is Framework)
        called = [words(name) for row in rows for name in names.called[row]]
        others = tuple(tuple(map(stem, name)) for name in called)
        reading.terms.append(Term(span, others))
        is_framework = any(model is Framework for model, _ in rows)
        return size + (_version(reading.words[place + size :]) if is_framework else 0)
    return 0


def _version(after):
    """Return how many words ``after`` a framework's name are its version."""
    return len([*takewhile(VERSION.fullmatch, after)])


def _read_word(reading, place, names):
    word = reading.words[place]
    if word in STOP_WORDS:
        return 1
    around = reading.words[max(0, place - 1) : place + 2]
    others = [(a + b,) for a, b in zip(around, around[1:], strict=False)]
    if not names.begins(word):
        reading.unknown.append(word)
        # It may be two words elsewhere: “ratelimit”.
        places = range(SHORTEST_PART, len(word) - 1)
        others += [(word[:place], word[place:]) for place in places]
    reading.rest.append(word)
    reading.terms.append(Term((word,), tuple(others)))
    return 1


def correct(reading, mistyped, names):
    """Return the query with names for the words ``mistyped``; empty if none is near."""
    corrected = list(reading.words)
    for place, word in enumerate(reading.words):
        if word not in mistyped or len(word) < SHORTEST_MISTYPED:
            continue
        # Also with a neighbour, as in “web scokets”.
        spans = [slice(place, place + 1), slice(place, place + 2)]
        if place:
            spans.append(slice(place - 1, place + 1))
        near = [
            (likeness, span, name)
            for span in spans
            for likeness, name in names.nearest(" ".join(reading.words[span]))
        ]
        if near:
            _, span, name = max(near, key=lambda each: each[0])
            corrected[span] = [name] + [""] * (len(corrected[span]) - 1)
    text = " ".join(filter(None, corrected))
    return text if words(text) != reading.words else ""
