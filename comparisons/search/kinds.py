"""What is found: each kind of row, its words, and how much they weigh."""

from dataclasses import dataclass
from functools import cached_property

from django.db import models

from comparisons.models import (
    Adopter,
    Citation,
    Comparison,
    Disagreement,
    Extension,
    Fact,
    Feature,
    Finding,
    Framework,
    ProCon,
    Source,
)

NAME, TITLE, DEFINITION, CONTEXT, NOTE, PASSAGE = 10, 6, 4, 3, 2, 1


@dataclass(frozen=True, eq=False)
class Kind:
    """Rows of ``model``, each of them called ``label``.

    ``names`` and ``prose`` are the fields whose words are found, with what a word
    counts there; the list shows a sentence of the prose. ``address`` are further
    fields of which the row's name and its address are made.
    """

    model: type[models.Model]
    label: str
    names: dict[str, int]
    prose: dict[str, int]
    address: tuple[str, ...] = ()

    @property
    def slug(self):
        return self.model._meta.model_name

    @property
    def plural(self):
        return "Pros and cons" if self.model is ProCon else f"{self.label}s"

    @cached_property
    def fields(self):
        """[(path, weight, whether it is a name, labels of choices)], heaviest first."""
        weights = sorted((self.names | self.prose).items(), key=lambda item: -item[1])
        fields = []
        for path, weight in weights:
            own = self.model._meta.get_field(path.partition("__")[0])
            fields.append((path, weight, path in self.names, dict(own.choices or ())))
        return fields

    @cached_property
    def paths(self):
        """All fields that are read."""
        return [*(path for path, *_ in self.fields), "pk", *self.address]

    def row(self, values):
        """Return the row with ``values``, and those around it that name it.

        Reading it once more, with all its columns, would take as long as finding it.
        """
        return _row(self.model, dict(zip(self.paths, values, strict=True)))


def _row(model, values):
    around = {}
    for path in [path for path in values if "__" in path]:
        name, _, rest = path.partition("__")
        around.setdefault(name, {})[rest] = values.pop(path)
    for name, inner in around.items():
        if any(value is not None for value in inner.values()):
            related = model._meta.get_field(name).related_model
            values[name] = _row(related, {"pk": 0} | inner)
    return model(**values)


def _of(relation, *paths):
    return tuple(f"{relation}__{path}" for path in paths)


FRAMEWORK = _of("framework", "slug", "name")
CELL = (*FRAMEWORK, *_of("feature", "slug", "name"))

# In the order in which equals are listed.
KINDS = [
    Kind(
        Framework,
        "Framework",
        {"name": NAME, "slug": NAME},
        {"tagline": DEFINITION, "summary": NOTE},
    ),
    Kind(
        Feature,
        "Feature",
        {"name": NAME, "slug": NAME, "group__name": CONTEXT},
        {"definition": DEFINITION},
    ),
    Kind(Comparison, "Comparison", {"title": TITLE}, {"introduction": NOTE}, ("slug",)),
    Kind(
        Finding,
        "Finding",
        {"feature__name": TITLE, "feature__slug": TITLE}
        | {"framework__name": CONTEXT, "level": NOTE},
        {"note": NOTE},
        ("framework__slug",),
    ),
    Kind(
        Disagreement,
        "Disagreement",
        {"question": TITLE},
        {"decision": NOTE, "reason": NOTE},
        ("slug",),
    ),
    Kind(
        Extension,
        "Package",
        {"name": NAME, "slug": NAME},
        {"summary": DEFINITION},
    ),
    Kind(
        ProCon,
        "Pro or con",
        {"framework__name": CONTEXT},
        {"statement": NOTE, "matters_when": NOTE},
        ("slug", "framework__slug", *_of("feature", "slug")),
    ),
    Kind(
        Fact,
        "Fact",
        {"kind": TITLE, "framework__name": TITLE},
        {"value": NOTE, "note": NOTE},
        ("framework__slug",),
    ),
    Kind(
        Adopter,
        "User",
        {"name": TITLE, "framework__name": CONTEXT},
        {"note": NOTE},
        ("slug", "framework__slug"),
    ),
    Kind(
        Source,
        "Source",
        {"title": TITLE, "slug": TITLE, "author": TITLE, "publisher": TITLE},
        {},
    ),
    Kind(
        Citation,
        "Passage",
        {"locator": PASSAGE},
        {"says": PASSAGE},
        # It is called, and found, as what it is cited for.
        (
            *_of("finding", *CELL),
            *_of("pro_con", "slug", "statement", *CELL),
            *_of("fact", "kind", *FRAMEWORK),
            *_of("adopter", "slug", "name", *FRAMEWORK),
            *_of("verdict", "slug", "when", "comparison__slug", *FRAMEWORK),
        ),
    ),
]
