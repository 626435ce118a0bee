"""The tables of tests come from the models, so the migrations are run here."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import call_command


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_migrations_make_an_empty_database_that_takes_the_knowledge(tmp_path):
    database = f"sqlite:///{tmp_path / 'fresh.sqlite3'}"

    def manage(*arguments):
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env=os.environ | {"DATABASE_URL": database, "DEBUG": "on"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    manage("migrate", "--verbosity", "0")

    assert "Loaded" in manage("load_knowledge")
    assert "stays as it is" in manage("load_knowledge")
