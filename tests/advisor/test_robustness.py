"""Oracles of how sure the order is, and of what would change it."""

import pytest

from advisor.ranking import Candidate, Criterion, rank
from advisor.robustness import acceptability, flips


def candidate(slug, *values):
    bounds = {f"f{number}": (value, value) for number, value in enumerate(values, 1)}
    return Candidate(slug=slug, name=slug, bounds=bounds)


def test_share_of_first_places_agrees_with_the_beta_distribution():
    criteria = [
        Criterion(feature="f1", theme="one", weight=0.5),
        Criterion(feature="f2", theme="two", weight=0.5),
    ]
    standings = rank(criteria, [candidate("a", 0.7, 0.3), candidate("b", 0.3, 0.6)])

    # Two themes: a is first where the first weight exceeds 3/7, here uniform.
    shares = acceptability(standings.standings, draws=20_000, spread=3**-0.5)

    assert shares.first_share("a") == pytest.approx(4 / 7, abs=0.01)
    assert sum(shares.rank_shares["a"]) == pytest.approx(1)


def test_flips_of_the_toy_have_their_closed_form():
    points = {"one": 4, "two": 2, "three": 1}
    shares = {"one": {"f1": 1}, "two": {"f2": 1}, "three": {"f3": 1}}

    found = flips(
        candidate("b", 0.5, 1, 0.5), candidate("a", 0.75, 0.5, 0.25), points, shares
    )

    assert {flip.theme: flip.after for flip in found.themes} == pytest.approx(
        {"one": 5, "two": 1.5, "three": 0}
    )
    assert found.transfer.taken == pytest.approx({"two": 1 / 21})
    assert found.transfer.to == "one"


def test_dominated_framework_cannot_overtake():
    found = flips(
        candidate("a", 1, 1), candidate("b", 0.5, 0.5), {"t": 1}, {"t": {"f1": 1}}
    )

    assert found.is_dominated
