"""Questions whose SQL is put together once.

Putting a queryset of the public pages together takes Django some milliseconds, and
the database, which answers from its memory, a tenth of that. What such a queryset
asks is the same each time but for a few values.
"""

from collections.abc import Callable
from copy import copy
from functools import lru_cache, wraps
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

from comparisons.public import shown_states

# Statements that one question keeps: for drafts too, and for lists of some lengths.
MOST_STATEMENTS = 32
# Stand for values where the statement is put together; no row has them.
NUMBER, TEXT = -(2**62), "\N{SYMBOL FOR UNIT SEPARATOR}value "


class Statement(NamedTuple):
    """A queryset with its SQL; each of ``params`` is a value, or the place of one."""

    queryset: QuerySet
    compiler: SQLCompiler
    sql: str
    params: list[tuple[Any, int | None]]

    def rows(self, values):
        """Return the rows of the queryset, asked with ``values`` in their places."""
        params = [
            fixed if place is None else values[place] for fixed, place in self.params
        ]
        # A compiler belongs to one thread's connection while it asks.
        compiler: Any = copy(self.compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.as_sql = lambda *args, **kwargs: (self.sql, params)
        asked: Any = self.queryset.all()
        asked.query.get_compiler = lambda *args, **kwargs: compiler
        return list(asked)


def prepared(build: Callable[..., QuerySet]) -> Callable[..., list[Any]]:
    """Return the rows of the queryset that ``build`` makes, instead of it.

    What is given by position are values: numbers, texts, or lists of either, which
    have to go into the queryset as they are. What is given by name is passed on, and
    each has a statement of its own.
    """

    @lru_cache(MOST_STATEMENTS)
    def statement(states, forms, named):
        stand_ins = []
        places: dict[Any, int] = {}
        for form in forms:
            own = []
            for kind in form if isinstance(form, tuple) else [form]:
                place = len(places)
                own.append(NUMBER - place if kind is int else f"{TEXT}{place}")
                places[own[-1]] = place
            stand_ins.append(own if isinstance(form, tuple) else own[0])
        queryset = build(*stand_ins, **dict(named))
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        if not places.keys() <= set(params):
            raise ValueError(f"{build.__qualname__} does not ask for a value as it is.")
        return Statement(queryset, compiler, sql, [(p, places.get(p)) for p in params])

    @wraps(build)
    def ask(*values, **named):
        forms: list[Any] = []
        filled: list[Any] = []
        for value in values:
            if isinstance(value, int | str):
                forms.append(type(value))
                filled.append(value)
                continue
            padded = _padded(list(value))
            if not padded:
                return list(build(*values, **named))
            forms.append(tuple(map(type, padded)))
            filled += padded
        found = statement(shown_states(), tuple(forms), tuple(named.items()))
        return found.rows(filled)

    return ask


def _padded(values):
    """Return ``values`` with the last repeated up to a power of two.

    So that lists of a hundred lengths do not make a hundred statements.
    """
    missing = (1 << (len(values) - 1).bit_length()) - len(values) if values else 0
    return values + values[-1:] * missing
