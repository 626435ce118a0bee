"""Each constraint is broken on purpose: past the forms, and in front of them."""

from copy import copy
from functools import partial

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from advisor.models import Conflict, Kinship
from comparisons.choices import Level
from comparisons.history.recording import change_set
from comparisons.models import (
    ChangedObject,
    ChangeSet,
    KnowledgeVersion,
    Proposal,
    Statement,
)
from tests import factories as make

pytestmark = pytest.mark.django_db

MODELS = {
    constraint.name: model
    for app in ("comparisons", "advisor")
    for model in apps.get_app_config(app).get_models()
    for constraint in model._meta.constraints
}
CONSTRAINTS = {
    name: next(each for each in model._meta.constraints if each.name == name)
    for name, model in MODELS.items()
}


def listed_change():
    with change_set() as changes:
        make.make_framework()
    return changes.objects_changed.get()


# Makers of a good row of each model, where make_row() does not make it.
MAKERS = {
    ChangedObject: listed_change,
    ChangeSet: ChangeSet.objects.create,
    KnowledgeVersion: KnowledgeVersion.objects.get,
}


def maker_of(model):
    """Return what makes a good row of ``model``, of a statement a draft."""
    fields = {"draft": True} if issubclass(model, Statement) else {}
    return MAKERS.get(model) or partial(make.make_row, model, **fields)


DRAFT = {"draft": True}
moved_link = partial(make.make_link, state="moved", moved_to_url="https://new.example/")
DECIDED = {"decided_at": timezone.now(), "answer": "It holds."}
rejected_suggestion = partial(make.make_suggestion, state="rejected", **DECIDED)
declined_proposal = partial(make.make_proposal, state="declined", **DECIDED)
built_in = partial(make.make_finding, level=Level.BUILT_IN, **DRAFT)
third_party = partial(make.make_finding, level=Level.THIRD_PARTY, **DRAFT)
bounded = partial(make.make_finding, level=Level.UNKNOWN, at_most=Level.MANUAL, **DRAFT)
in_points = partial(make.make_effect, points=2)


def accepted_proposal():
    return make.make_proposal(
        state="accepted", decided_at=timezone.now(), decided_by=make.make_editor()
    )


def on_source():
    return make.make_suggestion(source=make.make_source())


def passage_of_a_fact():
    return make.make_citation(fact=make.make_fact(draft=True))


def of_any_model():
    """Yield the constraints that are said of a field in the same way everywhere."""
    for name, constraint in CONSTRAINTS.items():
        if name.endswith("_is_known"):
            field = name.removeprefix(f"{MODELS[name]._meta.db_table}_")
            yield name, {field.removesuffix("_is_known"): "x"}
        elif name.endswith("_is_web"):
            yield name, {constraint.condition.children[0][0]: "ftp://a.example"}


# Those of which a row needs more to be spoilt by that alone.
APART = [
    ("comparisons_citation_level_is_known", {"level": "x"}, passage_of_a_fact),
    ("comparisons_finding_level_is_known", {"level": ""}),
    ("comparisons_link_moved_to_is_web", {"moved_to_url": "x"}, moved_link),
    ("comparisons_proposal_state_is_known", {"state": "x"}, declined_proposal),
    ("comparisons_suggestion_state_is_known", {"state": "x"}, rejected_suggestion),
]
# The database knows more of it than the field.
LEVEL_OF_A_THRESHOLD = "comparisons_threshold_level_is_known"
# (constraint, what spoils a row, its maker unless that is the model's).
CHECKS = [
    *(
        case
        for case in of_any_model()
        if case[0] not in {LEVEL_OF_A_THRESHOLD, *(name for name, *_ in APART)}
    ),
    *APART,
    ("comparisons_proposal_says_why", {"reason": ""}),
    ("comparisons_suggestion_says_what_is_wrong", {"problem": ""}),
    ("comparisons_citation_names_its_passage", {"locator": ""}),
    ("comparisons_citation_names_its_passage", {"says": ""}),
    ("comparisons_framework_slug_is_unambiguous", {"slug": "a-vs-b"}),
    ("comparisons_comparison_slug_names_frameworks", {"slug": "a"}),
    ("advisor_kinship_names_its_passage", {"reason": ""}),
    ("advisor_kinship_names_its_passage", {"locator": ""}),
    ("advisor_kinship_worth_is_a_share", {"worth": 0}),
    ("advisor_kinship_worth_is_a_share", {"worth": 2}),
    ("advisor_presetpoints_are_a_step", {"points": 3}),
    ("advisor_share_is_a_share", {"share": 0}),
    ("advisor_share_is_a_share", {"share": 2}),
    ("advisor_theme_known_share_is_a_share", {"known_share": 2}),
    ("advisor_theme_known_share_is_a_share", {"known_share": -1}),
    ("comparisons_synonym_means_one_thing", {"feature": None}),
    ("comparisons_alias_leads_to_its_kind", {"kind": "source"}),
    ("advisor_groupmember_number_is_bounded", {"number": 0}),
    ("advisor_groupmember_number_is_bounded", {"number": 31}),
    ("comparisons_citation_points_at_one_statement", {"finding": None}),
    (
        "comparisons_citation_points_at_one_statement",
        lambda: {"fact": make.make_fact(draft=True)},
    ),
    (
        "comparisons_citation_fragment_or_reason",
        {"fragment": "usage", "no_fragment": "no_section"},
    ),
    ("comparisons_citation_is_found_on_a_day", {"fingerprint": "0123456789abcdef"}),
    ("comparisons_disagreement_is_decided", {"decision": ""}),
    ("comparisons_disagreement_is_decided", {"reason": ""}),
    (
        "comparisons_finding_bounds_are_for_unknown",
        {"at_least": Level.MANUAL},
        built_in,
    ),
    (
        "comparisons_finding_bounds_are_for_unknown",
        {"level": Level.BUILT_IN},
        bounded,
    ),
    ("comparisons_finding_package_is_named", {"level": Level.OFFICIAL}, built_in),
    ("comparisons_finding_package_is_named", {"extension": None}, third_party),
    ("comparisons_knowledgeversion_is_one_row", {"id": 2}),
    ("comparisons_link_moved_says_where", {"state": "moved"}),
    ("comparisons_link_moved_says_where", {"moved_to_url": "https://new.example/"}),
    ("comparisons_measurement_lies_in_its_spread", {"low": 501}),
    ("comparisons_measurement_lies_in_its_spread", {"high": 499}),
    ("comparisons_measurement_ratio_lies_in_its_spread", {"ratio": None}),
    ("comparisons_measurement_ratio_lies_in_its_spread", {"ratio_low": 0.51}),
    ("comparisons_measurementrun_took_time", {"rounds": 0}),
    ("comparisons_proposal_decision_has_its_time", {"state": "withdrawn"}),
    ("comparisons_proposal_answer_has_a_reason", {"answer": ""}, declined_proposal),
    (
        "comparisons_proposal_not_accepted_by_its_author",
        lambda: {"decided_by": Proposal.objects.get().author},
        accepted_proposal,
    ),
    ("comparisons_suggestion_has_one_target", {"finding": None}),
    (
        "comparisons_suggestion_has_one_target",
        lambda: {"source": make.make_source()},
    ),
    (
        "comparisons_suggestion_level_is_of_a_finding",
        {"proposed_level": Level.BUILT_IN},
        on_source,
    ),
    ("comparisons_suggestion_decision_has_its_time", {"state": "accepted"}),
    (
        "comparisons_suggestion_rejection_has_a_reason",
        {"answer": ""},
        rejected_suggestion,
    ),
    (LEVEL_OF_A_THRESHOLD, {"level": Level.UNKNOWN}),
    (
        "advisor_conflict_is_between_two",
        lambda: {"second": Conflict.objects.get().first},
    ),
    (
        "advisor_kinship_is_between_two",
        lambda: {"helped": Kinship.objects.get().known},
    ),
    ("advisor_question_slug_is_free", {"slug": "preset"}),
    ("advisor_effect_has_one_target", {"feature": None}),
    (
        "advisor_effect_has_one_target",
        lambda: {"theme": make.make_theme()},
        in_points,
    ),
    ("advisor_effect_says_what_it_does", {"level": ""}),
    ("advisor_effect_says_what_it_does", {"level": Level.UNKNOWN}),
    ("advisor_effect_says_what_it_does", {"points": 1}),
    ("advisor_effect_says_what_it_does", {"points": None}, in_points),
    ("advisor_effect_says_what_it_does", {"level": Level.BUILT_IN}, in_points),
    ("advisor_question_priority_has_theme", {"kind": "priority"}),
    ("advisor_question_priority_has_theme", lambda: {"theme": make.make_theme()}),
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
    *(
        (name, maker_of(MODELS[name]))
        for name, constraint in CONSTRAINTS.items()
        if isinstance(constraint, models.UniqueConstraint)
        and name != "advisor_effect_one_per_theme"
    ),
    (
        "advisor_effect_one_per_theme",
        lambda: make.make_effect(theme=make.make_theme(), points=1),
    ),
]


def test_every_constraint_is_broken_here():
    broken = {name for name, *_ in [*CHECKS, *UNIQUE]}

    assert broken == set(CONSTRAINTS)


@pytest.mark.parametrize("case", CHECKS, ids=lambda case: case[0])
def test_database_keeps_a_check_and_full_clean_explains_it(case):
    name, change, *maker = case
    row = (*maker, maker_of(MODELS[name]))[0]()
    change = change() if callable(change) else change

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        type(row)._base_manager.filter(pk=row.pk).update(**change)
    for field, value in change.items():
        setattr(row, field, value)
    with pytest.raises(ValidationError) as caught:
        row.full_clean()

    is_explained = CONSTRAINTS[name].violation_error_message in caught.value.messages
    of_fields = [caught.value.error_dict.get(field, []) for field in change]
    # The field itself or clean() may say it first.
    assert is_explained or {error.code for each in of_fields for error in each} & CODES


@pytest.mark.parametrize(("name", "make"), UNIQUE)
def test_database_refuses_a_twin_and_full_clean_explains_it(name, make):
    row = make()
    other = twin(row)
    columns = [row._meta.get_field(each).column for each in CONSTRAINTS[name].fields]

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        type(row)._base_manager.bulk_create([copy(other)])
    with pytest.raises(ValidationError) as caught:
        other.full_clean()

    # SQLite names the columns, PostgreSQL the constraint.
    message = str(refused.value)
    assert name in message or all(f".{column}" in message for column in columns)
    assert CONSTRAINTS[name].violation_error_message in caught.value.messages


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
            value = f"{getattr(row, field.name)}x"
            if field.is_relation:
                value = maker_of(field.related_model)()
            setattr(other, field.name, value)
    return other
