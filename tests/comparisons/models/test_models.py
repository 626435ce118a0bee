"""What rows know and explain; see ``tests/test_constraints.py`` for the rest."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from comparisons.choices import FeatureKind, Level, Stance, Status
from comparisons.models import Finding
from tests.factories import (
    STATEMENTS,
    make_citation,
    make_comparison,
    make_fact,
    make_finding,
    make_sample,
    make_threshold,
)

pytestmark = pytest.mark.django_db


def codes(row):
    """Return the codes of what ``full_clean()`` refuses, by field."""
    with pytest.raises(ValidationError) as caught:
        row.full_clean()
    return {
        field: [error.code for error in errors]
        for field, errors in caught.value.error_dict.items()
    }


# Publishing


@pytest.mark.parametrize("cited", [None, {"stance": Stance.DISPUTES}])
@pytest.mark.parametrize("make", STATEMENTS)
def test_statement_without_support_may_not_be_published(make, cited):
    statement = make(draft=True, cited=cited)
    statement.status = Status.PUBLISHED

    assert codes(statement) == {"status": ["uncited"]}


@pytest.mark.parametrize(
    ("asserted", "changes", "refused"),
    [
        ([("supports", "third_party")], {}, True),
        ([("supports", "third_party"), ("supports", "manual")], {}, True),
        ([("supports", "third_party"), ("supports", "built_in")], {}, False),
        ([("supports", "third_party")], {"decision": "It ships since 3.0."}, False),
        ([("supports", "third_party")], {"status": Status.DRAFT}, False),
        ([("supports", "third_party")], {"level": Level.UNKNOWN}, False),
        ([("supports", "unknown")], {}, False),
        ([("supports", ""), ("disputes", "third_party")], {}, False),
    ],
)
def test_level_that_no_passage_asserts_takes_a_written_decision(
    asserted, changes, refused
):
    finding = make_finding(level=Level.BUILT_IN, cited=False, draft=True)
    for stance, level in asserted:
        make_citation(finding=finding, stance=stance, level=level)
    for name, value in ({"status": Status.PUBLISHED} | changes).items():
        setattr(finding, name, value)

    if refused:
        assert codes(finding) == {"decision": ["contradicted"]}
    else:
        finding.full_clean()


# Contested and checked


@pytest.mark.parametrize(
    ("stances", "contested"),
    [
        ([Stance.SUPPORTS, Stance.DISPUTES], True),
        ([Stance.SUPPORTS, Stance.CONTEXT], False),
        ([Stance.SUPPORTS], False),
    ],
)
def test_statement_is_contested_by_support_and_dispute(stances, contested):
    finding = make_finding(draft=True)
    for stance in stances:
        make_citation(finding=finding, stance=stance)
    finding.status = Status.PUBLISHED

    assert finding.is_contested == contested
    finding.status = Status.DRAFT
    assert not finding.is_contested


def test_statement_was_checked_when_its_latest_passage_was_read():
    finding = make_finding(cited={"accessed_date": date(2026, 10, 1)})
    make_citation(finding=finding, accessed_date=date(2026, 11, 1))

    assert finding.last_checked == date(2026, 11, 1)


# Levels


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: make_finding(level=Level.UNKNOWN, draft=True), "level"),
        (lambda: make_finding(level=Level.UNKNOWN, draft=True), "at_least"),
        (lambda: make_finding(level=Level.UNKNOWN, draft=True), "at_most"),
        (make_threshold, "level"),
        (make_citation, "level"),
    ],
)
def test_level_of_another_kind_is_explained(make, field):
    row = make()
    setattr(row, field, Level.STRONG)

    assert codes(row)[field] == ["level_of_another_kind"]


def test_passage_about_no_finding_may_assert_any_level():
    make_citation(fact=make_fact(draft=True), level=Level.HIGH).full_clean()


@pytest.mark.parametrize("make", [make_threshold, make_finding])
def test_feature_in_use_keeps_its_kind(make):
    feature = make().feature
    feature.kind = FeatureKind.QUALITY

    assert codes(feature) == {"kind": ["kind_is_fixed"]}


@pytest.mark.parametrize(
    ("fields", "bounds"),
    [
        ({"level": Level.OFFICIAL}, (0.85, 0.85)),
        ({"level": Level.UNKNOWN}, (0, 1)),
        ({"level": Level.UNKNOWN, "at_least": Level.MANUAL}, (0.25, 1)),
        ({"level": Level.UNKNOWN, "at_most": Level.OFFICIAL}, (0, 0.85)),
        ({"level": Level.UNKNOWN, "at_least": "unknown", "at_most": "unknown"}, (0, 1)),
    ],
)
def test_finding_tells_what_its_answer_can_be_worth(fields, bounds):
    assert Finding(**fields).bounds == bounds


def test_bounds_out_of_order_are_explained():
    finding = make_finding(
        level=Level.UNKNOWN, at_least=Level.BUILT_IN, at_most=Level.MANUAL
    )

    assert codes(finding) == {"at_most": ["bounds_out_of_order"]}


# Slugs and files


@pytest.mark.parametrize(
    "slug", ["flask-vs-django", "django", "django-vs-django", "-vs-django-vs-"]
)
def test_comparison_that_no_address_finds_is_explained(slug):
    comparison = make_comparison()
    comparison.slug = slug

    assert codes(comparison)["slug"] == ["slug_is_no_address"]


@pytest.mark.parametrize(
    "file",
    ["../settings.py", "/etc/passwd", "app.py", "a/b/c.py", "a/b.py\n", "a/..py"],
)
def test_sample_outside_the_fixtures_is_explained(file):
    sample = make_sample()
    sample.file = file

    with pytest.raises(ValidationError) as caught:
        sample.clean_fields()

    assert caught.value.error_dict["file"][0].code == "not_a_sample_file"


# Relations


# Names and addresses


# The version


# Order
