"""What is published and has to be put right, looked up or checked again."""

import datetime
from functools import partial
from operator import attrgetter

from django.urls import reverse
from django.utils import timezone

from comparisons.audit import GapKind
from comparisons.choices import PassageState, Status
from comparisons.editing.admin_urls import edit_address, work_address
from comparisons.editing.workflow import PUBLISH
from comparisons.merging.duplicates import find_duplicates
from comparisons.models import Finding, Link, PassageCheck
from comparisons.models.links import CHECK_DAYS
from comparisons.queue.sections import Entry, Section, holds
from comparisons.web.computed import Computed

alike = Computed(find_duplicates)


def _gaps(*kinds):
    return lambda queue: queue.audit.narrowed(kinds)


def _stale(queue):
    """Those that were checked longest ago come first."""
    gaps = queue.audit.narrowed([GapKind.STALE])
    return sorted(gaps, key=lambda gap: gap.row.last_checked)


def _unanswered(queue):
    """A finding that is not published is an answer that waits elsewhere.

    One that says “unknown” in public is for those who may change it.
    """
    hidden = Finding.objects.exclude(status=Status.PUBLISHED)
    drafted = set(hidden.order_by().values_list("framework", "feature"))
    kinds = [GapKind.MISSING]
    if queue.editor.has_perm(PUBLISH):
        kinds.append(GapKind.UNKNOWN)
    return [
        gap
        for gap in queue.audit.narrowed(kinds)
        if (gap.row.framework_id, gap.row.feature_id) not in drafted
    ]


def _gone(queue):
    return Link.objects.gone().order_by("missing_since", "url")


def _reopened(queue):
    checks = PassageCheck.objects.open().select_related("citation")
    return checks.order_by("release", "citation__key")


def _moved(queue):
    return Link.objects.moved().order_by("checked_at", "url")


def _due(queue):
    return Link.objects.due(timezone.now() - datetime.timedelta(days=CHECK_DAYS))


def _tell_gaps(gaps):
    return [
        Entry(
            subject=gap.subject,
            remark=gap.message,
            address=work_address(gap.row),
            since=_since(gap),
        )
        for gap in gaps
    ]


def _since(gap):
    """Return when it was read, of what is stale, and else when it was changed."""
    if gap.kind == GapKind.STALE:
        return gap.row.last_checked
    return getattr(gap.row, "updated_at", None)


def _tell_links(remark, since, address=edit_address):
    """Return how a section tells links: by these functions of one."""
    return lambda links: [
        Entry(
            subject=link.url,
            remark=remark(link),
            address=address(link),
            since=since(link),
        )
        for link in links
    ]


def _is_gone(link):
    since = f" since {_day(link.missing_since)}" if link.missing_since else ""
    return f"is gone{since}"


def _was_checked(link):
    if link.checked_at is None:
        return "was never checked"
    return f"was last checked on {_day(timezone.localtime(link.checked_at))}"


def _replace_address(link):
    return reverse("desk:replace-links", query={"url": link.url})


def _tell_reopened(checks):
    return [
        Entry(
            subject=str(check.citation),
            remark=f"– {PassageState(check.state).label.lower()} in {check.release}",
            address=reverse("desk:reread", args=[check.citation.key]),
            since=check.checked_date,
        )
        for check in checks
    ]


def _tell_duplicates(groups):
    # No more than four stand there side by side.
    merge = "desk:merge-source"
    return [
        Entry(
            subject="; ".join(f"{row} ({row.slug})" for row in group.sources),
            remark=f"have {group.reason.lower()}",
            address=reverse(merge, query={"row": [r.pk for r in group.sources[:4]]}),
        )
        for group in groups
    ]


def _day(date):
    return f"{date:%-d %B %Y}"


# What readers see is put right by those who may touch it.
_gap_section = partial(
    Section, is_for=holds("comparisons.change_finding", PUBLISH), tell=_tell_gaps
)
_link_section = partial(
    Section, is_for=holds("comparisons.view_link", "comparisons.change_source")
)

SECTIONS = [
    _gap_section(
        slug="misleading",
        title="Published and broken",
        why="Readers see a statement without support, or are led to nothing.",
        position=5,
        find=_gaps(GapKind.BROKEN, GapKind.UNCITED),
    ),
    _gap_section(
        slug="contradicted",
        title="Levels that their passages contradict",
        why="Passages assert another level, or a measurement or recorded packages "
        "speak against it. Correct the level or the passage, or write "
        "down the decision.",
        position=35,
        find=_gaps(
            GapKind.OUTLIER,
            GapKind.AT_ODDS,
            GapKind.OVERLOOKED,
            GapKind.UNEVEN,
            GapKind.UNMAINTAINED,
        ),
    ),
    _gap_section(
        slug="undecided",
        title="Contested without a decision",
        why="Sources disagree in public. Write down what the editors decided, and why.",
        position=40,
        find=_gaps(GapKind.UNDECIDED),
    ),
    _gap_section(
        slug="unproved",
        title="Words that no passage carries",
        why="A note names what no passage has, or a document judges in our words "
        "alone. Reword it, or show where the page says so.",
        position=45,
        find=_gaps(GapKind.UNPROVED, GapKind.WIDER, GapKind.OVERSTATED),
    ),
    _gap_section(
        slug="stale",
        title="Stale",
        why="Read over a year ago, or before the latest release. Read the passage "
        "again, and correct the finding or the date.",
        position=60,
        find=_stale,
    ),
    Section(
        slug="passages",
        title="Passages to read again",
        why="The section that they were read in is another in a new release. Compare "
        "both texts: does it still say so?",
        position=65,
        is_for=holds("comparisons.change_citation"),
        find=_reopened,
        tell=_tell_reopened,
    ),
    _link_section(
        slug="gone",
        title="Dead links",
        why="The page is not there any more. Add an archived copy, or cite another.",
        position=70,
        find=_gone,
        tell=_tell_links(_is_gone, attrgetter("missing_since")),
    ),
    _link_section(
        slug="moved",
        title="Links that moved",
        why="The page has a new address. Look at it, and use it with one click.",
        position=80,
        find=_moved,
        tell=_tell_links(
            "moved to {0.moved_to_url}".format,
            attrgetter("checked_at"),
            _replace_address,
        ),
    ),
    Section(
        slug="unanswered",
        title="Cells without an answer",
        why="Readers see “unknown”. Find out, and cite where it says so.",
        position=100,
        is_for=holds("comparisons.change_finding"),
        find=_unanswered,
        tell=_tell_gaps,
    ),
    Section(
        slug="duplicates",
        title="Sources that look alike",
        why="Two rows may be one document. Compare them, and merge them if so.",
        position=120,
        is_for=holds("comparisons.change_source", "comparisons.delete_source"),
        find=lambda queue: queue.ask(alike),
        tell=_tell_duplicates,
    ),
    _link_section(
        slug="due",
        title="Link checks that are due",
        why="A scheduler should ask each address once a week. If the list is long, "
        "the command check_links has not run; reviewers start it under “Long work”.",
        position=130,
        find=_due,
        tell=_tell_links(_was_checked, attrgetter("checked_at")),
    ),
]
