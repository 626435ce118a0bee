import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection

from advisor.models import Question
from tests.factories import make_advice, make_choice, make_group_advice, make_question

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("make", [make_advice, make_group_advice])
def test_stored_advice_never_changes(make):
    table = make()._meta.db_table

    with (
        connection.cursor() as cursor,
        pytest.raises(IntegrityError, match="Stored advice never changes"),
    ):
        cursor.execute(f"UPDATE {table} SET data_version = 2")


def on_itself(asked, asked_choice, hanging, hanging_choice):
    return asked, asked_choice


def on_one_that_hangs(asked, asked_choice, hanging, hanging_choice):
    return make_question(), hanging_choice


def under_one_that_hangs(asked, asked_choice, hanging, hanging_choice):
    return asked, make_choice()


@pytest.mark.parametrize("link", [on_itself, on_one_that_hangs, under_one_that_hangs])
def test_condition_is_one_level_deep(link):
    asked_choice = make_choice()
    hanging_choice = make_choice(question=make_question(shown_if=asked_choice))
    question, condition = link(
        asked_choice.question, asked_choice, hanging_choice.question, hanging_choice
    )
    question.shown_if = condition

    with pytest.raises(ValidationError) as explained:
        question.full_clean()
    assert list(explained.value.error_dict) == ["shown_if"]
    with pytest.raises(IntegrityError, match="asks everybody"):
        Question.objects.filter(pk=question.pk).update(shown_if=condition)
