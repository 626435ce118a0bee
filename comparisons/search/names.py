"""What things are called: by name, slug, former slug or synonym."""

from bisect import bisect_left
from functools import lru_cache
from itertools import islice

from rapidfuzz import process
from rapidfuzz.distance import OSA

from comparisons.models import (
    Alias,
    Extension,
    Feature,
    Framework,
    KnowledgeVersion,
    Synonym,
)
from comparisons.public import shown_states
from comparisons.search.words import closeness, stem, words

# Features first, so that too large a knowledge base loses the least.
NAMED = (Feature, Framework, Extension)
MOST_NAMES, MOST_SUGGESTED = 15_000, 100
# The share of letters that are right in a mistyped word.
ALIKE = 0.77
# How much of a feature's name has to be there, and of what is said there.
ENOUGH = 0.4


def did_you_mean(text, known):
    """Return “ Did you mean …?” of that of ``known`` most like ``text``, or nothing."""
    found = process.extractOne(
        text,
        known,
        processor=str.casefold,
        scorer=OSA.normalized_similarity,
        score_cutoff=ALIKE,
    )
    return f" Did you mean “{found[0]}”?" if found else ""


class Names:
    """All names that readers may see, looked up without spaces: “fast api”."""

    def __init__(self):
        # What a name stands for, as (model, primary key).
        self.meanings = {}
        # The same by the stems of its words: “http requests”.
        self._forms = {}
        # How a name is written, and each word of it.
        self.spellings = {}
        # What a row is called: its name and its slug.
        self.called = {}
        for model in NAMED:
            rows = model.objects.published().order_by("pk")
            rows = rows.values_list("pk", "name", "slug")
            for pk, name, slug in rows[: MOST_NAMES - len(self.called)]:
                self.called[model, pk] = (name, slug)
                self._add(name, (model, pk), name)
                self._add(slug, (model, pk), name)
        keys = [f"{model._meta.model_name}_id" for model in NAMED]
        for other, field in ((Alias, "slug"), (Synonym, "word")):
            for called, *pks in other.objects.values_list(field, *keys)[:MOST_NAMES]:
                for row in zip(NAMED, pks, strict=True):
                    if row in self.called:
                        self._add(called, row, called)
        self._features = {
            row: [words(name) for name in names]
            for row, names in self.called.items()
            if row[0] is Feature
        }
        self._sorted = sorted(self.spellings)

    def _add(self, called, row, spelling):
        own = words(called)
        for known, parts in ((self.meanings, own), (self._forms, map(stem, own))):
            meanings = known.setdefault("".join(parts), [])
            if row not in meanings:
                meanings.append(row)
        self.spellings.setdefault("".join(own), spelling)
        for word in own:
            self.spellings.setdefault(word, word)

    @staticmethod
    def current():
        """Return the names of this knowledge version, gathered once in a process."""
        return _names(KnowledgeVersion.read(), shown_states())

    def meaning(self, words):
        """Return what ``words`` are the name of, as (model, primary key)."""
        exact = self.meanings.get("".join(words))
        return exact or self._forms.get("".join(map(stem, words)), [])

    def slug_of(self, model, text):
        """Return the slug of the row of ``model`` that is called ``text``, or None."""
        for row in self.meanings.get("".join(words(text)), ()):
            if row[0] is model:
                return self.called[row][1]
        return None

    def feature_like(self, query):
        """Return the one feature whose name is most like the words ``query``, or None.

        As (model, primary key).
        """
        stems = tuple(map(stem, query))
        alike = {
            row: max(closeness(stems, name) for name in names)
            for row, names in self._features.items()
        }
        best = max(alike.values(), default=0)
        rows = [row for row in alike if alike[row] == best]
        return rows[0] if best >= ENOUGH and len(rows) == 1 else None

    def begins(self, word):
        """Whether a word of any name begins with ``word``."""
        place = bisect_left(self._sorted, word)
        return place < len(self._sorted) and self._sorted[place].startswith(word)

    def nearest(self, text, most=1, alike=ALIKE):
        """Return [(likeness, name)] of what is written most like ``text``."""
        found = process.extract(
            "".join(words(text)),
            self._sorted,
            scorer=OSA.normalized_similarity,
            limit=most,
            score_cutoff=alike,
        )
        return [(likeness, self.spellings[key]) for key, likeness, _ in found]

    def suggestions(self):
        """Return the first names, without those of packages."""
        called = self.called.items()
        names = (name for (model, _), (name, _) in called if model is not Extension)
        return list(islice(names, MOST_SUGGESTED))


@lru_cache(maxsize=1)
def _names(version, states):
    return Names()
