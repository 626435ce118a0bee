"""What would change a result, as plain JSON: priorities, facts, must-haves."""

from dataclasses import asdict

from . import ranking as ranks
from . import robustness, wording

# How many unknown facts are named that could change the first place.
MOST_FACTS = 6
# Fewer points than this are not worth learning a fact for.
WORTH_LEARNING = 0.5


def flips(ranking, preferences, theme_names):
    """Return what would let the nearest challengers draw level with the leader."""
    leader, *others = ranking.standings
    challengers = [
        standing
        for standing in others
        if standing.tier == leader.tier and standing.rank > 1
    ][: wording.MOST_FLIPS]
    by_theme, shares = preferences.weighable
    return [
        {
            "challenger": standing.candidate.slug,
            "sentence": wording.flip_sentence(
                standing.candidate.name, found, theme_names
            ),
            "dominated": found.is_dominated,
            "themes": [asdict(flip) for flip in found.themes],
            "transfer": found.transfer and asdict(found.transfer),
            "facts": [asdict(flip) for flip in found.facts],
        }
        for standing in challengers
        for found in [
            robustness.flips(leader.candidate, standing.candidate, by_theme, shares)
        ]
    ]


def facts(possible_winners, feature_names):
    """Return the unknown facts that move the scores of possible winners most.

    None could change the first place if only one can win.
    """
    if len(possible_winners) < 2:
        return []
    unknown = [
        (standing.candidate, part)
        for standing in possible_winners
        for part in standing.contributions
        if part.spread >= WORTH_LEARNING
    ]
    unknown.sort(key=lambda fact: -fact[1].spread)
    return [
        {
            "framework": candidate.slug,
            "name": candidate.name,
            "feature": part.criterion.feature,
            "feature_name": feature_names[part.criterion.feature],
            "spread": part.spread,
        }
        for candidate, part in unknown[:MOST_FACTS]
    ]


def relaxations(ranking, candidates, requirements, feature_names):
    """Return how many frameworks each must-have keeps out, if none is left."""
    if ranking.standings or not requirements:
        return []
    return [
        {
            "feature": requirement.feature,
            "name": feature_names[requirement.feature],
            "comes_back": count,
        }
        for requirement, count in ranks.relaxations(candidates, requirements).items()
    ]
