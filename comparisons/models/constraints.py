"""How a row is held to what is known, and how it is told where it is not."""

from django.core.exceptions import ValidationError
from django.db import models


def one_of(field, choices, *, or_empty=False):
    """Return the constraint that ``field`` holds one of ``choices``."""
    values = [*[""] * or_empty, *choices.values]
    *others, last = (str(value).replace("_", " ") for value in choices.values)
    leave = ", or leave it empty" if or_empty else ""
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__in": values}),
        name=f"%(app_label)s_%(class)s_{field}_is_known",
        violation_error_message=f"Choose {', '.join(others)} or {last}{leave}.",
    )


def fault(code, message, *, field):
    """Return the ValidationError that stands at ``field``."""
    return ValidationError({field: ValidationError(message, code=code)})
