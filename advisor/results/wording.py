"""What a result says in words: its verdict, its doubts, and why not others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from advisor.questionnaire.preferences import MustHave
from advisor.ranking.draws import Doubt
from advisor.ranking.order import Ranking, Tier
from advisor.ranking.robustness import Certainty
from advisor.ranking.why_not import WhyNot
from comparisons.choices import Level

# What takes the first place away in fewer draws is no doubt worth naming.
WORTH_DOUBTING = 0.02
# A smaller lead on a theme, in points of 100, would be shown as none.
WORTH_NAMING = 0.05
# How many themes are named that put the first ahead.
MOST_LEADS = 3
# How many packages are named for one must-have.
MOST_PACKAGES = 2

NO_SIGNAL = (
    "There is no ranking: you have not said what matters. Choose a project or give a "
    "theme some points."
)
NOTHING_LEFT = "No framework meets all your must-haves."


@dataclass(frozen=True, kw_only=True)
class Names:
    """How readers know what the ranking knows by slug.

    ``features`` are all those that the result could speak of.
    """

    frameworks: Mapping[str, str]
    themes: Mapping[str, str]
    features: Mapping[str, str]


# What makes most of the doubt, after “Most of the doubt comes from”.
_DOUBTS = {
    Doubt.PRIORITIES: "how exactly anybody knows their priorities",
    Doubt.SKIPPED: "the themes that were skipped",
    Doubt.SCALE: "what a level is worth",
    Doubt.FINDINGS: "findings that may be one level off",
    Doubt.FACTS: "facts that nobody knows",
}


def doubt_sentence(doubts: Mapping[Doubt, float]) -> str:
    """Return what makes most of the doubt about the first place; empty if nothing."""
    most = max(doubts, key=lambda doubt: doubts[doubt], default=None)
    if most is None or doubts[most] < WORTH_DOUBTING:
        return ""
    return f"Most of the doubt comes from {_DOUBTS[most]}."


def verdict(
    ranking: Ranking, certainty: Certainty | None, leaders: Sequence[str]
) -> str:
    """Return the sentence that heads a ranking of at least one framework.

    ``certainty`` is how sure the first place is, ``leaders`` the names that
    share nine first places of ten in the draws.
    """
    first = ranking.leaders
    names = listed(leader.candidate.name for leader in first)
    points = f"{first[0].shown_score} of 100 points"
    scores = listed(dict.fromkeys(str(leader.shown_score) for leader in first))
    are_level = f"{names} are level: {scores} of 100 points."
    if first[0].tier == Tier.UNVERIFIED:
        those = are_level if len(first) > 1 else f"{names} comes first with {points}."
        return (
            f"No framework is known to meet every must-have. Of those that may, {those}"
        )
    if len(ranking.standings) == 1:
        return f"{names} is the only one left, with {points}."
    if len(first) > 1:
        level = {leader.candidate.name for leader in first}
        others = [name for name in leaders if name not in level]
        too = f" {listed(others)} may come first as well." if others else ""
        return f"{are_level}{too}"
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


def bundle(standing: Mapping[str, Any]) -> str:
    """Return with which packages a stored ``standing`` meets must-haves, if it does."""
    found = [
        f"“{part['name']}” with {' or '.join(part['packages'][:MOST_PACKAGES])}"
        for part in standing.get("bundle", ())
    ]
    return f"{standing['name']} meets {listed(found)}." if found else ""


def because(result: Mapping[str, Any]) -> str:
    """Return what puts the first of a stored ``result`` ahead of the next framework.

    It names the themes of the largest weighted leads, and the largest the other way.
    Empty if there are not two.
    """
    if len(result["ranking"]) < 2:
        return ""
    first, second = result["ranking"][:2]
    names = {theme["slug"]: theme["name"] for theme in result["themes"]}
    leads = {
        f"“{names[theme]}”": points - second["by_theme"][theme]
        for theme, points in first["by_theme"].items()
    }
    in_order = sorted(leads, key=lambda theme: -leads[theme])
    ahead = [name for name in in_order if leads[name] >= WORTH_NAMING][:MOST_LEADS]
    behind = [name for name in in_order if leads[name] <= -WORTH_NAMING][-1:]
    if not ahead and not behind:
        return (
            f"{first['name']} and {second['name']} have the same points on each theme."
        )
    sentences = []
    if ahead:
        on = listed(f"{leads[name]:.1f} points on {name}" for name in ahead)
        sentences.append(f"{first['name']} leads {second['name']} by {on}")
    if behind:
        on = f"{-leads[behind[0]]:.1f} points on {behind[0]}"
        sentences.append(f"{second['name']} leads by {on}")
    opening = "Because " if ahead and first["rank"] < second["rank"] else ""
    return f"{opening}{'; '.join(sentences)}."


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
    if level == Level.NONE:
        return f"does not have {name}"
    return f"does not reach “{must_have.level.label.lower()}” for {name}"


def why_not_sentences(
    why_not: WhyNot, names: Names, failings: Sequence[str] = ()
) -> list[str]:
    """Return why a framework does not come first, the plainest reason first.

    ``failings`` say how it stands to each must-have that it fails.
    """
    name, sentences = names.frameworks[why_not.framework], []
    if failings:
        sentences.append(f"{name} is left out: it {'; it '.join(failings)}.")
    if why_not.leader is None:
        return sentences
    leader = names.frameworks[why_not.leader]
    if why_not.unverified and not why_not.failed:
        features = (names.features[must.feature] for must in why_not.unverified)
        unverified = listed(f"“{feature}”" for feature in features)
        sentences.append(
            f"It is not verified that {name} meets {unverified}; {leader} meets every "
            "must-have."
        )
    if not why_not.losses:
        return [*sentences, f"On points alone {name} is not behind {leader}."]
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
    return sentences


def listed(words: Iterable[str]) -> str:
    """Return words as a reader says them: “A, B and C”."""
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last
