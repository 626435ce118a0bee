from django.db import models, transaction

from comparisons.choices import AliasKind
from comparisons.models.alternatives import alternative, exactly_one
from comparisons.models.constraints import fault
from comparisons.models.history import ChangedObject, recorded
from comparisons.querysets.editors import AliasQuerySet


class Alias(models.Model):
    """A slug that something had once, so that its old address still leads there.

    It leads to the row and not to another slug, so aliases never form chains. A
    slug that a row has now comes before one that another had.
    """

    kind = models.CharField(max_length=10, choices=AliasKind)
    slug = models.SlugField("former slug", max_length=100)
    framework = alternative("Framework", "aliases")
    feature = alternative("Feature", "aliases")
    source = alternative("Source", "aliases")
    extension = alternative("Extension", "aliases")

    objects = AliasQuerySet.as_manager()
    history = recorded()
    belongs_to = ["framework", "feature", "source", "extension"]

    class Meta:
        verbose_name_plural = "aliases"
        ordering = ["kind", "slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "slug"],
                name="comparisons_alias_leads_to_one_row",
                violation_error_message="This former slug leads somewhere already.",
            ),
            exactly_one(
                AliasKind,
                "comparisons_alias_leads_to_its_kind",
                "An alias leads to one row of its kind.",
                also="kind",
            ),
        ]

    def __str__(self):
        return self.slug


class Renamable(models.Model):
    """Something with a slug that may change.

    The former one becomes an alias if readers met it: the name of a draft stays
    unknown to them.
    """

    class Meta:
        abstract = True

    def save(self, *args, update_fields=None, **kwargs):
        is_left_out = update_fields is not None and "slug" not in update_fields
        with transaction.atomic():
            former = None if is_left_out else self._former_slug()
            was_met = former and self.was_met_as(former)
            super().save(*args, update_fields=update_fields, **kwargs)
            if former:
                self.rename(former if was_met else None)

    def rename(self, former):
        """Have ``former`` lead here, which this was called until now, if it is given.

        What is called by an own former slug again needs no alias of it.
        """
        self.aliases.filter(slug=self.slug).delete()
        if former:
            Alias.objects.lead(former, self)

    def was_met_as(self, slug):
        """Whether readers see it under ``slug``, as it is stored, or did once."""
        model = type(self)
        if model.objects.published().filter(pk=self.pk, slug=slug).exists():
            return True
        seen = ChangedObject.objects.of(model, [self.pk]).filter(is_public=True)
        records = self.history.filter(history_id__in=seen.values("record_id"))
        return records.filter(slug=slug).exists()

    def _former_slug(self):
        """Return the stored slug, if saving gives it another one."""
        if self._state.adding:
            return None
        stored = type(self)._base_manager.filter(pk=self.pk).exclude(slug=self.slug)
        return stored.values_list("slug", flat=True).first()

    def validate_unique(self, exclude=None):
        """Refuse a slug under which readers were shown something else."""
        super().validate_unique(exclude=exclude)
        if exclude and "slug" in exclude:
            return
        former = Alias.objects.rows(type(self), [self.slug]).get(self.slug)
        if former and former.pk != self.pk:
            raise fault(
                "former_slug",
                f"This was the address of “{former}”, and still leads there. "
                "Choose another.",
                field="slug",
            )
