import pytest

from comparisons.choices import FeatureKind, Level

KNOWN = [level for level in Level if level.is_known]


@pytest.mark.parametrize("kind", FeatureKind)
def test_levels_of_a_kind_stand_best_first_between_one_and_nothing(kind):
    worths = [level.worth for level in kind.levels]

    assert worths == sorted(set(worths), reverse=True)
    assert (worths[0], worths[-1]) == (1, 0)


@pytest.mark.parametrize("kind", FeatureKind)
def test_glyphs_tell_the_levels_of_a_kind_apart_without_colour(kind):
    glyphs = {level.glyph for level in [*kind.levels, Level.UNKNOWN]}

    assert len(glyphs) == len(kind.levels) + 1


def test_every_known_level_belongs_to_one_kind():
    assert [level for kind in FeatureKind for level in kind.levels] == KNOWN


@pytest.mark.parametrize(
    ("level", "levels"),
    [
        (Level.BUILT_IN, [Level.BUILT_IN]),
        (Level.THIRD_PARTY, [Level.BUILT_IN, Level.OFFICIAL, Level.THIRD_PARTY]),
        (Level.GOOD, [Level.STRONG, Level.GOOD]),
        (Level.VERY_LOW, FeatureKind.QUALITY.levels),
    ],
)
def test_at_least_gives_what_is_as_good_or_better(level, levels):
    assert level.at_least() == levels
