"""The frameworks as the ranking takes them: what is known of each, as bounds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import NamedTuple

from django.db.models import Exists, OuterRef
from django.utils import timezone

from advisor.questionnaire.packages import Provided, read_provided
from advisor.questionnaire.preferences import Preferences
from advisor.questionnaire.quotes import Quote
from advisor.questionnaire.reading import Questionnaire
from advisor.ranking.draws import Evidence, Ladder
from advisor.ranking.order import Candidate, Ranking, rank
from comparisons.choices import FeatureKind, Level, Stance
from comparisons.models import Citation, Finding, Framework

# How many frameworks are ranked at most.
MOST_RANKED = 50
# The lowest and highest possible value per feature, by framework.
Bounds = Mapping[str, Mapping[str, tuple[float, float]]]


# How often a finding is one level off, by what it is about: who provides something can
# be looked up, how good it is has to be judged.
_SLIPS = {
    FeatureKind.CAPABILITY: 0.02,
    FeatureKind.QUALITY: 0.10,
    FeatureKind.USE_CASE: 0.10,
}
LADDERS = {
    kind: Ladder(
        worths=[level.worth for level in reversed(kind.levels)],
        ranges=[level.worth_range for level in reversed(kind.levels)],
        slip=slip,
    )
    for kind, slip in _SLIPS.items()
}


class Answer(NamedTuple):
    """What a published finding says, and the key of its row."""

    pk: int
    level: Level
    bounds: tuple[float, float]
    note: str
    is_disputed: bool


# The published answers, by framework and feature.
Findings = Mapping[tuple[str, str], Answer]


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is published on some frameworks, and what must-haves find ``provided``.

    ``quotes`` are what findings rest on, by their keys, as far as it was asked for.
    """

    bounds: Bounds
    findings: Findings = field(default_factory=dict)
    provided: Provided = field(default_factory=dict)
    evidence: Evidence = field(default_factory=Evidence)
    quotes: dict[int, Quote] = field(default_factory=dict)


def read_findings(frameworks: Iterable[Framework]) -> Findings:
    """Return what is published on ``frameworks``, in one query."""
    disputing = Citation.objects.filter(finding=OuterRef("pk"), stance=Stance.DISPUTES)
    rows = (
        Finding.objects.published()
        .filter(framework__in=frameworks)
        .order_by()
        # A thousand of them as rows of the model would take five times as long.
        .values_list(
            "framework__slug",
            "feature__slug",
            "pk",
            "level",
            "at_least",
            "at_most",
            "note",
            Exists(disputing),
        )
    )
    return {
        (of, on): Answer(pk, *meaning(*answer), note, is_disputed)
        for of, on, pk, *answer, note, is_disputed in rows
    }


@cache
def meaning(
    level: str, at_least: str, at_most: str
) -> tuple[Level, tuple[float, float]]:
    """Return the level of a finding that says so, and what it can be worth."""
    finding = Finding(level=level, at_least=at_least, at_most=at_most)
    return finding.answer, finding.bounds


def bounds_of(frameworks: Iterable[Framework], findings: Findings) -> Bounds:
    """Return what ``findings`` say of ``frameworks``."""
    bounds = {framework.slug: {} for framework in frameworks}
    for (framework, feature), finding in findings.items():
        bounds[framework][feature] = finding.bounds
    return bounds


def evidence_of(findings: Findings) -> Evidence:
    """Return how far ``findings`` can be trusted."""
    return Evidence(
        ladders={
            feature: LADDERS[finding.level.kind]
            for (_, feature), finding in findings.items()
            if finding.level.is_known
        },
        contested=frozenset(
            key for key, finding in findings.items() if finding.is_disputed
        ),
    )


def known_of(questionnaire: Questionnaire, frameworks: Iterable[Framework]) -> Known:
    """Return what is published on ``frameworks``, if not on others as well.

    While all can be ranked, all is read, once in each version of the knowledge.
    """
    if len(questionnaire.frameworks) > MOST_RANKED:
        return read_known(questionnaire, frameworks)
    return _known_of_all(questionnaire, timezone.localdate())


@lru_cache(maxsize=1)
def _known_of_all(questionnaire, day):
    """Return what is known on ``day``: packages grow too old to be relied on."""
    return read_known(questionnaire)


def read_known(
    questionnaire: Questionnaire, frameworks: Iterable[Framework] | None = None
) -> Known:
    """Return what is published on ``frameworks``, all of them where they are None.

    It is for any answers, and runs at most three queries.
    """
    frameworks = list(questionnaire.frameworks if frameworks is None else frameworks)
    findings = read_findings(frameworks)
    return Known(
        bounds=bounds_of(frameworks, findings),
        findings=findings,
        provided=read_provided(frameworks, questionnaire.requirable),
        evidence=evidence_of(findings),
    )


def candidates(
    questionnaire: Questionnaire,
    preferences: Preferences,
    known: Known,
) -> list[Candidate]:
    """Return the frameworks of those ``known`` that ``preferences`` choose from.

    To their bounds comes what it is worth to those who ask to know each.
    """
    instead: dict[str, dict[str, tuple[float, float]]] = {}
    for (framework, feature), worth in known.provided.items():
        instead.setdefault(framework, {})[feature] = worth
    return [
        Candidate(
            slug=framework.slug,
            name=framework.name,
            bounds={
                **known.bounds[framework.slug],
                **{
                    familiarity.feature: familiarity.bounds(framework.slug)
                    for familiarity in preferences.familiarity
                },
            },
            provided=instead.get(framework.slug, {}),
        )
        for framework in questionnaire.chosen_frameworks(preferences)
        if framework.slug in known.bounds
    ]


def ranking_of(
    questionnaire: Questionnaire, preferences: Preferences, known: Known
) -> Ranking:
    """Return the ranking that ``preferences`` make of the frameworks ``known``."""
    return rank(
        preferences.criteria,
        candidates(questionnaire, preferences, known),
        preferences.requirements,
    )
