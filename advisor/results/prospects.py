"""What would change a result, as plain JSON: priorities, facts, must-haves."""

from dataclasses import asdict
from typing import Any

from advisor.ranking import relaxation, sensitivity
from advisor.ranking.order import Standing
from advisor.ranking.why_not import why_not
from advisor.results import wording
from advisor.results.result import Result
from comparisons.choices import Level

# How many unknown facts are named that could change the first place.
MOST_FACTS = 6
# Fewer points than this are not worth learning a fact for.
WORTH_LEARNING = 0.5


def nearest_challengers(result: Result) -> list[dict[str, Any]]:
    """Return what would let the nearest challengers draw level with the leader."""
    return [
        {
            "challenger": challenger.slug,
            "sentence": wording.flip_sentence(challenger.name, found, result.names),
            "dominated": found.is_dominated,
            "themes": [asdict(flip) for flip in found.themes],
            "transfer": found.transfer and asdict(found.transfer),
            "facts": [asdict(flip) for flip in found.facts],
        }
        for challenger, found in _challengers(result)[: wording.MOST_FLIPS]
    ]


def sentences(result: Result) -> list[str]:
    """Return at most three sentences on what would change the first place."""
    challengers = [(each.name, found) for each, found in _challengers(result)]
    return wording.change_sentences(challengers, result.names)


def deciding_theme(result: Result) -> str:
    """Return which theme to think about once more; empty if none decides."""
    found = sensitivity.hinge(result.ranking, result.rivals)
    if found is None:
        return ""
    challenger, flip = found
    return wording.hinge_sentence(challenger.name, flip, result.names)


def first_by_theme(result: Result) -> list[dict[str, Any]]:
    """Return who comes first for those who care most about each theme."""
    return [
        {
            "theme": theme,
            "name": result.names.themes[theme],
            "frameworks": [result.names.frameworks[slug] for slug in leaders],
        }
        for theme, leaders in result.theme_leaders.items()
    ]


def reasons_against(result: Result, standing: Standing) -> list[str]:
    """Return in sentences why a framework does not come first, if it does not."""
    found = why_not(result.ranking, standing, result.rivals)
    if found is None:
        return []
    return wording.why_not_sentences(found, result.names, failings(result, standing))


def failings(result: Result, standing: Standing) -> list[str]:
    """Return for each must-have that a framework fails how it stands to it."""
    slug = standing.candidate.slug
    return [
        wording.failing(
            must_have, result.grounds.statement(slug, must_have.feature.slug)
        )
        for must_have in result.preferences.must_haves
        if must_have.requirement in standing.failed
    ]


def facts_worth_learning(result: Result) -> list[dict[str, Any]]:
    """Return the unknown facts that are worth learning, weightiest first."""
    return [
        {
            "framework": fact.framework,
            "name": result.names.frameworks[fact.framework],
            "feature": fact.feature,
            "feature_name": result.names.scales[fact.feature].name,
            "spread": fact.points,
            "could_change_first": fact.could_change_first,
        }
        for fact in sensitivity.open_facts(result.ranking)
        if fact.could_change_first or fact.points >= WORTH_LEARNING
    ][:MOST_FACTS]


def relaxations(result: Result) -> list[dict[str, Any]]:
    """Return which frameworks come back for weaker or fewer must-haves.

    ``kind`` is ``lower`` where a good package will do instead of what is in the box,
    else ``drop``. ``answers`` are those that, posted, do it; None for a group.
    """
    if not result.ranking.excluded:
        return []
    requirements = result.preferences.requirements
    lowered = relaxation.lowerings(
        result.candidates, requirements, Level.THIRD_PARTY.worth
    )
    ways = [
        *(("lower", way) for way in lowered),
        *(("drop", way) for way in relaxation.drops(result.candidates, requirements)),
    ]
    scales, frameworks = result.names.scales, result.names.frameworks
    return [
        {
            "kind": kind,
            "features": [must.feature for must in way.requirements],
            "name": wording.listed(scales[m.feature].name for m in way.requirements),
            "comes_back": len(way.returning),
            "returning": [frameworks[slug] for slug in way.returning],
            "answers": result.weakened(way.requirements, is_dropped=kind == "drop"),
        }
        for kind, way in ways
        if way.returning
    ]


def _challengers(result):
    """Return those behind the leader in its tier, with what would help each."""
    leader, *others = result.ranking.standings
    return [
        (standing.candidate, result.rivals[standing.candidate.slug])
        for standing in others
        if standing.tier == leader.tier and standing.rank > 1
    ]
