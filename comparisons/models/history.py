"""Who changed what, when and why.

A **ChangeSet** is everything that one act changed: a saved form with its
citations, an import, a merge. django-simple-history keeps one row for each
object in it, with the object as it was left; ``comparisons.history`` opens the
sets, compares them and takes them back.
"""

from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from simple_history.models import HistoricalRecords

from ..choices import ChangeKind
from ..querysets import ChangeSetQuerySet

_paused = ContextVar("paused", default=False)


class ChangeSet(models.Model):
    """Everything that one act changed, in one transaction."""

    kind = models.CharField(max_length=10, choices=ChangeKind, default=ChangeKind.EDIT)
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="change_sets",
    )
    reason = models.CharField(
        max_length=300, blank=True, help_text="Why, in a few words, for everybody."
    )
    credit = models.CharField(
        max_length=120, blank=True, help_text="The reader who suggested it."
    )
    undoes = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="undone_by"
    )
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = ChangeSetQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=ChangeKind.values),
                name="comparisons_changeset_kind_is_known",
                violation_error_message="Choose what kind of change it is.",
            )
        ]

    def __str__(self):
        return self.reason or f"{self.get_kind_display()} {self.pk}"

    def get_absolute_url(self):
        return reverse("comparisons:change-detail", args=[self.pk])


class ChangeRecord(models.Model):
    """What every historical row has on top of the object's own fields."""

    change_set = models.ForeignKey(
        ChangeSet, on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        abstract = True

    @property
    def pk_of_object(self):
        """The primary key of the object, which may be gone."""
        return getattr(self, self.instance_type._meta.pk.attname)


class PausableRecords(HistoricalRecords):
    """Records that are not kept while recording is paused."""

    def create_historical_record(self, instance, history_type, using=None):
        if not _paused.get():
            super().create_historical_record(instance, history_type, using=using)


@contextmanager
def paused():
    """Record nothing inside; ``record_present_state()`` has to follow."""
    token = _paused.set(True)
    try:
        yield
    finally:
        _paused.reset(token)


def recorded(*m2m_fields):
    """Return the ``history`` of a model: one row for each object of a change set.

    ``m2m_fields`` name the many-to-many relations that belong to the object.
    """
    return PausableRecords(
        bases=[ChangeRecord],
        m2m_fields=m2m_fields,
        # The change set knows the editor.
        get_user=lambda **kwargs: None,
    )
