import pytest
from django.db import transaction

from comparisons.editing.locks import lock
from comparisons.editing.seen import stamp
from comparisons.models import Finding
from tests import factories as make

pytestmark = pytest.mark.django_db


def edit_note(finding):
    Finding.objects.filter(pk=finding.pk).update(note="Another note.")


def edit_citation(finding):
    finding.citations.update(says="Something else.")


def add_citation(finding):
    make.make_citation(finding=finding)


def retire(finding):
    Finding.objects.filter(pk=finding.pk).update(status="retired")


def move(finding):
    Finding.objects.filter(pk=finding.pk).update(framework=make.make_framework())


@pytest.mark.parametrize("edit", [edit_note, edit_citation, add_citation, retire, move])
def test_any_edit_changes_the_stamp(knowledge, edit):
    before = stamp(knowledge.flask_orm)

    edit(knowledge.flask_orm)

    assert stamp(Finding.objects.get(pk=knowledge.flask_orm.pk)) != before


def test_saving_without_a_change_keeps_the_stamp(knowledge):
    before = stamp(knowledge.flask_orm)

    knowledge.flask_orm.save()

    assert stamp(Finding.objects.get(pk=knowledge.flask_orm.pk)) == before


def test_lock_returns_what_is_stored_now(knowledge):
    edit_note(knowledge.flask_orm)

    with transaction.atomic():
        assert lock(knowledge.flask_orm).note == "Another note."


def test_lock_of_something_deleted_says_so(knowledge):
    finding = Finding.objects.get(pk=knowledge.flask_orm.pk)
    knowledge.flask_orm.delete()

    with transaction.atomic(), pytest.raises(Finding.DoesNotExist):
        lock(finding)
