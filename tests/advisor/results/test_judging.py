"""“Was this right?”: counted once, under what came first, and never by whom."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from advisor.models import Advice, JudgedAdvice, Judgement
from advisor.results.judging import MOST_FRAMEWORKS, judge, judgements
from comparisons.web import throttle
from tests import factories as make
from tests.pages import ANSWERS, ask_advisor, read

pytestmark = pytest.mark.django_db


def right(advice):
    return f"{advice.get_absolute_url()}right/"


def counts():
    return list(
        Judgement.objects.values_list("framework", "certainty", "answer", "count")
    )


def test_one_click_counts_and_leads_back(client, advice):
    label = advice.result["certainty"]

    response = client.post(right(advice), {"answer": "yes"})

    assert response.status_code == 302
    assert response.url == f"{advice.get_absolute_url()}#right"
    assert counts() == [("flask", label, "yes", 1)]
    assert Judgement.objects.get().month == timezone.now().date().replace(day=1)
    page = read(client.get(advice.get_absolute_url()))
    assert "that was counted for this result" in page.text
    assert not page.has("button", name="answer")


def test_result_counts_once_whoever_says_what(client, advice):
    client.post(right(advice), {"answer": "yes"})
    Client().post(right(advice), {"answer": "no"})
    client.post(right(advice), {"answer": "yes"})

    assert [count for *_, count in counts()] == [1]


def test_results_of_one_kind_are_counted_in_one_row(client, knowledge):
    for _ in range(3):
        client.post(right(ask_advisor(client)), {"answer": "partly"})

    assert [tuple(row[2:]) for row in counts()] == [("partly", 3)]


def test_nothing_but_the_count_is_kept(client, advice):
    client.post(right(advice), {"answer": "no"})

    assert {field.name for field in Judgement._meta.get_fields()} == {
        *("id", "month", "framework", "certainty", "answer", "count")
    }
    assert JudgedAdvice.objects.values().get() == {"id": advice.pk}
    assert Advice.objects.get(pk=advice.pk).result == advice.result


def test_mark_goes_with_the_result(client, advice):
    client.post(right(advice), {"answer": "no"})

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM advisor_advice")

    assert not JudgedAdvice.objects.exists()
    assert Judgement.objects.exists()


def test_refused_answer_says_what_to_choose(client, advice):
    response = client.post(right(advice), {"answer": "maybe"})

    page = read(response)
    assert (response.status_code, Judgement.objects.count()) == (400, 0)
    assert "Choose yes, partly or no." in page.text
    assert page.has("button", name="answer", value="partly")


def test_looking_never_counts(client, advice):
    assert client.get(right(advice)).status_code == 405
    assert not Judgement.objects.exists()


def test_clicking_without_end_is_refused(client, advice, monkeypatch):
    monkeypatch.setattr(throttle, "MOST", throttle.MOST | {"judgement": 1})
    client.post(right(advice), {"answer": "yes"})
    another = ask_advisor(client, ANSWERS | {"project": ""})

    response = client.post(right(another), {"answer": "yes"})

    assert response.status_code == 429
    assert "Many answers came from your network" in read(response).text
    assert [count for *_, count in counts()] == [1]


def test_result_that_ranks_nobody_asks_nothing(client, knowledge):
    silent = ask_advisor(client, {})

    assert "Was this right?" not in read(client.get(silent.get_absolute_url())).text
    client.post(right(silent), {"answer": "yes"})
    assert not Judgement.objects.exists()


def test_result_that_is_gone_is_not_judged(client, knowledge):
    expired = make.make_advice(expires_at=datetime(2020, 1, 1, tzinfo=UTC))

    assert client.post(right(expired), {"answer": "yes"}).status_code == 410


def test_result_that_is_deleted_meanwhile_leaves_no_mark(advice):
    Advice.objects.all().delete()

    with pytest.raises(Advice.DoesNotExist):
        judge(advice, "yes")
    assert not JudgedAdvice.objects.exists()


def test_result_of_an_early_format_is_judged_too(knowledge):
    early = make.make_advice(result={"ranking": [{"framework": "flask"}]})

    assert judge(early, "yes")
    assert not judge(early, "yes")
    assert counts() == [("flask", "", "yes", 1)]


def test_most_judged_come_first_and_few_are_listed():
    for number in range(MOST_FRAMEWORKS + 2):
        make.make_judgement(framework=f"number-{number:02}", count=number + 1)
    make.make_judgement(framework="number-00", answer="no", count=40)

    listed = judgements("framework")

    assert len(listed) == MOST_FRAMEWORKS
    assert listed[0] == {
        "subject": "number-00",
        "total": 41,
        "yes": 1,
        "partly": 0,
        "no": 40,
    }
    assert listed[1]["subject"] == f"number-{MOST_FRAMEWORKS + 1}"
