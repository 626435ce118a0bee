"""Which pages readers open, from the log that the web server keeps anyway.

Pages only read, so they count nothing. What is kept is a number for each day and
each framework or feature: no address, no agent, no time of day.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator

from apachelogs import COMBINED, LogParser
from django.db import transaction
from django.urls import Resolver404, resolve
from django.utils import timezone

from comparisons.models import Feature, Framework, PageViews
from comparisons.models.frameworks import VERSUS

KEPT_FOR = datetime.timedelta(days=90)
# How programs that fetch pages by themselves call themselves.
ROBOTS = ("bot", "crawl", "spider", "slurp")


@transaction.atomic
def count_views(lines: Iterable[str], today: datetime.date) -> list[datetime.date]:
    """Store the views of the days before ``today`` that a log holds.

    ``lines`` are in the combined log format; any other is passed over. Returns the
    days that were counted: those that were counted before are left alone, and what
    is older than ``KEPT_FOR`` is forgotten.
    """
    oldest = today - KEPT_FOR
    known = set(PageViews.objects.values_list("date", flat=True))
    views = Counter(
        (date, kind, slug)
        for date, path in _read(lines)
        if oldest <= date < today and date not in known
        for kind, slug in _about(path)
    )
    rows = {
        "framework": Framework.objects.in_bulk(field_name="slug"),
        "feature": Feature.objects.in_bulk(field_name="slug"),
    }
    PageViews.objects.filter(date__lt=oldest).delete()
    stored = PageViews.objects.bulk_create(
        PageViews(date=date, views=number, **{kind: rows[kind][slug]})
        for (date, kind, slug), number in views.items()
        if slug in rows[kind]
    )
    return sorted({row.date for row in stored})


def _read(lines) -> Iterator[tuple[datetime.date, str]]:
    """Yield the day and the path of each page that a reader was shown."""
    for entry in LogParser(COMBINED).parse_lines(lines, ignore_invalid=True):
        method, target, *_ = [*(entry.request_line or "").split(" "), "", ""]
        agent = (entry.headers_in["User-Agent"] or "").lower()
        if (
            method == "GET"
            # Not modified is shown all the same.
            and entry.final_status in (200, 304)
            and not any(word in agent for word in ROBOTS)
        ):
            day = timezone.localdate(entry.request_time)
            yield day, target.partition("?")[0]


def _about(path):
    """Yield what the page at ``path`` is about: (kind, slug)."""
    try:
        page = resolve(path)
    except Resolver404:
        return
    if page.view_name == "comparisons:framework-detail":
        yield "framework", page.kwargs["slug"]
    elif page.view_name == "comparisons:feature-detail":
        yield "feature", page.kwargs["slug"]
    elif page.view_name == "comparisons:compare":
        for slug in page.kwargs["slugs"].split(VERSUS):
            yield "framework", slug
