"""Stored results are compressed, and what they say stays the same to the byte."""

import json

import pytest
from django.core import serializers

from advisor.models import Advice, GroupAdvice
from tests import factories as make

# Keys in no order, a number of many digits, signs beyond ASCII, and nothing.
RESULT = {"verdict": "Flask – ★", "b": [0.1 + 0.2, None, True], "a": {"": "\u2028"}}


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
