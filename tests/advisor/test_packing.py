"""Stored results are compressed, and what they say stays the same to the byte."""

import json

import pytest
from django.core import serializers
from django.db import connection

from advisor.models import Advice, GroupAdvice
from tests import factories as make
from tests.apart import run_apart

# Keys in no order, a number of many digits, signs beyond ASCII, and nothing.
RESULT = {"verdict": "Flask – ★", "b": [0.1 + 0.2, None, True], "a": {"": "\u2028"}}
MIGRATE = """
import json
import django
django.setup()
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from advisor.models import Advice, GroupAdvice

BEFORE, AFTER = "0017_judgements", "0018_pack_results"
RESULTS = [%s, {}]

def models_of(name):
    state = MigrationExecutor(connection).loader.project_state([("advisor", name)])
    return [state.apps.get_model("advisor", model) for model in TABLES]

def said(name):
    return [
        [row.result for row in model.objects.order_by("data_version")]
        for model in models_of(name)
    ]

def changes(model):
    try:
        with transaction.atomic():
            return bool(model.objects.update(data_version=0))
    except IntegrityError:
        return False

TABLES = ("Advice", "GroupAdvice")
call_command("migrate", verbosity=0)
call_command("migrate", "advisor", BEFORE, verbosity=0)
Old, OldOfGroup = models_of(BEFORE)
Group = OldOfGroup._meta.get_field("group").related_model
group = Group.objects.create(owner_digest="x")
for version, result in enumerate(RESULTS, 1):
    told = {"answers": {}, "result": result, "data_version": version}
    Old.objects.create(**told)
    OldOfGroup.objects.create(group=group, number=version, **told)
met = {"before": said(BEFORE)}
call_command("migrate", "advisor", AFTER, verbosity=0)
met["packed"] = said(AFTER)
met["changes"] = [changes(model) for model in (Advice, GroupAdvice)]
call_command("migrate", "advisor", BEFORE, verbosity=0)
met["after"] = said(BEFORE)
print(json.dumps(met))
"""


@pytest.mark.django_db
@pytest.mark.parametrize("store", [make.make_advice, make.make_group_advice])
def test_result_comes_back_as_it_was_given(store):
    pk = store(result=RESULT).pk

    stored = (Advice if store is make.make_advice else GroupAdvice).objects.get(pk=pk)

    assert json.dumps(stored.result) == json.dumps(RESULT)


@pytest.mark.django_db
def test_dumped_advice_is_loaded_again():
    dump = serializers.serialize("json", [make.make_advice(result=RESULT)])
    Advice.objects.all().delete()

    for loaded in serializers.deserialize("json", dump):
        loaded.save()

    assert Advice.objects.get().result == RESULT


def test_migration_packs_every_stored_result_and_unpacks_it(empty_database):
    outcome = run_apart("-c", MIGRATE % repr(RESULT), database=empty_database)

    assert outcome.returncode == 0, outcome.stderr
    met = json.loads(outcome.stdout)
    assert met["packed"] == met["before"] == met["after"] == [[RESULT, {}]] * 2
    assert met["changes"] == [False, False]
    if connection.vendor == "sqlite":
        # The database of before, to the byte; PostgreSQL keeps no order of keys.
        assert json.dumps(met["after"]) == json.dumps(met["before"])
