"""A run of our measurements as charts, the best framework of each first."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from comparisons.choices import Metric, Setup
from comparisons.measuring.levels import ROWS
from comparisons.models import Disagreement, Measurement, MeasurementRun

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
    def is_counted(self) -> bool:
        """Whether it is counted once and has no spread."""
        return self.figure.low == self.figure.high


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


def measure_beside(disagreements: Iterable[Disagreement]) -> None:
    """Give each its ``measured``: charts of the frameworks that it is about.

    Of the latest run, and only where its figures bear on the question.
    """
    bearing = [each for each in disagreements if each.feature.slug in ROWS]
    run = MeasurementRun.objects.published().first() if bearing else None
    figures = _figures(run) if run else {}
    for disagreement in bearing:
        about = {framework.pk for framework in disagreement.frameworks.all()}
        disagreement.measured = [
            _chart(*key, own)
            for key in ROWS[disagreement.feature.slug].keys
            if (
                own := [
                    one for one in figures.get(key, ()) if one.framework_id in about
                ]
            )
        ]


def _figures(run):
    """Return the figures of ``run`` by (metric, connections)."""
    found = defaultdict(list)
    measured = run.measurements.published().exclude(setup=Setup.COMMON)
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
