"""The front of the desk: what waits, in which order, and who sees which part."""

import datetime

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from comparisons.choices import Level, LinkState, Stance, Status
from comparisons.editing.admin_urls import cell_address
from comparisons.editing.workflow import move
from comparisons.models import ChangeSet, Link
from comparisons.queue import SECTIONS, Queue
from comparisons.queue.sections import FEW, MOST_COUNTED
from comparisons.web.computed import NotYet
from comparisons.web.paging import PAGE_SIZE
from tests import factories as make
from tests.pages import read

pytestmark = pytest.mark.django_db

PAGE = "/admin/queue/"
TODAY = datetime.date(2026, 11, 2)


@pytest.fixture
def staff(client):
    """A member of staff who may do nothing yet, signed in."""
    user = make.make_editor()
    client.force_login(user)
    return user


def allow(user, *permissions):
    user.user_permissions.add(*Permission.objects.filter(codename__in=permissions))


def entries(client, slug):
    """Return what the page lists in one section; None if it does not show it."""
    context = client.get(PAGE).context
    for listing in context["waiting"]:
        if listing.section.slug == slug:
            return listing.entries
    return [] if slug in {section.slug for section in context["empty"]} else None


def subjects(client, slug):
    return [entry.subject for entry in entries(client, slug)]


def change_page(row):
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return reverse(name, args=[row.pk])


def touch(row, editor):
    make.edit(row, editor=editor, note="Looked at again.")


def test_staff_who_may_see_nothing_are_shown_no_work(client, staff):
    response = client.get("/admin/")

    assert response.status_code == 200
    assert response.context["waiting"] == response.context["empty"] == []
    assert "Matrices" not in read(response).text
    assert client.get(f"{PAGE}stale/").status_code == 403


@pytest.mark.parametrize("address", ["/admin/", PAGE, f"{PAGE}stale/"])
def test_page_only_reads(admin_client, address):
    assert admin_client.post(address).status_code == 405


def test_sections_that_an_editor_may_not_work_on_are_not_shown(client, staff):
    allow(staff, "view_finding")
    assert client.get(PAGE).context["empty"] == []

    allow(staff, "view_finding", "change_theme")
    shown = {section.slug for section in client.get(PAGE).context["empty"]}
    assert shown == {"returned", "in-review", "my-drafts"}
    assert client.get(f"{PAGE}stale/").status_code == 404


def test_empty_sections_are_named_in_one_line(admin_client):
    response = admin_client.get(PAGE)

    assert response.context["waiting"] == []
    assert len(response.context["empty"]) == len(SECTIONS)
    assert (
        "Nothing waits in: Published and broken, Came back to you,"
        in read(response).text
    )


def test_in_review_lists_what_others_wrote_first(client, staff, django_user_model):
    allow(staff, "view_finding", "change_finding", "change_theme")
    other = django_user_model.objects.create_user("other")
    mine = make.make_finding(status=Status.IN_REVIEW, level=Level.UNKNOWN)
    touch(mine, staff)
    theirs = make.make_finding(status=Status.IN_REVIEW, level=Level.UNKNOWN)
    touch(theirs, other)
    theme = make.make_theme(status=Status.IN_REVIEW)
    make.make_pro_con(status=Status.IN_REVIEW)

    listed = entries(client, "in-review")

    # The pro is not this editor's to decide; the finding changed before the theme.
    assert [entry.address for entry in listed] == [
        cell_address(theirs),
        change_page(theme),
        cell_address(mine),
    ]
    assert "you had a part in it" in listed[2].remark
    assert "you had a part in it" not in listed[0].remark


def test_entry_says_who_left_it_so_and_for_how_long(client, staff, admin_user):
    allow(staff, "view_finding", "change_finding")
    admin_user.first_name, admin_user.last_name = "Ada", "Lovelace"
    admin_user.save()
    theirs = make.make_finding(status=Status.IN_REVIEW, level=Level.UNKNOWN)
    touch(theirs, admin_user)
    long_ago = timezone.now() - datetime.timedelta(days=22)
    ChangeSet.objects.update(created_at=long_ago)

    (entry,) = entries(client, "in-review")

    assert (entry.by, entry.age) == ("Ada Lovelace", "3\xa0weeks")
    assert "Ada Lovelace · 3 weeks" in read(client.get("/admin/")).text


def test_what_was_sent_back_says_why_and_by_whom(client, staff, admin_user):
    allow(staff, "view_finding", "change_finding")
    finding = make.make_finding(draft=True)
    touch(finding, staff)
    move(finding, Status.IN_REVIEW, staff)
    assert entries(client, "returned") == []

    move(finding, Status.DRAFT, admin_user, reason="Which release?")

    (entry,) = entries(client, "returned")
    assert entry.remark == "came back: “Which release?”"
    assert (entry.subject, entry.by) == (str(finding), admin_user.username)
    # It stands in one place alone, also after it was changed again.
    touch(finding, staff)
    assert entries(client, "my-drafts") == []
    assert len(entries(client, "returned")) == 1
    move(finding, Status.IN_REVIEW, staff)
    assert entries(client, "returned") == []


def test_own_change_of_mind_is_nothing_that_came_back(client, staff):
    allow(staff, "view_finding", "change_finding")
    finding = make.make_finding(draft=True)
    touch(finding, staff)
    move(finding, Status.IN_REVIEW, staff)

    move(finding, Status.DRAFT, staff)

    assert entries(client, "returned") == []
    assert subjects(client, "my-drafts") == [str(finding)]


def test_uncited_drafts_are_those_that_claim_something(admin_client):
    uncited = make.make_finding(draft=True)
    make.make_finding(draft=True, level=Level.UNKNOWN)
    make.make_finding(draft=True, cited=True)
    make.make_framework(draft=True)

    assert subjects(admin_client, "uncited-drafts") == [str(uncited)]


def test_own_draft_says_that_nothing_supports_it(admin_client, admin_user):
    touch(make.make_finding(draft=True), admin_user)
    touch(make.make_finding(draft=True, cited=True), admin_user)

    cited, bare = entries(admin_client, "my-drafts")

    assert (cited.remark, bare.remark) == (
        "is a finding",
        "is a finding that nothing supports yet",
    )
    assert entries(admin_client, "uncited-drafts") == []


def test_level_that_its_passages_contradict_waits_in_its_row(admin_client):
    finding = make.make_finding(level=Level.MANUAL)
    finding.citations.update(level=Level.BUILT_IN)

    (entry,) = entries(admin_client, "contradicted")

    assert entry.address == cell_address(finding)
    assert admin_client.get(entry.address).context["editor"].finding == finding


def test_words_that_no_passage_carries_wait(admin_client):
    bare = make.make_finding(note="It takes 38 MiB.")
    judged = make.make_finding(cited={"says": "It is the best there is."})

    assert set(subjects(admin_client, "unproved")) == {str(bare), str(judged)}


def test_contested_without_decision_waits(admin_client):
    contested = make.make_finding()
    make.make_citation(finding=contested, stance=Stance.DISPUTES)

    assert subjects(admin_client, "undecided") == [str(contested)]


def test_what_was_checked_longest_ago_is_the_first_stale(admin_client):
    read_in = {
        year: make.make_finding(cited={"accessed_date": datetime.date(year, 5, 1)})
        for year in (2022, 2020, 2021)
    }

    assert subjects(admin_client, "stale") == [
        str(read_in[year]) for year in (2020, 2021, 2022)
    ]


def test_unanswered_cells_leave_out_those_with_a_draft(admin_client):
    framework = make.make_framework()
    group = make.make_group()
    drafted, missing = (make.make_feature(group=group) for _ in range(2))
    make.make_finding(framework=framework, feature=drafted, draft=True)

    (entry,) = entries(admin_client, "unanswered")

    assert entry.subject == f"{framework}: {missing}"
    assert admin_client.get(entry.address).status_code == 200


def test_links_lead_to_where_they_are_put_right(admin_client):
    gone = make.make_link(state=LinkState.GONE, missing_since=TODAY)
    moved = make.make_link(
        state=LinkState.MOVED,
        moved_to_url="https://docs.example/new/",
        checked_at=timezone.now(),
    )

    assert [entry.address for entry in entries(admin_client, "gone")] == [
        change_page(gone)
    ]
    (entry,) = entries(admin_client, "moved")
    assert "https://docs.example/new/" in admin_client.get(entry.address).text
    # The address that moved was asked today, the one that is gone never.
    assert subjects(admin_client, "due") == [gone.url]
    assert moved.url == entry.subject


def test_duplicates_lead_to_their_merging(admin_client):
    twins = [make.make_source(title="The same", publisher="P") for _ in range(2)]

    (entry,) = entries(admin_client, "duplicates")

    response = admin_client.get(entry.address)
    assert set(response.context["rows"]) == set(twins)


def test_long_section_shows_the_first_and_leads_to_all(admin_client):
    framework = make.make_framework()
    group = make.make_group()
    for _ in range(PAGE_SIZE + 1):
        make.make_feature(group=group)

    assert len(entries(admin_client, "unanswered")) == FEW
    front = read(admin_client.get(PAGE))
    assert f"Cells without an answer: {PAGE_SIZE + 1}" in front.text
    assert f"{PAGE}unanswered/" in front.links
    first = admin_client.get(f"{PAGE}unanswered/")
    second = admin_client.get(f"{PAGE}unanswered/?page=2")
    assert len(first.context["entries"]) == PAGE_SIZE
    assert len(second.context["entries"]) == 1
    assert str(framework) in second.text


def test_more_than_a_hundred_are_not_counted_one_by_one(admin_client):
    Link.objects.bulk_create(
        Link(url=f"https://docs.example/{number}/", state=LinkState.GONE)
        for number in range(MOST_COUNTED + 1)
    )

    assert "Dead links: 100+" in read(admin_client.get("/admin/")).text


def test_what_is_still_being_counted_is_named_and_asked_again(
    admin_client, monkeypatch
):
    def not_yet(queue, computed, *args):
        raise NotYet

    monkeypatch.setattr(Queue, "ask", not_yet)
    make.make_link(state=LinkState.GONE)

    response = admin_client.get("/admin/")

    assert (response.status_code, response["Refresh"]) == (200, "3")
    assert "Being counted: Published and broken," in read(response).text
    assert "Dead links: 1" in read(response).text


@pytest.mark.parametrize("page", ["0", "x", "-1", "9" * 30])
def test_odd_page_numbers_are_answered(admin_client, page):
    address = f"{PAGE}in-review/?page={page}"

    assert admin_client.get(address).status_code == 200


def test_unknown_section_is_not_found(admin_client):
    assert admin_client.get(f"{PAGE}castle/").status_code == 404


@pytest.mark.parametrize("slug", sorted(section.slug for section in SECTIONS))
def test_every_section_has_a_page_also_when_empty(admin_client, slug):
    assert "Nothing waits here." in admin_client.get(f"{PAGE}{slug}/").text
