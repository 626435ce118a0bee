"""What looks like one source entered twice: in lists, in forms and in the admin."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from comparisons.choices import ChangeKind, Level, LinkState, SourceKind, Status
from comparisons.editing.seen import Seen
from comparisons.history.recording import record_present_state
from comparisons.knowledge import exporting, loading
from comparisons.knowledge.parts import KnowledgeError
from comparisons.merging import Merge
from comparisons.merging.duplicates import find_duplicates
from comparisons.models import ChangeSet, Source
from tests import factories as make
from tests.forms import filled_in
from tests.pages import read

pytestmark = pytest.mark.django_db

MERGE = "/admin/comparisons/{}/merge/"


@pytest.fixture
def pair():
    finding = make.make_finding()
    kept = finding.citations.get().source
    gone = make.make_source(slug="gone", title=kept.title)
    make.make_citation(finding=finding, source=gone)
    return kept, gone


def answers(kept, *going, **others):
    # Of rows of its own, which it changes.
    stored = type(kept).objects.in_bulk([kept.pk, *(row.pk for row in going)])
    report = Merge(stored.pop(kept.pk), list(stored.values())).report
    return {
        "row": [kept.pk, *(row.pk for row in going)],
        "keep": kept.pk,
        "seen": str(Seen.of(kept, stamp=report.stamp())),
    } | others


# Recognised by their address


def test_page_is_one_source_however_its_address_is_written():
    source = make.make_source(url="https://docs.example/Guide/")

    assert Source.objects.at("http://DOCS.example/Guide?utm_source=x").get() == source
    assert not Source.objects.at("")
    with pytest.raises(IntegrityError), transaction.atomic():
        make.make_source(url="http://docs.example/Guide#top")
    make.make_source(url="")
    make.make_source(url="")

    source.url = "https://new.example/page/"
    source.save(update_fields=["url"])

    assert Source.objects.at("http://new.example/page").get() == source


def test_form_names_the_source_that_has_the_address(admin_client):
    source = make.make_source(url="https://docs.example/guide")

    response = admin_client.post(
        "/admin/comparisons/source/add/",
        {
            "slug": "again",
            "title": "Again",
            "kind": "blog",
            "url": "http://docs.example/guide/?utm_source=feed",
        },
    )

    assert f'<a href="/admin/comparisons/source/{source.pk}/change/">' in (
        response.content.decode()
    )
    assert Source.objects.count() == 1


def test_moved_link_does_not_take_the_address_of_another_source():
    there = make.make_source(url="https://new.example/")
    moving = make.make_source(url="https://old.example/")
    link = make.make_link(
        source=moving, state=LinkState.MOVED, moved_to_url="http://new.example"
    )

    assert link.replace(on=timezone.localdate()) == []
    assert [group.sources for group in find_duplicates()] == [[there, moving]]


def test_one_title_of_one_publisher_is_a_likely_duplicate(
    django_assert_max_num_queries,
):
    first = make.make_source(title="Templates", framework=make.make_framework())
    make.make_source(title="Templates", framework=make.make_framework())
    make.make_source(title="Templates", publisher="Somebody else")
    make.make_source(
        title="Templates", kind=SourceKind.REPOSITORY, framework=first.framework
    )
    assert find_duplicates() == []

    again = make.make_source(title="TEMPLATES", framework=first.framework)

    with django_assert_max_num_queries(5):
        (group,) = find_duplicates()
    assert {first, again} <= set(group.sources)


def test_file_with_a_page_that_is_a_source_already_is_refused(knowledge, tmp_path):
    exporting.export(tmp_path)
    file = tmp_path / "sources.yaml"
    file.write_text(
        file.read_text().replace(knowledge.blog.url, "http://FLASK-docs.example")
    )

    with pytest.raises(KnowledgeError, match="blog: Another source has this address"):
        loading.load(loading.read_records(tmp_path))


# Merged in the admin


def test_chosen_sources_are_shown_side_by_side_and_become_one(admin_client, pair):
    kept, gone = pair
    record_present_state()

    chosen = admin_client.post(
        "/admin/comparisons/source/",
        {"action": "merge_duplicates", "_selected_action": [kept.pk, gone.pk]},
    )
    page = read(admin_client.get(chosen.url))
    assert "✓ is kept" in page.text
    assert "Citation: " in page.text
    assert Source.objects.count() == 2
    response = admin_client.post(
        MERGE.format("source"), answers(kept, gone, change_reason="The same page")
    )

    assert response.url == f"/admin/comparisons/source/{kept.pk}/change/"
    assert kept.citations.count() == 2
    changes = ChangeSet.objects.get(kind=ChangeKind.MERGE)
    assert (changes.reason, changes.editor.username) == ("The same page", "admin")


def test_frameworks_are_merged_with_what_has_to_be_reviewed(admin_client):
    kept, gone = make.make_framework(), make.make_framework()
    feature = make.make_feature()
    mine = make.make_finding(framework=kept, feature=feature)
    make.make_finding(framework=gone, feature=feature, level=Level.NONE)
    address = MERGE.format("framework")

    page = read(admin_client.get(f"{address}?row={kept.pk}&row={gone.pk}"))
    admin_client.post(address, answers(kept, gone))

    assert f"{mine}: to review" in page.text
    assert kept.findings.get().status == Status.IN_REVIEW


@pytest.mark.parametrize("changed", ["kept", "gone", "citation"])
def test_stale_page_merges_nothing_and_is_shown_again(admin_client, pair, changed):
    kept, gone = pair
    posted = answers(kept, gone)
    if changed == "citation":
        make.make_citation(source=gone)
    else:
        Source.objects.filter(pk={"kept": kept, "gone": gone}[changed].pk).update(
            interest="Sells a course."
        )

    address = MERGE.format("source")
    response = admin_client.post(address, posted)

    assert "changed meanwhile" in response.content.decode()
    assert Source.objects.filter(pk=gone.pk).exists()
    assert admin_client.post(address, filled_in(response)).status_code == 302


def test_other_one_can_be_kept(admin_client, pair):
    kept, gone = pair

    page = read(
        admin_client.get(
            f"{MERGE.format('source')}?row={kept.pk}&row={gone.pk}&keep={gone.pk}"
        )
    )

    assert page.has("input", name="keep", value=str(gone.pk))


@pytest.mark.parametrize(
    "query",
    ["", "row=1", "row=x&row=-1", "row=999999999999999999999&row=1", "row=1&row=1"],
)
def test_choice_of_fewer_than_two_is_explained(admin_client, query):
    for response in (
        admin_client.get(f"{MERGE.format('source')}?{query}", follow=True),
        admin_client.post(MERGE.format("source"), query_params={}, follow=True),
    ):
        assert "Choose two to" in response.content.decode()


@pytest.mark.parametrize("missing", ["change_source", "delete_source"])
def test_merging_asks_for_both_permissions(client, pair, missing):
    granted = {"view_source", "change_source", "delete_source"} - {missing}
    client.force_login(make.make_editor(*granted))

    response = client.post(MERGE.format("source"), answers(*pair))

    assert response.status_code == 403
    assert Source.objects.count() == 2
