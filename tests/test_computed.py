"""What takes long is worked out once for each state of the knowledge."""

from concurrent.futures import Future
from threading import Event

import pytest
from django.utils import timezone

from comparisons.queue.sections import current_audit
from comparisons.web import computed
from comparisons.web.computed import Computed, NotYet, older_ones
from tests import factories as make


@pytest.fixture
def calls(settings, monkeypatch):
    """The arguments of each time that the work was done."""
    settings.BACKGROUND = True
    # Its thread has no connection to close.
    monkeypatch.setattr(Computed, "_run", lambda self, args, ahead: self._work(*args))
    return []


def test_it_is_worked_out_again_after_each_recorded_change_alone(knowledge, calls):
    count = Computed(lambda day: calls.append(day) or len(calls))

    assert [count("today"), count("today"), count("tomorrow")] == [1, 1, 2]
    make.change(knowledge.flask, tagline="Seen by readers.")
    assert [count("tomorrow"), count("tomorrow")] == [3, 3]
    make.change(knowledge.flask, status="draft")
    make.change(knowledge.flask, tagline="Seen by editors alone.")
    assert count("tomorrow") == 4


def test_nobody_waits_for_long_and_it_comes_when_it_is_ready(
    knowledge, calls, monkeypatch
):
    monkeypatch.setattr(computed, "WAIT", 0.01)
    ready = Event()
    slow = Computed(lambda: ready.wait(10) and calls.append(1))

    with pytest.raises(NotYet):
        slow()
    with pytest.raises(NotYet):
        slow()
    ready.set()
    monkeypatch.setattr(computed, "WAIT", 10)
    slow()

    assert calls == [1]


def test_what_was_known_last_is_given_as_such_until_the_present_is_known(
    knowledge, calls, monkeypatch
):
    ready = Event()
    slow = Computed(lambda: calls.append(1) or ready.wait(10) and len(calls))

    with pytest.raises(NotYet):
        slow(wait=0.01)
    ready.set()
    assert slow(wait=10) == 1
    ready.clear()
    make.change(knowledge.flask, tagline="Seen by readers.")
    with older_ones() as older:
        assert slow(wait=0.01) == 1
    assert older == [slow]
    ready.set()
    with older_ones() as older:
        assert slow(wait=10) == 2
    assert older == []


def test_nobody_waits_for_what_took_longer_last_time(knowledge, calls, monkeypatch):
    slow = Computed(lambda: len(calls))
    assert slow() == 0
    slow._took = computed.WAIT
    asked = []
    monkeypatch.setattr(Future, "result", lambda self, wait: asked.append(wait))
    slow()

    assert asked == [0]


def test_page_says_that_it_shows_what_was_known_last(client, knowledge, monkeypatch):
    client.force_login(make.make_editor("view_finding"))
    audit = current_audit(timezone.localdate())

    def known_last(day):
        computed._older.get().append(day)
        return audit

    monkeypatch.setattr("comparisons.admin.pages.audit.current_audit", known_last)
    response = client.get("/admin/audit/")

    assert (response.status_code, response["Refresh"]) == (200, "3")
    assert "is as it was before" in response.text
    monkeypatch.undo()
    assert "Refresh" not in client.get("/admin/audit/")


def test_failure_is_told_and_tried_again(knowledge, calls):
    def fail_once():
        calls.append(1)
        return 1 // (len(calls) - 1)

    work = Computed(fail_once)

    with pytest.raises(ZeroDivisionError):
        work()
    assert work() == 1


def test_page_that_is_not_ready_asks_again_by_itself(
    client, knowledge, django_user_model, monkeypatch
):
    client.force_login(django_user_model.objects.create_superuser("editor"))

    def not_yet(day):
        raise NotYet

    monkeypatch.setattr("comparisons.admin.pages.audit.current_audit", not_yet)
    response = client.get("/admin/audit/")

    assert (response.status_code, response["Refresh"]) == (202, "3")
    assert "asks again by itself" in response.text
