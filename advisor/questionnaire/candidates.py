"""The frameworks as the ranking takes them: what is known of each, as bounds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Exists, F, OuterRef

from advisor.questionnaire.packages import Provided, read_provided
from advisor.questionnaire.reading import Preferences, Questionnaire
from advisor.ranking.draws import Evidence, Ladder
from advisor.ranking.order import Candidate
from comparisons.choices import FeatureKind, Stance
from comparisons.models import Citation, Finding, Framework

# The published findings, by framework and feature.
Findings = Mapping[tuple[str, str], Finding]
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


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of some frameworks, and what must-haves find ``provided``."""

    bounds: Bounds
    provided: Provided = field(default_factory=dict)
    evidence: Evidence = field(default_factory=Evidence)


def read_findings(frameworks: Iterable[Framework]) -> Findings:
    """Return what is published on ``frameworks``, in one query."""
    findings = (
        Finding.objects.published()
        .filter(framework__in=frameworks)
        # A row for each of their frameworks and features would take twice the time.
        .annotate(
            of=F("framework__slug"),
            on=F("feature__slug"),
            is_disputed=Exists(
                Citation.objects.filter(finding=OuterRef("pk"), stance=Stance.DISPUTES)
            ),
        )
        .only("status", "level", "at_least", "at_most", "note", "extension")
    )
    return {(found.of, found.on): found for found in findings}


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
            feature: LADDERS[finding.answer.kind]
            for (_, feature), finding in findings.items()
            if finding.answer.is_known
        },
        contested=frozenset(
            key for key, finding in findings.items() if finding.is_disputed
        ),
    )


def read_known(questionnaire: Questionnaire) -> Known:
    """Return what is published, for any answers; runs at most three queries."""
    frameworks = list(questionnaire.frameworks)
    findings = read_findings(frameworks)
    return Known(
        bounds=bounds_of(frameworks, findings),
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
