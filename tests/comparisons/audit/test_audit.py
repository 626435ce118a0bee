"""What the audit finds, what it leaves alone, and what makes it fail."""

import datetime
import re

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from comparisons.audit import Audit, GapKind
from comparisons.choices import (
    FactKind,
    FeatureKind,
    Level,
    LinkState,
    Side,
    SourceKind,
    Stance,
    Status,
)
from comparisons.models import Verdict
from tests import factories as make

TODAY = datetime.date(2026, 11, 20)
INTERESTED = {GapKind.OWN_WORD, GapKind.VENDOR_ONLY}

pytestmark = pytest.mark.django_db


def gaps(kind, today=TODAY):
    return [gap for gap in Audit.load(today).gaps if gap.kind == kind]


def figure(name):
    return next(each for each in Audit.load(TODAY).figures if each.name == name)


def make_quality(**fields):
    return make.make_feature(kind=FeatureKind.QUALITY, **fields)


@pytest.fixture
def project():
    """A framework whose home page, documentation and code have their addresses."""
    return make.make_framework(
        homepage_url="https://project.example/",
        docs_url="https://docs.project.example/en/stable/",
        repository_url="https://code.example/maker/project",
    )


# Cells and statements


def test_finding_that_nobody_read_for_a_year_is_stale():
    make.make_finding()

    assert not gaps(GapKind.STALE)
    assert gaps(GapKind.STALE, TODAY + datetime.timedelta(days=800))


@pytest.mark.parametrize(
    ("released", "stale"),
    [("2026-11-03", True), ("2026-11-02", False), (None, False)],
)
def test_finding_read_before_the_latest_release_is_stale(released, stale):
    finding = make.make_finding()
    # Of another framework nothing is; and who uses it, uses it still.
    make.make_finding()
    make.make_adopter(framework=finding.framework)
    make.make_fact(
        framework=finding.framework,
        kind=FactKind.LATEST_VERSION,
        event_date=released and datetime.date.fromisoformat(released),
        cited={"accessed_date": TODAY},
    )

    assert [gap.row for gap in gaps(GapKind.STALE)] == [finding] * stale


# Who says so


@pytest.mark.parametrize(
    ("address", "is_own"),
    [
        ("https://project.example/about/", True),
        ("https://www.project.example/", True),
        ("https://docs.project.example/en/1.0/", True),
        ("https://code.example/Maker/plugin", True),
        ("", False),
        ("https://code.example/other/project", False),
        ("https://code.example", False),
        ("https://a.b/", False),
    ],
)
def test_project_publishes_its_hosts_and_its_account(project, address, is_own):
    assert project.publishes(address) is is_own


@pytest.mark.parametrize(
    ("kind", "level", "source", "found"),
    [
        ("quality", "high", {"url": "https://project.example/"}, {GapKind.OWN_WORD}),
        (
            "use_case",
            "strong",
            {"interest": "It sells courses."},
            {GapKind.VENDOR_ONLY},
        ),
        ("quality", "low", {"interest": "It sells a rival."}, {GapKind.VENDOR_ONLY}),
        ("quality", "low", {"url": "https://project.example/"}, {GapKind.OWN_WORD}),
        ("quality", "high", {"url": "https://press.example/"}, set()),
        (
            "quality",
            "high",
            {
                "url": "https://code.example/maker/project/issues/1",
                "kind": SourceKind.ISSUE_THREAD,
            },
            {GapKind.OWN_WORD},
        ),
        # What it can do is best told by its own documentation.
        ("capability", "built_in", {"url": "https://project.example/"}, set()),
    ],
)
def test_judgement_that_rests_on_interest_alone_is_listed(
    project, kind, level, source, found
):
    make.make_finding(
        framework=project,
        feature=make.make_feature(kind=kind),
        level=level,
        cited={"source": make.make_source(**source)},
    )

    assert {gap.kind for gap in Audit.load(TODAY).gaps} & INTERESTED == found


def test_one_independent_passage_settles_it(project):
    own = make.make_source(url=project.homepage_url)
    praise = make.make_pro_con(framework=project, cited={"source": own})
    make.make_pro_con(framework=project, side=Side.CON, cited={"source": own})

    (gap,) = gaps(GapKind.VENDOR_ONLY)

    assert gap.row == praise
    assert str(gap).startswith(f"{project}: “{praise}” is supported")

    make.make_citation(pro_con=praise)

    assert not gaps(GapKind.VENDOR_ONLY)


# Levels


@pytest.mark.parametrize("decision", ["", "High all the same."])
def test_level_that_no_passage_asserts_is_an_outlier_until_decided(decision):
    make.make_finding(
        feature=make_quality(),
        level=Level.HIGH,
        cited={"level": Level.LOW},
        decision=decision,
    )

    assert bool(gaps(GapKind.OUTLIER)) is (not decision)


@pytest.mark.parametrize(
    ("stance", "asserted", "is_odd"),
    [
        (Stance.SUPPORTS, Level.HIGH, True),
        (Stance.CONTEXT, Level.VERY_HIGH, True),
        (Stance.SUPPORTS, Level.MEDIUM, False),
        (Stance.SUPPORTS, "", False),
        (Stance.DISPUTES, Level.LOW, False),
    ],
)
def test_passage_that_asserts_another_level_is_at_odds(stance, asserted, is_odd):
    finding = make.make_finding(
        feature=make_quality(), level=Level.MEDIUM, cited={"level": Level.MEDIUM}
    )
    make.make_citation(key="other", finding=finding, stance=stance, level=asserted)

    found = gaps(GapKind.AT_ODDS)

    assert [gap.row for gap in found] == [finding] * is_odd
    assert all("and other asserts" in gap.message for gap in found)

    make.change(finding, decision="Medium by the threshold.")
    assert not gaps(GapKind.AT_ODDS)


def test_level_that_does_not_follow_from_the_figures_is_an_outlier():
    feature = make_quality(slug="waiting-connections")
    finding = make.make_finding(feature=feature, level=Level.HIGH)
    figure = make.make_measurement(
        framework=finding.framework, metric="waiting", connections=256, ratio=0.4
    )

    assert [gap.row for gap in gaps(GapKind.OUTLIER)] == [finding]

    make.change(figure, ratio=0.6)
    assert not gaps(GapKind.OUTLIER)


# References


def draft(**fields):
    return make.make_feature(draft=True, **fields)


def unpublish(row):
    make.change(row, status=Status.RETIRED)


def unfound(verdict):
    verdict.findings.clear()
    verdict.citations.all().delete()


# (how the small knowledge base is broken, what is broken by it)
BREAKS = [
    (lambda k: k.comparison.frameworks.clear(), "comparison"),
    (lambda k: k.comparison.features.add(draft()), "comparison"),
    (lambda k: k.section.features.add(draft()), "comparison"),
    (lambda k: unpublish(k.django), "comparison"),
    (lambda k: unpublish(k.django_orm), "verdict"),
    (lambda k: Verdict.objects.update(framework=make.make_framework()), "verdict"),
    (lambda k: unfound(k.verdict), "verdict"),
    (lambda k: k.disagreement.positions.last().delete(), "disagreement"),
    (lambda k: k.disagreement.positions.last().citations.clear(), "disagreement"),
    (
        lambda k: k.disagreement.positions.last().citations.add(make.make_citation()),
        "disagreement",
    ),
    (lambda k: unpublish(k.ease_of_learning), "disagreement"),
    (lambda k: unpublish(k.routing), "task"),
]


@pytest.mark.parametrize(("break_it", "broken"), BREAKS)
def test_what_is_published_and_leads_nowhere_breaks_the_audit(
    knowledge, break_it, broken
):
    assert not Audit.load(TODAY).fails

    break_it(knowledge)

    assert getattr(knowledge, broken) in [
        gap.row for gap in Audit.load(TODAY).gaps if gap.kind.fails
    ]
    with pytest.raises(CommandError, match="uncited or broken"):
        call_command("audit_knowledge", kind=["unknown"])


def test_verdict_that_rests_on_nothing_is_uncited():
    verdict = make.make_verdict()

    assert [gap.row for gap in gaps(GapKind.UNCITED)] == [verdict]


def test_draft_comparison_may_name_drafts():
    make.make_comparison(draft=True, features=[make.make_feature(draft=True)])

    assert not gaps(GapKind.BROKEN)


def test_sample_under_a_draft_feature_breaks_its_task():
    task = make.make_task(feature=draft())
    make.make_sample(task=task)
    make.make_sample(task=task, draft=True)
    make.make_sample()

    (gap,) = gaps(GapKind.BROKEN)

    assert gap.row == task
    assert len(gap.frameworks) == 1


def test_source_that_is_gone_is_broken_unless_a_copy_is_kept():
    source = make.make_source()
    make.make_link(source=source, state=LinkState.GONE)
    make.make_citation(source=source)
    assert not gaps(GapKind.BROKEN)
    finding = make.make_finding(cited={"source": source})

    (gap,) = gaps(GapKind.BROKEN)

    assert gap.row == source
    assert gap.frameworks == (finding.framework,)

    make.change(source, archive_url="https://archive.example/copy")

    assert not gaps(GapKind.BROKEN)


# Figures and the command


def test_figures_count_cells_and_their_proofs(project):
    own = make.make_source(url=project.docs_url)
    make.make_finding(framework=project, cited={"source": own})
    make.make_finding()
    make.make_pro_con(framework=project, feature=make.make_feature())

    # Two frameworks, three features.
    assert figure("Cells known").text == "2 of 6 (33.3\N{NO-BREAK SPACE}%)"
    assert not figure("Cells known").is_met
    assert figure("Known findings cited").value == 1
    assert figure("Pros and cons cited").is_met
    own_share = figure("Capabilities that cite the project's own documentation")
    assert (own_share.count, own_share.total, own_share.is_met) == (1, 2, False)
    assert figure("Citations of a finding, median").value == 1
    assert figure("Citations with a locator").target_text == "all"


def test_nothing_known_meets_every_share():
    shares = [each for each in Audit.load(TODAY).figures if each.total == 0]

    assert shares
    assert all(each.is_met for each in shares)


def test_draft_framework_is_audited_when_it_is_named_and_no_other_draft(capsys):
    feature = make.make_feature()
    working, other = (make.make_framework(draft=True) for _ in range(2))
    for framework in (working, other):
        make.make_finding(framework=framework, level=Level.UNKNOWN)

    call_command("audit_knowledge", framework=working.slug)

    out = capsys.readouterr().out
    assert f"missing: {working}: {feature} has no published finding" in out
    assert f"unknown: {working}: " in out
    assert str(other) not in out
    call_command("audit_knowledge")
    assert str(working) not in capsys.readouterr().out


def test_framework_that_does_not_exist_is_refused():
    with pytest.raises(CommandError, match="No framework is called “nope”"):
        call_command("audit_knowledge", framework="nope")


def test_shipped_knowledge_has_no_error_of_a_kind_that_was_found_once(
    shipped_knowledge, capsys
):
    call_command("audit_knowledge")

    total = capsys.readouterr().out.splitlines()[-1]
    # What grows old, is not known yet, or is known from one side is no error.
    for kind in {*GapKind} - {"stale", "missing", "unknown", "own-word", "vendor-only"}:
        assert re.search(rf"\b0 {kind}\b", total), total


def test_first_editor_is_created_once(capsys):
    call_command("create_first_editor")
    call_command("create_first_editor")

    assert get_user_model().objects.count() == 1
    assert capsys.readouterr().out.count("password") == 1
