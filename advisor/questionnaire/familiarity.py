"""What a team knows: the one thing that counts without a finding."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from advisor.models import Kinship


@dataclass(frozen=True, kw_only=True)
class Familiarity:
    """Which frameworks somebody knows, as a feature that they alone fill.

    It stands among the features under the slug ``feature``, as a part of some theme.
    ``by`` is whoever named the ``known`` frameworks; ``kinships`` hold, by framework,
    the closest relation of any other to one of them.
    """

    feature: str
    name: str
    known: frozenset[str]
    kinships: Mapping[str, Kinship] = field(default_factory=dict)
    by: str = "You"

    def bounds(self, framework: str) -> tuple[float, float]:
        """Return what it is worth to know ``framework``: 1, a relative less."""
        if framework in self.known:
            return (1.0, 1.0)
        kinship = self.kinships.get(framework)
        worth = float(kinship.worth) if kinship else 0.0
        return (worth, worth)

    def answer(self, framework: str) -> str:
        """Return in words whether they know ``framework``, or what helps with it."""
        if framework in self.known:
            return f"{self.by} named it."
        if kinship := self.kinships.get(framework):
            return f"{self.by} named {kinship.known.name}, which helps with it."
        return f"{self.by} did not name it."

    def note(self, framework: str) -> str:
        """Return why a relative helps with ``framework``, and where that stands."""
        if framework in self.known or not (kinship := self.kinships.get(framework)):
            return ""
        return f"{kinship.reason} ({kinship.source.title}, {kinship.locator})"
