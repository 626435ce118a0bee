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
    counts = [
        ("differences", f"{columns.difference_count} differ"),
        ("contested", f"{columns.contested_count} contested"),
        ("unknown", f"{columns.unknown_count} unknown"),
        ("own", f"{columns.own_word_count} by the project’s word alone"),
    ]
    everything = Selection(show=selection.show, notes=selection.notes)
    return {
        "rows": [
            Filter(
                label=f"All {len(columns.rows)}",
                query=everything.query,
                is_chosen=not selection.is_narrow,
            ),
            *(
                Filter(
                    label=label,
                    query=selection.but(**{name: not getattr(selection, name)}).query,
                    is_chosen=getattr(selection, name),
                )
                for name, label in counts
                if not label.startswith("0 ")
            ),
        ],
        "groups": [
            Filter(
                label=group.name,
                query=selection.but(
                    group=() if group.slug in selection.group else (group.slug,)
                ).query,
                is_chosen=group.slug in selection.group,
            )
            for group in columns.groups
        ],
        "notes": [
            Filter(
                label="With notes",
                query=selection.but(notes=not selection.notes).query,
                is_chosen=selection.notes,
            )
        ],
    }
