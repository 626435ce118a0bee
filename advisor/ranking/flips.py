"""What would let a challenger draw level: points of a theme, weight, or a fact.

The flips have a closed form, because the model is additive. Plain numbers in,
plain dataclasses out.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from advisor.ranking.draws import TIE
from advisor.ranking.order import Candidate, Ranking


@dataclass(frozen=True, kw_only=True)
class ThemeFlip:
    """Points at which a challenger draws level, all other points unchanged."""

    theme: str
    before: float
    after: float


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """The smallest move of weight, from some themes to one, that draws level."""

    taken: Mapping[str, float]
    to: str

    @property
    def amount(self) -> float:
        """The moved share of all weight, 0 to 1."""
        return math.fsum(self.taken.values())


@dataclass(frozen=True, kw_only=True)
class FactFlip:
    """The value of one feature at which a challenger draws level.

    ``before`` is the challenger's value, the middle of its bounds if it is not
    known. ``most`` is the highest value that what is known allows.
    """

    feature: str
    before: float
    after: float
    most: float = 1.0
    is_known: bool = True


@dataclass(frozen=True, kw_only=True)
class Flips:
    """What would let a challenger draw level with the leader.

    ``lead`` is how far the leader is ahead in each theme, -1 to 1, and
    ``margin`` how far in all, as a share of the whole score.
    """

    lead: Mapping[str, float]
    margin: float
    themes: Sequence[ThemeFlip]
    transfer: Transfer | None
    facts: Sequence[FactFlip]

    @property
    def is_level(self) -> bool:
        """Whether the challenger has as many points as the leader, or more."""
        return self.margin <= TIE

    @property
    def is_dominated(self) -> bool:
        """Whether no priorities at all would let the challenger overtake."""
        return self.transfer is None and not self.is_level


def flips(
    leader: Candidate,
    challenger: Candidate,
    points: Mapping[str, float],
    shares: Mapping[str, Mapping[str, float]],
) -> Flips:
    """Return what would let ``challenger`` draw level with ``leader``.

    ``points`` names every theme that could be weighed, those without points
    included; ``shares`` the features of each. Follows the closed forms of an
    additive model: the difference of two scores is linear in each theme's points.
    Without any points the two are level, and nothing would change that.
    """
    total = math.fsum(points.values())
    weights = {theme: given / (total or 1) for theme, given in points.items()}
    lead = {
        theme: _theme_value(leader, shares[theme])
        - _theme_value(challenger, shares[theme])
        for theme in points
    }
    margin = math.fsum(weights[theme] * lead[theme] for theme in points)
    return Flips(
        lead=lead,
        margin=margin,
        themes=_theme_flips(lead, points, margin * total) if total else [],
        transfer=_transfer(lead, weights, margin) if total else None,
        facts=_fact_flips(challenger, weights, shares, margin) if total else [],
    )


def flips_of_rivals(
    ranking: Ranking,
    points: Mapping[str, float],
    shares: Mapping[str, Mapping[str, float]],
) -> dict[str, Flips]:
    """Return the flips of everybody but the one that stands first, by slug.

    Those that a must-have excludes are compared as well. Where nothing is ranked,
    there is nobody to draw level with.
    """
    if not ranking.standings:
        return {}
    leader, *rivals = [*ranking.standings, *ranking.excluded]
    return {
        rival.candidate.slug: flips(leader.candidate, rival.candidate, points, shares)
        for rival in rivals
    }


def _theme_flips(lead, points, margin):
    """Return the theme flips; one that would leave no points at all is none."""
    return [
        ThemeFlip(theme=theme, before=before, after=max(after, 0.0))
        for theme, before in points.items()
        if abs(lead[theme]) > TIE
        for after in [before - margin / lead[theme]]
        if after > TIE or (after >= -TIE and math.fsum(points.values()) > before)
    ]


def _middle(candidate, feature):
    return sum(candidate.bounds_on(feature)) / 2


def _theme_value(candidate, features):
    total = math.fsum(features.values())
    return math.fsum(
        share / total * _middle(candidate, feature)
        for feature, share in features.items()
    )


def _transfer(lead, weights, margin):
    """Return the smallest transfer: taking first where the leader leads most."""
    to = min(lead, key=lambda theme: (lead[theme], theme))
    if lead[to] >= -TIE:
        return None
    taken = {}
    for theme in sorted(lead, key=lambda theme: (-lead[theme], theme)):
        if margin <= TIE:
            break
        gain = lead[theme] - lead[to]
        amount = min(margin / gain, weights[theme]) if gain > 0 else 0.0
        if amount > 0:
            taken[theme] = amount
            margin -= amount * gain
    return Transfer(taken=taken, to=to)


def _fact_flips(challenger, weights, shares, margin):
    by_feature: dict[str, float] = {}
    for theme, weight in weights.items():
        whole = math.fsum(shares[theme].values())
        for feature, share in shares[theme].items():
            before = by_feature.get(feature, 0.0)
            by_feature[feature] = before + weight * share / whole
    return [
        FactFlip(feature=feature, before=before, after=after, most=most, is_known=known)
        for feature, weight in by_feature.items()
        if weight > 0 and margin > TIE
        for low, high in [challenger.bounds_on(feature)]
        for known in [low == high]
        for most in [1.0 if known else high]
        for before in [(low + high) / 2]
        for after in [before + margin / weight]
        if after <= most + TIE
    ]
