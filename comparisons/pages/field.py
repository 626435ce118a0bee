"""The whole field in one look: each framework a strip, each feature a bar in it.

Holds the geometry of the picture in its own units; a template draws it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from comparisons.choices import FeatureKind, FrameworkKind, Level
from comparisons.models import Feature, Finding, Framework
from comparisons.prepared import prepared

# A bar with the gap behind it, the gap between sections, the highest bar.
STEP, GAP, HEIGHT = 9, 12, 24
LETTER = 6
# In the order of the picture; asking an enum for its values takes long.
KINDS = FrameworkKind.values
PATHS = [*FeatureKind.values, Level.UNKNOWN.value]
# What is drawn from the foot of a bar on, by its level.
BARS = {
    level.value: f"v-{tall}h7v{tall}z"
    for level in Level
    if level.is_known
    for tall in [max(1, round(HEIGHT * level.worth))]
}
# Levels worth this much are counted in the table below the picture.
GOOD = {level.value for level in Level if level.is_known and level.worth >= 0.75}


@dataclass(frozen=True, kw_only=True)
class Section:
    """A group of features: where its bars begin, and how far they go."""

    slug: str
    name: str
    count: int
    left: int

    @property
    def width(self) -> int:
        return STEP * self.count - 2

    @property
    def short_name(self) -> str:
        """As much of the name as stands above the bars."""
        head = self.name.split(",")[0].split(" and ")[0]
        return head[: max(1, (self.width + GAP) // LETTER)]


@dataclass(frozen=True, kw_only=True)
class Strip:
    """One framework: a path of bars for each kind of feature.

    ``good`` counts, section by section, the features at one of the best two levels.
    """

    framework: Framework
    paths: Sequence[tuple[str, str]]
    good: Sequence[int]


@dataclass(frozen=True, kw_only=True)
class Field:
    """What the published features say of some frameworks."""

    sections: Sequence[Section]
    # The strips of each kind of framework.
    kinds: Sequence[tuple[FrameworkKind, Sequence[Strip]]]
    width: int
    height: int
    known_count: int
    answer_count: int


def read_field(frameworks: Sequence[Framework]) -> Field:
    """Return the field of ``frameworks`` on all features, in two queries."""
    features = _features()
    findings = _findings([framework.pk for framework in frameworks])
    levels: dict[int, dict[int, str]] = {row.pk: {} for row in frameworks}
    for framework, feature, level in findings:
        levels[framework][feature] = level
    sections, places, right = [], [], 0
    for (slug, name), rows in groupby(features, key=lambda row: row[2:]):
        kinds = [(pk, kind) for pk, kind, *_ in rows]
        sections.append(Section(slug=slug, name=name, count=len(kinds), left=right))
        places.append(
            [(pk, kind, right + STEP * at) for at, (pk, kind) in enumerate(kinds)]
        )
        right += STEP * len(kinds) + GAP
    by_kind = sorted(frameworks, key=lambda row: KINDS.index(row.kind))
    strips = [_strip(framework, places, levels[framework.pk]) for framework in by_kind]
    return Field(
        sections=sections,
        kinds=[
            (FrameworkKind(kind), list(of_kind))
            for kind, of_kind in groupby(strips, key=lambda strip: strip.framework.kind)
        ],
        width=max(right - GAP, 1),
        height=HEIGHT,
        known_count=sum(level in BARS for _, _, level in findings),
        answer_count=len(features) * len(strips),
    )


@prepared
def _features():
    features = Feature.objects.published()
    return features.values_list("pk", "kind", "group__slug", "group__name")


@prepared
def _findings(frameworks):
    findings = Finding.objects.published().filter(framework__in=frameworks).order_by()
    return findings.values_list("framework", "feature", "level")


def _strip(framework, places, levels):
    bars = {name: [] for name in PATHS}
    good = []
    for section in places:
        count = 0
        for pk, kind, left in section:
            level = levels.get(pk)
            if bar := BARS.get(level):
                bars[kind].append(f"M{left} {HEIGHT}{bar}")
                count += level in GOOD
            else:
                bars[Level.UNKNOWN].append(f"M{left + 1} {HEIGHT - 1}v-9h5v9z")
        good.append(count)
    paths = [(name, "".join(drawn)) for name, drawn in bars.items() if drawn]
    return Strip(framework=framework, paths=paths, good=good)
