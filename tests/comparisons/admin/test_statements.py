"""A finding and its passages, saved in one step: in its form and in the matrix."""

import datetime

import pytest
from django.utils import timezone

from comparisons.choices import Level, Stance, Status
from comparisons.editing.admin_urls import cell_address, edit_address
from comparisons.history.recording import record_present_state
from comparisons.models import ChangeSet, Citation, Feature, Finding, Source
from tests import factories as make
from tests.forms import Page, desk_address

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[edit_address, cell_address])
def open_page(request, admin_client):
    """Return a function that opens a finding, or where one is entered."""
    return lambda finding: Page(admin_client, request.param(finding))


@pytest.fixture
def page(open_page, knowledge):
    """Where the finding is edited that says how Django maps objects, cited once."""
    return open_page(knowledge.django_orm)


def test_finding_is_published_together_with_its_first_passage(open_page, knowledge):
    cell = {"framework": knowledge.flask, "feature": knowledge.throughput}
    make.make_citation(finding=knowledge.contested, key="flask-throughput-1")
    page = open_page(Finding(**cell))

    response = page.send(
        level=Level.HIGH, status=Status.PUBLISHED, **page.passage(knowledge.blog)
    )

    finding = Finding.objects.get(**cell)
    assert response.status_code == 302
    assert finding.is_published
    assert finding.citations.get().key == "flask-throughput-2"


@pytest.mark.parametrize("stance", [Stance.DISPUTES, Stance.CONTEXT])
def test_without_support_it_is_refused_and_nothing_typed_is_lost(
    open_page, knowledge, stance
):
    cell = {"framework": knowledge.flask, "feature": knowledge.throughput}
    page = open_page(Finding(**cell))

    response = page.send(
        level=Level.HIGH,
        status=Status.PUBLISHED,
        note="A note of mine.",
        **page.passage(knowledge.blog, stance=stance, says="Read by me."),
    )

    assert "Nothing is published without a supporting citation" in response.text
    assert page.shows("note") == "A note of mine."
    assert "Read by me." in response.text
    assert not Finding.objects.filter(**cell).exists()


def pasted(page, address, **values):
    """Return what is sent of a passage of the page at ``address``."""
    return page.passage(address=address, **values)


def test_address_pasted_into_a_passage_finds_its_source_and_section(
    open_page, knowledge
):
    cell = {"framework": knowledge.flask, "feature": knowledge.throughput}
    page = open_page(Finding(**cell))

    page.send(**pasted(page, f"{knowledge.blog.url}?utm_source=x#the-section"))

    passage = Finding.objects.get(**cell).citations.get()
    assert (passage.source, passage.fragment) == (knowledge.blog, "the-section")


def test_new_address_is_asked_what_its_source_is_and_adds_it(open_page, knowledge):
    address = "https://new.example/page"
    page = open_page(knowledge.flask_orm)
    passage = pasted(page, address)
    prefix = next(name for name in passage if name.endswith("address"))[
        : -len("address")
    ]

    asked = page.send(**passage)
    kept = page.shows(f"{prefix}says")
    page.send(**{f"{prefix}source_title": "A page", f"{prefix}source_kind": "blog"})

    assert "No source has this address yet: say what it is." in asked.text
    assert f'type="hidden" name="{prefix}source_title"' not in asked.text
    assert kept == passage[f"{prefix}says"]
    source = Source.objects.get(url=address)
    assert (source.title, source.slug) == ("A page", "a-page")
    assert source.citations.get().finding == knowledge.flask_orm


def test_source_cited_last_is_offered_for_the_next_passage(open_page, knowledge):
    page = open_page(knowledge.flask_orm)
    page.send(**pasted(page, knowledge.blog.url))

    page = open_page(knowledge.django_orm)
    offered = page.response.text
    page.send(**pasted(page, "", same="on", says="And this."))

    assert "Same source as before" in offered
    assert str(knowledge.blog) in offered
    assert knowledge.django_orm.citations.get(says="And this.").source == knowledge.blog


def test_removing_the_only_support_is_refused(page, knowledge):
    (old,) = knowledge.django_orm.citations.all()

    response = page.send(**{"citations-0-DELETE": "on"})

    assert response.status_code == 200
    assert Citation.objects.filter(pk=old.pk).exists()
    assert Finding.objects.get(pk=knowledge.django_orm.pk).is_published


def test_exchanging_the_only_support_leaves_it_published(page, knowledge):
    page.send(**{"citations-0-DELETE": "on"}, **page.passage(knowledge.blog))

    finding = Finding.objects.get(pk=knowledge.django_orm.pk)
    assert finding.is_published
    assert finding.citations.get().source == knowledge.blog


def test_level_against_all_its_passages_waits_for_a_written_decision(
    open_page, knowledge
):
    knowledge.django_orm.citations.update(level=Level.BUILT_IN)
    page = open_page(knowledge.django_orm)

    refused = page.send(level=Level.MANUAL)
    saved = page.send(level=Level.MANUAL, decision="It was taken out in 6.2.")

    assert "The passages that support it assert “Built in”." in refused.text
    assert saved.status_code == 302
    assert Finding.objects.get(pk=knowledge.django_orm.pk).level == Level.MANUAL


def test_stored_passage_may_dispute_from_now_on(page, knowledge):
    (old,) = knowledge.django_orm.citations.all()

    page.send(**{"citations-0-stance": "disputes"}, **page.passage(knowledge.blog))

    old.refresh_from_db()
    assert old.stance == Stance.DISPUTES
    assert Finding.objects.get(pk=knowledge.django_orm.pk).is_contested


def test_it_is_one_recorded_set_with_its_editor_and_reason(page, knowledge, admin_user):
    page.send(
        note="Models describe tables.",
        change_reason=" Clearer\0 words ",
        **page.passage(knowledge.blog, says="Read by me."),
    )

    changes = ChangeSet.objects.get()
    assert (changes.editor, changes.reason) == (admin_user, "Clearer words")
    assert Finding.history.get(change_set=changes).note == "Models describe tables."
    assert Citation.history.get(change_set=changes).says == "Read by me."


def test_what_is_saved_untouched_leaves_no_set(page):
    present = record_present_state()

    assert page.send().status_code == 302
    assert ChangeSet.objects.get() == present


def test_unchanged_passage_is_not_judged_again(page, knowledge):
    """What was stored before a rule was made stays where nobody touches it."""
    stored = make.make_citation(finding=knowledge.django_orm)
    Citation.objects.filter(pk=stored.pk).update(locator=" ")
    again = Page(page.client, page.address)

    assert again.send(note="Another note.").status_code == 302


# Less to type


def test_day_of_reading_is_today_unless_it_is_said(admin_client):
    finding = make.make_finding(cited={"accessed_date": datetime.date(2020, 5, 1)})
    page = Page(admin_client, desk_address(Finding, "change", finding.pk))
    inline = page.response.context["inline_admin_formsets"][0]

    assert page.shows("citations-0-accessed_date") == "2020-05-01"
    empty = inline.formset.empty_form["accessed_date"]
    assert empty.value() == timezone.localdate()


def test_new_row_comes_last(admin_client):
    make.make_feature(position=7)

    page = Page(admin_client, desk_address(Feature, "add"))

    assert page.shows("position") == "8"


def test_pasted_address_finds_its_source(admin_client):
    source = make.make_source(url="https://docs.example/en/orm/")
    make.make_source(url="https://docs.example/en/orm/more/")
    query = {
        "app_label": "comparisons",
        "model_name": "citation",
        "field_name": "source",
        "term": "http://docs.example/en/orm#models",
    }

    found = admin_client.get("/admin/autocomplete/", query).json()

    assert [each["id"] for each in found["results"]] == [str(source.pk)]
