"""A run of our measurements as charts, the best framework of each first."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from comparisons.choices import Metric
from comparisons.measuring.levels import ROWS
from comparisons.models import Disagreement, Measurement, MeasurementRun
from comparisons.prepared import prepared

# What a page shows of a run, feature by feature: what decides it, and what else is
# asked. The files hold everything.
HEADLINES = {
    "request-speed": ("Speed of one request", ()),
    "throughput": ("Requests under load", ()),
    "waiting-connections": ("Many waiting connections", ()),
    "startup-speed": ("Start-up", ((Metric.FIRST_ANSWER, 0),)),
    "memory-footprint": ("Memory", ((Metric.START_MEMORY, 0),)),
    "lightness": ("Lightness", ()),
}


@dataclass(frozen=True)
class Bar:
    """One figure, and where it lies on its chart, from 0 to 100."""

    figure: Measurement
    exact: float
    low: float
    high: float

    @property
    def value(self) -> str:
        return told(self.figure.value)

    @property
    def spread(self) -> str:
        return f"{told(self.figure.low)} to {told(self.figure.high)}"

    @property
    def is_counted(self) -> bool:
        """Whether it is counted once and has no spread."""
        return self.figure.low == self.figure.high


def told(number: float) -> str:
    """Return a figure as readers need it: with a decimal if it is small."""
    return f"{number:,.{0 if number >= 100 else 1}f}".removesuffix(".0")


@dataclass(frozen=True)
class Chart:
    """The frameworks on one metric, the best first."""

    metric: Metric
    connections: int
    bars: Sequence[Bar]


@dataclass(frozen=True)
class Headline:
    """A question and the charts that answer it."""

    name: str
    charts: Sequence[Chart]


def headlines(run: MeasurementRun) -> list[Headline]:
    """Return the charts of ``run``; a framework stands there with its best set-up.

    What many connections wait for is asked under two servers, all else under the
    recommended one.
    """
    figures = _figures(run)
    found = []
    for feature, (name, others) in HEADLINES.items():
        keys = [*ROWS[feature].keys, *others]
        charts = [_chart(*key, figures[key]) for key in keys if figures[key]]
        if charts:
            found.append(Headline(name, charts))
    return found


def charts_on(disagreement: Disagreement) -> list[Chart]:
    """Return what the latest run says on its question, of what it is about."""
    row = ROWS.get(disagreement.feature.slug)
    run = MeasurementRun.objects.published().first() if row else None
    if row is None or run is None:
        return []
    figures = _figures(run, framework__in=disagreement.frameworks.all())
    return [_chart(*key, figures[key]) for key in row.keys if figures[key]]


def measured_on(
    disagreements: Iterable[tuple[int, str, Sequence[int]]],
) -> set[int]:
    """Return the keys of those on which the latest run says something.

    Each comes as its key, the slug of its feature, and the keys of its frameworks.
    """
    bearing = [each for each in disagreements if each[1] in ROWS]
    run = MeasurementRun.objects.published().first() if bearing else None
    measured = set(_measured(run.pk)) if run else set()
    return {
        pk
        for pk, feature, frameworks in bearing
        for framework in frameworks
        for key in ROWS[feature].keys
        if (framework, *key) in measured
    }


@prepared
def _measured(run):
    """Return what there is a figure of: (framework, metric, connections)."""
    measured = Measurement.objects.shown().filter(run=run).order_by()
    return measured.values_list("framework", "metric", "connections").distinct()


def _figures(run, **about):
    """Return the figures of ``run`` by (metric, connections)."""
    found = defaultdict(list)
    measured = run.measurements.shown().filter(**about)
    for figure in measured.select_related("framework", "run"):
        found[figure.metric, figure.connections].append(figure)
    return found


def _chart(metric, connections, figures):
    ranked = sorted(figures, key=lambda one: one.value, reverse=not metric.is_cost)
    best = {}
    for figure in ranked:
        best.setdefault(figure.framework_id, figure)
    return Chart(metric, connections, _bars(best.values()))


def _bars(figures):
    figures = list(figures)
    longest = max(figure.high for figure in figures) or 1
    return [
        Bar(
            figure,
            100 * figure.value / longest,
            100 * figure.low / longest,
            100 * figure.high / longest,
        )
        for figure in figures
    ]
