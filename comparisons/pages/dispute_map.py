"""Where sources disagree: sections of features against frameworks, in counts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from comparisons.models import Disagreement
from comparisons.pages.side_by_side import listed_frameworks
from comparisons.prepared import prepared

# (slug, name) of a section or a framework.
Place = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class DisputeMap:
    """All published disagreements by section and framework.

    A disagreement about several frameworks counts for each of them, so the numbers
    may add up to more than ``total``.
    """

    total: int
    frameworks: Sequence[Place]
    # Each section with a number for each of the frameworks.
    rows: Sequence[tuple[Place, Sequence[int]]]

    @classmethod
    def load(cls):
        """Count the disagreements, in three queries; None where no map is legible."""
        if listed_frameworks() is None:
            return None
        # By section first, in the order of the sections.
        counts: dict[Place, Counter[Place]] = {}
        for slug, name, *framework, count in _counts():
            counts.setdefault((slug, name), Counter())[*framework,] = count
        frameworks = sorted(
            {place for own in counts.values() for place in own},
            key=lambda place: place[1].lower(),
        )
        return cls(
            total=sum(count for _, count in _by_section()),
            frameworks=frameworks,
            rows=[
                (section, [own[place] for place in frameworks])
                for section, own in counts.items()
            ],
        )


@prepared
def _counts():
    return Disagreement.objects.published().by_section_and_framework()


@prepared
def _by_section():
    sections = Disagreement.objects.published().order_by().values_list("feature__group")
    return sections.annotate(Count("pk"))
