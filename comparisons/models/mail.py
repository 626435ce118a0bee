from django.conf import settings
from django.db import models


class MailChoice(models.Model):
    """What an account wants to be told by mail; nothing unless it says so."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_choice"
    )
    decisions = models.BooleanField(
        "what is decided about my work",
        default=False,
        help_text="At once, when something that you wrote is published, sent back or "
        "deleted.",
    )
    digest = models.BooleanField(
        "what waits for a decision",
        default=False,
        help_text="Once a day, if there is anything.",
    )
    digest_date = models.DateField(null=True, editable=False)

    class Meta:
        # Each account keeps its own.
        default_permissions = ()

    def __str__(self):
        return f"Mail to account {self.user_id}"
