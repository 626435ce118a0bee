"""What holds for each form of the desk that saves a row, whatever it is of."""

import pytest
from django.contrib import admin
from django.db import models

from comparisons.admin.bases.knowledge import KnowledgeAdmin
from comparisons.models import ChangeSet
from comparisons.models.text import tidy
from tests import test_typed as typed
from tests.forms import desk_address, filled_in

pytestmark = pytest.mark.django_db
browser, editor = typed.browser, typed.editor

every_form = pytest.mark.parametrize(
    "model",
    [
        pytest.param(model, id=model.__name__)
        for model, form in admin.site._registry.items()
        if isinstance(form, KnowledgeAdmin)
    ],
)


@pytest.fixture
def row(recorded, model):
    """A stored row of the model, whose texts have several lines."""
    row = model.objects.first()
    for field in texts(model):
        if isinstance(field, models.TextField) and getattr(row, field.name):
            setattr(row, field.name, f"{getattr(row, field.name)}\nA second line.")
    row.save()
    return row


def texts(model):
    """Return the fields of ``model`` that hold words, those of names last."""
    found = [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        if field.editable and not field.choices
        if not isinstance(field, models.SlugField | models.URLField)
    ]
    return sorted(found, key=lambda field: field.unique)


def as_browsers_send(fields):
    """Return ``fields`` with the line ends that browsers make of all others."""

    def sent(value):
        return value.replace("\n", "\r\n") if isinstance(value, str) else value

    return {name: sent(value) for name, value in fields.items()}


@every_form
def test_what_is_saved_untouched_records_nothing(admin_client, model, row):
    sets, before = ChangeSet.objects.count(), model.objects.filter(pk=row.pk).values()
    page, before = desk_address(model, "change", row.pk), list(before)

    response = admin_client.post(
        page, as_browsers_send(filled_in(admin_client.get(page)))
    )

    assert response.status_code == 302
    assert ChangeSet.objects.count() == sets
    now = list(model.objects.filter(pk=row.pk).values())
    for each in (*before, *now):
        each.pop("updated_at", None)
    assert now == before


@every_form
def test_typed_text_and_added_rows_outlive_the_session_and_a_sign_in_elsewhere(
    browser, model, row
):
    page = desk_address(model, "change", row.pk)
    fields = filled_in(browser.get(page))
    own = {field.name for field in texts(model)} & fields.keys()
    fields |= dict.fromkeys(own, typed.TEXT)
    for name in [name for name in fields if name.endswith("-TOTAL_FORMS")]:
        prefix, number = name.partition("-")[0], int(fields[name])
        added = {"says", "body", "heading", "when", "label", "text", "position", "code"}
        fields |= {name: str(number + 1)}
        fields |= {f"{prefix}-{number}-{each}": typed.TEXT for each in added}
    typed.end_session(browser)
    typed.sign_in(browser)

    # The token of the form is that of before.
    refused = browser.post(page, fields, headers=typed.OURS)
    fields |= {"csrfmiddlewaretoken": filled_in(refused)["csrfmiddlewaretoken"]}
    typed.end_session(browser)
    browser.post(page, fields)
    typed.sign_in(browser)
    after_the_session = browser.get(page)

    fields.pop("csrfmiddlewaretoken")
    for given_back in map(filled_in, (refused, after_the_session)):
        assert {name: given_back.get(name, "") for name in fields} == fields


@every_form
def test_form_sent_twice_is_saved_once_and_the_editor_is_told(admin_client, model, row):
    page, names = desk_address(model, "change", row.pk), texts(model)
    if not names:
        pytest.skip("Nobody types a text into it.")
    name = names[0].name
    text = f"{getattr(row, name)}."
    fields = as_browsers_send(filled_in(admin_client.get(page), **{name: text}))
    sets = ChangeSet.objects.count()

    first, second = (admin_client.post(page, fields) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 409)
    assert ChangeSet.objects.count() == sets + 1
    assert tidy(filled_in(second)[name]) == text
