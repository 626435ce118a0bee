"""Each constraint is broken on purpose: past the forms, and in front of them."""

from copy import copy

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.utils import timezone

from advisor.models import Conflict, Kinship
from comparisons.choices import Level
from comparisons.history.recording import change_set
from comparisons.models import ChangeSet, KnowledgeVersion
from tests.factories import (
    make_adopter,
    make_alias,
    make_choice,
    make_citation,
    make_comparison,
    make_conflict,
    make_disagreement,
    make_effect,
    make_expectation,
    make_extension,
    make_fact,
    make_feature,
    make_finding,
    make_framework,
    make_group_advice,
    make_kinship,
    make_link,
    make_member,
    make_pending_import,
    make_position,
    make_preset,
    make_preset_points,
    make_pro_con,
    make_question,
    make_sample,
    make_section,
    make_share,
    make_source,
    make_suggestion,
    make_theme,
    make_threshold,
    make_verdict,
)

pytestmark = pytest.mark.django_db

CONSTRAINTS = {
    constraint.name: constraint
    for app in ("comparisons", "advisor")
    for model in apps.get_app_config(app).get_models()
    for constraint in model._meta.constraints
}


def draft(make, **fields):
    return lambda: make(draft=True, **fields)


def in_points(**fields):
    return lambda: make_effect(points=2, **fields)


def make_moved_link():
    return make_link(state="moved", moved_to_url="https://new.example/")


def make_listed_change():
    with change_set() as changes:
        make_framework()
    return changes.objects_changed.get()


def make_rejected_suggestion():
    return make_suggestion(
        state="rejected", decided_at=timezone.now(), answer="It holds."
    )


# (constraint, maker of a good row, what spoils it). Of FIELDS the field itself or
# clean() explains what is wrong, with one of CODES; of CHECKS the constraint does.
FIELDS = [
    ("comparisons_adopter_status_is_known", draft(make_adopter), {"status": "x"}),
    ("comparisons_codesample_status_is_known", make_sample, {"status": "x"}),
    ("comparisons_changedobject_act_is_known", make_listed_change, {"act": "x"}),
    ("comparisons_changeset_kind_is_known", ChangeSet.objects.create, {"kind": "x"}),
    ("comparisons_comparison_status_is_known", make_comparison, {"status": "x"}),
    ("comparisons_disagreement_status_is_known", make_disagreement, {"status": "x"}),
    ("comparisons_fact_status_is_known", draft(make_fact), {"status": "x"}),
    ("comparisons_feature_status_is_known", make_feature, {"status": "x"}),
    ("comparisons_finding_status_is_known", draft(make_finding), {"status": "x"}),
    ("comparisons_framework_status_is_known", make_framework, {"status": "x"}),
    ("comparisons_procon_status_is_known", draft(make_pro_con), {"status": "x"}),
    ("advisor_conflict_status_is_known", make_conflict, {"status": "x"}),
    ("advisor_kinship_status_is_known", make_kinship, {"status": "x"}),
    ("advisor_preset_status_is_known", make_preset, {"status": "x"}),
    ("advisor_question_status_is_known", make_question, {"status": "x"}),
    ("advisor_theme_status_is_known", make_theme, {"status": "x"}),
    ("comparisons_citation_stance_is_known", make_citation, {"stance": "x"}),
    (
        "comparisons_citation_level_is_known",
        lambda: make_citation(fact=make_fact(draft=True)),
        {"level": "x"},
    ),
    ("comparisons_feature_kind_is_known", make_feature, {"kind": "x"}),
    ("comparisons_finding_level_is_known", draft(make_finding), {"level": ""}),
    ("comparisons_procon_side_is_known", draft(make_pro_con), {"side": "x"}),
    ("comparisons_adopter_url_is_web", draft(make_adopter), {"url": "ftp://a.example"}),
    (
        "comparisons_extension_repository_is_web",
        make_extension,
        {"repository_url": "javascript:alert(1)"},
    ),
    ("comparisons_extension_url_is_web", make_extension, {"url": "a.example"}),
    ("comparisons_framework_docs_is_web", make_framework, {"docs_url": "x"}),
    ("comparisons_framework_homepage_is_web", make_framework, {"homepage_url": "x"}),
    (
        "comparisons_framework_repository_is_web",
        make_framework,
        {"repository_url": "git://a.example/a"},
    ),
    ("comparisons_link_moved_to_is_web", make_moved_link, {"moved_to_url": "x"}),
    ("comparisons_link_state_is_known", make_link, {"state": "x"}),
    ("comparisons_link_url_is_web", make_link, {"url": "gopher://a.example/"}),
    ("comparisons_source_archive_is_web", make_source, {"archive_url": "x"}),
    ("comparisons_source_url_is_web", make_source, {"url": "file:///etc/hosts"}),
    ("comparisons_suggestion_evidence_is_web", make_suggestion, {"evidence_url": "x"}),
    ("comparisons_suggestion_says_what_is_wrong", make_suggestion, {"problem": ""}),
    (
        "comparisons_suggestion_state_is_known",
        make_rejected_suggestion,
        {"state": "x"},
    ),
    ("comparisons_citation_names_its_passage", make_citation, {"locator": ""}),
    ("comparisons_citation_names_its_passage", make_citation, {"says": ""}),
    ("comparisons_framework_slug_is_unambiguous", make_framework, {"slug": "a-vs-b"}),
    ("comparisons_comparison_slug_names_frameworks", make_comparison, {"slug": "a"}),
    ("advisor_effect_says_what_it_does", make_effect, {"level": Level.UNKNOWN}),
    ("advisor_kinship_names_its_passage", make_kinship, {"reason": ""}),
    ("advisor_kinship_names_its_passage", make_kinship, {"locator": ""}),
    ("advisor_kinship_worth_is_a_share", make_kinship, {"worth": 0}),
    ("advisor_kinship_worth_is_a_share", make_kinship, {"worth": 2}),
    ("advisor_presetpoints_are_a_step", make_preset_points, {"points": 3}),
    ("advisor_share_is_a_share", make_share, {"share": 0}),
    ("advisor_share_is_a_share", make_share, {"share": 2}),
]
CHECKS = [
    (
        "comparisons_alias_leads_to_its_kind",
        lambda: make_alias(make_extension()),
        {"kind": "source"},
    ),
    ("advisor_groupmember_number_is_bounded", make_member, {"number": 0}),
    ("advisor_groupmember_number_is_bounded", make_member, {"number": 31}),
    ("comparisons_citation_points_at_one_statement", make_citation, {"finding": None}),
    (
        "comparisons_citation_points_at_one_statement",
        make_citation,
        lambda: {"fact": make_fact(draft=True)},
    ),
    (
        "comparisons_disagreement_is_decided",
        make_disagreement,
        {"decision": ""},
    ),
    ("comparisons_disagreement_is_decided", make_disagreement, {"reason": ""}),
    (
        "comparisons_finding_bounds_are_for_unknown",
        draft(make_finding, level=Level.BUILT_IN),
        {"at_least": Level.MANUAL},
    ),
    (
        "comparisons_finding_bounds_are_for_unknown",
        draft(make_finding, level=Level.UNKNOWN, at_most=Level.MANUAL),
        {"level": Level.BUILT_IN},
    ),
    (
        "comparisons_finding_package_is_named",
        draft(make_finding, level=Level.BUILT_IN),
        {"level": Level.OFFICIAL},
    ),
    (
        "comparisons_finding_package_is_named",
        draft(make_finding, level=Level.THIRD_PARTY),
        {"extension": None},
    ),
    (
        "comparisons_knowledgeversion_is_one_row",
        KnowledgeVersion.objects.get,
        {"id": 2},
    ),
    ("comparisons_link_moved_says_where", make_link, {"state": "moved"}),
    (
        "comparisons_link_moved_says_where",
        make_link,
        {"moved_to_url": "https://new.example/"},
    ),
    ("comparisons_suggestion_has_one_target", make_suggestion, {"finding": None}),
    (
        "comparisons_suggestion_has_one_target",
        make_suggestion,
        lambda: {"source": make_source()},
    ),
    (
        "comparisons_suggestion_level_is_of_a_finding",
        lambda: make_suggestion(source=make_source()),
        {"proposed_level": Level.BUILT_IN},
    ),
    (
        "comparisons_suggestion_decision_has_its_time",
        make_suggestion,
        {"state": "accepted"},
    ),
    (
        "comparisons_suggestion_rejection_has_a_reason",
        make_rejected_suggestion,
        {"answer": ""},
    ),
    (
        "comparisons_threshold_level_is_known",
        make_threshold,
        {"level": Level.UNKNOWN},
    ),
    (
        "advisor_conflict_is_between_two",
        make_conflict,
        lambda: {"second": Conflict.objects.get().first},
    ),
    (
        "advisor_kinship_is_between_two",
        make_kinship,
        lambda: {"helped": Kinship.objects.get().known},
    ),
    ("advisor_question_slug_is_free", make_question, {"slug": "preset"}),
    ("advisor_effect_has_one_target", make_effect, {"feature": None}),
    (
        "advisor_effect_has_one_target",
        in_points(),
        lambda: {"theme": make_theme()},
    ),
    ("advisor_effect_says_what_it_does", make_effect, {"level": ""}),
    ("advisor_effect_says_what_it_does", make_effect, {"points": 1}),
    ("advisor_effect_says_what_it_does", in_points(), {"points": None}),
    ("advisor_effect_says_what_it_does", in_points(), {"level": Level.BUILT_IN}),
    (
        "advisor_question_priority_has_theme",
        make_question,
        {"kind": "priority"},
    ),
    (
        "advisor_question_priority_has_theme",
        make_question,
        lambda: {"theme": make_theme()},
    ),
]
CODES = {
    "ambiguous_slug",
    "blank",
    "invalid",
    "invalid_choice",
    "level_of_another_kind",
    "max_value",
    "min_value",
    "slug_is_no_address",
}
# (constraint, maker). The second row has the fields of the constraint from the
# first.
UNIQUE = [
    ("comparisons_alias_leads_to_one_row", lambda: make_alias(make_extension())),
    ("comparisons_source_one_per_page", make_source),
    ("comparisons_adopter_one_per_name", draft(make_adopter)),
    ("comparisons_changedobject_once_in_a_set", make_listed_change),
    ("comparisons_codesample_one_per_framework", make_sample),
    ("comparisons_fact_one_per_kind", draft(make_fact)),
    ("comparisons_finding_one_per_feature", draft(make_finding)),
    ("comparisons_pendingimport_one_per_editor", make_pending_import),
    ("comparisons_position_taken_once", make_position),
    ("comparisons_section_one_per_slug", make_section),
    ("comparisons_threshold_one_per_level", make_threshold),
    ("comparisons_verdict_one_per_slug", make_verdict),
    ("advisor_choice_one_per_slug", make_choice),
    ("advisor_effect_one_per_feature", make_effect),
    ("advisor_effect_one_per_theme", lambda: make_effect(theme=make_theme(), points=1)),
    ("advisor_expectation_one_per_passage", make_expectation),
    ("advisor_groupadvice_number_once_per_group", make_group_advice),
    ("advisor_groupmember_number_once_per_group", make_member),
    ("advisor_kinship_one_per_pair", make_kinship),
    ("advisor_presetpoints_one_per_theme", make_preset_points),
    ("advisor_share_one_per_feature", make_share),
]


def test_every_constraint_is_broken_here():
    broken = {name for name, *_ in [*FIELDS, *CHECKS, *UNIQUE]}

    assert broken == set(CONSTRAINTS)


def save(row, change):
    spoil(row, change).save()


def update(row, change):
    type(row)._base_manager.filter(pk=row.pk).update(**change)


def bulk_update(row, change):
    type(row)._base_manager.bulk_update([spoil(row, change)], list(change))


def bulk_create(row, change):
    type(row)._base_manager.bulk_create([spoil(twin(row), change)])


@pytest.mark.parametrize(
    ("name", "make", "change", "way"),
    [
        (*check, way)
        for check in [*FIELDS, *CHECKS]
        for way in (save, update, bulk_update, bulk_create)
        # The one change that bulk_update() does not make.
        if not (way is bulk_update and check[2] == {"id": 2})
    ],
)
def test_database_refuses_what_breaks_a_check(name, make, change, way):
    row, change = make(), given(change)

    with pytest.raises(IntegrityError, match=name):
        way(row, change)


@pytest.mark.parametrize(("name", "make", "change"), CHECKS)
def test_full_clean_explains_a_check(name, make, change):
    row = spoil(make(), given(change))

    with pytest.raises(ValidationError) as caught:
        row.full_clean()

    assert CONSTRAINTS[name].violation_error_message in caught.value.messages


@pytest.mark.parametrize(("name", "make", "change"), FIELDS)
def test_full_clean_explains_a_field(name, make, change):
    row = spoil(make(), change)

    with pytest.raises(ValidationError) as caught:
        row.full_clean()

    [field] = change
    codes = {error.code for error in caught.value.error_dict[field]}
    assert codes & CODES


@pytest.mark.parametrize(("name", "make"), UNIQUE)
def test_database_refuses_a_twin(name, make):
    row = make()
    fields = CONSTRAINTS[name].fields
    columns = [row._meta.get_field(field).column for field in fields]

    with pytest.raises(IntegrityError) as caught:
        type(row)._base_manager.bulk_create([twin(row)])

    # SQLite names the columns, PostgreSQL the constraint.
    message = str(caught.value)
    assert name in message or all(f".{column}" in message for column in columns)


@pytest.mark.parametrize(("name", "make"), UNIQUE)
def test_full_clean_explains_a_twin(name, make):
    row = twin(make())

    with pytest.raises(ValidationError) as caught:
        row.full_clean()

    assert CONSTRAINTS[name].violation_error_message in caught.value.messages


def given(change):
    return change() if callable(change) else change


def spoil(row, change):
    for name, value in change.items():
        setattr(row, name, value)
    return row


def twin(row):
    """Return an unsaved copy of ``row`` that differs in what is unique by itself."""
    other = copy(row)
    other._state = models.base.ModelState()
    other.pk = None
    constrained = {
        field
        for constraint in row._meta.constraints
        for field in getattr(constraint, "fields", ())
    }
    for field in row._meta.local_fields:
        if field.unique and not field.primary_key and field.name not in constrained:
            setattr(other, field.name, f"{getattr(row, field.name)}x")
    return other
