"""The database keeps its promises before, while and after it is migrated."""

import json

import pytest
from django.db import IntegrityError, connection

from comparisons.choices import Status
from comparisons.installing import install
from comparisons.models import Finding, KnowledgeVersion
from comparisons.triggers import all_triggers
from tests import factories as make
from tests.apart import run_apart

pytestmark = pytest.mark.django_db


def installed():
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name for (name,) in cursor.fetchall()}


def wanted():
    return {trigger.full_name for trigger in all_triggers("default")}


def run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def lose(name):
    table = next(t.table for t in all_triggers("default") if t.full_name == name)
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    run(f"DROP TRIGGER {name}{on}")


def test_migrating_installs_every_trigger_under_a_name_of_its_own():
    names = [trigger.full_name for trigger in all_triggers("default")]

    assert sorted(installed()) == sorted(names)
    # PostgreSQL cuts longer ones.
    assert max(map(len, names)) <= 63


def test_installing_again_changes_nothing(django_assert_max_num_queries):
    before = KnowledgeVersion.read()

    with django_assert_max_num_queries(12) as queries:
        install()

    assert not any("TRIGGER" in query["sql"] for query in queries.captured_queries)
    assert KnowledgeVersion.read() == before


def test_trigger_that_is_gone_comes_back_and_what_came_in_meanwhile_is_withdrawn():
    finding, cited = make.make_finding(draft=True), make.make_finding()
    lose("framewise_comparisons_finding_update_is_cited")
    Finding.objects.update(status=Status.PUBLISHED)
    before = KnowledgeVersion.current()

    install()

    assert installed() == wanted()
    assert KnowledgeVersion.current() > before
    finding.refresh_from_db()
    assert finding.status == Status.DRAFT
    assert Finding.objects.get(status=Status.PUBLISHED) == cited
    with pytest.raises(IntegrityError):
        Finding.objects.update(status=Status.PUBLISHED)


def test_trigger_of_an_earlier_release_goes():
    make_like, stale = "framewise_comparisons_source_before_delete", "framewise_stale"
    trigger = next(t for t in all_triggers("default") if t.full_name == make_like)
    if connection.vendor == "sqlite":
        run(trigger.sqlite().replace(make_like, stale))
    else:
        body = "BEGIN RETURN OLD; END"
        run(f"CREATE FUNCTION {stale}() RETURNS trigger AS '{body}' LANGUAGE plpgsql")
        run(
            f"CREATE TRIGGER {stale} {trigger.event} ON {trigger.table} "
            f"FOR EACH ROW EXECUTE FUNCTION {stale}()"
        )
    assert stale in installed()

    install()

    assert installed() == wanted()


def test_migrating_while_it_serves_makes_no_page_stale_and_publishes_nothing_uncited(
    empty_database,
):
    outcome = run_apart("-m", "tests.deploying", 24, database=empty_database)

    assert outcome.returncode == 0, outcome.stderr
    met = json.loads(outcome.stdout)
    assert met["saved"] > 24
    assert (met["stale"], met["uncited"]) == (0, 0)
