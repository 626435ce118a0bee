"""Keys of which a row has exactly one: a citation is about one statement."""

from collections.abc import Sequence
from typing import Any

from django.db import models


def alternative(to, related_name, **options):
    """Return a key to ``to`` that is empty where another one is set."""
    return models.ForeignKey(
        to,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name=related_name,
        **options,
    )


def models_of(model: type[models.Model], keys: Sequence[str]) -> dict[str, Any]:
    """Return {key: the model that it leads to} of the ``keys`` of ``model``."""
    return {key: model._meta.get_field(key).related_model for key in keys}


def chosen(row: models.Model, keys: Sequence[str]) -> str | None:
    """Return the one of ``keys`` that is set in a row, or a record of it."""
    return next((k for k in keys if getattr(row, f"{k}_id") is not None), None)


def exactly_one(keys, name, message, also=None):
    """Return the constraint that one of ``keys`` is set.

    ``also`` names a field that has to tell which one it is.
    """
    return models.CheckConstraint(
        condition=models.Q(
            *(
                models.Q(
                    **({also: one} if also else {}),
                    **{f"{key}__isnull": key != one for key in keys},
                )
                for one in keys
            ),
            _connector=models.Q.OR,
        ),
        name=name,
        violation_error_message=message,
    )
