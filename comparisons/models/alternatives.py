"""Keys of which a row has exactly one: a citation is about one statement."""

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


def exactly_one(keys, name, message, also=None):
    """Return the constraint that one of ``keys`` is set.

    ``also`` names a field that has to tell which one it is.
    """
    return models.CheckConstraint(
        condition=models.Q(
            *(
                models.Q(
                    **({also: chosen} if also else {}),
                    **{f"{key}__isnull": key != chosen for key in keys},
                )
                for chosen in keys
            ),
            _connector=models.Q.OR,
        ),
        name=name,
        violation_error_message=message,
    )
