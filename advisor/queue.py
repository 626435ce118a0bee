"""The unknown facts that recent advice lacked most, as a section of the queue."""

from dataclasses import dataclass

from advisor.models import Advice
from comparisons.choices import Level
from comparisons.editing.admin_urls import cell_address
from comparisons.models import Feature, Finding, Framework
from comparisons.queue import Entry, Section, holds
from comparisons.web.computed import Computed

# How many of the newest stored results are looked at.
RECENT_ADVICE = 100


@dataclass(frozen=True, kw_only=True)
class WantedFact:
    """A fact that nobody knows, and the points that it could have moved.

    ``points`` are of 100, summed over so many ``results``. The ``finding`` says
    unknown, is no more than a draft, or is not stored yet.
    """

    finding: Finding
    points: float
    results: int


def wanted_facts() -> list[WantedFact]:
    """Return what recent advice lacked and still is unknown, the weightiest first."""
    moved = _points_moved()
    frameworks = Framework.objects.published().in_bulk(
        {framework for framework, _ in moved}, field_name="slug"
    )
    features = Feature.objects.published().in_bulk(
        {feature for _, feature in moved}, field_name="slug"
    )
    stored = {
        (finding.framework.slug, finding.feature.slug): finding
        for finding in Finding.objects.select_related("framework", "feature").filter(
            framework__slug__in=frameworks, feature__slug__in=features
        )
    }
    facts = [
        WantedFact(finding=finding, points=sum(points), results=len(points))
        for (framework, feature), points in moved.items()
        if framework in frameworks and feature in features
        for finding in [
            stored.get((framework, feature))
            or Finding(framework=frameworks[framework], feature=features[feature])
        ]
        if not finding.is_published or finding.level == Level.UNKNOWN
    ]
    return sorted(
        facts,
        key=lambda fact: (
            -fact.points,
            fact.finding.framework.slug,
            fact.finding.feature.slug,
        ),
    )


def _points_moved():
    """Return the points between worst and best case, by framework and feature."""
    moved = {}
    newest = Advice.objects.values_list("result", flat=True)[:RECENT_ADVICE]
    for result in newest.iterator():
        for standing in result.get("ranking", ()):
            for part in standing.get("contributions", ()):
                spread = 100 * part["weight"] * (part["high"] - part["low"])
                if spread > 0:
                    fact = standing["framework"], part["feature"]
                    moved.setdefault(fact, []).append(spread)
    return moved


def _tell(facts):
    return [
        Entry(
            subject=f"{fact.finding.framework}: {fact.finding.feature}",
            remark=f"could have moved {fact.points:.1f} points in "
            f"{fact.results} result{'s' * (fact.results > 1)}",
            address=cell_address(fact.finding),
        )
        for fact in facts
    ]


# Each newest result may lack something else.
wanted = Computed(lambda newest: wanted_facts())


def _find(queue):
    return queue.ask(wanted, Advice.objects.values_list("pk").first())


WANTED_FACTS = Section(
    slug="open-facts",
    title="Unknown, and wanted by advice",
    why=f"Facts that would have moved the newest {RECENT_ADVICE} results of the "
    "advisor, by the points at stake. Find out, and cite where it says so.",
    position=90,
    is_for=holds("advisor.view_advice", "comparisons.change_finding"),
    find=_find,
    tell=_tell,
)
