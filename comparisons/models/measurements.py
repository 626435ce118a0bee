from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from comparisons.choices import Metric, Setup
from comparisons.models.constraints import one_of
from comparisons.models.frameworks import Framework
from comparisons.models.history import recorded
from comparisons.models.publishing import Publishable
from comparisons.models.sources import Source
from comparisons.models.text import PlainCharField, PlainTextField
from comparisons.public import KnowledgeQuerySet
from comparisons.querysets.evidence import MeasurementQuerySet


class MeasurementRun(Publishable):
    """One session of ours in which all frameworks were measured in turn.

    Its source, of the kind measurement, is what statements cite.
    """

    slug = models.SlugField(max_length=100, unique=True)
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="measurement_runs"
    )
    measured_on = models.DateField()
    rounds = models.PositiveSmallIntegerField()
    seconds = models.PositiveSmallIntegerField(help_text="Of each load.")
    machine = PlainCharField(max_length=300)
    versions = PlainTextField(help_text="Of interpreter, database and each server.")
    baseline = PlainCharField(
        max_length=200, help_text="What each ratio is the ratio to."
    )
    conditions = PlainTextField(help_text="What else decides the figures.")

    objects = KnowledgeQuerySet.as_manager()
    history = recorded()

    class Meta:
        ordering = ["-measured_on", "-slug"]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(rounds__gte=1, seconds__gte=1),
                name="comparisons_measurementrun_took_time",
                violation_error_message="A run has a round of a second or more.",
            ),
        ]

    def __str__(self):
        return self.slug

    def get_absolute_url(self):
        return reverse("comparisons:measurement-detail", args=[self.slug])


class Measurement(models.Model):
    """One figure of a run: the median of its rounds, and how far they spread.

    The ratio is to the baseline of the same round; nothing has one that the baseline
    has no figure for.
    """

    run = models.ForeignKey(
        MeasurementRun, on_delete=models.CASCADE, related_name="measurements"
    )
    framework = models.ForeignKey(
        Framework, on_delete=models.CASCADE, related_name="measurements"
    )
    setup = models.CharField(max_length=12, choices=Setup)
    metric = models.CharField(max_length=20, choices=Metric)
    connections = models.PositiveSmallIntegerField(
        default=0, help_text="At once; 0 for what is no load."
    )
    value = models.FloatField(help_text="In the unit of the metric.")
    low = models.FloatField()
    high = models.FloatField()
    ratio = models.FloatField(null=True, blank=True)
    ratio_low = models.FloatField(null=True, blank=True)
    ratio_high = models.FloatField(null=True, blank=True)

    objects = MeasurementQuerySet.as_manager()
    history = recorded()
    natural_key_lookups = (
        "run__slug",
        "framework__slug",
        "setup",
        "metric",
        "connections",
    )
    belongs_to = ["run"]
    published_with = ["run", "framework"]

    class Meta:
        ordering = ["run", "framework", "setup", "metric", "connections"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "framework", "setup", "metric", "connections"],
                name="comparisons_measurement_once_in_a_run",
                violation_error_message="The run has this figure already.",
            ),
            one_of("setup", Setup),
            one_of("metric", Metric),
            models.CheckConstraint(
                condition=Q(low__gte=0, low__lte=F("value"), high__gte=F("value")),
                name="comparisons_measurement_lies_in_its_spread",
                violation_error_message="The median lies between lowest and highest.",
            ),
            models.CheckConstraint(
                condition=Q(ratio=None, ratio_low=None, ratio_high=None)
                | Q(
                    ratio__isnull=False,
                    ratio_low__gte=0,
                    ratio_low__lte=F("ratio"),
                    ratio_high__gte=F("ratio"),
                ),
                name="comparisons_measurement_ratio_lies_in_its_spread",
                violation_error_message="A ratio lies between lowest and highest.",
            ),
        ]

    def __str__(self):
        at = f" on {self.connections} connections" if self.connections else ""
        return f"{self.framework}: {self.get_metric_display()}{at}"

    @property
    def unit(self):
        """What the figure counts."""
        return Metric(self.metric).unit
