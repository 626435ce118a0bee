"""The state of everything that an editor publishes; ``comparisons.editing`` moves it.

A model without a state of its own names in ``belongs_to`` the keys of what it is
edited and published with: a citation with its finding, a choice with its question.
What else has to be public for readers to see a row stands in ``published_with``, see
``comparisons.public``.
"""

from django.core.validators import URLValidator
from django.db import models

from comparisons.choices import Status
from comparisons.models.constraints import one_of
from comparisons.models.text import refuse_unseen

validate_web_address = URLValidator(schemes=["http", "https"])


def web_addresses(*fields):
    """Return the constraints that ``fields`` are empty or http(s) addresses."""
    return [
        models.CheckConstraint(
            condition=models.Q(**{field: ""})
            | models.Q(**{f"{field}__startswith": "http://"})
            | models.Q(**{f"{field}__startswith": "https://"}),
            name=f"%(app_label)s_%(class)s_{field.removesuffix('_url')}_is_web",
            violation_error_message="An address starts with http:// or https://.",
        )
        for field in fields
    ]


class WebAddressField(models.URLField):
    """An http(s) address, or empty where there is none."""

    default_validators = [validate_web_address, refuse_unseen]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 500)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs):
        return super().formfield(**{"assume_scheme": "https"} | kwargs)


class Publishable(models.Model):
    """Something that readers see only once an editor has published it."""

    status = models.CharField(
        max_length=10,
        choices=Status,
        default=Status.DRAFT,
        help_text="Readers see what is published, and nothing else.",
    )

    class Meta:
        abstract = True
        constraints = [one_of("status", Status)]

    @property
    def is_published(self):
        """Whether readers may see it."""
        return self.status == Status.PUBLISHED

    def refuse_unready(self):
        """Raise ValidationError if what is stored of it is not fit for readers.

        Looks at the rows that belong to it, which ``clean()`` cannot: a form saves
        them later.
        """
