"""Conditions of thresholds: how they read, and what they count."""

import pytest
from django.core.exceptions import ValidationError

from comparisons.choices import FeatureKind, Level
from comparisons.models import Threshold
from comparisons.models.conditions import Condition
from tests import factories as make

# What is at which level; of the rest nothing is known.
REACHED = {
    ("orm", "built_in"): True,
    ("forms", "built_in"): False,
    ("admin", "built_in"): True,
    ("cms", "package"): False,
}


def holds(text):
    def reaches(feature, level):
        return REACHED.get((feature, level))

    return Condition.read(text).holds(reaches)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("orm at built_in", True),
        ("orm, admin at built_in", True),
        ("all of orm, forms, admin at built_in", False),
        ("none of forms at built_in, cms at package", True),
        ("2 of orm, forms, admin at built_in", True),
        ("1 of orm, forms, admin at built_in", False),
        ("1 to 2 of orm, forms, admin at built_in", True),
        ("at least 3 of orm, forms, admin at built_in", False),
        ("at most 2 of orm, forms, admin at built_in", True),
        ("orm at built_in; forms at built_in", False),
        ("forms at built_in or orm at built_in; admin at built_in", True),
        # What nobody knows decides only where it can change the count.
        ("cache at built_in", None),
        ("at least 2 of orm, admin, cache at built_in", True),
        ("all of forms, cache at built_in", False),
        ("2 of orm, admin, cache at built_in", None),
        ("cache at built_in or orm at built_in", True),
        ("cache at built_in; forms at built_in", False),
    ],
)
def test_condition_counts_what_is_reached(text, expected):
    assert holds(text) is expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("orm", "“orm” has no level"),
        ("orm at best", "“best” is no level"),
        ("orm at unknown", "“unknown” is no level"),
        ("the mapper ships", "“the mapper ships” is no feature"),
        ("orm at built_in;", "Write which features"),
        ("orm at built_in, ", "is no feature"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(text, said):
    with pytest.raises(ValueError, match=said):
        Condition.read(text)
    with pytest.raises(ValidationError, match=said):
        Threshold(condition=text).clean_fields(exclude=["feature", "level", "text"])


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("elsewhere at built_in", "“elsewhere” is no feature"),
        ("mapper at strong", "“mapper” has no level “strong”"),
    ],
)
def test_threshold_counts_features_that_exist_at_levels_that_they_have(
    db, condition, said
):
    make.make_feature(slug="mapper")
    threshold = make.make_threshold(
        feature=make.make_feature(kind=FeatureKind.USE_CASE),
        level=Level.GOOD,
        condition="mapper at built_in",
    )
    threshold.full_clean()
    threshold.condition = condition

    with pytest.raises(ValidationError, match=said):
        threshold.full_clean()
