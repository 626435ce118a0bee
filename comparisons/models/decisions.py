from django.conf import settings
from django.db import models
from django.utils import timezone

from comparisons.models.history import ChangeSet, account_name
from comparisons.models.text import PlainTextField

OPEN = "open"


class Decidable(models.Model):
    """Something that waits in a ``state`` until an account decides it."""

    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="decided_%(class)ss",
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = PlainTextField(blank=True, help_text="What its author is told.")
    change_set = models.ForeignKey(
        ChangeSet,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="%(class)ss",
    )

    class Meta:
        abstract = True
        # What is open comes first, longest waiting ahead; then the last decided.
        ordering = [models.F("decided_at").desc(nulls_first=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=OPEN, decided_at__isnull=True)
                | (~models.Q(state=OPEN) & models.Q(decided_at__isnull=False)),
                name="%(app_label)s_%(class)s_decision_has_its_time",
                violation_error_message="What is decided was decided at some time.",
            )
        ]

    @property
    def is_open(self):
        """Whether it waits for a decision."""
        return self.state == OPEN

    def decide(self, state, editor):
        """Store that ``editor`` decides it now, with all else that was set."""
        self.state, self.decided_by = state, editor
        self.decided_at = timezone.now()
        self.save()

    @property
    def decider_name(self):
        """Who decided, as editors are told."""
        return account_name(self.decided_by, "somebody")
