"""The whole database into one file while it serves, and back into an empty one.

SQLite copies itself page by page, PostgreSQL's own tools write and read its file.
A backup holds what editors and readers wrote as well as accounts; ``fixtures/``
hold the knowledge alone. django-dbbackup does the same by the same means, but
restores over what is there; here nothing that is stored is ever replaced.
"""

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.db import DatabaseError, connection

from comparisons.models import KnowledgeVersion

# More changes than can have been made since any backup. What a browser or a shared
# cache kept under a version from after it is thereby never taken for what is
# shown under that version again.
FURTHER = 1_000_000


class BackupError(Exception):
    """A file that cannot be written or read back; the text says why."""


# What goes wrong while a database writes or reads one.
FAILURES = (sqlite3.Error, DatabaseError, BackupError)


def backup(path: Path) -> None:
    """Write the database to ``path``, a new file that its owner alone may read.

    Raises:
        BackupError: the file exists, or the database's tool failed.
    """
    try:
        path.touch(mode=0o600, exist_ok=False)
    except OSError as error:
        raise BackupError(f"{path}: {error.strerror}.") from error
    try:
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            with closing(sqlite3.connect(path)) as copy:
                connection.connection.backup(copy)
                # One file, without those beside it.
                copy.execute("PRAGMA journal_mode = DELETE")
        else:
            _run("pg_dump", "--format=custom", f"--file={path}")
    except FAILURES as error:
        path.unlink()
        raise BackupError(str(error)) from error


def restore(path: Path) -> None:
    """Read ``path``, which ``backup`` wrote, into the database, which has to be empty.

    Raises:
        BackupError: the database is not empty, the file is damaged, or it is of
            another kind of database. Nothing was changed.
    """
    if connection.introspection.table_names():
        raise BackupError(
            "The database is not empty. A backup is restored into a new one, so that "
            "nothing that is stored is lost."
        )
    try:
        if connection.vendor == "sqlite":
            with closing(
                sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
            ) as copy:
                (found,) = copy.execute("PRAGMA integrity_check").fetchone()
                if found != "ok":
                    raise BackupError(found)
                # An empty file is a whole database as well.
                copy.execute(f"SELECT number FROM {KnowledgeVersion._meta.db_table}")
                copy.backup(connection.connection)
        else:
            _run(
                "pg_restore",
                "--no-owner",
                "--no-acl",
                "--single-transaction",
                str(path),
            )
        version = KnowledgeVersion.objects.get()
    except (*FAILURES, KnowledgeVersion.DoesNotExist) as error:
        raise BackupError(
            f"{path} is damaged, or no backup of {connection.display_name} ({error}). "
            "From one kind of database to another, `export_knowledge` and "
            "`load_knowledge` carry the knowledge."
        ) from error
    version.number += FURTHER
    version.save()


def _run(tool, *arguments):
    """Run one of PostgreSQL's tools on the database."""
    # Django knows how its own client, psql, is told where the database is.
    (_, *reached_by, name), secrets = connection.client.settings_to_cmd_args_env(
        connection.settings_dict, []
    )
    command = [tool, *reached_by, f"--dbname={name}", *arguments]
    try:
        subprocess.run(
            command,
            env=os.environ | (secrets or {}),
            capture_output=True,
            text=True,
            check=True,
        )
    except FileNotFoundError as error:
        raise BackupError(
            f"{tool} is missing: install PostgreSQL's client, of Debian the package "
            "postgresql-client."
        ) from error
    except subprocess.CalledProcessError as error:
        raise BackupError(f"{tool}: {error.stderr.strip()}") from error
