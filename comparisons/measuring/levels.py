"""Which level a measured feature gets: a function of figures, and of nothing else.

The bounds stand in words in the thresholds of ``fixtures/features.yaml``. They were
written before the figures that they judge.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod

from comparisons.choices import FeatureKind, Level, Metric, Setup


@dataclass(frozen=True)
class Row:
    """What decides a feature: figures, and the bound of each level but the last.

    ``keys`` are (metric, connections). Several figures count by their geometric mean,
    or the worst decides. A figure counts as its ratio to the baseline, unless there is
    none of it that means anything.
    """

    keys: tuple[tuple[Metric, int], ...]
    bounds: tuple[tuple[float, ...], ...]
    is_ratio: bool = True

    def level(self, figures: Iterable) -> Level:
        """Return the level of one framework's ``figures``; unknown if one is missing.

        What its documentation has for many connections counts where they wait.
        """
        found = self._numbers(figures)
        if not found:
            return Level.UNKNOWN
        if len(self.bounds) < len(found):
            found = [_geometric_mean(found)]
        levels = FeatureKind.QUALITY.levels
        steps = [
            sum(number > bound if self.is_cost else number < bound for bound in bounds)
            for number, bounds in zip(found, self.bounds, strict=True)
        ]
        return levels[max(steps)]

    @property
    def is_cost(self) -> bool:
        """Whether less is better."""
        return self.keys[0][0].is_cost

    def length(self, figures: Iterable) -> float | None:
        """Return how long the bar of ``figures`` is beside others, None without one."""
        found = self._numbers(figures)
        return _geometric_mean(found) if found else None

    def told(self, figures: Iterable) -> str:
        """Say in a word or two by what ``figures`` are judged."""
        if not self.is_ratio:
            return ", ".join(in_units(figure) for figure in self.deciding(figures))
        number = _geometric_mean(self._numbers(figures))
        return f"{short(number)} times" if self.is_cost else f"{100 * number:.0f}%"

    def deciding(self, figures: Iterable) -> list:
        """Return the figures that decide, the best set-up of each that is measured."""
        found = []
        for metric, connections in self.keys:
            own = [
                figure
                for figure in figures
                if (figure.metric, figure.connections) == (metric, connections)
                and figure.setup != Setup.COMMON
            ]
            if own:
                best = min if metric.is_cost else max
                found.append(best(own, key=lambda figure: self._number(figure) or 0))
        return found

    def _numbers(self, figures):
        """Return the number of each key, or nothing if one is missing."""
        found = [self._number(figure) for figure in self.deciding(figures)]
        return [] if len(found) < len(self.keys) or None in found else found

    def _number(self, figure):
        return figure.ratio if self.is_ratio else figure.value


def short(number: float) -> str:
    """Return a number with three digits that count, or as a whole one."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def in_units(figure) -> str:
    """Return the value of a figure with its unit: “3.35 MB”, “1 package”."""
    one = figure.value == 1 and figure.metric == Metric.PACKAGES
    return f"{short(figure.value)} {'package' if one else figure.unit}"


def _geometric_mean(numbers):
    # The library's own refuses a zero, which an editor may type.
    return prod(numbers) ** (1 / len(numbers))


SHARES = (1 / 2, 1 / 3, 1 / 5, 1 / 10)
ROWS = {
    "request-speed": Row(((Metric.JSON, 1), (Metric.TWENTY_ROWS, 1)), (SHARES,)),
    "throughput": Row(((Metric.JSON, 64), (Metric.TWENTY_ROWS, 64)), (SHARES,)),
    "waiting-connections": Row(
        ((Metric.WAITING, 256),), ((3 / 4, 1 / 2, 1 / 4, 1 / 10),)
    ),
    "startup-speed": Row(((Metric.START, 0),), ((8, 12, 20, 40),)),
    "memory-footprint": Row(((Metric.LOADED_MEMORY, 0),), ((1.25, 1.5, 2, 3),)),
    "lightness": Row(
        ((Metric.PACKAGES, 0), (Metric.SIZE, 0)),
        ((5, 10, 20, 30), (5, 8, 15, 30)),
        is_ratio=False,
    ),
}
