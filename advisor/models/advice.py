import uuid

from django.db import models
from django.urls import reverse


class Advice(models.Model):
    """One stored result. What was shared stays as it was."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    answers = models.JSONField(editable=False)
    result = models.JSONField(editable=False)
    data_version = models.PositiveBigIntegerField(editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = models.QuerySet.as_manager()

    class Meta:
        verbose_name_plural = "advice"
        ordering = ["-created_at", "id"]

    def __str__(self):
        return f"Advice of {self.created_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self):
        return reverse("advisor:advice", args=[self.pk])

    def as_json(self):
        """Return the stored result as the open format of `the design`."""
        result = self.result
        return {
            "id": str(self.pk),
            "created_at": self.created_at.isoformat(),
            "data_version": self.data_version,
            "answers": self.answers,
            "verdict": result["verdict"],
            "ranking": result["ranking"],
            "excluded": result["excluded"],
            "flips": result["flips"],
        }
