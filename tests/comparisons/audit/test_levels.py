"""Levels that packages, words or other levels contradict."""

import datetime

import pytest

from comparisons.audit import Audit, GapKind
from comparisons.choices import (
    FeatureKind,
    Level,
    Maintenance,
    SourceKind,
    Status,
)
from comparisons.models import Feature
from tests import factories as make

TODAY = datetime.date(2026, 11, 20)

pytestmark = pytest.mark.django_db


def gaps(kind):
    return [gap for gap in Audit.load(TODAY).gaps if gap.kind == kind]


# Packages


def test_package_without_an_address_is_unreachable_once():
    nowhere = make.make_extension()
    somewhere = make.make_extension(url="https://package.example/")
    provided = make.make_finding(level=Level.THIRD_PARTY, extension=nowhere)
    other = make.make_finding(
        level=Level.THIRD_PARTY, extension=somewhere, alternatives=[nowhere]
    )

    (gap,) = gaps(GapKind.UNREACHABLE)

    assert gap.row == nowhere
    assert set(gap.frameworks) == {provided.framework, other.framework}


@pytest.mark.parametrize(
    ("state", "last", "is_dead"),
    [
        (Maintenance.ARCHIVED, "2026-11-01", True),
        (Maintenance.PRERELEASE, "2026-11-01", True),
        (Maintenance.SLOW, "2023-11-20", True),
        (Maintenance.SLOW, "2023-11-21", False),
        (Maintenance.SLOW, None, False),
        (Maintenance.UNKNOWN, None, False),
        (Maintenance.ACTIVE, None, False),
    ],
)
def test_cell_that_only_dead_packages_provide_is_unmaintained(state, last, is_dead):
    extension = make.make_extension(
        maintenance=state, last_activity_date=last and datetime.date.fromisoformat(last)
    )
    finding = make.make_finding(level=Level.THIRD_PARTY, extension=extension)

    assert [gap.row for gap in gaps(GapKind.UNMAINTAINED)] == [finding] * is_dead

    finding.alternatives.add(make.make_extension(maintenance=Maintenance.ACTIVE))

    assert not gaps(GapKind.UNMAINTAINED)

    finding.alternatives.clear()
    make.change(finding, decision="Counted all the same.")
    assert not gaps(GapKind.UNMAINTAINED)


@pytest.mark.parametrize(
    ("kind", "level"), [("capability", Level.MANUAL), ("use_case", Level.POOR)]
)
def test_recorded_package_is_overlooked_by_an_answer_that_names_none(kind, level):
    finding = make.make_finding(feature=make.make_feature(kind=kind), level=level)
    package = make.make_extension(
        frameworks=[finding.framework], features=[finding.feature]
    )
    # Of another framework, and for another feature.
    make.make_extension(frameworks=[make.make_framework()], features=[finding.feature])
    make.make_extension(frameworks=[finding.framework])

    [gap] = gaps(GapKind.OVERLOOKED)

    assert gap.row == finding
    assert str(package) in gap.message

    make.change(package, maintenance=Maintenance.ARCHIVED)
    assert not gaps(GapKind.OVERLOOKED)


def test_package_that_others_are_rated_by_is_uneven_until_decided():
    feature = make.make_feature()
    beaker = make.make_extension(name="Beaker")
    make.make_finding(feature=feature, level=Level.THIRD_PARTY, extension=beaker)
    by_hand = make.make_finding(
        feature=feature, level=Level.MANUAL, note="Beaker can be called."
    )
    make.make_finding(feature=feature, level=Level.MANUAL, note="Beakers are glass.")
    make.make_finding(level=Level.MANUAL, note="Beaker does something else.")

    assert [gap.row for gap in gaps(GapKind.UNEVEN)] == [by_hand]

    make.change(by_hand, decision="Manual: it is not joined to the requests.")
    assert not gaps(GapKind.UNEVEN)


def test_package_is_official_for_those_alone_who_make_it():
    feature = make.make_feature()
    project = make.make_framework(repository_url="https://code.example/maker/project")
    theirs = make.make_extension(repository_url="https://code.example/maker/plugin")
    level = {"feature": feature, "extension": theirs}
    made = make.make_finding(framework=project, level=Level.OFFICIAL, **level)
    used = make.make_finding(level=Level.THIRD_PARTY, **level)

    assert not gaps(GapKind.UNEVEN)

    used.level, made.level = made.level, used.level
    for finding in (used, made):
        finding.save()
    assert {gap.row for gap in gaps(GapKind.UNEVEN)} == {used, made}


# Words


@pytest.mark.parametrize(
    ("note", "found"),
    [
        ("Three workers.", ""),
        ("It needs 3.13 and 2,000 lines.", "2000, 3.13"),
        ("It needs 3.11 and 12 packages; seen in 3.1.3.", ""),
        ("Take Flask-Login, or Login.Kit; Beaker-like things do too.", "Flask-Login"),
    ],
)
def test_what_no_passage_has_is_unproved(note, found):
    finding = make.make_finding(
        note=note,
        cited={"says": "login_kit needs Python 3.11.", "release": "Flask 3.1.3"},
    )
    for name in ("Flask-Login", "Login.Kit", "Beaker"):
        make.make_extension(name=name)
    make.make_fact(framework=finding.framework, value="12")
    # Of another framework.
    make.make_fact(value="2,000")

    messages = [gap.message for gap in gaps(GapKind.UNPROVED) if gap.row == finding]

    assert messages == [f"names {found}, and no passage does"] * bool(found)


@pytest.mark.parametrize(
    ("note", "found"),
    [
        ("Sessions are kept in signed cookies.", []),
        # The row, and words that begin alike.
        ("Templates inherit; caching is left to cookies that were signed.", []),
        ("Signed cookies. Screens for managing records are generated.", ["Screens"]),
        ("By our count seven in ten of what does not ship are covered.", []),
    ],
)
def test_clause_that_no_passage_speaks_of_is_wider(note, found):
    says = "A session is a signed cookie; caches and templates that inherit ship."
    finding = make.make_finding(note=note, cited={"says": says})

    wider = gaps(GapKind.WIDER)

    assert [gap.row for gap in wider] == [finding] * len(found)
    assert all(
        f"says “{word}" in str(gap) for gap, word in zip(wider, found, strict=True)
    )


@pytest.mark.parametrize(
    ("says", "marks", "found"),
    [
        ("It is faster and safer, so use it.", "faster", "“safer”, “so”"),
        ("Waitress is best on Windows.", "Waitress, best choice", ""),
        ("It is wrapped so that most of the calls work, at most once.", "", ""),
    ],
)
def test_document_that_judges_in_our_words_alone_is_overstated(says, marks, found):
    finding = make.make_finding(cited={"says": says, "marks": marks})
    # Of others it is the opinion that is cited.
    blog = make.make_source(kind=SourceKind.BLOG)
    make.make_finding(cited={"says": says, "source": blog})

    messages = [gap.message for gap in gaps(GapKind.OVERSTATED) if gap.row == finding]

    passage = finding.citations.get()
    said = f"lets {passage} say {found} without such a mark"
    assert messages == [said] * bool(found)
    assert {gap.row for gap in gaps(GapKind.OVERSTATED)} <= {finding}


@pytest.mark.parametrize(
    ("kind", "says", "is_found"),
    [
        (FeatureKind.USE_CASE, "Two endpoints fit in one file.", True),
        (FeatureKind.USE_CASE, "It is called ideal for two endpoints.", False),
        (FeatureKind.CAPABILITY, "Two endpoints fit in one file.", False),
    ],
)
def test_own_document_that_judges_nothing_asserts_no_level(kind, says, is_found):
    framework = make.make_framework(homepage_url="https://project.example/")
    own = make.make_source(url="https://project.example/docs/")
    feature = make.make_feature(kind=kind)
    level = kind.levels[0]
    passage = {"says": says, "marks": "ideal", "level": level}
    finding = make.make_finding(
        framework=framework, feature=feature, cited={"source": own, **passage}
    )
    # Of others it is their opinion.
    make.make_finding(feature=feature, cited=passage)

    found = gaps(GapKind.OVERSTATED)

    assert [gap.row for gap in found] == [finding] * is_found
    assert all(f"assert “{level.label}” and judge nothing" in str(gap) for gap in found)


# Levels that follow from others


@pytest.fixture
def counted():
    """A use case that counts a feature, rated for a framework that has it."""
    part = make.make_feature(slug="part")
    whole = make.make_feature(slug="whole", kind=FeatureKind.USE_CASE)
    make.make_threshold(
        feature=whole, level=Level.STRONG, condition="part at built_in; shop at package"
    )
    make.make_threshold(feature=whole, level=Level.GOOD, condition="part at built_in")
    make.make_threshold(
        feature=whole, level=Level.POOR, condition="none of part at built_in"
    )
    framework = make.make_framework()
    make.make_feature(slug="shop", kind=FeatureKind.USE_CASE)
    make.make_finding(framework=framework, feature=part)
    return make.make_finding(framework=framework, feature=whole, level=Level.GOOD)


def test_level_that_its_conditions_do_not_give_is_broken(counted):
    assert not gaps(GapKind.BROKEN)

    make.change(counted, level=Level.POOR)

    [gap] = gaps(GapKind.BROKEN)
    assert gap.row == counted
    assert gap.message == "is rated “Poor fit”, its conditions give “Good fit”"


def test_two_levels_whose_conditions_are_met_are_broken(counted):
    make.make_extension(
        frameworks=[counted.framework],
        features=Feature.objects.filter(slug="shop"),
        maintenance=Maintenance.ACTIVE,
    )

    [gap] = gaps(GapKind.BROKEN)

    assert gap.message.endswith("its conditions give “Strong fit” and “Good fit”")


def test_part_that_nobody_knows_leaves_each_level_possible(counted):
    part = counted.framework.findings.get(feature__slug="part")
    make.change(part, level=Level.UNKNOWN)

    assert not gaps(GapKind.BROKEN)

    make.change(part, at_most=Level.MANUAL)
    assert [gap.row for gap in gaps(GapKind.BROKEN)] == [counted]


def test_condition_on_what_is_not_published_breaks_its_feature(counted):
    Feature.objects.filter(slug="part").update(status=Status.RETIRED)

    assert counted.feature in [gap.row for gap in gaps(GapKind.BROKEN)]
