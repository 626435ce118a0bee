"""Every change is recorded once, and can be taken back."""

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError

from comparisons.choices import ChangeKind, Level, Stance, Status
from comparisons.history.recording import change_set, record_present_state, save_ahead
from comparisons.history.undoing import UndoConflict, undo
from comparisons.knowledge.catalogue import LIBRARY
from comparisons.models import ChangeSet, Citation, Finding, Framework, Source
from tests import factories as make

pytestmark = pytest.mark.django_db


def records_in(changes):
    return [
        (record.history_type, str(record.instance))
        for model in (Framework, Finding, Citation, Source)
        for record in model.history.filter(change_set=changes)
    ]


def test_set_holds_editor_reason_and_what_changed(recorded):
    editor = get_user_model().objects.create(username="ada")
    finding = recorded.flask_orm

    changes = make.edit(
        finding,
        editor=editor,
        why="The page moved",
        note="It leaves the choice to you.",
    )

    assert (changes.editor, changes.reason, changes.kind) == (
        editor,
        "The page moved",
        ChangeKind.EDIT,
    )
    assert records_in(changes) == [("~", str(finding))]


def test_object_is_recorded_once_however_often_it_is_saved(recorded):
    finding = recorded.flask_orm

    with change_set() as changes:
        for note in ("One.", "Two."):
            make.change(finding, note=note)
        finding.alternatives.clear()

    record = Finding.history.get(change_set=changes)
    assert record.note == "Two."
    assert not record.alternatives.exists()


def test_set_in_which_nothing_changed_leaves_no_trace(recorded):
    with change_set():
        recorded.flask_orm.save()
        make.make_framework(slug="fleeting").delete()

    assert list(ChangeSet.objects.values_list("kind", flat=True)) == [ChangeKind.LOAD]


def test_set_that_fails_changes_and_records_nothing(recorded):
    before = LIBRARY.files()

    def fail():
        with change_set():
            recorded.pro.delete()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert LIBRARY.files() == before
    assert ChangeSet.objects.count() == 1


def test_inner_set_joins_the_outer_one(recorded):
    with change_set(reason="outer") as outer, change_set(reason="inner") as inner:
        make.make_framework()

    assert inner == outer
    assert ChangeSet.objects.count() == 2


def reword_and_unlink(knowledge):
    make.change(knowledge.flask_orm, note="Changed.", since_version="9")
    knowledge.flask_orm.alternatives.clear()


def delete_a_framework(knowledge):
    """With all that hung on it."""
    knowledge.disagreement.delete()
    knowledge.comparison.delete()
    knowledge.flask.delete()


def delete_the_last_passage(knowledge):
    """Its statement is a draft without it."""
    knowledge.django_orm.citations.get().delete()
    knowledge.django_orm.refresh_from_db()
    assert knowledge.django_orm.status == Status.DRAFT


def move_the_last_passage(knowledge):
    citation = knowledge.django_orm.citations.get()
    make.change(citation, finding=knowledge.flask_orm)


def delete_a_passage_of_a_position(knowledge):
    knowledge.contested.citations.get(stance=Stance.DISPUTES).delete()


def add_a_framework(knowledge):
    framework = make.make_framework(slug="bottle")
    make.make_finding(framework=framework, feature=knowledge.orm, level=Level.MANUAL)


def swap_names(knowledge):
    one, other = Framework.objects.order_by("pk")
    for row, name in ((one, "?"), (other, one.name), (one, other.name)):
        make.change(row, name=name)


@pytest.mark.parametrize(
    "act",
    [
        reword_and_unlink,
        delete_a_framework,
        delete_the_last_passage,
        move_the_last_passage,
        delete_a_passage_of_a_position,
        add_a_framework,
        swap_names,
    ],
)
def test_undo_brings_all_back(recorded, act):
    before = LIBRARY.files()
    with change_set() as changes:
        act(recorded)

    undo([changes])

    assert LIBRARY.files() == before


def test_undo_refuses_to_bring_back_what_hangs_on_something_gone(recorded):
    with change_set() as first:
        recorded.con.delete()
    with change_set():
        recorded.flask.delete()

    with pytest.raises(UndoConflict, match="a framework, is gone"):
        undo([first])


def test_undo_refuses_where_the_state_before_was_never_recorded(knowledge):
    first = make.edit(knowledge.flask, tagline="Another line.")

    with pytest.raises(UndoConflict, match="was not recorded"):
        undo([first])


def test_present_state_is_recorded_once(recorded):
    assert record_present_state() is None
    record = Finding.history.get(id=recorded.flask_orm.pk)
    assert [link.extension.slug for link in record.alternatives.all()] == ["peewee"]


def test_undo_withdraws_nothing_that_lends_its_support_on_the_way(recorded):
    before = LIBRARY.files()
    passage = recorded.django_orm.citations.get()
    first = make.edit(passage, finding=recorded.flask_orm)
    with change_set() as second:
        for other in recorded.flask_orm.citations.exclude(pk=passage.pk):
            make.change(other, finding=recorded.django_orm)

    undo([first, second])

    assert LIBRARY.files() == before


def test_statement_is_saved_before_its_passage_and_published_with_it():
    finding = make.make_finding(level=Level.UNKNOWN)
    finding.level = Level.MANUAL
    with change_set() as changes:
        save_ahead(finding)
        make.make_citation(finding=finding)

    finding.refresh_from_db()
    assert finding.is_published
    [record] = Finding.history.filter(change_set=changes)
    assert record.status == Status.PUBLISHED


def test_statement_saved_before_a_passage_that_never_comes_is_refused():
    finding = make.make_finding(level=Level.UNKNOWN)
    finding.level = Level.MANUAL
    with pytest.raises(IntegrityError, match="supporting"), change_set():
        save_ahead(finding)
