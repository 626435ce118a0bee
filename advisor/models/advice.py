import hashlib
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from ..querysets import AdviceQuerySet


def expiry():
    """Return when advice that is given now expires."""
    return timezone.now() + timedelta(days=settings.ADVICE_DAYS)


def digest(deletion_code):
    """Return what is stored of a deletion code.

    A code is long and random, so that a plain hash of it cannot be reversed.
    """
    return hashlib.sha256(deletion_code.encode()).hexdigest()


class Advice(models.Model):
    """One stored result. What was shared stays as it was, until it goes.

    It goes when it expires, or when whoever asked for it deletes it with the
    code that was shown once. Nothing about the visitor is stored.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    answers = models.JSONField(editable=False)
    result = models.JSONField(editable=False)
    data_version = models.PositiveBigIntegerField(editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(default=expiry, editable=False, db_index=True)
    deletion_digest = models.CharField(max_length=64, blank=True, editable=False)

    objects = AdviceQuerySet.as_manager()

    # Known only while the advice is given; see ``deletion_digest``.
    deletion_code = None

    class Meta:
        verbose_name_plural = "advice"
        ordering = ["-created_at", "id"]

    def __str__(self):
        return f"Advice of {self.created_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self):
        return reverse("advisor:advice", args=[self.pk])

    @property
    def has_expired(self):
        return self.expires_at <= timezone.now()

    def may_be_deleted_with(self, code):
        """Whether ``code`` is the one that was shown when the advice was given."""
        return bool(self.deletion_digest) and constant_time_compare(
            digest(code), self.deletion_digest
        )


class DeletedAdvice(models.Model):
    """The key of advice that is gone, so that its address can say so.

    The database adds it when advice is deleted, whichever way that happens
    (see ``advisor.guards``).
    """

    id = models.UUIDField(primary_key=True, editable=False)

    class Meta:
        verbose_name_plural = "deleted advice"

    def __str__(self):
        return str(self.pk)
