"""A backup restored is what was there, and nothing that is stored is replaced."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from comparisons.backups import FURTHER
from comparisons.models import KnowledgeVersion
from tests.apart import run_apart
from tests.comparisons.knowledge.conftest import files_in

SQLITE, POSTGRESQL = b"SQLite format 3\0", b"PGDMP" + bytes(4_000)


def manage(database, *arguments):
    """Run a command of manage.py on another database; return how it ended."""
    return run_apart("manage.py", *arguments, database=database)


def test_restored_backup_exports_the_same_bytes(knowledge, empty_database, tmp_path):
    version = KnowledgeVersion.current()
    call_command("backup", tmp_path / "backup")
    call_command("export_knowledge", tmp_path / "before")

    restored = manage(empty_database, "restore", tmp_path / "backup")
    exported = manage(empty_database, "export_knowledge", tmp_path / "after")

    assert (restored.returncode, restored.stderr) == (0, "")
    assert (exported.returncode, exported.stderr) == (0, "")
    assert files_in(tmp_path / "after") == files_in(tmp_path / "before")
    assert (tmp_path / "backup").stat().st_mode & 0o777 == 0o600
    # No page that anybody kept since the backup is taken for one of now.
    shown = manage(
        empty_database,
        "shell",
        "--no-imports",
        "-c",
        "from comparisons.models import KnowledgeVersion as V; print(V.current())",
    )
    assert shown.stdout.strip() == str(version + FURTHER)
    again = manage(empty_database, "restore", tmp_path / "backup")
    assert "The database is not empty." in again.stderr


@pytest.mark.parametrize(
    "content", [None, b"", b"name,level\n", SQLITE + bytes(4_000), POSTGRESQL]
)
def test_file_that_is_no_whole_backup_of_this_database_is_refused(
    db, tmp_path, monkeypatch, content
):
    monkeypatch.setattr(connection.introspection, "table_names", lambda: [])
    path = tmp_path / "backup"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(CommandError, match="damaged, or no backup of"):
        call_command("restore", path)


def test_backup_never_replaces_a_file(db, tmp_path):
    kept = tmp_path / "kept"
    kept.write_text("Another one.")

    with pytest.raises(CommandError, match="File exists"):
        call_command("backup", kept)

    assert kept.read_text() == "Another one."
