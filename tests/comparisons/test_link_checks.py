"""What checking addresses leaves behind: rows, the desk, and what readers see."""

import datetime
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from comparisons import links
from comparisons.choices import LinkState
from comparisons.links import Answer
from comparisons.models import Extension, Link, Source
from comparisons.work import checks
from tests import factories as make
from tests.misbehaving import PATIENCE, serve
from tests.pages import read

pytestmark = pytest.mark.django_db

MONDAY = datetime.datetime(2026, 11, 23, 23, 50, tzinfo=datetime.UTC)
NEW = "https://new.example/"
MISSING = Answer(state=LinkState.GONE, status=404)
THERE = Answer(state=LinkState.OK, status=200)
FAILED = Answer(state=LinkState.ERROR, error="No answer in time.")
CLOSED = Answer(state=LinkState.BLOCKED, status=403, error="Answered 403 Forbidden.")


def record(link, answer, *, days=0, minutes=0):
    """Store ``answer`` as given so long after Monday, and return the row."""
    at = MONDAY + datetime.timedelta(days=days, minutes=minutes)
    link.record(answer, at=at)
    link.refresh_from_db()
    return link


def moved_link(**fields):
    return make.make_link(state=LinkState.MOVED, moved_to_url=NEW, **fields)


# What a row remembers


def test_missing_page_is_gone_only_on_the_second_day():
    link = make.make_link()

    first = record(link, MISSING)
    assert (first.state, first.failures) == (LinkState.ERROR, 1)
    assert first.error.startswith("Answered 404 for the first time.")

    assert record(link, MISSING, minutes=5).state == LinkState.ERROR

    second = record(link, MISSING, minutes=15)
    assert (second.state, second.failures, second.error) == (LinkState.GONE, 3, "")
    assert second.missing_since == MONDAY.date()


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ([MISSING, FAILED, MISSING], LinkState.GONE),
        ([MISSING, CLOSED, MISSING], LinkState.GONE),
        ([MISSING, MISSING, FAILED], LinkState.GONE),
        ([MISSING, THERE, MISSING], LinkState.ERROR),
        ([MISSING, MISSING, THERE], LinkState.OK),
    ],
)
def test_page_is_gone_until_it_is_there_again(answers, state):
    link = make.make_link()

    for day, answer in enumerate(answers):
        record(link, answer, days=day)

    assert link.state == state
    if state == LinkState.OK:
        assert (link.failures, link.missing_since) == (0, None)


def test_answer_of_the_slower_of_two_runs_is_dropped():
    slow = make.make_link()
    quick = Link.objects.get()

    quick.record(THERE, at=MONDAY)

    assert slow.record(MISSING, at=MONDAY) is None
    assert Link.objects.get().state == LinkState.OK


def test_one_row_is_kept_for_each_address_in_use():
    shared = make.make_source(url="https://shared.example/")
    make.make_source(url="")
    make.make_extension(url=shared.url, repository_url="https://code.example/")
    known = make.make_link(source=shared, state=LinkState.OK)
    make.make_link(url="https://unused.example/")

    Link.gather()

    assert [link.url for link in Link.objects.all()] == [
        "https://code.example/",
        "https://shared.example/",
    ]
    assert Link.objects.get(pk=known.pk).state == LinkState.OK


def test_new_address_replaces_the_old_one_wherever_it_stands():
    source = make.make_source(note="Read twice.")
    extension = make.make_extension(url=source.url, repository_url=source.url)
    other = make.make_source()
    old = source.url

    moved_link(source=source).replace(on=MONDAY.date())

    source.refresh_from_db()
    extension.refresh_from_db()
    other.refresh_from_db()
    assert source.url == extension.url == extension.repository_url == NEW
    assert source.note == (
        f"Read twice.\n\nUntil 23 November 2026 its address was {old}."
    )
    assert other.url != NEW


# The command


@pytest.fixture
def server(monkeypatch):
    """A server that the command may reach, and never has to wait for long."""
    with serve() as server:

        def ask(asked, *, agent, limits):
            return links.ask(
                asked,
                agent=agent,
                limits=replace(limits, total=PATIENCE, pause=0),
                allow=lambda *address: address == server.server_address,
            )

        monkeypatch.setattr(checks, "ask", ask)
        yield server


def run(*args):
    output = StringIO()
    call_command("check_links", *args, stdout=output)
    return output.getvalue()


def states():
    return {link.url.rsplit("/", 1)[-1]: link.state for link in Link.objects.all()}


def test_command_stores_what_it_finds(server):
    for path in ("/page", "/301", "/403", "/404", "/silent"):
        make.make_source(url=server.url(path))

    output = run()

    assert states() == {
        "page": LinkState.OK,
        "301": LinkState.MOVED,
        "403": LinkState.BLOCKED,
        "404": LinkState.ERROR,
        "silent": LinkState.ERROR,
    }
    page = Link.objects.get(state=LinkState.OK)
    assert (page.status_code, page.etag, page.last_modified) == (200, '"one"', "today")
    moved = Link.objects.get(state=LinkState.MOVED)
    assert moved.moved_to_url == server.url("/page")
    assert output == "Asked 5 addresses: 1 blocked, 2 error, 1 moved, 1 reachable.\n"


def test_command_asks_nothing_twice_within_a_week(server):
    make.make_source(url=server.url("/page"))
    run()
    server.requests.clear()

    assert run() == "Asked 0 addresses: none was due.\n"
    assert not server.requests

    run("--older-than", "0")
    assert [asked.headers["if-none-match"] for asked in server.requests] == ['"one"']


def test_command_asks_first_what_was_not_asked_for_longest(server):
    new, old, older = (
        make.make_source(url=server.url(path)) for path in ("/page", "/302", "/403")
    )
    today = timezone.now()
    make.make_link(source=old, checked_at=today - datetime.timedelta(days=8))
    make.make_link(source=older, checked_at=today - datetime.timedelta(days=9))

    run("--limit", "2")

    assert {asked.path for asked in server.requests} == {"/page", "/403"}


def test_command_leaves_a_host_that_had_enough_for_later(server):
    for path in ("/429", "/page"):
        make.make_source(url=server.url(path))

    assert run() == "Asked 2 addresses: 1 blocked, 1 left for later.\n"
    assert states() == {"429": LinkState.BLOCKED, "page": LinkState.UNCHECKED}


def test_what_was_found_before_the_command_was_killed_is_kept(server, monkeypatch):
    for path in ("/page", "/302"):
        make.make_source(url=server.url(path))
    ask = checks.ask

    def die(*args, **kwargs):
        yield next(iter(ask(*args, **kwargs)))
        raise KeyboardInterrupt

    monkeypatch.setattr(checks, "ask", die)

    with pytest.raises(KeyboardInterrupt):
        run()

    assert sorted(states().values()) == [LinkState.OK, LinkState.UNCHECKED]


@pytest.mark.parametrize("wrong", [("--limit", "0"), ("--older-than", "-1")])
def test_command_refuses_nonsense(wrong):
    with pytest.raises(CommandError, match="positive"):
        run(*wrong)


@pytest.mark.parametrize(
    ("hosts", "agent"),
    [
        (["localhost", "127.0.0.1", "[::1]"], "Framewise"),
        (["framewise.example"], "Framewise (+https://framewise.example/about/)"),
        (["*", ".framewise.example"], "Framewise (+https://framewise.example/about/)"),
    ],
)
def test_agent_names_the_project_and_its_page(server, settings, hosts, agent):
    settings.ALLOWED_HOSTS = hosts
    make.make_source(url=server.url("/page"))

    run()

    assert server.requests[0].headers["user-agent"] == agent


# The desk

REPLACE = "desk:replace-links"


def page(name, *args):
    return reverse(f"admin:comparisons_{name}", args=args)


def test_list_of_sources_shows_and_filters_the_state(admin_client):
    make.make_link(source=make.make_source(title="Lost"), state=LinkState.GONE)
    make.make_source(title="Never checked")
    blocked = make.make_source(title="Closed")
    make.make_link(source=blocked, state=LinkState.BLOCKED)

    everything = read(admin_client.get(page("source_changelist"))).text
    gone = admin_client.get(page("source_changelist"), {"link": "gone"})
    unchecked = admin_client.get(page("source_changelist"), {"link": "unchecked"})

    assert "Blocked" in everything
    assert [source.title for source in gone.context["cl"].result_list] == ["Lost"]
    assert [source.title for source in unchecked.context["cl"].result_list] == [
        "Never checked"
    ]


def test_moved_source_is_updated_after_confirmation(admin_client):
    source = make.make_source()
    moved_link(source=source)
    tool = reverse(REPLACE, query={"url": source.url})
    assert tool in admin_client.get(page("source_change", source.pk)).text

    asked = admin_client.get(tool)
    assert Source.objects.get().url == source.url
    assert str(source) in asked.text

    admin_client.post(reverse(REPLACE), {"url": source.url, "new": NEW})
    assert Source.objects.get().url == NEW
    history = admin_client.get(page("source_history", source.pk)).text
    assert f"{source.url} has moved" in history


@pytest.mark.parametrize("model", ["source", "link"])
def test_action_shows_what_it_would_replace_and_writes_nothing(admin_client, model):
    moved, other = make.make_source(), make.make_source()
    rows = [moved_link(source=moved), make.make_link(source=other)]
    chosen = [moved.pk, other.pk] if model == "source" else [row.pk for row in rows]
    data = {"action": "use_new_address", "_selected_action": chosen}

    response = admin_client.post(page(f"{model}_changelist"), data)

    assert [link.url for link, _ in response.context["links"]] == [moved.url]
    assert not Source.objects.filter(url=NEW).exists()


def test_address_that_has_moved_on_since_it_was_confirmed_stays(admin_client):
    source = make.make_source()
    moved_link(source=source)

    response = admin_client.post(
        reverse(REPLACE),
        {"url": source.url, "new": "https://elsewhere.example/"},
        follow=True,
    )

    assert "Nothing was replaced" in response.text
    assert Source.objects.get().url == source.url


def test_editor_who_may_not_change_all_of_it_changes_nothing(client):
    client.force_login(make.make_editor("view_link", "change_source"))
    source = make.make_source()
    make.make_extension(url=source.url)
    moved_link(source=source)

    response = client.post(reverse(REPLACE), {"url": source.url, "new": NEW})

    assert response.status_code == 403
    assert Source.objects.get().url == Extension.objects.get().url == source.url


def test_new_addresses_are_for_editors(client, db):
    client.force_login(make.make_editor())

    assert client.get(reverse(REPLACE)).status_code == 403


# What readers see


@pytest.fixture
def lost(knowledge):
    """The blog, which was gone when last checked."""
    make.change(knowledge.blog, archive_url="https://archive.example/blog")
    make.make_link(source=knowledge.blog, state=LinkState.GONE, checked_at=MONDAY)
    return knowledge.blog


def test_archived_copy_comes_first_when_the_page_is_gone(client, lost):
    text = " ".join(client.get(lost.get_absolute_url()).text.split())

    assert text.index(lost.archive_url) < text.index(f'href="{lost.url}"')
    assert "gone when we last checked, on 23 November 2026" in text


def test_page_comes_first_while_it_is_there(client, lost):
    Link.objects.update(state=LinkState.BLOCKED)

    text = " ".join(client.get(lost.get_absolute_url()).text.split())

    assert text.index(f'href="{lost.url}"') < text.index(lost.archive_url)
    assert "gone" not in text


def test_reader_is_told_when_no_copy_is_known(client, lost):
    make.change(lost, archive_url="")

    assert "No archived copy known" in client.get(lost.get_absolute_url()).text


@pytest.mark.parametrize(
    "address",
    [
        "/sources/",
        "/frameworks/flask/ease-of-learning/",
        "/disagreements/is-flask-easy/",
    ],
)
def test_lists_of_sources_say_what_is_gone(client, lost, address):
    text = " ".join(client.get(address).text.split())

    assert "page gone, checked 23 Nov 2026" in text


@pytest.mark.parametrize(
    "address",
    [
        "/frameworks/flask/ease-of-learning/",
        "/disagreements/is-flask-easy/",
        "/extensions/flask-sqlalchemy/",
        "/sources/blog/",
    ],
)
def test_section_of_a_page_that_is_gone_is_named_and_not_linked(
    client, knowledge, lost, address
):
    make.make_citation(finding=knowledge.flask_orm, source=lost)
    lost.citations.update(fragment="part")
    section = f"{lost.url}#part"

    assert section not in read(client.get(address)).links
    Link.objects.update(state=LinkState.BLOCKED)
    # Under another address, because the page is kept.
    assert section in read(client.get(f"{address}?again")).links
