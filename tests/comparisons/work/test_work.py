"""Work in the background: in short steps, once, seen, stopped, and gone on with."""

import datetime
from threading import Thread

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from comparisons.choices import ChangeKind, LinkState, Status
from comparisons.editing.roles import CONTRIBUTOR, REVIEWER
from comparisons.history import outcomes, rehearsing
from comparisons.history.recording import change_set
from comparisons.history.undoing import undo
from comparisons.knowledge.catalogue import LIBRARY
from comparisons.links import Answer
from comparisons.models import ChangeSet, Finding, Link, Source, Work
from comparisons.models.works import LEASE, MOST_STARTS, WorkKind, WorkState
from comparisons.work import checks, driving, rows, undoing
from comparisons.work.driving import drive
from tests import factories as make
from tests.comparisons.admin.test_conflicts import choose, listed
from tests.comparisons.spreadsheets import test_imports as imports
from tests.forms import desk_address, filled_in

pytestmark = pytest.mark.django_db

ROWS = 12
SINCE = {"since": "2000-01-01"}


@pytest.fixture
def pauses(monkeypatch):
    """What is done in each pause between two steps: functions, the next one first."""
    waiting = []
    monkeypatch.setattr(driving, "_pause", lambda: waiting and waiting.pop(0)())
    monkeypatch.setattr(rehearsing, "LEAST", 3)
    monkeypatch.setattr(rehearsing, "MOST", 3)
    return waiting


@pytest.fixture
def asked(admin_client, db):
    """The page that asks for a word before it imports notes of all sources."""
    for number in range(ROWS):
        make.make_source(slug=f"page-{number}")
    rows = [{"slug": f"page-{n}", "note": "Mine."} for n in range(ROWS)]
    stamped = imports.export(admin_client, Source)
    stamps = {row["slug"]: row["stamp"] for _, row in imports.files.read(stamped)}
    rows = [row | {"stamp": stamps[row["slug"]]} for row in rows]
    return imports.upload(admin_client, Source, imports.table(*rows))


def noted():
    return Source.objects.filter(note="Mine.").count()


def save_elsewhere():
    """Save by a connection of its own; fail at once if somebody holds the table."""

    def save():
        try:
            with connection.cursor() as cursor:
                if connection.vendor == "postgresql":
                    cursor.execute("SET lock_timeout = 500")
            with change_set(reason="Meanwhile"):
                make.make_source()
            saved.append(noted())
        finally:
            connection.close()

    saved = []
    thread = Thread(target=save)
    thread.start()
    thread.join()
    return saved


def silence(work):
    """Have ``work`` look as if its process had been ended some time ago."""
    long_ago = datetime.timedelta(seconds=LEASE + 1)
    Work.objects.filter(pk=work.pk).update(beat_at=work.created_at - long_ago)


@pytest.mark.django_db(transaction=True)
def test_others_save_between_all_steps_of_an_import_and_see_nothing_of_it(
    admin_client, asked, pauses
):
    seen = []
    pauses += [lambda: seen.append(save_elsewhere())] * (ROWS // 3)
    before = ChangeSet.objects.count()

    imports.confirm(admin_client, asked, change_reason="Read")

    assert seen == [[0]] * (ROWS // 3)
    assert noted() == ROWS
    assert ChangeSet.objects.count() == before + ROWS // 3 + 1
    changes = ChangeSet.objects.get(reason="Import of rows.csv: Read")
    assert changes.objects_changed.count() == ROWS
    undo([changes])
    assert noted() == 0


def test_what_stores_asks_no_more_for_more_rows(django_assert_max_num_queries):
    editor = make.make_editor()

    def rehearsed(number):
        sources = [make.make_source() for _ in range(number)]
        found = outcomes.Outcome()

        def change():
            for source in sources:
                source.note = "Other."
                source.save()

        rehearsing.rehearse(change, found)
        assert not Source.objects.filter(note="Other.").exists()
        return found

    few, many = rehearsed(3), rehearsed(30)
    said = {"editor": editor, "reason": "Notes"}
    with django_assert_max_num_queries(30) as counted:
        outcomes.store(few, **said)
    with django_assert_max_num_queries(len(counted)):
        outcomes.store(many, **said)

    assert Source.objects.filter(note="Other.").count() == 33


def test_page_says_how_far_it_is_and_asks_again(admin_client, asked, pauses):
    pages = []
    work = asked.context["work"]
    look = reverse("desk:work", args=[work.pk])
    pauses += [lambda: None, lambda: None, lambda: pages.append(admin_client.get(look))]
    pauses += [lambda: pages.append(admin_client.get("/admin/"))]

    imports.confirm(admin_client, asked)

    page, front = pages
    assert f"Running: 3 of {ROWS}" in page.text
    assert page["Refresh"]
    assert "Cancel it" in page.text
    assert work.title in front.text
    over = admin_client.get(look)
    assert f"Imported: 0 added, {ROWS} changed." in over.text
    assert "Refresh" not in over
    assert work.title not in admin_client.get("/admin/").text


def test_cancelled_import_leaves_nothing(admin_client, asked, pauses):
    work = asked.context["work"]
    stop = reverse("desk:cancel-work", args=[work.pk])
    pauses += [lambda: None, lambda: admin_client.post(stop)]
    sets = ChangeSet.objects.count()

    response = imports.confirm(admin_client, asked)

    assert "Cancelled" in response.text
    assert (noted(), ChangeSet.objects.count()) == (0, sets)
    again = admin_client.post(stop, follow=True)
    assert "It is over already." in again.text
    assert noted() == 0


def test_import_goes_on_when_its_process_was_ended(admin_client, asked, pauses):
    def end():
        raise KeyboardInterrupt

    work = asked.context["work"]
    look = reverse("desk:work", args=[work.pk])
    pauses += [lambda: None, lambda: None, end]
    with pytest.raises(KeyboardInterrupt):
        imports.confirm(admin_client, asked)

    resume = reverse("desk:resume-work", args=[work.pk])
    running = admin_client.post(resume, follow=True)
    assert "Running: 3" in running.text
    assert "Go on with it" not in running.text
    assert noted() == 0
    silence(work)
    assert "Go on with it" in admin_client.get(look).text
    assert noted() == 0
    assert "Imported" in admin_client.post(resume, follow=True).text
    assert noted() == ROWS
    assert ChangeSet.objects.filter(kind="import").count() == 1


def test_command_goes_on_with_what_was_left(admin_client, asked, pauses, capsys):
    Work.objects.update(state=WorkState.WAITING)

    call_command("work")

    assert f"{asked.context['work']}: waits for your word" in capsys.readouterr().out


def test_what_ends_its_process_each_time_is_given_up(asked):
    work = asked.context["work"]
    Work.objects.update(state=WorkState.RUNNING, tries=MOST_STARTS)
    silence(work)

    drive(work)

    assert work.state == WorkState.FAILED


def test_two_at_once_do_it_once(admin_client, asked, pauses):
    work = asked.context["work"]

    def take_over():
        drive(Work.objects.get(pk=work.pk))
        assert noted() == 0
        silence(work)
        drive(Work.objects.get(pk=work.pk))
        assert noted() == ROWS

    pauses += [lambda: None, take_over]
    imports.confirm(admin_client, asked)

    assert noted() == ROWS
    assert ChangeSet.objects.filter(kind="import").count() == 1


@pytest.mark.parametrize("pause", range(ROWS // 3 + 1))
def test_what_others_change_before_it_is_stored_is_not_lost(
    admin_client, asked, pauses, pause
):
    def change():
        with change_set(reason="Shorter"):
            source = Source.objects.get(slug="page-1")
            source.note = "Theirs."
            source.save()

    pauses += [lambda: None] * pause + [change]
    response = imports.confirm(admin_client, asked)

    assert noted() == 0
    assert Source.objects.get(slug="page-1").note == "Theirs."
    assert {column for _, column, _ in imports.problems(response)} == {"note", "stamp"}
    assert "(Shorter)" in response.text


def test_bulk_action_in_steps_is_one_change_of_all_that_nobody_touched(
    client, pauses, knowledge
):
    reviewer = make.make_editor("publish_knowledge", "change_finding", "view_finding")
    client.force_login(reviewer)
    rows = [make.make_finding(draft=True, cited=True) for _ in range(ROWS)]
    page = desk_address(Finding, "changelist")
    chosen = filled_in(listed(client, Finding), **choose("publish", *rows))
    asked = client.post(page, chosen)

    def change():
        with change_set(editor=reviewer, reason="Mine now"):
            rows[-1].note = "In other words."
            rows[-1].save()

    pauses += [change]
    done = client.post(page, filled_in(asked), follow=True)

    assert f"Now published: {ROWS - 1} findings." in done.text
    assert "(Mine now)" in done.text
    [changes] = reviewer.change_sets.exclude(reason="Mine now")
    assert changes.objects_changed.count() == ROWS - 1
    rows[-1].refresh_from_db()
    assert rows[-1].status == Status.DRAFT


@pytest.fixture
def many(knowledge):
    """Sources that nobody needs."""
    return [make.make_source(title=f"Page {n}") for n in range(ROWS)]


def delete(client, rows):
    """Choose ``rows`` in their list to be deleted, and confirm it."""
    page = desk_address(Source, "changelist")
    chosen = filled_in(listed(client, Source), **choose("delete_selected", *rows))
    asked = client.post(page, chosen)
    return client.post(page, filled_in(asked, change_reason="Too many"), follow=True)


def test_rows_are_deleted_in_parts_each_one_change_and_others_stay(
    admin_client, many, knowledge, pauses, monkeypatch
):
    monkeypatch.setattr(rows, "MOST_OBJECTS", 5)
    needed = knowledge.flask_orm.citations.first().source
    pauses += [lambda: make.edit(many[-1], why="Mine", title="Kept")]

    done = delete(admin_client, [*many, needed])

    assert f"Now deleted: {ROWS - 1} sources." in done.text
    assert "(Mine)" in done.text
    assert "It is still needed by" in done.text
    assert {*Source.objects.filter(title__in=["Kept", needed.title])} == {
        many[-1],
        needed,
    }
    sets = ChangeSet.objects.filter(reason="Too many")
    assert [each.objects_changed.count() for each in sets] == [1, 5, 5]


def test_deletion_goes_on_where_its_process_was_ended_and_stops_when_told(
    admin_client, many, pauses, monkeypatch
):
    def end():
        raise KeyboardInterrupt

    def left():
        return Source.objects.filter(title__startswith="Page").count()

    monkeypatch.setattr(rows, "MOST_OBJECTS", 3)
    pauses += [lambda: None, lambda: None, end]
    with pytest.raises(KeyboardInterrupt):
        delete(admin_client, many)
    assert left() == ROWS - 3

    work = Work.objects.get()
    silence(work)
    stop = reverse("desk:cancel-work", args=[work.pk])
    pauses += [lambda: None, lambda: None, lambda: admin_client.post(stop)]
    resume = reverse("desk:resume-work", args=[work.pk])
    stopped = admin_client.post(resume, follow=True)

    assert "Cancelled" in stopped.text
    assert left() == ROWS - 6


def test_what_is_deleted_comes_back_with_what_hung_on_it(admin_client, recorded):
    before = LIBRARY.files()
    page = desk_address(Finding, "changelist")
    chosen = choose("delete_selected", recorded.flask_orm, recorded.contested)
    asked = admin_client.post(page, filled_in(listed(admin_client, Finding), **chosen))
    assert "citations" in asked.text

    admin_client.post(page, filled_in(asked, change_reason="A slip"))
    changes = ChangeSet.objects.get(reason="A slip")
    assert not Finding.objects.filter(pk=recorded.flask_orm.pk).exists()
    undo([changes])

    assert LIBRARY.files() == before


def test_undo_is_worked_off_and_can_be_cancelled(admin_client, recorded, pauses):
    changes = make.edit(recorded.flask_orm, note="Reworded.")
    address = reverse("desk:undo-set", args=[changes.pk])
    pauses += [lambda: Work.objects.get().cancel()]

    stopped = admin_client.post(address, {"reason": "No"}, follow=True)
    assert "Cancelled" in stopped.text
    assert not changes.undone_by.exists()
    done = admin_client.post(address, {"reason": "No"}, follow=True)

    assert "Taken back." in done.text
    assert changes.undone_by.exists()
    work = Work.objects.first()
    shown = admin_client.get(reverse("desk:work", args=[work.pk]))
    assert "What was taken back" in shown.text


def test_many_sets_are_undone_in_parts_of_so_many_objects_from_the_latest_on(
    admin_client, admin_user, recorded, pauses, monkeypatch
):
    before = LIBRARY.files()
    monkeypatch.setattr(undoing, "MOST_OBJECTS", 3)
    with change_set(editor=admin_user) as both:
        make.change(recorded.flask_orm, note="Reworded.")
        make.change(recorded.contested, note="Reworded.")
    more = [
        make.edit(recorded.flask_orm, editor=admin_user, note=f"Once more: {n}.")
        for n in range(3)
    ]
    address = reverse("desk:undo-editor", query=SINCE | {"editor": admin_user.pk})

    done = admin_client.post(address, {"reason": "No"}, follow=True)

    assert "Taken back, in 2 sets." in done.text
    undone = ChangeSet.objects.filter(kind=ChangeKind.UNDO).order_by("pk")
    assert [[*each.undoes.order_by("pk")] for each in undone] == [more, [both]]
    assert [each.objects_changed.count() for each in undone] == [1, 2]
    assert LIBRARY.files() == before


def test_new_and_changed_rows_of_one_file_are_both_stored(admin_client, pauses):
    for _ in range(6):
        make.make_source()
    stamped = imports.export(admin_client, Source)
    stored = [row for _, row in imports.files.read(stamped)]
    new = [
        {**row, "slug": f"new-{n}", "url": "", "title": f"New {n}", "stamp": ""}
        for n, row in enumerate(stored[:3])
    ]
    changed = [row | {"note": "Mine."} for row in stored[:6]]

    asked = imports.upload(admin_client, Source, imports.table(*new, *changed))
    done = imports.confirm(admin_client, asked)

    assert "3 added, 6 changed" in done.text
    assert noted() == 6


def test_link_check_is_started_on_the_desk_and_keeps_what_it_has_asked(
    client, knowledge, pauses, monkeypatch
):
    client.force_login(make.make_editor("publish_knowledge", "view_finding"))
    answer = Answer(state=LinkState.OK, status=200)
    monkeypatch.setattr(
        checks, "ask", lambda links, **_: ((each, answer) for each in links)
    )
    start = reverse("desk:check", args=[WorkKind.LINKS])
    pauses += [lambda: None, lambda: Work.objects.get().cancel()]

    stopped = client.post(start, follow=True)
    assert "Cancelled" in stopped.text
    assert Link.objects.filter(state=LinkState.OK).count() == 1
    due = Link.objects.count() - 1
    done = client.post(start, follow=True)

    assert f"{LinkState.OK.label}: {due}" in done.text
    assert not Link.objects.filter(state=LinkState.UNCHECKED).exists()


def test_passage_check_is_started_on_the_desk(client, knowledge):
    client.force_login(make.make_editor("publish_knowledge"))

    done = client.post(reverse("desk:check", args=[WorkKind.PASSAGES]), follow=True)

    assert "<strong>Done</strong>" in done.text


def test_own_work_is_ones_own_and_checks_are_for_reviewers(client, asked):
    work = asked.context["work"]
    addresses = [
        reverse("desk:work", args=[work.pk]),
        reverse("desk:cancel-work", args=[work.pk]),
        reverse("desk:check", args=[WorkKind.LINKS]),
    ]

    def statuses(group):
        other = Client()
        editor = make.make_editor()
        editor.groups.add(Group.objects.get(name=group))
        other.force_login(editor)
        look, stop, check = addresses
        shown = work.title in other.get(reverse("desk:works")).text
        found = [other.get(look), other.post(check), other.post(stop)]
        return shown, [response.status_code for response in found]

    assert client.get(addresses[0]).status_code == 302
    assert statuses(CONTRIBUTOR) == (False, [404, 403, 404])
    assert statuses(REVIEWER) == (True, [200, 302, 302])


def test_failure_is_told_and_logged(admin_client, asked, monkeypatch, caplog):
    monkeypatch.setattr(imports.files, "read", lambda content: 1 // 0)

    response = imports.confirm(admin_client, asked)

    assert "It broke off" in response.text
    assert "ZeroDivisionError" in caplog.text
