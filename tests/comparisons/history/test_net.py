"""What stands differently since a reader came last, one line for each row."""

import pytest

from comparisons.choices import Level
from comparisons.history import net
from comparisons.history.net import net_of
from comparisons.history.recording import change_set, record_present_state
from comparisons.models import ChangeSet, KnowledgeVersion
from tests import factories as make
from tests.pages import read


@pytest.fixture
def left(knowledge):
    """The version at which a reader left."""
    record_present_state()
    return KnowledgeVersion.current()


def lines(response):
    """Return what the section on differences says, line by line."""
    found = response.context["net"]
    return [
        (sentence.subject, sentence.before, sentence.after, address)
        if sentence.has_answer
        else (sentence.act, sentence.last.name, address)
        for sentence, address in found.rows
    ]


def test_answer_is_told_once_however_often_it_changed(client, knowledge, left):
    make.edit(knowledge.flask_orm, level=Level.MANUAL, extension=None)
    make.edit(knowledge.flask_orm, level=Level.BUILT_IN)
    make.edit(knowledge.django_orm, level=Level.MANUAL)
    make.edit(knowledge.django_orm, level=Level.BUILT_IN)

    response = client.get(f"/changes/?since={left}")

    assert lines(response) == [
        (
            "Flask, Orm",
            "third-party package (Flask sqlalchemy)",
            "built in",
            "/frameworks/flask/orm/",
        )
    ]
    assert len(response.context["changes"]) == 4


def test_what_came_is_told_as_a_whole(client, knowledge, left):
    with change_set():
        bottle = make.make_framework(slug="bottle", name="Bottle")
        make.make_finding(framework=bottle, feature=knowledge.orm, level=Level.MANUAL)

    told = lines(client.get(f"/changes/?since={left}"))

    assert ("Added", "Bottle", "/frameworks/bottle/") in told
    assert not [line for line in told if "Orm" in line[0]]


def test_differences_are_those_of_the_framework_asked_for(client, knowledge, left):
    make.edit(knowledge.flask_orm, level=Level.MANUAL, extension=None)
    make.edit(knowledge.django_orm, level=Level.MANUAL)

    response = client.get(f"/changes/?since={left}&framework=django")
    [(subject, *_)] = lines(response)

    assert subject == "Django, Orm"


def test_details_alone_are_no_difference(client, knowledge, left):
    make.edit(knowledge.django_orm, level=Level.BUILT_IN, note="Models.")

    page = read(client.get(f"/changes/?since={left}"))

    assert "Every answer is as it was." in page.text
    assert "Django, Orm: still built in, details changed" in page.text


def test_unanswered_question_that_is_answered_by_unknown_is_still_unknown(
    client, knowledge, left
):
    with change_set():
        make.make_finding(
            framework=knowledge.flask, feature=knowledge.throughput, level=Level.UNKNOWN
        )

    page = read(client.get(f"/changes/?since={left}"))

    assert "Flask, Throughput: still unknown, details changed" in page.text


def test_nothing_new_is_said_in_words(client, knowledge, left):
    page = read(client.get(f"/changes/?since={left}"))

    assert "None since then." in page.text
    assert "What stands differently now" not in page.text


def test_no_more_is_summed_up_or_told_than_a_page_holds(
    client, knowledge, left, monkeypatch
):
    make.edit(knowledge.flask_orm, level=Level.MANUAL, extension=None)
    make.edit(knowledge.django_orm, level=Level.MANUAL)

    monkeypatch.setattr(net, "MOST_TOLD", 1)
    page = read(client.get(f"/changes/?since={left}"))
    assert "1 more stand in the changes below." in page.text
    monkeypatch.setattr(net, "MOST_CHANGES", 1)
    assert net_of(ChangeSet.objects.public().filter(version__gt=left)) is None
