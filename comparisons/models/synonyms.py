from django.db import models

from comparisons.models.alternatives import alternative
from comparisons.models.history import recorded
from comparisons.models.text import PlainCharField
from comparisons.public import KnowledgeQuerySet

# What a synonym can mean, as field names.
MEANINGS = ["feature", "framework", "extension"]


class Synonym(models.Model):
    """What readers call something that has another name here: swagger, DRF, speed."""

    word = PlainCharField(
        "word or words",
        max_length=60,
        unique=True,
        help_text="As readers type it. Case, accents, hyphens and spaces do not count.",
    )
    feature = alternative("Feature", "synonyms")
    framework = alternative("Framework", "synonyms")
    extension = alternative("Extension", "synonyms")

    objects = KnowledgeQuerySet.as_manager()
    history = recorded()
    natural_key_lookups = ("word",)
    belongs_to = MEANINGS

    class Meta:
        ordering = ["word"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    *(models.Q(**{f"{name}__isnull": False}) for name in MEANINGS),
                    _connector=models.Q.XOR,
                ),
                name="comparisons_synonym_means_one_thing",
                violation_error_message=(
                    "A synonym means one feature, one framework or one package."
                ),
            )
        ]

    def __str__(self):
        return self.word
