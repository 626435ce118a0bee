"""What was measured, beside what is asked of it."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One number of one run, with the ``least`` or the ``most`` that it may be."""

    title: str
    value: float
    least: float = -math.inf
    most: float = math.inf

    @property
    def is_missed(self):
        return not self.least <= self.value <= self.most

    def __str__(self):
        limit = f"≥ {self.least:g}" if self.most == math.inf else f"≤ {self.most:g}"
        verdict = "MISSED" if self.is_missed else "ok"
        return f"{self.title:<64} {self.value:>9.3g}   {limit:<8} {verdict}"
