"""The words of every row, kept by the database, and found there.

Beside each table that is searched stands one with its words. Triggers keep it in the
transaction of every change, whichever way that comes in: FTS5 on SQLite, tsvectors
on PostgreSQL. Both see words as ``words.fold`` does, and as they are written besides.
"""

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from comparisons.installing import patiently
from comparisons.public import shown_states
from comparisons.search.kinds import KINDS
from comparisons.search.words import SIGNS, stem, words
from comparisons.triggers import PREFIX, Trigger

# More rows of one kind are not looked at.
MOST, MOST_SHOWN = 300, 50
# The parser of SQLite goes no deeper than some thirty calls.
MOST_NESTED = 15
# Stands for the query in a statement that is kept.
QUERY = "\N{SYMBOL FOR UNIT SEPARATOR}query"
STATE = f"{PREFIX}search"
# Without the prefix: what has it and belongs to no trigger is dropped as outdated.
FOLD = "search_words"


@dataclass(frozen=True)
class Vendor:
    """How one database is told to keep words, and to find them."""

    table: tuple[str, ...]
    matches: str
    # The query: the beginning of a word, and how such are joined.
    word: str
    both: str
    either: str
    # Whether a row is one of those that a SELECT names.
    among: str
    setup: tuple[str, ...] = ()


SQLITE = Vendor(
    table=(
        # Beginnings of so many letters are found without reading all words there are.
        "CREATE VIRTUAL TABLE {table} USING fts5(words, prefix = '3 4 5 6 7', "
        "tokenize = 'unicode61 remove_diacritics 2')",
    ),
    matches="{table} MATCH %s",
    word='"{}" *',
    both=" AND ",
    either=" OR ",
    among="{key} IN ({found})",
)
POSTGRESQL = Vendor(
    setup=(
        # Punctuation would make the parser find addresses and names of files.
        f"CREATE OR REPLACE FUNCTION {FOLD}(words text) RETURNS tsvector "
        "LANGUAGE sql IMMUTABLE AS $$ SELECT to_tsvector('simple', regexp_replace("
        "lower(normalize(regexp_replace(normalize(left(words, 100000), NFKD), "
        r"'([A-Za-z])[\u0300-\u036F]+', '\1', 'g'), NFC)), "
        r"'[\x21-\x2F\x3A-\x40\x5B-\x60\x7B-\x7E]+', ' ', 'g')) $$",
    ),
    table=(
        "CREATE TABLE {table} (rowid bigint PRIMARY KEY, words text NOT NULL, "
        f"vector tsvector GENERATED ALWAYS AS ({FOLD}(words)) STORED)",
        # Without the list of what is still to be sorted in, which searches would read.
        "CREATE INDEX {table}_vector ON {table} USING gin (vector) "
        "WITH (fastupdate = off)",
    ),
    matches="vector @@ to_tsquery('simple', %s)",
    word="'{}':*",
    both=" & ",
    either=" | ",
    # Known before all else: from IN it would plan, and read, all rows there are first.
    among="{key} = ANY(ARRAY({found}))",
)
VENDORS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}


@contextmanager
def as_written():
    """Have PostgreSQL join in the order of its question while the block runs.

    What is found is known before anything is joined to it, so there is no better order,
    and to look for one takes several times as long as to answer.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET join_collapse_limit = 1")
        try:
            yield
        finally:
            cursor.execute("RESET join_collapse_limit")


def rows(kind, ways):
    """Return the values of ``kind.paths`` of the rows that fit any of ``ways``.

    A way is a list of terms, all of which a row has to have; a term is a list of
    alternatives; an alternative is a tuple of beginnings of words. Of the first
    ``MOST`` that are found, at most ``MOST_SHOWN`` that readers may see.
    """
    sql, params = _statement(kind, shown_states())
    query = _query(ways)
    with connection.cursor() as cursor:
        cursor.execute(sql, [query if each == QUERY else each for each in params])
        return cursor.fetchall()


def matching(rows, text):
    """Return those of the queryset ``rows`` that have all words of ``text``."""
    [kind] = [kind for kind in KINDS if kind.model is rows.model]
    terms = [[(stem(word),)] for word in words(text)]
    return rows.filter(_is_found(kind, _query([terms]))) if terms else rows.none()


@cache
def _statement(kind, states):
    """Return the SQL that finds a kind; putting it together takes longer than it."""
    rows = kind.model.objects.published().filter(_is_found(kind, QUERY))
    rows = rows.order_by("pk").values_list(*kind.paths)[:MOST_SHOWN]
    return rows.query.sql_with_params()


def _is_found(kind, query):
    vendor, table = VENDORS[connection.vendor], table_of(kind)
    found = (
        f"SELECT rowid FROM {table} WHERE {vendor.matches.format(table=table)} "
        f"LIMIT {MOST}"
    )
    key = f"{kind.model._meta.db_table}.id"
    condition = vendor.among.format(key=key, found=found)
    return RawSQL(condition, [query], BooleanField())


def _query(ways):
    vendor = VENDORS[connection.vendor]

    def both(parts):
        return f"({vendor.both.join(parts)})"

    def either(parts):
        return f"({vendor.either.join(parts)})"

    def beginnings(alternative):
        return both(map(vendor.word.format, alternative))

    return either(both(either(map(beginnings, term)) for term in way) for way in ways)


def table_of(kind):
    """Return the name of the table that holds the words of a kind."""
    return f"{STATE}_{kind.slug}"


def _words(kind, row):
    """Return the SQL of all words of ``row``, which is an alias of its table."""
    return " || ' ' || ".join(_value(kind.model, path, row) for path, *_ in kind.fields)


def _folded(select):
    """Return SQL that selects the id and words of ``select``, and those folded."""
    select = f"SELECT id, words AS written, words FROM ({select}) AS each"
    signs = list(SIGNS.items())
    for place in range(0, len(signs), MOST_NESTED):
        folded = "words"
        for sign, plain in signs[place : place + MOST_NESTED]:
            folded = f"REPLACE({folded}, {_quoted(sign)}, {_quoted(plain)})"
        select = f"SELECT id, written, {folded} AS words FROM ({select}) AS step"
    return (
        "SELECT id, CASE WHEN words = written THEN words "
        f"ELSE written || ' ' || words END FROM ({select}) AS folded"
    )


def _quoted(text):
    return "'" + text.replace("'", "''") + "'"


def _value(model, path, row):
    name, _, rest = path.partition("__")
    field = model._meta.get_field(name)
    value = f"{row}.{field.column}"
    if rest:
        other = field.related_model._meta
        return (
            f"COALESCE((SELECT {_value(field.related_model, rest, 'other')} "
            f"FROM {other.db_table} AS other WHERE other.id = {value}), '')"
        )
    labels = "".join(
        f" WHEN '{key}' THEN ' {name}'" for key, name in field.choices or ()
    )
    return f"{value} || CASE {value}{labels} ELSE '' END" if labels else value


def _triggers(kind):
    source, own = kind.model._meta.db_table, table_of(kind)
    store = (
        f"DELETE FROM {own} WHERE rowid = NEW.id; "
        f"INSERT INTO {own} (rowid, words) "
        + _folded(f"SELECT NEW.id AS id, {_words(kind, 'NEW')} AS words")
    )
    columns, names = {}, {}
    for path, *_ in kind.fields:
        name, _, rest = path.partition("__")
        field = kind.model._meta.get_field(name)
        columns[field.column] = True
        if rest:
            names.setdefault(field, []).append(rest)
    changes = [
        (source, "INSERT", "1 = 1", store),
        (source, f"UPDATE OF {', '.join(columns)}", "1 = 1", store),
        (source, "DELETE", "1 = 1", f"DELETE FROM {own} WHERE rowid = OLD.id"),
    ]
    for field, own_names in names.items():
        # What a row is about is called otherwise, or is stored after the row.
        other, key = field.related_model._meta.db_table, field.column
        touch = f"UPDATE {source} SET {key} = NEW.id WHERE {key} = NEW.id"
        renamed = " OR ".join(f"NEW.{name} <> OLD.{name}" for name in own_names)
        changes += [
            (other, "INSERT", "1 = 1", touch),
            (other, f"UPDATE OF {', '.join(own_names)}", renamed, touch),
        ]
    return [
        Trigger(
            name=f"search_{kind.slug}_{table}_{change[:6].lower()}",
            table=table,
            event=f"AFTER {change}",
            when=when,
            action=action,
        )
        for table, change, when, action in changes
    ]


@cache
def _all_triggers():
    return [trigger for kind in KINDS for trigger in _triggers(kind)]


def triggers(seen):
    """Return the triggers that keep the words, whoever may see them."""
    return _all_triggers()


def install(*, using="default", plan=(), **kwargs):
    """Make the tables of words, if they are not those of this program.

    And if a migration has run, on SQLite without the triggers. Receives
    ``post_migrate``.
    """
    patiently(lambda connection: _install(connection, is_changed=bool(plan)), using)


def _install(connection, is_changed):
    vendor = VENDORS[connection.vendor]
    digest = hashlib.sha256(repr((vendor, _all_triggers())).encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {STATE} (digest char(64) NOT NULL)")
        cursor.execute(f"SELECT digest FROM {STATE}")
        if cursor.fetchone() == (digest,) and not is_changed:
            return
        for statement in vendor.setup:
            cursor.execute(statement)
        for kind in KINDS:
            table = table_of(kind)
            cursor.execute(f"DROP TABLE IF EXISTS {table}")
            for statement in vendor.table:
                cursor.execute(statement.format(table=table))
            cursor.execute(
                f"INSERT INTO {table} (rowid, words) "
                + _folded(
                    f"SELECT id, {_words(kind, 'stored')} AS words "
                    f"FROM {kind.model._meta.db_table} AS stored"
                )
            )
        cursor.execute(f"DELETE FROM {STATE}")
        cursor.execute(f"INSERT INTO {STATE} VALUES (%s)", [digest])
