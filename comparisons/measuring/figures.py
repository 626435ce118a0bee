"""What the visits of a run amount to: medians, their spread, and ratios.

The ratio is taken round by round, to the baseline of the same round, so that what
slowed both down does not count.
"""

from collections import defaultdict
from dataclasses import dataclass
from statistics import median

from comparisons.choices import Setup
from comparisons.measuring.plan import BASELINE
from comparisons.measuring.rounds import visits

# A range of the rounds that is wider than this share of the median says too little.
NOISY = 0.4


@dataclass(frozen=True)
class Spread:
    """The median of the rounds with the lowest and the highest."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, numbers):
        return cls(*(_short(each(numbers)) for each in (median, min, max)))

    def agrees(self, other):
        """Whether the two ranges have anything in common."""
        return self.low <= other.high and other.low <= self.high

    @property
    def is_noisy(self):
        return self.high - self.low > NOISY * self.value


@dataclass(frozen=True)
class Figure:
    """One metric of a framework in a set-up, such as ``json`` on 64 connections.

    ``connections`` is 0 for what is no load. ``ratio`` is None where the baseline has
    no such figure; what is counted once in a run has no spread.
    """

    framework: str
    setup: str
    metric: str
    connections: int
    absolute: Spread
    ratio: Spread | None

    @property
    def key(self):
        return self.framework, self.setup, self.metric, self.connections


def figures(log):
    """Return (figures, names of those too noisy to be published) of a run's log.

    A setup of a role that the baseline lacks is compared with its recommended one.
    """
    rounds = defaultdict(dict)
    for visit in visits(log):
        framework, setup = visit["key"].split("/")
        setup = setup if setup in Setup.values else Setup.ALONE
        for name, value in visit["values"].items():
            if setup == Setup.WAITING and not name.startswith("waiting"):
                # That application is made to wait, and smaller than the others.
                continue
            number = len(value) if isinstance(value, list) else value
            rounds[framework, setup, name][visit["round"]] = number
    found, noisy = [], []
    for (framework, setup, name), numbers in rounds.items():
        if framework == BASELINE:
            continue
        metric, _, connections = name.partition("@")
        base = rounds.get((BASELINE, setup, name)) or rounds.get(
            (BASELINE, Setup.RECOMMENDED, name), {}
        )
        shared = [numbers[n] / base[n] for n in numbers if base.get(n)]
        figure = Figure(
            framework,
            setup,
            metric,
            int(connections or 0),
            Spread.of(numbers.values()),
            Spread.of(shared) if shared else None,
        )
        is_noisy = (figure.ratio or figure.absolute).is_noisy
        (noisy if is_noisy else found).append(figure)
    return found, noisy


def agreement(log, other):
    """Return (ratios of two runs that agree, ratios that both have), noisy ones too."""
    one, two = (
        {each.key: each.ratio for each in sum(figures(each), []) if each.ratio}
        for each in (log, other)
    )
    shared = one.keys() & two.keys()
    return sum(one[key].agrees(two[key]) for key in shared), len(shared)


def _short(number):
    """Return a number with four digits that count."""
    return float(f"{number:.4g}")
