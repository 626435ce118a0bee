import pytest
from django.apps import apps

from advisor.models import (
    Advice,
    AdviceGroup,
    DeletedAdvice,
    GroupAdvice,
    GroupMember,
    PersonaOutcome,
)
from comparisons.models import (
    KnowledgeVersion,
    Link,
    LoadedRecord,
    PendingImport,
    Suggestion,
)
from tests.conftest import is_history

# What visitors leave behind, and what counts up; no file holds either.
KEYLESS = {
    Advice,
    AdviceGroup,
    DeletedAdvice,
    GroupAdvice,
    GroupMember,
    KnowledgeVersion,
    PendingImport,
    PersonaOutcome,
    Suggestion,
}
MODELS = [
    model
    for app in ("comparisons", "advisor")
    for model in apps.get_app_config(app).get_models()
    if model not in KEYLESS and not is_history(model)
]


@pytest.mark.parametrize("model", MODELS)
def test_natural_key_finds_the_row_again(model, knowledge):
    LoadedRecord.objects.create(label="finding flask/orm", digest="0" * 64)
    Link.objects.create(url="https://flask.example/")
    rows = list(model.objects.all())

    found = [model.objects.get_by_natural_key(*row.natural_key()) for row in rows]

    assert rows
    assert found == rows


@pytest.mark.parametrize("model", MODELS)
def test_key_of_a_row_that_belongs_to_another_names_that_model(model):
    relations = {
        lookup.partition("__")[0]
        for lookup in getattr(model, "natural_key_lookups", ())
        if "__" in lookup
    }
    owners = {model._meta.get_field(name).related_model for name in relations}

    dependencies = getattr(model.natural_key, "dependencies", [])

    assert set(dependencies) == {owner._meta.label_lower for owner in owners}
