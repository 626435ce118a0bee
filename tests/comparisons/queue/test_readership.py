"""Counting, from the web server's log, which pages readers open."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command

from comparisons.models import PageViews
from comparisons.queue.readership import count_views
from tests import factories as make

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)
YESTERDAY = "19/Nov/2026:10:11:12 +0000"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


def line(path, *, at=YESTERDAY, method="GET", status=200, agent=BROWSER):
    request = f'"{method} {path} HTTP/1.1" {status} 5120'
    return f'203.0.113.9 - - [{at}] {request} "-" "{agent}"\n'


@pytest.fixture
def knowledge():
    for slug in ("django", "flask"):
        make.make_framework(slug=slug)
    make.make_feature(slug="orm")


def counted():
    return {
        str(row.framework or row.feature).lower(): row.views
        for row in PageViews.objects.all()
    }


def test_pages_count_for_what_they_are_about(knowledge):
    log = [
        line("/frameworks/flask/"),
        line("/compare/django-vs-flask/?differences=1"),
        line("/features/orm/"),
        line("/features/orm/", status=304),
        line("/features/"),
        line("/static/site.css"),
        line("/no/such/page/"),
    ]

    assert count_views(log, TODAY) == [date(2026, 11, 19)]
    assert counted() == {"flask": 2, "django": 1, "orm": 2}


@pytest.mark.parametrize(
    "unread",
    [
        line("/frameworks/flask/", method="HEAD"),
        line("/frameworks/flask/", status=404),
        line("/frameworks/flask/", agent="Mozilla/5.0 (compatible; Examplebot/2.1)"),
        line("/frameworks/no-such-framework/"),
        line("/frameworks/flask/", at="20/Nov/2026:00:00:01 +0000"),
        line("/frameworks/flask/", at="01/Aug/2026:00:00:01 +0000"),
        line("//["),
        "\x16\x03\x01 is no line of a log\n",
        "\n",
    ],
)
def test_what_no_reader_saw_does_not_count(knowledge, unread):
    assert count_views([unread], TODAY) == []
    assert not PageViews.objects.exists()


def test_day_is_counted_once(knowledge):
    log = [line("/frameworks/flask/")]
    count_views(log, TODAY)

    assert count_views([*log, line("/frameworks/django/")], TODAY) == []
    assert counted() == {"flask": 1}


def test_old_days_are_forgotten(knowledge):
    count_views([line("/frameworks/flask/")], TODAY)

    count_views([], TODAY + timedelta(days=89))
    assert PageViews.objects.exists()
    count_views([], TODAY + timedelta(days=90))
    assert not PageViews.objects.exists()


def test_command_reads_several_files(knowledge, tmp_path, capsys):
    today = date.today()
    at = f"{today - timedelta(days=1):%d/%b/%Y}:12:00:00 +0000"
    logs = [tmp_path / "access.log.1", tmp_path / "access.log"]
    logs[0].write_text(line("/features/orm/", at=at))
    logs[1].write_bytes(line("/features/orm/", at=at).encode() + b"\xff\n")

    call_command("count_views", *map(str, logs))
    call_command("count_views", *map(str, logs))

    assert counted() == {"orm": 2}
    assert capsys.readouterr().out.splitlines() == [
        f"Counted {today - timedelta(days=1)}.",
        "No new day.",
    ]


def test_command_names_the_file_that_is_not_there(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("count_views", str(tmp_path / "access.log"))
