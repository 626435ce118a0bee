"""Where sources disagree: sections of features against frameworks, in counts.

Knows no request and no HTML. A template walks rows and spots.
"""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from comparisons.models import Disagreement
from comparisons.pages.side_by_side import listed_frameworks
from comparisons.prepared import prepared


@dataclass(frozen=True, kw_only=True)
class Place:
    """A section or a framework, by what a page needs of it."""

    slug: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Spot:
    """How many disagreements there are in one section about one framework."""

    framework: Place
    count: int

    @property
    def size(self) -> int:
        """How large the spot is drawn, 0 (none) to 4 (eight or more)."""
        return min(self.count.bit_length(), 4)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One section across the frameworks."""

    section: Place
    spots: list[Spot]


@dataclass(frozen=True, kw_only=True)
class DisputeMap:
    """All published disagreements by section and framework.

    A disagreement about several frameworks counts for each of them, so the
    spots may add up to more than ``total``.
    """

    total: int
    frameworks: list[Place]
    rows: list[Row]

    @classmethod
    def load(cls):
        """Count the disagreements, in three queries; None where no map is legible."""
        if listed_frameworks() is None:
            return None
        counts, sections, frameworks = Counter(), {}, {}
        for slug, name, framework, framework_name, count in _counts():
            sections[slug] = Place(slug=slug, name=name)
            frameworks[framework] = Place(slug=framework, name=framework_name)
            counts[slug, framework] = count
        columns = sorted(frameworks.values(), key=lambda place: place.name.lower())
        return cls(
            total=sum(count for _, count in _by_section()),
            frameworks=columns,
            rows=[
                Row(
                    section=section,
                    spots=[
                        Spot(framework=place, count=counts[section.slug, place.slug])
                        for place in columns
                    ],
                )
                for section in sections.values()
            ],
        )


@prepared
def _counts():
    return Disagreement.objects.published().by_section_and_framework()


@prepared
def _by_section():
    sections = Disagreement.objects.published().order_by().values_list("feature__group")
    return sections.annotate(Count("pk"))
