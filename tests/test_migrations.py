"""The tables of tests come from the models, so the migrations are run here."""

from tests.apart import run_apart


def test_migrations_make_an_empty_database_that_takes_the_knowledge(tmp_path):
    database = f"sqlite:///{tmp_path / 'fresh.sqlite3'}"

    def manage(*arguments):
        ended = run_apart("manage.py", *arguments, database=database)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    manage("migrate", "--verbosity", "0")

    assert "Loaded" in manage("load_knowledge")
    # It does not read all that for each change that follows.
    plan = manage("shell", "--command", "print(ChangeSet.objects.public().explain())")
    assert "(change_set_id=?)" in plan
