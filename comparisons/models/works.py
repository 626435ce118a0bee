"""What takes longer than a page should: who wants it, and how far it is."""

import datetime
import uuid

from django.apps import apps
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from comparisons.models.text import PlainCharField

# Seconds without a sign of life after which another process may take it over.
LEASE = 120
# It is not begun more often: it may be what ends its process.
MOST_STARTS = 5


class WorkKind(models.TextChoices):
    IMPORT = "import", "Import"
    MOVE = "move", "Change of state"
    DELETE = "delete", "Deletion"
    UNDO = "undo", "Undo"
    LINKS = "links", "Link check"
    PASSAGES = "passages", "Check of passages"


class WorkState(models.TextChoices):
    WAITING = "waiting", "Begins in a moment"
    RUNNING = "running", "Running"
    READY = "ready", "Waits for your word"
    DONE = "done", "Done"
    CANCELLED = "cancelled", "Cancelled"
    FAILED = "failed", "Failed"


AT_WORK = [WorkState.WAITING, WorkState.RUNNING]
OPEN = [*AT_WORK, WorkState.READY]


class WorkQuerySet(models.QuerySet):
    def at_work(self):
        return self.filter(state__in=AT_WORK)

    def left(self):
        """Return what nobody works on, though it is not done."""
        silent = timezone.now() - datetime.timedelta(seconds=LEASE)
        waiting = models.Q(state=WorkState.WAITING)
        return self.filter(
            waiting | models.Q(state=WorkState.RUNNING, beat_at__lt=silent)
        )

    def visible_to(self, user):
        """Return the own, and of those who publish, all."""
        if user.has_perm("comparisons.publish_knowledge"):
            return self
        return self.filter(editor=user)


class Work(models.Model):
    """One piece of work, done in short steps by one process at a time.

    Who works on it holds its ``token`` and shows by ``beat()`` that it lives. Whoever
    lost the token, because the work was cancelled or taken over, changes nothing more.
    """

    kind = models.CharField(max_length=10, choices=WorkKind)
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="works"
    )
    title = PlainCharField(max_length=300)
    given = models.JSONField(default=dict, help_text="What it works on.")
    content = models.BinaryField(default=bytes, help_text="The file of an import.")
    state = models.CharField(
        max_length=10, choices=WorkState, default=WorkState.WAITING
    )
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    told = models.JSONField(
        default=dict, encoder=DjangoJSONEncoder, help_text="What came of it."
    )
    token = models.UUIDField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0)
    beat_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=WorkKind.values),
                name="comparisons_work_kind_is_known",
                violation_error_message="Choose what kind of work it is.",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=WorkState.values),
                name="comparisons_work_state_is_known",
                violation_error_message="Choose one of the states of a work.",
            ),
        ]

    def __str__(self):
        return self.title

    def claim(self):
        """Take it up, unless somebody else works on it; return whether that is so."""
        token, now = uuid.uuid4(), timezone.now()
        left = Work.objects.left().filter(pk=self.pk)
        taken = left.filter(tries__lt=MOST_STARTS).update(
            state=WorkState.RUNNING,
            token=token,
            beat_at=now,
            tries=models.F("tries") + 1,
        )
        if not taken:
            # What always ends its process is not begun again.
            left.update(state=WorkState.FAILED, token=None)
        self.refresh_from_db()
        return bool(taken) and self.token == token

    def beat(self, done, of):
        """Say how far it is; return whether it is still to be done, and by this one."""
        return self.hold(done=done, of=of, beat_at=timezone.now())

    def end(self, state, **told):
        """Store what came of it, if it is still this one's; return whether it is."""
        left = {} if state == WorkState.READY else {"content": b""}
        return self.hold(state=state, told=told, token=None, **left)

    def hold(self, **fields):
        """Store ``fields``, if it is still this one's; return whether it is."""
        mine = Work.objects.filter(pk=self.pk, token=self.token)
        return bool(mine.filter(state=WorkState.RUNNING).update(**fields))

    def cancel(self):
        """Have it stop before its next step; return whether it was open."""
        mine = Work.objects.filter(pk=self.pk, state__in=OPEN)
        over = {"state": WorkState.CANCELLED, "token": None, "content": b""}
        return bool(mine.update(**over))

    @property
    def model(self):
        """The model whose rows it changes; None if it is about no model."""
        name = self.given.get("model")
        return apps.get_model(name) if name else None

    @property
    def if_cancelled(self):
        """What remains of it once it is cancelled."""
        if self.kind == WorkKind.IMPORT:
            return "Nothing is stored before all of it is; cancelled, nothing will be."
        if self.kind in (WorkKind.LINKS, WorkKind.PASSAGES):
            return "What was looked at so far is stored."
        return "It is stored in parts of some hundred rows; those that were stay."

    @property
    def is_at_work(self):
        return self.state in AT_WORK

    @property
    def is_open(self):
        return self.state in OPEN

    @property
    def is_ready(self):
        return self.state == WorkState.READY

    @property
    def progress(self):
        """How it stands, in words: “Running: 120 of 300”."""
        label = self.get_state_display()
        return f"{label}: {self.done} of {self.of}" if self.is_at_work else label
