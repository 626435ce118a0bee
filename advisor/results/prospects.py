"""What would change a result, as plain JSON: facts, must-haves, the next answer."""

from typing import Any

from advisor.questionnaire.interview import as_told
from advisor.questionnaire.preferences import MustHave
from advisor.ranking import relaxation, sensitivity
from advisor.ranking.order import Standing
from advisor.ranking.robustness import Certainty
from advisor.ranking.why_not import why_not
from advisor.results import wording
from advisor.results.result import Result
from comparisons.choices import Level

# How many unknown facts are named that could change the first place.
MOST_FACTS = 6
# Fewer points than this are not worth learning a fact for.
WORTH_LEARNING = 0.5


def reasons_against(result: Result, standing: Standing) -> list[str]:
    """Return in sentences why a framework does not come first, if it does not."""
    found = why_not(result.ranking, standing)
    if found is None:
        return []
    failed = [failing["sentence"] for failing in failings(result, standing)]
    return wording.why_not_sentences(found, result.names, failed)


def failings(result: Result, standing: Standing) -> list[dict[str, Any]]:
    """Return each must-have that a framework fails, and how it stands to it."""
    told = []
    for must_have in result.preferences.must_haves:
        if must_have.requirement in standing.failed:
            slug, feature = standing.candidate.slug, must_have.feature.slug
            statement = result.grounds.statement(slug, feature)
            sentence = wording.failing(must_have, statement)
            told.append({**statement, **required(must_have), "sentence": sentence})
    return told


def required(must_have: MustHave) -> dict[str, Any]:
    """Return what a must-have asks for."""
    return {
        "feature": must_have.feature.slug,
        "name": must_have.feature.name,
        "required": must_have.level,
        "required_label": must_have.level.label,
    }


def facts_worth_learning(result: Result) -> list[dict[str, Any]]:
    """Return the unknown facts that are worth learning, weightiest first."""
    return [
        {
            "framework": fact.framework,
            "name": result.names.frameworks[fact.framework],
            "feature": fact.feature,
            "feature_name": result.names.features[fact.feature],
            "spread": fact.points,
            "could_change_first": fact.could_change_first,
        }
        for fact in sensitivity.open_facts(result.ranking)
        if fact.could_change_first or fact.points >= WORTH_LEARNING
    ][:MOST_FACTS]


def relaxations(result: Result) -> list[dict[str, Any]]:
    """Return which frameworks come back for weaker or fewer must-haves.

    ``kind`` is ``lower`` where a good package will do instead of what is in the box,
    else ``drop``. ``answers`` are those that, posted, do it; None if there are none.
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
    features, frameworks = result.names.features, result.names.frameworks
    return [
        {
            "kind": kind,
            "features": [must.feature for must in way.requirements],
            "name": wording.listed(features[m.feature] for m in way.requirements),
            "comes_back": len(way.returning),
            "returning": [frameworks[slug] for slug in way.returning],
            "answers": result.weakened(way.requirements, is_dropped=kind == "drop"),
        }
        for kind, way in ways
        if way.returning
    ]


def next_question(result: Result) -> dict[str, Any] | None:
    """Return the open question that would settle most; None if none is needed.

    ``settled`` is how far the answers settle the first place now, ``gain`` how far
    they would on average with this one answered; each option has the ``answers``
    that, posted, give it.
    """
    settled = result.settled
    if settled.next_theme is None or result.answers is None:
        return None
    if result.certainty == Certainty.CLEAR:
        return None
    question = result.questionnaire.question_on(settled.next_theme)
    told = as_told(result.questionnaire, question)
    for option in told["options"]:
        option["answers"] = {**result.answers, question.slug: [option["value"]]}
    return told | {
        "settled": settled.share,
        "gain": settled.gains[settled.next_theme],
    }
