"""What a result says in words: its verdict and what would change it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from advisor.ranking.order import GUARD, Tier
from advisor.ranking.robustness import Certainty

# At most so many sentences over all challengers.
MOST_FLIPS = 3
# A change to more points than an effect may give is no advice.
MOST_POINTS = 8

NO_SIGNAL = (
    "There is no ranking: you have not said what matters. Choose a project or give a "
    "theme some points."
)
NOTHING_LEFT = "No framework meets all your must-haves."


@dataclass(frozen=True, kw_only=True)
class Fact:
    """How a feature is named, and the value of each of its levels by label."""

    name: str
    levels: Mapping[str, float]


def verdict(ranking, certainty, leaders):
    """Return the sentence that heads a ranking of at least one framework.

    ``certainty`` is how sure the first place is, ``leaders`` the names that
    share nine first places of ten.
    """
    first = ranking.leaders
    names = join(leader.candidate.name for leader in first)
    points = f"{first[0].shown_score} of 100 points"
    if first[0].tier == Tier.UNVERIFIED:
        return (
            f"No framework is known to meet every must-have. Of those that may, "
            f"{names} comes first with {points}."
        )
    if len(ranking.standings) == 1:
        return f"{names} is the only one left, with {points}."
    if len(first) > 1:
        return f"{names} share the first place with {points}."
    second = ranking.standings[1]
    if second.tier == Tier.UNVERIFIED:
        return (
            f"{names} comes first with {points}: it alone is known to meet every "
            "must-have."
        )
    if certainty == Certainty.CLOSE_CALL:
        # Skewed unknowns can put the leader of the middle last among the draws.
        rivals = leaders if names in leaders else [names, *leaders]
        return f"A close call between {join(rivals)}: {names} is ahead, {points}."
    how = "clearly" if certainty == Certainty.CLEAR else "likely"
    return (
        f"{names} {how} fits best: {points}, {second.candidate.name} "
        f"{second.shown_score}."
    )


def change_sentences(challengers, theme_names, facts) -> Sequence[str]:
    """Return at most ``MOST_FLIPS`` sentences on what would change the result.

    ``challengers`` are pairs of a name and its ``Flips``, the nearest first. Each
    has its plainest change; where that leaves room, single facts follow. Those
    that no priorities help share one sentence, which comes last.
    """
    hopeless = [name for name, flips in challengers if flips.is_dominated]
    last = [_hopeless(hopeless)] if hopeless else []
    plainest = [
        flip_sentence(name, flips, theme_names, facts)
        for name, flips in challengers
        if not flips.is_dominated
    ]
    single = [fact_sentence(name, flips, facts) for name, flips in challengers]
    sentences = dict.fromkeys([*plainest, *filter(None, single)])
    return [*sentences][: MOST_FLIPS - len(last)] + last


def flip_sentence(challenger, flips, theme_names, facts: Mapping[str, Fact] = {}):
    """Return the plainest thing that would let ``challenger`` draw level.

    That is the points of one theme, then one fact of those in ``facts``, by
    feature, then weight moved between themes.
    """
    if flips.is_level:
        return f"{challenger} has as many points already."
    if flips.is_dominated:
        return _hopeless([challenger])
    reachable = [flip for flip in flips.themes if flip.after <= MOST_POINTS]
    if reachable:
        nearest = min(reachable, key=lambda flip: abs(flip.after - flip.before))
        way = "rose" if nearest.after > nearest.before else "fell"
        return (
            f"{challenger} would draw level if “{theme_names[nearest.theme]}” {way} "
            f"from {nearest.before:g} to {_points(_rounded_on(nearest))}."
        )
    return fact_sentence(challenger, flips, facts) or transfer_sentence(
        challenger, flips.transfer, theme_names
    )


def fact_sentence(challenger, flips, facts):
    """Return which level of one feature would do; None if no level does."""
    steps = [
        ((flip.is_known, flip.after - flip.before, flip.feature), flip, level)
        for flip in flips.facts
        if flip.feature in facts
        for level in [next_level(flip, facts[flip.feature].levels)]
        if level
    ]
    if not steps:
        return None
    # What may turn out so comes before what would have to change.
    _, flip, level = min(steps, key=lambda step: step[0])
    name, value = facts[flip.feature].name, facts[flip.feature].levels[level]
    outcome = "be ahead" if value > flip.after + GUARD else "draw level"
    verb = "were" if flip.is_known else "turned out to be"
    return f"{challenger} would {outcome} if “{name}” {verb} “{level}”."


def next_level(flip, levels):
    """Return the label of the lowest of ``levels`` that reaches a ``FactFlip``."""
    enough = [
        label
        for label, value in levels.items()
        if flip.after - GUARD <= value <= flip.most + GUARD
    ]
    return min(enough, key=levels.get, default=None)


def transfer_sentence(challenger, transfer, theme_names):
    """Return how much weight would have to move, and where."""
    taken = join(f"“{theme_names[theme]}”" for theme in transfer.taken)
    # Rounded up, as less than the amount would not do.
    share = math.ceil(100 * transfer.amount - GUARD)
    return (
        f"{challenger} would draw level if {share}% of the weight moved from {taken} "
        f"to “{theme_names[transfer.to]}”."
    )


def hinge_sentence(hinge, names, theme_names):
    """Return which theme to think about once more when the first place is close."""
    opening = f"The first place hinges most on “{theme_names[hinge.theme]}”"
    challenger = names[hinge.challenger]
    if abs(hinge.after - hinge.before) <= GUARD:
        return f"{opening}: {challenger} is level, and any change of it decides."
    return (
        f"{opening}: at {_points(_rounded_on(hinge))} instead of {hinge.before:g}, "
        f"{challenger} draws level."
    )


def why_not_sentences(why_not, names, theme_names, facts):
    """Return why a framework does not come first, the plainest reason first.

    ``names`` are those of the frameworks, ``facts`` those of all features that
    must-haves ask for and facts may change.
    """
    name, sentences = names[why_not.framework], []
    if why_not.failed:
        failed = _requirements(why_not.failed, facts)
        sentences.append(f"{name} is left out: it does not meet {failed}.")
    if why_not.leader is None:
        return sentences
    leader = names[why_not.leader]
    if why_not.unverified and not why_not.failed:
        unverified = _requirements(why_not.unverified, facts)
        sentences.append(
            f"It is not verified that {name} meets {unverified}; {leader} meets every "
            "must-have."
        )
    if why_not.flips.is_level:
        return [*sentences, f"On points alone {name} is not behind {leader}."]
    if why_not.losses:
        losses = join(
            f"“{theme_names[theme]}” ({points:.1f} points)"
            for theme, points in why_not.losses.items()
        )
        gains = (
            f"which the {why_not.gains:.1f} points that it wins elsewhere do not cover"
            if why_not.gains
            else "and wins nowhere"
        )
        sentences.append(f"{name} loses to {leader} on {losses}, {gains}.")
    flip = flip_sentence(name, why_not.flips, theme_names, facts)
    sentences.append(f"On points alone, {flip}" if why_not.failed else flip)
    fact = fact_sentence(name, why_not.flips, facts)
    return [*sentences, fact] if fact and fact not in sentences[-1] else sentences


def _rounded_on(flip):
    """Return the points of a flip to one decimal, which are never too few to flip."""
    tenths = 10 * flip.after
    if flip.after > flip.before:
        return math.ceil(tenths - GUARD) / 10
    return math.floor(tenths + GUARD) / 10


def _points(points):
    return f"{points:g} point{'' if points == 1 else 's'}"


def _hopeless(names):
    return f"{join(names)} cannot overtake, whatever your priorities."


def _requirements(requirements, facts):
    return join(f"“{facts[requirement.feature].name}”" for requirement in requirements)


def familiarity(framework, known, kinships, *, by="You"):
    """Return whether the team knows ``framework``, and what helps if it does not.

    ``known`` are the frameworks that were named, ``kinships`` the closest
    relation of another framework to one of them, ``by`` whoever named them.
    """
    if framework in known:
        return f"{by} named it.", ""
    if not (kinship := kinships.get(framework)):
        return f"{by} did not name it.", ""
    return (
        f"{by} named {kinship.known.name}, which helps with it.",
        f"{kinship.reason} ({kinship.source.title}, {kinship.locator})",
    )


def join(names):
    """Return names as a reader says them: “A, B and C”."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
