"""The products that the applications read from PostgreSQL."""

import os
from contextlib import suppress
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from comparisons.measuring.load import LoadError
from comparisons.measuring.processes import LOAD_CORE

ROWS = 10_000


def prepare(url):
    """Make the database that a URL names, and fill its table of products."""
    server, name = url.rsplit("/", 1)
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        known = "SELECT 1 FROM pg_database WHERE datname = %s"
        if not connection.execute(known, [name]).fetchone():
            create = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
            connection.execute(create)
    with psycopg.connect(url) as connection:
        connection.execute("DROP TABLE IF EXISTS product")
        connection.execute(
            "CREATE TABLE product (id integer PRIMARY KEY, name text NOT NULL, "
            "price integer NOT NULL)"
        )
        connection.execute(
            "INSERT INTO product SELECT n, 'Product ' || n, n * 100 "
            f"FROM generate_series(1, {ROWS}) AS n"
        )
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE product")


def leave_core_to_server(url):
    """Keep the backends of a database of this machine off the core of the server.

    Raises LoadError if that is not allowed.
    """
    if urlsplit(url).hostname not in {"127.0.0.1", "localhost"}:
        return
    with psycopg.connect(url) as connection:
        backends = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
        for (pid,) in connection.execute(backends).fetchall():
            with suppress(ProcessLookupError):
                try:
                    os.sched_setaffinity(pid, {LOAD_CORE})
                except PermissionError as error:
                    raise LoadError(
                        "Only root may keep PostgreSQL off the core of the server."
                    ) from error


def version(url):
    with psycopg.connect(url) as connection:
        number = connection.execute("SHOW server_version").fetchone()[0]
    return f"PostgreSQL {number}"
