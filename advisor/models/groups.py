from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.urls import reverse

from advisor.models.advice import Expiring
from advisor.models.codes import is_code
from advisor.models.packed import PackedJSONField
from advisor.querysets import ExpiringQuerySet
from comparisons.models.text import PlainCharField

MOST_MEMBERS = 30


class AdviceGroup(Expiring):
    """Several people who choose together, each of whom answers alone.

    Whoever started it holds a code that combines the answers, closes the group
    or deletes it. It is closed for good: nobody can answer any more.
    """

    name = PlainCharField(max_length=80, blank=True)
    owner_digest = models.CharField(max_length=64, unique=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ExpiringQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]

    def __str__(self):
        return self.name or "Your team"

    def get_absolute_url(self):
        return reverse("advisor:group", args=[self.pk])

    @property
    def is_closed(self):
        return self.closed_at is not None

    def is_owned_with(self, code):
        """Whether ``code`` is the one that was given to whoever started it."""
        return is_code(code, self.owner_digest)


class GroupMember(models.Model):
    """The answers of one person, under a name if they gave one.

    They change them with a code of which the digest is stored.
    """

    group = models.ForeignKey(
        AdviceGroup, on_delete=models.CASCADE, related_name="members"
    )
    number = models.PositiveSmallIntegerField(editable=False)
    name = PlainCharField(max_length=40, blank=True)
    answers = models.JSONField(default=dict, editable=False)
    code_digest = models.CharField(max_length=64, unique=True, editable=False)

    class Meta:
        ordering = ["group_id", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "number"],
                name="advisor_groupmember_number_once_per_group",
                violation_error_message="Somebody else has this number.",
            ),
            models.CheckConstraint(
                condition=Q(number__range=(1, MOST_MEMBERS)),
                name="advisor_groupmember_number_is_bounded",
                violation_error_message=f"A group has at most {MOST_MEMBERS} members.",
            ),
        ]

    def __str__(self):
        return self.name or f"Person {self.number}"


class GroupAdvice(models.Model):
    """What a group was told at one time. It never changes, and goes with the group.

    ``answers`` holds the ``name`` and ``answers`` of each member.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    group = models.ForeignKey(
        AdviceGroup, on_delete=models.CASCADE, related_name="results"
    )
    number = models.PositiveSmallIntegerField(editable=False)
    answers = models.JSONField(editable=False)
    result = PackedJSONField(editable=False)
    data_version = models.PositiveBigIntegerField(editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "group advice"
        ordering = ["group_id", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "number"],
                name="advisor_groupadvice_number_once_per_group",
                violation_error_message="The group has a result of this number.",
            )
        ]

    def __str__(self):
        return f"Result {self.number} of {self.group}"

    def get_absolute_url(self):
        return reverse("advisor:group-result", args=[self.pk])

    @property
    def said(self):
        """What the result rests on: the answers, and the version of the knowledge."""
        return self.answers, self.data_version

    @property
    def expires_at(self):
        return self.group.expires_at

    @property
    def has_expired(self):
        return self.group.has_expired
