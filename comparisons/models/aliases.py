from django.core.exceptions import ValidationError
from django.db import models, transaction

from comparisons.choices import AliasKind
from comparisons.models.history import recorded
from comparisons.querysets import AliasQuerySet


class Alias(models.Model):
    """A slug that something had once, so that its old address still leads there.

    It leads to the row and not to another slug, so aliases never form chains. A
    slug that a row has now comes before one that another had.
    """

    kind = models.CharField(max_length=10, choices=AliasKind)
    slug = models.SlugField("former slug", max_length=100)
    framework = models.ForeignKey(
        "Framework",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="aliases",
    )
    feature = models.ForeignKey(
        "Feature",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="aliases",
    )
    source = models.ForeignKey(
        "Source",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="aliases",
    )
    extension = models.ForeignKey(
        "Extension",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="aliases",
    )

    objects = AliasQuerySet.as_manager()
    history = recorded()
    published_with = ["framework", "feature", "source", "extension"]

    class Meta:
        verbose_name_plural = "aliases"
        ordering = ["kind", "slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "slug"],
                name="comparisons_alias_leads_to_one_row",
                violation_error_message="This former slug leads somewhere already.",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    *(
                        models.Q(
                            kind=kind,
                            **{
                                f"{field}__isnull": field != kind for field in AliasKind
                            },
                        )
                        for kind in AliasKind
                    ),
                    _connector=models.Q.OR,
                ),
                name="comparisons_alias_leads_to_its_kind",
                violation_error_message="An alias leads to one row of its kind.",
            ),
        ]

    def __str__(self):
        return self.slug


class Renamable(models.Model):
    """Something with a slug that may change; the former one becomes an alias."""

    # The slug in the database, as far as this instance has seen it.
    _stored_slug = None

    class Meta:
        abstract = True

    def save(self, *args, update_fields=None, **kwargs):
        former = None if self._state.adding else self._stored_slug
        if update_fields is not None and "slug" not in update_fields:
            super().save(*args, update_fields=update_fields, **kwargs)
            return
        with transaction.atomic():
            super().save(*args, update_fields=update_fields, **kwargs)
            if former not in (None, self.slug):
                self.keep_former(former)
        self._stored_slug = self.slug

    @classmethod
    def from_db(cls, db, field_names, values):
        row = super().from_db(db, field_names, values)
        row._stored_slug = row.__dict__.get("slug")
        return row

    def keep_former(self, slug):
        """Have ``slug``, which this was called until now, lead here."""
        for own in self.aliases.filter(slug=self.slug):
            own.delete()
        Alias.objects.lead(slug, self)

    def validate_unique(self, exclude=None):
        """Refuse a slug under which readers were shown something else."""
        super().validate_unique(exclude=exclude)
        if exclude and "slug" in exclude:
            return
        former = Alias.objects.rows(type(self), [self.slug]).get(self.slug)
        if former and former.pk != self.pk:
            raise ValidationError(
                {
                    "slug": ValidationError(
                        f"This was the address of “{former}”, and still leads there. "
                        "Choose another.",
                        code="former_slug",
                    )
                }
            )
