"""What a result says in words: its verdict and what would change it."""

from .ranking import Tier
from .robustness import Certainty

# At most so many sentences over all challengers.
MOST_FLIPS = 3
# A change to more points than an effect may give is no advice.
MOST_POINTS = 8

NO_SIGNAL = (
    "There is no ranking: you have not said what matters. Choose a project or give a "
    "theme some points."
)
NOTHING_LEFT = "No framework meets all your must-haves."


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
        return f"A close call between {join(leaders)}: {names} is ahead, {points}."
    how = "clearly" if certainty == Certainty.CLEAR else "likely"
    return (
        f"{names} {how} fits best: {points}, {second.candidate.name} "
        f"{second.shown_score}."
    )


def flip_sentence(challenger, flips, theme_names):
    """Return the plainest thing that would let ``challenger`` draw level."""
    if flips.is_dominated:
        return f"{challenger} cannot overtake, whatever your priorities."
    reachable = [flip for flip in flips.themes if flip.after <= MOST_POINTS]
    if reachable:
        nearest = min(reachable, key=lambda flip: abs(flip.after - flip.before))
        way = "rose" if nearest.after > nearest.before else "fell"
        return (
            f"{challenger} would draw level if “{theme_names[nearest.theme]}” {way} "
            f"from {nearest.before:g} to {nearest.after:.1f} points."
        )
    taken = join(f"“{theme_names[theme]}”" for theme in flips.transfer.taken)
    return (
        f"{challenger} would draw level if {flips.transfer.amount:.0%} of the weight "
        f"moved from {taken} to “{theme_names[flips.transfer.to]}”."
    )


def familiarity(framework, known, kinships):
    """Return whether the team knows ``framework``, and what helps if it does not.

    ``known`` are the frameworks that were named, ``kinships`` the closest
    relation of another framework to one of them.
    """
    if framework in known:
        return "You named it.", ""
    if not (kinship := kinships.get(framework)):
        return "You did not name it.", ""
    return (
        f"You named {kinship.known.name}, which helps with it.",
        f"{kinship.reason} ({kinship.source.title}, {kinship.locator})",
    )


def join(names):
    """Return names as a reader says them: “A, B and C”."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
