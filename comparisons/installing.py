"""The promises of ``comparisons.triggers`` in the database, never off while it serves.

They are no migration: their text follows from the models. After each ``migrate``
those that differ from what is stored are changed, and no others, in one transaction
that raises the knowledge version and looks for what is published uncited.

Django rebuilds a table on SQLite to change it, which loses the triggers. There a
migration runs between ``step_aside()`` and ``step_back()``, in its own transaction,
during which nobody else writes: see ``config.sqlite3``.
"""

import logging
import time

from django.db import OperationalError, connections, transaction

from comparisons.choices import Status
from comparisons.triggers import (
    PREFIX,
    RAISE_VERSION,
    VERSION,
    all_triggers,
    statements,
    unsupported,
)

# Who waits for a table that an editor holds lets the editor go on within this time:
# a fraction of that after which PostgreSQL would end one of the two.
PATIENCE = "SET LOCAL lock_timeout = '300ms'"
# For so many seconds it tries again.
TRYING = 60
STORED = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' "
    f"AND name LIKE '{PREFIX}%'",
    # A function whose trigger went with its table counts as another one.
    "postgresql": "SELECT p.proname, CASE WHEN t.oid IS NULL THEN '' ELSE p.prosrc END "
    "FROM pg_proc p LEFT JOIN pg_trigger t "
    "ON t.tgfoid = p.oid AND t.tgenabled = 'O' "
    f"WHERE p.proname LIKE '{PREFIX}%' "
    "AND p.pronamespace = current_schema::regnamespace",
}

logger = logging.getLogger(__name__)


def install(*, using="default", **kwargs):
    """Have the database keep all promises. Receives ``post_migrate``."""
    patiently(_install, using)


def patiently(act, using):
    """Do ``act(connection)`` in one transaction, again while others are in the way."""
    until = time.monotonic() + TRYING
    while True:
        try:
            with transaction.atomic(using=using):
                if connections[using].vendor == "postgresql":
                    with connections[using].cursor() as cursor:
                        cursor.execute(PATIENCE)
                act(connections[using])
            return
        except OperationalError:
            if time.monotonic() > until:
                raise


def _install(connection):
    vendor = connection.vendor
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        wanted = {
            trigger.full_name: trigger
            for trigger in all_triggers(connection.alias)
            if trigger.table in tables
        }
        cursor.execute(STORED[vendor])
        stored = dict(cursor.fetchall())
        differing = {
            name
            for name in wanted.keys() | stored.keys()
            if name not in wanted or stored.get(name) != getattr(wanted[name], vendor)()
        }
        for name in sorted(differing):
            if name in stored and (vendor == "sqlite" or name not in wanted):
                cursor.execute(_dropping(name, vendor))
            if name in wanted:
                for statement in _making(wanted[name], vendor):
                    cursor.execute(statement)
        if VERSION in tables:
            cursor.execute(
                f"INSERT INTO {VERSION} (id, number, stamp, raised_on) "
                "SELECT 1, 1, random(), CURRENT_DATE "
                f"WHERE NOT EXISTS (SELECT 1 FROM {VERSION})"
            )
            if differing:
                cursor.execute(RAISE_VERSION)
        for table, *rule in statements():
            if table in tables:
                _withdraw(cursor, table, unsupported(table, *rule))


def _dropping(name, vendor):
    if vendor == "sqlite":
        return f"DROP TRIGGER {name}"
    return f"DROP FUNCTION {name}() CASCADE"


def _making(trigger, vendor):
    if vendor == "sqlite":
        return [trigger.sqlite()]
    name = trigger.full_name
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger "
        f"AS $${trigger.postgresql()}$$ LANGUAGE plpgsql",
        f"CREATE OR REPLACE TRIGGER {name} {trigger.event} ON {trigger.table} "
        f"FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def _withdraw(cursor, table, is_unsupported):
    """Take back to draft what was published uncited while a promise was another."""
    published = f"{table}.status = '{Status.PUBLISHED}' AND {is_unsupported}"
    cursor.execute(f"SELECT id FROM {table} WHERE {published}")
    if pks := [pk for (pk,) in cursor.fetchall()]:
        cursor.execute(
            f"UPDATE {table} SET status = '{Status.DRAFT}' WHERE {published}"
        )
        logger.warning("Published without a citation, now drafts: %s %s", table, pks)


def step_aside(connection):
    """Drop the triggers of an SQLite database and return them for ``step_back()``."""
    with connection.cursor() as cursor:
        cursor.execute(STORED["sqlite"])
        stored = dict(cursor.fetchall())
        for name in stored:
            cursor.execute(_dropping(name, "sqlite"))
    return stored


def step_back(connection, stored):
    """Make the triggers ``stored`` again, as far as their tables are still there.

    The version rises, because what the migration changed raised none.
    """
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for statement in stored.values():
            if any(f" ON {table} " in statement for table in tables):
                cursor.execute(statement)
        if VERSION in tables:
            columns = connection.introspection.get_table_description(cursor, VERSION)
            # A database of an earlier release has no stamp yet.
            is_stamped = any(column.name == "stamp" for column in columns)
            number = f"UPDATE {VERSION} SET number = number + 1"
            cursor.execute(RAISE_VERSION if is_stamped else number)
