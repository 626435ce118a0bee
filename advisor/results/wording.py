"""What a result says in words: its verdict and what would change it."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from advisor.questionnaire.reading import MustHave
from advisor.ranking.flips import FactFlip, Flips, ThemeFlip, Transfer
from advisor.ranking.order import GUARD, Ranking, Tier
from advisor.ranking.robustness import Certainty
from advisor.ranking.why_not import WhyNot
from comparisons.choices import Level

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
class Scale:
    """How a feature is named, and the value of each of its levels by label."""

    name: str
    levels: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Names:
    """How readers know what the ranking knows by slug.

    ``scales`` are those of all features that the result could speak of.
    """

    frameworks: Mapping[str, str]
    themes: Mapping[str, str]
    scales: Mapping[str, Scale]


def verdict(ranking: Ranking, certainty: Certainty, leaders: Sequence[str]) -> str:
    """Return the sentence that heads a ranking of at least one framework.

    ``certainty`` is how sure the first place is, ``leaders`` the names that
    share nine first places of ten.
    """
    first = ranking.leaders
    names = listed(leader.candidate.name for leader in first)
    points = f"{first[0].shown_score} of 100 points"
    if first[0].tier == Tier.UNVERIFIED:
        return (
            f"No framework is known to meet every must-have. Of those that may, "
            f"{names} comes first with {points}."
        )
    if len(ranking.standings) == 1:
        return f"{names} is the only one left, with {points}."
    if len(first) > 1:
        scores = listed(dict.fromkeys(str(leader.shown_score) for leader in first))
        return f"{names} are level: {scores} of 100 points."
    second = ranking.standings[1]
    if second.tier == Tier.UNVERIFIED:
        return (
            f"{names} comes first with {points}: it alone is known to meet every "
            "must-have."
        )
    if certainty == Certainty.CLOSE_CALL:
        # Skewed unknowns can put the leader of the middle last among the draws.
        rivals = leaders if names in leaders else [names, *leaders]
        return f"A close call between {listed(rivals)}: {names} is ahead, {points}."
    how = "clearly" if certainty == Certainty.CLEAR else "likely"
    return (
        f"{names} {how} fits best: {points}, {second.candidate.name} "
        f"{second.shown_score}."
    )


def change_sentences(
    challengers: Sequence[tuple[str, Flips]], names: Names
) -> list[str]:
    """Return at most ``MOST_FLIPS`` sentences on what would change the result.

    ``challengers`` are pairs of a name and its ``Flips``, the nearest first. Each
    has its plainest change; where that leaves room, single facts follow. Those
    that no priorities help share one sentence, which comes last.
    """
    hopeless = [name for name, flips in challengers if flips.is_dominated]
    last = [_hopeless(hopeless)] if hopeless else []
    plainest = [
        flip_sentence(name, flips, names)
        for name, flips in challengers
        if not flips.is_dominated
    ]
    single = [fact_sentence(name, flips, names) for name, flips in challengers]
    sentences = dict.fromkeys([*plainest, *filter(None, single)])
    return [*sentences][: MOST_FLIPS - len(last)] + last


def flip_sentence(challenger: str, flips: Flips, names: Names) -> str:
    """Return the plainest thing that would let ``challenger`` draw level.

    That is the points of one theme, then one fact, then weight moved between
    themes.
    """
    if flips.is_level:
        return f"{challenger} has as many points already."
    if flips.transfer is None:
        return _hopeless([challenger])
    reachable = [flip for flip in flips.themes if flip.after <= MOST_POINTS]
    if reachable:
        nearest = min(reachable, key=lambda flip: abs(flip.after - flip.before))
        way = "rose" if nearest.after > nearest.before else "fell"
        return (
            f"{challenger} would draw level if “{names.themes[nearest.theme]}” {way} "
            f"from {nearest.before:g} to {_points(_rounded_on(nearest))}."
        )
    return fact_sentence(challenger, flips, names) or transfer_sentence(
        challenger, flips.transfer, names
    )


def fact_sentence(challenger: str, flips: Flips, names: Names) -> str | None:
    """Return which level of one feature would do; None if no level does."""
    steps = [
        ((flip.is_known, flip.after - flip.before, flip.feature), flip, level)
        for flip in flips.facts
        for level in [next_level(flip, names.scales[flip.feature].levels)]
        if level
    ]
    if not steps:
        return None
    # What may turn out so comes before what would have to change.
    _, flip, level = min(steps, key=lambda step: step[0])
    scale = names.scales[flip.feature]
    is_ahead = scale.levels[level] > flip.after + GUARD
    outcome = "be ahead" if is_ahead else "draw level"
    verb = "were" if flip.is_known else "turned out to be"
    return f"{challenger} would {outcome} if “{scale.name}” {verb} “{level}”."


def next_level(flip: FactFlip, levels: Mapping[str, float]) -> str | None:
    """Return the label of the lowest of ``levels`` that reaches a ``FactFlip``."""
    enough = {
        value: label
        for label, value in levels.items()
        if flip.after - GUARD <= value <= flip.most + GUARD
    }
    return enough[min(enough)] if enough else None


def transfer_sentence(challenger: str, transfer: Transfer, names: Names) -> str:
    """Return how much weight would have to move, and where."""
    taken = listed(f"“{names.themes[theme]}”" for theme in transfer.taken)
    # Rounded up, as less than the amount would not do.
    share = math.ceil(100 * transfer.amount - GUARD)
    return (
        f"{challenger} would draw level if {share}% of the weight moved from {taken} "
        f"to “{names.themes[transfer.to]}”."
    )


def hinge_sentence(challenger: str, flip: ThemeFlip, names: Names) -> str:
    """Return which theme to think about once more when the first place is close."""
    opening = f"The first place hinges most on “{names.themes[flip.theme]}”"
    if abs(flip.after - flip.before) <= GUARD:
        return f"{opening}: {challenger} is level, and any change of it decides."
    return (
        f"{opening}: at {_points(_rounded_on(flip))} instead of {flip.before:g}, "
        f"{challenger} draws level."
    )


def failing(must_have: MustHave, answer: Mapping[str, Any]) -> str:
    """Return how a framework that fails ``must_have`` stands to it, after “it”.

    ``answer`` is the statement on it. What a package provides is no lack of the
    framework, and is not called one.
    """
    name, level = f"“{must_have.feature.name}”", Level(answer["level"])
    packages = listed(answer["packages"]) if answer["packages"] else ""
    if level.needs_extension and level.worth < must_have.level.worth:
        return f"needs a package for {name}: {packages}"
    if level.needs_extension:
        return f"has no stable and recent package for {name}, only {packages}"
    if level == Level.MANUAL:
        return f"leaves {name} to you"
    return f"does not have {name}"


def why_not_sentences(
    why_not: WhyNot, names: Names, failings: Sequence[str] = ()
) -> list[str]:
    """Return why a framework does not come first, the plainest reason first.

    ``failings`` say how it stands to each must-have that it fails.
    """
    name, sentences = names.frameworks[why_not.framework], []
    if failings:
        sentences.append(f"{name} is left out: it {'; it '.join(failings)}.")
    if why_not.leader is None or why_not.flips is None:
        return sentences
    leader = names.frameworks[why_not.leader]
    if why_not.unverified and not why_not.failed:
        unverified = _requirements(why_not.unverified, names)
        sentences.append(
            f"It is not verified that {name} meets {unverified}; {leader} meets every "
            "must-have."
        )
    if why_not.flips.is_level:
        return [*sentences, f"On points alone {name} is not behind {leader}."]
    if why_not.losses:
        losses = listed(
            f"“{names.themes[theme]}” ({points:.1f} points)"
            for theme, points in why_not.losses.items()
        )
        gains = (
            f"which the {why_not.gains:.1f} points that it wins elsewhere do not cover"
            if why_not.gains
            else "and wins nowhere"
        )
        sentences.append(f"{name} loses to {leader} on {losses}, {gains}.")
    flip = flip_sentence(name, why_not.flips, names)
    sentences.append(f"On points alone, {flip}" if why_not.failed else flip)
    fact = fact_sentence(name, why_not.flips, names)
    return [*sentences, fact] if fact and fact not in sentences[-1] else sentences


def listed(words: Iterable[str]) -> str:
    """Return words as a reader says them: “A, B and C”."""
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def _rounded_on(flip: ThemeFlip) -> float:
    """Return the points of a flip to one decimal, which are never too few to flip."""
    tenths = 10 * flip.after
    if flip.after > flip.before:
        return math.ceil(tenths - GUARD) / 10
    return math.floor(tenths + GUARD) / 10


def _points(points):
    return f"{points:g} point{'' if points == 1 else 's'}"


def _hopeless(names):
    return f"{listed(names)} cannot overtake, whatever your priorities."


def _requirements(requirements, names):
    return listed(f"“{names.scales[must.feature].name}”" for must in requirements)
