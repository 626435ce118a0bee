"""A feature's page: every framework under the threshold of its level."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet, prefetch_related_objects

from comparisons.choices import FactKind, Level
from comparisons.models import CodeSample, Disagreement, Feature, Finding, Framework
from comparisons.models.text import first_number
from comparisons.pages.matrix import Figure, measured_figures

# So many frameworks are listed whole. Of more, so many stand under each level, and so
# many are counted there.
MOST_LISTED, SHOWN, MOST_COUNTED = 50, 12, 200
MOST_DISAGREEMENTS = 50


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One framework at a level. Without a finding nobody has answered yet."""

    framework: Framework
    finding: Finding | None
    is_contested: bool = False
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
        told = self.level.counted(self.count)
        if self.count < MOST_COUNTED:
            return told
        return told.replace(str(self.count), f"{self.count} or more", 1)


@dataclass(frozen=True, kw_only=True)
class FeaturePage:
    """What is known of every framework on one feature.

    ``is_whole`` if ``rungs`` hold all frameworks; ``samples`` are those of one
    framework of ``solved_in``.
    """

    feature: Feature
    rungs: Sequence[Rung]
    is_whole: bool
    samples: Sequence[CodeSample]
    solved_in: Sequence[Framework]
    disagreements: Sequence[Disagreement]

    @property
    def counts(self) -> list[str]:
        """How many frameworks are at each level that occurs."""
        return [rung.told for rung in self.rungs if rung.count]

    @property
    def coded(self) -> Framework | None:
        """The framework whose code is shown."""
        return self.samples[0].framework if self.samples else None


def feature_page(
    feature: Feature, *, rung: Rung | None = None, code: str = ""
) -> FeaturePage:
    """Gather the page of ``feature``, or of one ``rung`` of it alone.

    ``code`` is the slug of the framework whose code is wanted.
    """
    frameworks = Framework.objects.published()
    is_whole = rung is None and not frameworks.exceeds(MOST_LISTED)
    if is_whole:
        rungs = _all(feature, frameworks)
    else:
        rungs = [rung] if rung else _first_of_each(feature)
    samples = CodeSample.objects.published().filter(task__feature=feature)
    solved = list(frameworks.filter(samples__in=samples).distinct()[:MOST_LISTED])
    chosen = [row for row in solved if row.slug == code] or solved[:1]
    disagreements = Disagreement.objects.published().filter(feature=feature)
    return FeaturePage(
        feature=feature,
        rungs=rungs,
        is_whole=is_whole,
        samples=list(
            samples.filter(framework__in=chosen).select_related("task", "framework")
        ),
        solved_in=solved,
        disagreements=list(disagreements[:MOST_DISAGREEMENTS]),
    )


def findings_at(feature: Feature, level: Level) -> QuerySet[Finding]:
    """Return the findings of ``feature`` at ``level``, in the order of an index."""
    findings = Finding.objects.published().filter(feature=feature, level=level)
    return findings.order_by("framework_id")


def rung_of(feature: Feature, level: Level, findings: Iterable[Finding]) -> Rung:
    """Return ``level`` with ``findings`` alone, for a page of a long list."""
    entries = _entries(feature, list(findings))
    return _rung(feature, level, entries, len(entries))


def _all(feature, frameworks):
    findings = Finding.objects.published().filter(feature=feature)
    entries = _entries(feature, list(findings))
    answered = {entry.framework.pk for entry in entries}
    entries += [
        Entry(framework=row, finding=None)
        for row in frameworks
        if row.pk not in answered
    ]
    at = {}
    for entry in entries:
        level = entry.finding.answer if entry.finding else Level.UNKNOWN
        at.setdefault(level, []).append(entry)
    return [
        _rung(feature, level, at.get(level, []), len(at.get(level, [])))
        for level in _levels(feature)
    ]


def _first_of_each(feature):
    rungs = []
    for level in _levels(feature):
        findings = findings_at(feature, level)
        entries = _entries(feature, list(findings[:SHOWN]))
        count = len(entries)
        if count == SHOWN:
            count = findings.values("pk")[:MOST_COUNTED].count()
        rungs.append(_rung(feature, level, entries, count))
    return rungs


def _levels(feature):
    return [*feature.feature_kind.levels, Level.UNKNOWN]


def _rung(feature, level, entries, count):
    texts = {threshold.level: threshold.text for threshold in feature.thresholds.all()}
    kind = FactKind(feature.measured_by) if feature.measured_by else None
    sign = 1 if kind and kind.is_cost else -1

    def best_first(entry):
        number = first_number(entry.figure.text) if entry.figure else None
        return (
            number is None,
            sign * (number or 0),
            entry.framework.name.casefold(),
        )

    return Rung(
        level=level,
        threshold=texts.get(level, ""),
        entries=sorted(entries, key=best_first),
        count=count,
    )


def _entries(feature, findings):
    prefetch_related_objects(findings, "framework", "extension", "alternatives")
    for finding in findings:
        finding.feature = feature
    contested = set(
        Finding.objects.filter(pk__in=[row.pk for row in findings])
        .contested()
        .values_list("pk", flat=True)
    )
    figures = {}
    if feature.measured_by:
        frameworks = [finding.framework for finding in findings]
        figures = measured_figures(frameworks, [feature.measured_by]).get(
            feature.measured_by, {}
        )
    return [
        Entry(
            framework=finding.framework,
            finding=finding,
            is_contested=finding.is_published and finding.pk in contested,
            figure=figures.get(finding.framework_id),
        )
        for finding in findings
    ]
