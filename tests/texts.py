"""The fields in which editors write what they like, of every model."""

from django.apps import apps
from django.db import models

from tests.conftest import is_history

# Plain names and digests that only the program writes, or that are part of an address.
NO_PROSE = {
    ("CodeSample", "file"),
    ("LoadedRecord", "label"),
    ("LoadedRecord", "digest"),
    ("Question", "slug"),
}


def knowledge_models():
    """Return the models of both apps, but for those that keep history."""
    return [
        model
        for app in ("comparisons", "advisor")
        for model in apps.get_app_config(app).get_models()
        if not is_history(model)
    ]


def all_rows():
    return [row for model in knowledge_models() for row in model._base_manager.all()]


def texts(model):
    return [
        field
        for field in model._meta.get_fields()
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, models.SlugField | models.URLField)
        and field.editable
        and not field.choices
        and (model.__name__, field.name) not in NO_PROSE
    ]


def write_everywhere(rows, text):
    """Store ``text`` in every text of ``rows``; ``{pk}`` in it tells rows apart."""
    for row in rows:
        written = text.format(pk=row.pk, model=type(row).__name__)
        values = {
            field.name: written[: field.max_length or 200] for field in texts(type(row))
        }
        if values:
            type(row)._base_manager.filter(pk=row.pk).update(**values)
