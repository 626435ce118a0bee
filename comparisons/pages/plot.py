"""How frameworks do on what readers weigh: each theme a line from worst to best."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from comparisons.pages.matrix import Cell, Matrix

# More frameworks cannot be told apart on one line.
MOST = 3
# What tells themes: (name, {slug of a feature: its share}). Other apps add theirs.
THEMES: list[Callable[[], Iterable[tuple[str, Mapping[str, float]]]]] = []


@dataclass(frozen=True, slots=True)
class Span:
    """What one framework reaches, 0 to 100; unknown levels make it wider."""

    low: int
    high: int

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2

    def __str__(self) -> str:
        return str(self.low) if self.low == self.high else f"{self.low} to {self.high}"


@dataclass(frozen=True, slots=True)
class Line:
    """One theme, and what each framework reaches there."""

    name: str
    spans: Sequence[Span]


def plot(matrix: Matrix) -> list[Line]:
    """Return the themes of ``matrix``, which has all rows; none for many frameworks."""
    if len(matrix.frameworks) > MOST:
        return []
    cells = {row.slug: row.cells for row in matrix.rows}
    return [
        Line(name, [_span(column) for column in zip(*weighed, strict=True)])
        for themes in THEMES
        for name, shares in themes()
        if (weighed := _weighed(shares, cells))
    ]


def _weighed(shares, cells):
    """Return for each feature of a theme the (share, cell) of every framework."""
    return [
        [(share, cell) for cell in cells[slug]]
        for slug, share in shares.items()
        if slug in cells
    ]


def _span(column: Iterable[tuple[float, Cell]]) -> Span:
    whole = low = high = 0.0
    for share, cell in column:
        worth = cell.level.worth
        whole += share
        low += share * (worth or 0)
        high += share * (1 if worth is None else worth)
    return Span(round(100 * low / whole), round(100 * high / whole))
