"""What a threshold asks of other features, written so that a program can count it.

Of what follows, parted by semicolons, all has to hold; of what “or” joins, one::

    orm at official; at most 3 of orm, forms, migrations at built_in or cms at package

A feature is *at* a level if its answer is that or a better one, and at ``package`` if
a maintained package is recorded that provides it. The level stands behind the last of
the features that it is for. How many of them have to be there stands in front:
``all of``, which may be left out, ``none of``, ``2 of``, ``2 to 3 of``, ``at least 2
of`` or ``at most 2 of``.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from comparisons.choices import Level

PACKAGE = "package"
_COUNT = re.compile(
    r"(?:(?P<word>all|none) of |at least (?P<least>\d+) of |at most (?P<most>\d+) of "
    r"|(?P<low>\d+)(?: to (?P<high>\d+))? of )?(?P<features>.+)"
)
_FEATURE = re.compile(r"(?P<slug>[\w-]+)(?: at (?P<level>\w+))?")
_LEVELS = {PACKAGE, *(level.value for level in Level if level.is_known)}

# Whether a feature, by its slug, is at a level; None if nobody knows.
Reaches = Callable[[str, str], bool | None]


@dataclass(frozen=True)
class Count:
    """That at least and at most so many of some (feature, level) are reached."""

    wanted: tuple[tuple[str, str], ...]
    least: int
    most: int

    def holds(self, reaches: Reaches) -> bool | None:
        """Whether it is so; None if what nobody knows decides."""
        found = [reaches(feature, level) for feature, level in self.wanted]
        low, high = found.count(True), len(found) - found.count(False)
        if low >= self.least and high <= self.most:
            return True
        return False if high < self.least or low > self.most else None


@dataclass(frozen=True)
class Condition:
    """Counts of which all groups have to hold, and of each group one."""

    groups: tuple[tuple[Count, ...], ...]

    @classmethod
    def read(cls, text: str) -> "Condition":
        """Return what ``text`` says, or raise ValueError: what cannot be read."""
        return cls(
            tuple(
                tuple(_count(part.strip()) for part in group.split(" or "))
                for group in text.split(";")
            )
        )

    @property
    def wanted(self) -> list[tuple[str, str]]:
        """All (feature, level) that it asks for."""
        counts = (count for group in self.groups for count in group)
        return [pair for count in counts for pair in count.wanted]

    def holds(self, reaches: Reaches) -> bool | None:
        """Whether it is met; None if what nobody knows decides."""
        return _all(
            _not(_all(_not(count.holds(reaches)) for count in group))
            for group in self.groups
        )


def validate_condition(text: str) -> None:
    """Refuse what cannot be read."""
    try:
        Condition.read(text)
    except ValueError as error:
        raise ValidationError(str(error), code="unreadable_condition") from error


def _not(holds: bool | None) -> bool | None:
    return None if holds is None else not holds


def _all(found: Iterable[bool | None]) -> bool | None:
    found = list(found)
    if False in found:
        return False
    return None if None in found else True


def _count(text):
    parts = _COUNT.fullmatch(text)
    if not parts:
        raise ValueError("Write which features have to be at which level.")
    wanted = _wanted(parts["features"])
    least, most = 0, len(wanted)
    if parts["word"] == "none":
        most = 0
    elif parts["least"]:
        least = int(parts["least"])
    elif parts["most"]:
        most = int(parts["most"])
    elif parts["low"]:
        least, most = int(parts["low"]), int(parts["high"] or parts["low"])
    else:
        least = most
    return Count(wanted, least, most)


def _wanted(text):
    """Return (feature, level) of each; a level is that of those before it too."""
    found, waiting = [], []
    for part in text.split(","):
        named = _FEATURE.fullmatch(part.strip())
        if not named:
            raise ValueError(f"“{part.strip()}” is no feature at a level.")
        waiting.append(named["slug"])
        if level := named["level"]:
            if level not in _LEVELS:
                raise ValueError(f"“{level}” is no level.")
            found += [(slug, level) for slug in waiting]
            waiting = []
    if waiting:
        raise ValueError(f"“{waiting[-1]}” has no level: write “{waiting[-1]} at …”.")
    return tuple(found)
