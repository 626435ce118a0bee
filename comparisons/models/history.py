"""Who changed what, when and why.

A **ChangeSet** is everything that one act changed: a saved form with its
citations, an import, a merge. django-simple-history keeps one row for each
object in it, with the object as it was left; ``comparisons.history`` opens the
sets and takes them back. A **ChangedObject** says in a few columns what a set did
to one object, so that lists of changes need not read the tables of all models.
"""

from collections import defaultdict
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import reverse
from simple_history.models import HistoricalRecords

from comparisons.choices import Act, ChangeKind
from comparisons.models.constraints import one_of
from comparisons.models.knowledge import KnowledgeVersion
from comparisons.models.text import PlainCharField
from comparisons.querysets.editors import ChangedObjectQuerySet, ChangeSetQuerySet

LONGEST_NAME = 300

_paused = ContextVar("paused", default=False)
# The OpenSet that takes up what is saved, if one is open.
open_set: ContextVar["OpenSet | None"] = ContextVar("open_set", default=None)


def _loose_key(model):
    """Return a key to an object that may be deleted without asking this row."""
    return models.ForeignKey(
        model,
        on_delete=models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name="+",
    )


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
    reason = PlainCharField(
        max_length=300, blank=True, help_text="Why, in a few words, for everybody."
    )
    credit = PlainCharField(
        max_length=120, blank=True, help_text="The reader who suggested it."
    )
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="accepted_sets",
        help_text="Who took what the editor had proposed.",
    )
    undoes = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="undone_by"
    )
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    version = models.PositiveBigIntegerField(
        default=KnowledgeVersion.current,
        db_index=True,
        help_text="That of the knowledge when the set was closed.",
    )
    # By model, of how many objects it tells, and of how many of them to readers.
    counts = models.JSONField(default=dict, editable=False)

    objects = ChangeSetQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        permissions = [("undo_changeset", "Can undo change sets")]
        constraints = [one_of("kind", ChangeKind)]

    def __str__(self):
        return self.reason or f"{self.get_kind_display()} {self.pk}"

    def get_absolute_url(self):
        return reverse("comparisons:change-detail", args=[self.pk])

    @property
    def number(self):
        """How many objects it changed, once it is closed."""
        return sum(number for number, _ in self.counts.values())

    def close(self, listed):
        """List what was changed, count it, and note the version that this leaves."""
        for each in listed:
            each.change_set = self
            numbers = self.counts.setdefault(each.model_label, [0, 0])
            numbers[0] += 1
            numbers[1] += each.was_public or each.is_public
        ChangedObject.objects.bulk_create(listed)
        self.version = KnowledgeVersion.current()
        self.save(update_fields=["counts", "version"])

    @property
    def author(self):
        """Who made it, as readers are told: never an address or a user name."""
        return self.editor.get_full_name() if self.editor else ""

    @property
    def accepter(self):
        """Who accepted what its author proposed, as readers are told; mostly nobody."""
        by = self.accepted_by
        return (by.get_full_name() or "another editor") if by else ""


class ChangedObject(models.Model):
    """What a set of changes did to one object, whose record tells the rest.

    Whether readers saw the object is decided when the set is closed: a draft that
    is published later does not reveal how it was written.
    """

    change_set = models.ForeignKey(
        ChangeSet, on_delete=models.CASCADE, related_name="objects_changed"
    )
    model_label = models.CharField(max_length=60)
    object_pk = models.PositiveBigIntegerField()
    record_id = models.PositiveBigIntegerField()
    act = models.CharField(max_length=1, choices=Act)
    name = models.CharField(max_length=LONGEST_NAME)
    was_public = models.BooleanField(help_text="Readers saw it before the set.")
    is_public = models.BooleanField(help_text="Readers saw it after the set.")
    # On whose pages the change is listed. The other end may be gone.
    framework = _loose_key("comparisons.Framework")
    feature = _loose_key("comparisons.Feature")
    source = _loose_key("comparisons.Source")

    objects = ChangedObjectQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["model_label", "object_pk"], name="comparisons_changed_object"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["change_set", "model_label", "object_pk"],
                name="comparisons_changedobject_once_in_a_set",
                violation_error_message="The set lists this object already.",
            ),
            one_of("act", Act),
        ]

    def __str__(self):
        return self.name

    @property
    def model(self):
        """The model of the object."""
        return apps.get_model(self.model_label)

    @property
    def kind(self):
        """What the object is, in a word or two: “finding”."""
        return self.model._meta.verbose_name

    @property
    def public_act_label(self):
        """What was done to it, for readers, who see no drafts."""
        if self.act == Act.CHANGED and self.was_public != self.is_public:
            return "Published" if self.is_public else "Withdrawn"
        return self.get_act_display()


@dataclass
class OpenSet:
    """A set that is being filled, and what was touched so far."""

    change_set: ChangeSet
    models: set = field(default_factory=set)
    # {model: {record: the one before, or None}} of what is known to be the whole of it,
    # unless ``models`` names the model as well.
    told: dict = field(default_factory=dict)
    # Primary keys, by model, of what loses a link when something is deleted.
    losing: dict = field(default_factory=lambda: defaultdict(set))
    # Primary keys, by model, of statements that are published with their citations.
    ahead: dict = field(default_factory=lambda: defaultdict(set))


def called(row):
    """Return how readers would call a stored row or one like it."""
    return getattr(row, "called", None) or str(row)


def account_name(user, otherwise):
    """Return what editors call ``user``; ``otherwise`` if the account is gone."""
    return (user.get_full_name() or user.get_username()) if user else otherwise


class ChangeRecord(models.Model):
    """What every historical row has on top of the object's own fields.

    It joins the open set. What is saved outside of any, as from a shell, is listed
    in a set of its own, for editors.
    """

    change_set = models.ForeignKey(
        ChangeSet, on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        opened = open_set.get()
        if opened:
            opened.models.add(self.instance_type)
        self.change_set = opened.change_set if opened else ChangeSet.objects.create()
        super().save(*args, **kwargs)
        if not opened:
            changed = ChangedObject(
                model_label=self.instance_type._meta.label_lower,
                object_pk=self.pk_of_object,
                record_id=self.history_id,
                act=self.history_type,
                name=called(self.instance)[:LONGEST_NAME],
                was_public=False,
                is_public=False,
            )
            self.change_set.close([changed])

    @property
    def pk_of_object(self):
        """The primary key of the object, which may be gone."""
        return getattr(self, self.instance_type._meta.pk.attname)


class PausableRecords(HistoricalRecords):
    """Records that are not kept while recording is paused."""

    def create_historical_record(self, instance, history_type, using=None):
        if not is_paused():
            super().create_historical_record(instance, history_type, using=using)


def is_paused():
    return _paused.get()


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
