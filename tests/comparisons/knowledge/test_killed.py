"""A process that is killed inside a change set leaves nothing of it behind."""

import os
import signal
import sqlite3
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from django.db import connection

from comparisons.models import ChangeSet, Framework
from tests.apart import run_apart

# Says what it sees inside its transaction, then dies without a word.
VICTIM = """
import os, signal
import django
django.setup()
from comparisons.history.recording import change_set
from comparisons.models import ChangeSet, ChangedObject, Framework
with change_set(reason="Killed"):
    for slug in ("killed-1", "killed-2"):
        framework = Framework.objects.create(slug=slug, name=slug)
        framework.tagline = "Half of a change."
        framework.save()
    print(Framework.history.count(), ChangeSet.objects.count(), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def database(db, tmp_path):
    """The address of a database with the tables, for another process."""
    if connection.vendor == "postgresql":
        address = urlsplit(os.environ["DATABASE_URL"])
        name = connection.settings_dict["NAME"]
        return address._replace(path=f"/{name}").geturl()
    path = tmp_path / "killed.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sql FROM sqlite_master "
            "WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite!_%' ESCAPE '!' "
            # What a virtual table makes for itself.
            "AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow')"
        )
        schema = [row[0] for row in cursor.fetchall()]
    with closing(sqlite3.connect(path)) as copy:
        for statement in schema:
            copy.execute(statement)
    return f"sqlite:///{path}"


def test_kill_inside_a_change_set_leaves_nothing(database, tmp_path):
    victim = run_apart("-c", VICTIM, database=database)

    assert victim.returncode == -signal.SIGKILL, victim.stderr
    # It had written, as it says, and nobody else finds any of it.
    assert victim.stdout.split() == ["4", "1"]
    if connection.vendor == "postgresql":
        assert not Framework.objects.filter(slug__startswith="killed").exists()
        assert not ChangeSet.objects.filter(reason="Killed").exists()
        return
    with closing(sqlite3.connect(tmp_path / "killed.sqlite3")) as left:
        for table in ("framework", "historicalframework", "changeset"):
            rows = left.execute(f"SELECT count(*) FROM comparisons_{table}")
            assert rows.fetchone() == (0,), table
        assert left.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
