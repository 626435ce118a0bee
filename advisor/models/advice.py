import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from advisor.models.codes import is_code
from advisor.models.packed import PackedJSONField
from advisor.querysets import ExpiringQuerySet


def expiry():
    """Return when advice that is given now expires."""
    return timezone.now() + timedelta(days=settings.ADVICE_DAYS)


class Expiring(models.Model):
    """What is stored for visitors: its address is hard to guess, its time limited."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(default=expiry, editable=False, db_index=True)

    class Meta:
        abstract = True

    @property
    def has_expired(self):
        return self.expires_at <= timezone.now()


class Advice(Expiring):
    """One stored result. What was shared stays as it was, until it goes.

    It goes when it expires, or when whoever asked for it deletes it with the
    code that was shown once. Nothing about the visitor is stored.
    """

    answers = models.JSONField(editable=False)
    result = PackedJSONField(editable=False)
    data_version = models.PositiveBigIntegerField(editable=False)
    deletion_digest = models.CharField(max_length=64, blank=True, editable=False)

    objects = ExpiringQuerySet.as_manager()

    # Known only while the advice is given; see ``deletion_digest``.
    deletion_code = None

    class Meta:
        verbose_name_plural = "advice"
        ordering = ["-created_at", "id"]

    def __str__(self):
        return f"Advice of {self.created_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self):
        return reverse("advisor:advice", args=[self.pk])

    def may_be_deleted_with(self, code):
        """Whether ``code`` is the one that was shown when the advice was given."""
        return is_code(code, self.deletion_digest)


class DeletedAdvice(models.Model):
    """The key of advice or of a group that is gone, so that its address says so.

    The database adds it when either is deleted, whichever way that happens
    (see ``advisor.triggers``).
    """

    id = models.UUIDField(primary_key=True, editable=False)

    class Meta:
        verbose_name_plural = "deleted advice"

    def __str__(self):
        return str(self.pk)
