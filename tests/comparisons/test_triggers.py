"""What the database refuses or does by itself, whichever way a change comes in."""

from copy import copy

import pytest
from django.db import IntegrityError, models

from comparisons.choices import FeatureKind, Level, Stance, Status
from comparisons.models import Adopter, Fact, Feature, Finding, Framework, ProCon
from tests.factories import (
    STATEMENTS,
    make_citation,
    make_fact,
    make_feature,
    make_finding,
    make_threshold,
)

pytestmark = pytest.mark.django_db

UNCITED = "Nothing is published without a supporting citation"
OTHER_KIND = "A level belongs to the kind of its feature"


# The ways in: other values for ``row``, or a new row like it.


def update(row, **values):
    type(row).objects.filter(pk=row.pk).update(**values)


def bulk_create(row, **values):
    other = copy(row)
    other._state = models.base.ModelState()
    row.delete()
    other.pk = None
    for name, value in values.items():
        setattr(other, name, value)
    type(row).objects.bulk_create([other])


WAYS = pytest.mark.parametrize("way", [update, bulk_create])


# Nothing is published without a supporting citation


@WAYS
@pytest.mark.parametrize("make", STATEMENTS)
def test_uncited_statement_cannot_be_published(make, way):
    statement = make(draft=True)

    with pytest.raises(IntegrityError, match=UNCITED):
        way(statement, status=Status.PUBLISHED)


@pytest.mark.parametrize("stance", [Stance.DISPUTES, Stance.CONTEXT])
@pytest.mark.parametrize("make", STATEMENTS)
def test_dispute_and_context_are_no_support(make, stance):
    statement = make(draft=True, cited={"stance": stance})

    with pytest.raises(IntegrityError, match=UNCITED):
        update(statement, status=Status.PUBLISHED)


@WAYS
def test_unknown_is_published_without_citation(way):
    finding = make_finding(draft=True, level=Level.UNKNOWN)

    way(finding, status=Status.PUBLISHED)

    assert Finding.objects.get().status == Status.PUBLISHED


def test_published_unknown_cannot_become_an_uncited_answer():
    finding = make_finding(level=Level.UNKNOWN)

    with pytest.raises(IntegrityError, match=UNCITED):
        update(finding, level=Level.BUILT_IN)


# What loses its last support goes back to draft


def delete(citation):
    citation.delete()


def turn(citation):
    update(citation, stance=Stance.DISPUTES)


def move_to_another_statement(citation):
    update(citation, **NOWHERE, verdict=None, finding=make_finding(draft=True))


NOWHERE = {"pro_con": None, "fact": None, "adopter": None}
LOSSES = [delete, turn, move_to_another_statement]


@pytest.mark.parametrize("lose", LOSSES)
@pytest.mark.parametrize("make", STATEMENTS)
def test_statement_goes_back_to_draft_with_its_last_support(make, lose):
    statement = make()
    make_citation(
        **{field_of(statement): statement}, stance=Stance.DISPUTES, key="disputing"
    )

    lose(statement.citations.get(stance=Stance.SUPPORTS))

    assert status_of(statement) == Status.DRAFT


@pytest.mark.parametrize("lose", LOSSES)
@pytest.mark.parametrize("make", STATEMENTS)
def test_statement_stays_published_while_another_passage_supports_it(make, lose):
    statement = make()
    about = {field_of(statement): statement}

    make_citation(**about, stance=Stance.DISPUTES).delete()
    lose(make_citation(**about))

    assert status_of(statement) == Status.PUBLISHED


@pytest.mark.parametrize("status", [Status.IN_REVIEW, Status.RETIRED])
def test_loss_of_support_changes_no_other_status(status):
    finding = make_finding(status=status)

    finding.citations.get().delete()

    assert status_of(finding) == status


def test_unknown_stays_published_without_its_passage():
    finding = make_finding(level=Level.UNKNOWN, cited=True)

    finding.citations.get().delete()

    assert status_of(finding) == Status.PUBLISHED


def test_framework_can_be_deleted_with_all_that_is_published_on_it(knowledge):
    Framework.objects.filter(pk=knowledge.flask.pk).delete()

    for model in (Finding, ProCon, Fact, Adopter):
        assert not model.objects.filter(framework=knowledge.flask.pk).exists()


# A level belongs to its feature's kind


@WAYS
@pytest.mark.parametrize("field", ["level", "at_least", "at_most"])
def test_finding_cannot_answer_another_kind_of_question(field, way):
    finding = make_finding(draft=True, level=Level.UNKNOWN)

    with pytest.raises(IntegrityError, match=OTHER_KIND):
        way(finding, **{field: Level.HIGH})


@WAYS
def test_threshold_cannot_be_of_another_kind(way):
    threshold = make_threshold(feature=make_feature(kind=FeatureKind.QUALITY))

    with pytest.raises(IntegrityError, match=OTHER_KIND):
        way(threshold, level=Level.STRONG)


@WAYS
def test_passage_cannot_assert_a_level_of_another_kind(way):
    citation = make_citation()

    with pytest.raises(IntegrityError, match=OTHER_KIND):
        way(citation, level=Level.GOOD)


def test_passage_cannot_bring_its_level_to_a_finding_of_another_kind():
    citation = make_citation(fact=make_fact(), level=Level.GOOD)
    finding = make_finding()

    with pytest.raises(IntegrityError, match=OTHER_KIND):
        update(citation, finding_id=finding.pk, fact_id=None)


def test_finding_cannot_move_to_a_feature_of_another_kind():
    finding = make_finding()
    feature = make_feature(kind=FeatureKind.QUALITY)

    with pytest.raises(IntegrityError, match=OTHER_KIND):
        update(finding, feature_id=feature.pk)


@pytest.mark.parametrize(
    "use",
    [
        lambda feature: make_finding(feature=feature),
        lambda feature: make_finding(
            feature=feature, level=Level.UNKNOWN, at_most=Level.MANUAL
        ),
        lambda feature: make_threshold(feature=feature),
    ],
    ids=["finding", "unknown", "threshold"],
)
def test_feature_in_use_keeps_its_kind(use):
    feature = make_feature()
    use(feature)

    with pytest.raises(IntegrityError, match="keeps its kind"):
        update(feature, kind=FeatureKind.QUALITY)


def test_feature_without_use_may_change_its_kind():
    feature = make_feature()

    update(feature, kind=FeatureKind.QUALITY)

    assert Feature.objects.get().kind == FeatureKind.QUALITY


def status_of(row):
    return type(row).objects.values_list("status", flat=True).get(pk=row.pk)


def field_of(statement):
    return {Finding: "finding", ProCon: "pro_con", Fact: "fact", Adopter: "adopter"}[
        type(statement)
    ]
