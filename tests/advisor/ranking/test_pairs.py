import pytest

from advisor.ranking.pairs import best_pair

HALVES = {"api": 0.5, "shop": 0.5}


def test_two_that_do_what_each_is_good_at_are_told_of():
    scores = {
        "fast": {"api": 100, "shop": 40},
        "whole": {"api": 60, "shop": 100},
        "other": {"api": 90, "shop": 50},
    }

    found = best_pair(scores, HALVES)

    assert found.frameworks == ("fast", "whole")
    assert (found.score, found.alone) == pytest.approx((100, 80))
    assert found.serves == {"api": "fast", "shop": "whole"}


@pytest.mark.parametrize(
    "scores",
    [
        {},
        {"one": {"api": 50, "shop": 50}},
        # Two cost more than a few points.
        {"one": {"api": 100, "shop": 85}, "two": {"api": 85, "shop": 100}},
    ],
    ids=len,
)
def test_where_one_will_do_no_two_are_told_of(scores):
    assert best_pair(scores, HALVES) is None
