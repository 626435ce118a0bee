"""The tables of tests come from the models, so the migrations are run here."""

import pytest
from django.core.management import call_command

from tests.apart import run_apart


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_migrations_make_an_empty_database_that_takes_the_knowledge(tmp_path):
    database = f"sqlite:///{tmp_path / 'fresh.sqlite3'}"

    def manage(*arguments):
        ended = run_apart("manage.py", *arguments, database=database)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    manage("migrate", "--verbosity", "0")

    assert "Loaded" in manage("load_knowledge")
    assert "stays as it is" in manage("load_knowledge")
