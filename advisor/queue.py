"""Which unknown facts would have mattered most to the advice that was given."""

from collections.abc import Sequence
from dataclasses import dataclass

from advisor.models import Advice
from comparisons.choices import Level
from comparisons.editing.admin_urls import edit_address
from comparisons.models import Feature, Finding, Framework
from comparisons.queue import Entry, Section, holds

# How many of the newest stored results are looked at.
MOST_ADVICE = 1000
# The same for the queue, which is opened often.
RECENT_ADVICE = 100


@dataclass(frozen=True, kw_only=True)
class OpenFact:
    """A fact that nobody knows, and the points that it could have moved.

    ``points`` are on the scale 0 to 100, summed over ``advice_count`` results.
    ``finding_pk`` is the key of the finding that says unknown, or of its draft.
    """

    framework: Framework
    feature: Feature
    points: float
    advice_count: int
    finding_pk: int | None = None


def open_facts(most=MOST_ADVICE) -> Sequence[OpenFact]:
    """Return the open facts of the newest advice, those that matter most first.

    What has become known since does not count any more.
    """
    moved = _points_moved(most)
    frameworks = Framework.objects.published().in_bulk(
        {framework for framework, _ in moved}, field_name="slug"
    )
    features = Feature.objects.published().in_bulk(
        {feature for _, feature in moved}, field_name="slug"
    )
    findings = {
        (finding.framework.slug, finding.feature.slug): finding
        for finding in Finding.objects.select_related("framework", "feature").filter(
            framework__slug__in=frameworks, feature__slug__in=features
        )
    }
    facts = []
    for (framework, feature), spreads in moved.items():
        finding = findings.get((framework, feature))
        if framework in frameworks and feature in features and _is_open(finding):
            facts.append(
                OpenFact(
                    framework=frameworks[framework],
                    feature=features[feature],
                    points=sum(spreads),
                    advice_count=len(spreads),
                    finding_pk=finding and finding.pk,
                )
            )
    return sorted(
        facts,
        key=lambda fact: (-fact.points, fact.framework.slug, fact.feature.slug),
    )


def _is_open(finding):
    return not (finding and finding.is_published and finding.level != Level.UNKNOWN)


def _points_moved(most):
    """Return the points between worst and best case, by framework and feature."""
    moved = {}
    rankings = Advice.objects.values_list("result__ranking", flat=True)[:most]
    for ranking in rankings.iterator(chunk_size=100):
        for standing in ranking or ():
            for part in standing.get("contributions", ()):
                spread = 100 * part["weight"] * (part["high"] - part["low"])
                if spread > 0:
                    fact = standing["framework"], part["feature"]
                    moved.setdefault(fact, []).append(spread)
    return moved


def _tell(facts):
    return [
        Entry(
            subject=f"{fact.framework}: {fact.feature}",
            remark=f"could have moved {fact.points:.1f} points in "
            f"{fact.advice_count} result{'s' if fact.advice_count > 1 else ''}",
            address=edit_address(
                Finding(
                    pk=fact.finding_pk, framework=fact.framework, feature=fact.feature
                )
            ),
        )
        for fact in facts
    ]


# For the queue of editors.
OPEN_FACTS = Section(
    slug="open-facts",
    title="Unknown, and wanted by advice",
    why=f"Facts that would have moved the newest {RECENT_ADVICE} results of the "
    "advisor, by the points at stake. Find out, and cite where it says so.",
    position=90,
    is_for=holds("advisor.view_advice", "comparisons.change_finding"),
    find=lambda queue: open_facts(RECENT_ADVICE),
    tell=_tell,
)
