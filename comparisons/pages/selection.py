"""Which rows and columns of a matrix a reader asked for, as the address says it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import quote, urlencode

from comparisons.pages.matrix import Matrix

# How the answers of a row can be: different, contested, unknown, or vouched for by
# the project alone.
ANSWERS = ("differences", "contested", "unknown", "own")


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What to show: rows by their answers; groups; columns.

    The names are those of the query, and stand in its canonical order. Several
    values of one name are joined by commas.
    """

    differences: bool = False
    contested: bool = False
    unknown: bool = False
    own: bool = False
    group: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    show: tuple[str, ...] = ()
    notes: bool = False

    @classmethod
    def read(cls, pairs: Iterable[tuple[str, str]], matrix: Matrix) -> "Selection":
        """Return what ``pairs`` of a query ask of ``matrix``; the rest is ignored."""
        asked = {}
        for name, value in pairs:
            asked.setdefault(name, []).extend(value.split(","))
        known = {
            "group": [group.slug for group in matrix.groups],
            "rows": [row.slug for row in matrix.rows],
            "show": [framework.slug for framework in matrix.frameworks],
        }
        found: dict[str, Any] = {
            name: tuple(value for value in values if value in asked.get(name, ()))
            for name, values in known.items()
        }
        if len(found["show"]) == len(known["show"]):
            found["show"] = ()
        for name in (*ANSWERS, "notes"):
            found[name] = "1" in asked.get(name, ())
        return cls(**found)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The canonical names and values of the query."""
        return [
            (field.name, "1" if value is True else ",".join(value))
            for field in fields(self)
            if (value := getattr(self, field.name))
        ]

    @property
    def query(self) -> str:
        """The canonical query, with its question mark; empty if all is shown."""
        return query_of(self.pairs)

    @property
    def is_narrow(self) -> bool:
        """Whether rows are left out."""
        return self != Selection(show=self.show, notes=self.notes)

    def but(self, **changes: Any) -> "Selection":
        return replace(self, **changes)

    def apply(self, matrix: Matrix) -> Matrix:
        """Return the part of ``matrix`` that is asked for."""
        return matrix.of(self.show).where(
            lambda group, row: (
                (not self.differences or row.differs)
                and (not self.contested or row.is_contested)
                and (not self.unknown or row.is_unknown)
                and (not self.own or row.is_own_word)
                and (not self.group or group.slug in self.group)
                and (not self.rows or row.slug in self.rows)
            )
        )


def query_of(pairs: Iterable[tuple[str, str]]) -> str:
    """Return the query of ``pairs`` with its question mark; empty if there are none."""
    query = urlencode(list(pairs), safe=",", quote_via=quote)
    return f"?{query}" if query else ""


NAMES = frozenset(field.name for field in fields(Selection))


@dataclass(frozen=True, kw_only=True)
class Filter:
    """One link above the matrix: where it leads, and whether it is chosen."""

    label: str
    query: str
    is_chosen: bool


def filters(selection: Selection, matrix: Matrix) -> Mapping[str, list[Filter]]:
    """Return the links that narrow ``matrix``, which has all rows; by what they do."""
    columns = matrix.of(selection.show)

    def link(label, is_chosen, **changes):
        query = selection.but(**changes).query
        return Filter(label=label, query=query, is_chosen=is_chosen)

    def toggle(label, name):
        is_chosen = getattr(selection, name)
        return link(label, is_chosen, **{name: not is_chosen})

    counts = {
        "differences": (columns.difference_count, "differ"),
        "contested": (columns.contested_count, "contested"),
        "unknown": (columns.unknown_count, "unknown"),
        "own": (columns.own_word_count, "by the project’s word alone"),
    }
    everything = dict.fromkeys(counts, False) | {"group": (), "rows": ()}
    return {
        "rows": [
            link(f"All {len(columns.rows)}", not selection.is_narrow, **everything),
            *(
                toggle(f"{count} {words}", name)
                for name, (count, words) in counts.items()
                if count
            ),
        ],
        "groups": [
            link(group.name, is_chosen, group=() if is_chosen else (group.slug,))
            for group in columns.groups
            for is_chosen in [group.slug in selection.group]
        ],
        "notes": [toggle("With notes", "notes")],
    }
