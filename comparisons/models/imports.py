import uuid

from django.conf import settings
from django.db import models


class PendingImport(models.Model):
    """A file whose changes an editor has been shown and has still to confirm.

    It waits in the database, where every process of the site finds it and
    nobody else can read it. An editor has one for each model.
    """

    token = models.UUIDField(default=uuid.uuid4, editable=False)
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="pending_imports",
    )
    model = models.CharField(max_length=100, help_text="Whose rows it holds.")
    file_name = models.CharField(max_length=255)
    content = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["editor", "model"],
                name="comparisons_pendingimport_one_per_editor",
                violation_error_message="This editor has such a file waiting already.",
            )
        ]

    def __str__(self):
        return self.file_name
