"""A feature's page: every framework under the threshold of its level.

Read as values, by questions that are put together once: whoever compares frameworks
on one feature after the other asks for many of these pages.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from comparisons.addresses import page_path
from comparisons.choices import Level, Status
from comparisons.measuring.levels import ROWS
from comparisons.models import (
    CodeSample,
    Disagreement,
    Extension,
    Feature,
    Finding,
    Framework,
    Threshold,
)
from comparisons.pages.certainty import supports
from comparisons.pages.matrix import LEVELS, Figure, measured_figures
from comparisons.pages.side_by_side import MOST_LISTED, listed_frameworks
from comparisons.prepared import prepared

# Where there are more frameworks than are listed, so many stand under each level, and
# so many are counted there.
SHOWN, MOST_COUNTED = 8, 200
MOST_DISAGREEMENTS = 50
# By what a framework knows its own pages.
OWN = ("makers", "homepage_url", "docs_url", "repository_url")
# Of a finding.
VALUES = (
    *("pk", "level", "status", "note", "extension__name", "extension__slug"),
    *("framework", "framework__slug", "framework__name", "framework__status"),
    *(f"framework__{name}" for name in OWN),
)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One framework's answer. Without ``is_answered`` nobody has given one yet."""

    slug: str
    name: str
    address: str
    status: str
    level: Level = Level.UNKNOWN
    is_answered: bool = False
    note: str = ""
    # (name, address) of the package that provides it, then of others that do.
    providers: Sequence[tuple[str, str]] = ()
    is_contested: bool = False
    is_own_word: bool = False
    figure: Figure | None = None


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One level of a feature: when it is given, and who is at it.

    ``count`` is that of all who are, ``MOST_COUNTED`` if there are so many or more.
    """

    level: Level
    threshold: str
    entries: Sequence[Entry]
    count: int

    @property
    def has_more(self) -> bool:
        return self.count > len(self.entries)

    @property
    def told(self) -> str:
        """How many are at this level: “4 packages”, “200 or more by hand”."""
        return _counted(self.level, self.count)


@dataclass(frozen=True, kw_only=True)
class FeaturePage:
    """What is known of every framework on one feature.

    ``is_whole`` if ``rungs`` hold all frameworks; ``samples`` are those of the one
    framework ``coded`` of those that it is ``solved_in``.
    """

    feature: Feature
    rungs: Sequence[Rung]
    is_whole: bool
    solved_in: Sequence[Any]
    coded: Any | None
    samples: Sequence[CodeSample]
    disagreements: Sequence[Disagreement]

    @property
    def counts(self) -> list[str]:
        """How many frameworks are at each level that occurs."""
        return [rung.told for rung in self.rungs if rung.count]


def feature_page(
    feature: Feature, *, rung: Rung | None = None, code: str = ""
) -> FeaturePage:
    """Gather the page of ``feature``, or of one ``rung`` of it alone.

    ``code`` is the slug of the framework whose code is wanted.
    """
    listed = None if rung else listed_frameworks()
    if listed is not None:
        rungs = _all(feature, listed)
    else:
        rungs = [rung] if rung else _first_of_each(feature)
    solved = _solved(feature.pk)
    chosen = [row for row in solved if row.slug == code] or solved[:1]
    coded = chosen[0] if chosen else None
    return FeaturePage(
        feature=feature,
        rungs=rungs,
        is_whole=listed is not None,
        solved_in=solved,
        coded=coded,
        samples=_samples(feature.pk, coded.pk) if coded else [],
        disagreements=_disagreements(feature.pk),
    )


def told_counts(feature: Feature) -> list[str]:
    """Return how many frameworks are at each level of ``feature`` that occurs."""
    found = _keys_at(feature)
    return [_counted(level, len(keys)) for level, keys in found.items() if keys]


def findings_at(feature: int, level: str) -> QuerySet:
    """Return the keys of the findings at ``level``, in the order of an index."""
    findings = Finding.objects.published().filter(feature=feature, level=level)
    return findings.order_by("framework_id").values_list("pk", flat=True)


def rung_of(
    feature: Feature, level: Level, findings: Iterable[int], count: int
) -> Rung:
    """Return ``level`` with ``findings`` alone, a page of a list of ``count``."""
    entries = _entries(feature, _told(list(findings), by="pk__in"))
    [rung] = _rungs(feature, [level], entries, {level: min(count, MOST_COUNTED)})
    return rung


def _all(feature, frameworks):
    entries = _entries(feature, _told(feature.pk, by="feature"))
    answered = {entry.slug for entry in entries}
    entries += [
        Entry(
            slug=row.slug,
            name=row.name,
            address=page_path("finding-detail", row.slug, feature.slug),
            status=row.status,
        )
        for row in frameworks
        if row.slug not in answered
    ]
    return _rungs(feature, _levels(feature), entries)


def _first_of_each(feature):
    found = _keys_at(feature)
    shown = [pk for keys in found.values() for pk in keys[:SHOWN]]
    counts = {level: len(keys) for level, keys in found.items()}
    return _rungs(feature, found, _entries(feature, _told(shown, by="pk__in")), counts)


def _keys_at(feature):
    """Return {level: the keys of findings there, of no more than are counted}."""
    return {
        level: _first_at(feature.pk, level.value, most=MOST_COUNTED)
        for level in _levels(feature)
    }


def _counted(level, number):
    told = level.counted(number)
    if number < MOST_COUNTED:
        return told
    return told.replace(str(number), f"{number} or more", 1)


def _levels(feature):
    return [*feature.feature_kind.levels, Level.UNKNOWN]


def _rungs(feature, levels, entries, counts=None):
    """Sort ``entries`` under ``levels``, best measured first; all, unless counted."""
    measured = ROWS.get(feature.slug)
    sign = 1 if measured and measured.is_cost else -1

    def best_first(entry):
        number = entry.figure.number if entry.figure else 0
        return not entry.figure, sign * number, entry.name.casefold()

    at = defaultdict(list)
    for entry in sorted(entries, key=best_first):
        at[entry.level].append(entry)
    thresholds = dict(_thresholds(feature.pk))
    return [
        Rung(
            level=level,
            threshold=thresholds.get(level, ""),
            entries=at[level],
            count=counts[level] if counts else len(at[level]),
        )
        for level in levels
    ]


def _entries(feature, rows):
    """Return the entry of each row of findings; their bars share one scale."""
    pks = [row.pk for row in rows]
    contested = set(_contested(pks))
    vouching = supports({row.pk: (_makers_of(row), LEVELS[row.level]) for row in rows})
    alternatives = defaultdict(list)
    for finding, name, slug in _alternatives(pks):
        alternatives[finding].append((name, page_path("extension-detail", slug)))
    measured = {}
    if feature.slug in ROWS:
        measured = measured_figures([row.framework for row in rows])[feature.slug]
    entries = []
    for row in rows:
        providers = []
        if row.extension__name:
            address = page_path("extension-detail", row.extension__slug)
            providers = [(row.extension__name, address), *alternatives[row.pk]]
        is_published = row.status == Status.PUBLISHED
        entries.append(
            Entry(
                slug=row.framework__slug,
                name=row.framework__name,
                address=page_path("finding-detail", row.framework__slug, feature.slug),
                # Of a draft of a draft, one of both is told.
                status=row.framework__status if is_published else row.status,
                level=LEVELS[row.level],
                is_answered=True,
                note=row.note,
                providers=providers,
                is_contested=is_published and row.pk in contested,
                is_own_word=vouching[row.pk].is_own_word,
                figure=measured.get(row.framework),
            )
        )
    return entries


def _makers_of(row):
    """Return the framework of ``row`` with what tells its own pages, and no more."""
    return Framework(**{name: getattr(row, f"framework__{name}") for name in OWN})


# What is asked


@prepared
def _told(keys, *, by):
    """Return what an entry shows of each finding that ``keys`` name ``by``."""
    findings = Finding.objects.published().filter(**{by: keys})
    return findings.order_by().values_list(*VALUES, named=True)


@prepared
def _first_at(feature, level, *, most):
    return findings_at(feature, level)[:most]


@prepared
def _contested(findings):
    contested = Finding.objects.filter(pk__in=findings).contested().order_by()
    return contested.values_list("pk", flat=True)


@prepared
def _alternatives(findings):
    packages = Extension.objects.filter(alternative_findings__in=findings)
    return packages.values_list("alternative_findings", "name", "slug")


@prepared
def _thresholds(feature):
    return Threshold.objects.filter(feature=feature).values_list("level", "text")


@prepared
def _solved(feature):
    own = CodeSample.objects.published().filter(framework=OuterRef("pk"))
    frameworks = Framework.objects.published().filter(
        Exists(own.filter(task__feature=feature))
    )
    return frameworks.values_list("pk", "slug", "name", named=True)[:MOST_LISTED]


@prepared
def _samples(feature, framework):
    samples = CodeSample.objects.published().select_related("task", "framework")
    return samples.filter(task__feature=feature, framework=framework)


@prepared
def _disagreements(feature):
    disagreements = Disagreement.objects.published().filter(feature=feature)
    return disagreements[:MOST_DISAGREEMENTS]
