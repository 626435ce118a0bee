"""Rows in an order that editors choose: in a list, and in the form of their owner."""

import pytest

from comparisons.choices import Status
from comparisons.editing.roles import CONTRIBUTOR
from comparisons.models import ChangeSet, Comparison, Feature
from tests import factories as make
from tests.forms import Page, desk_address, filled_in
from tests.test_rights import make_editor

pytestmark = pytest.mark.django_db
LIST = desk_address(Feature, "changelist")


@pytest.fixture
def features(db):
    """Three features of one group, two of them in the same position."""
    group = make.make_group()
    return [
        make.make_feature(slug=slug, group=group, position=position)
        for slug, position in (("a", 1), ("b", 1), ("c", 4))
    ]


def order(features):
    rows = Feature.objects.filter(group=features[0].group)
    return "".join(rows.order_by("position", "slug").values_list("slug", flat=True))


def move(client, row, way):
    fields = filled_in(client.get(LIST))
    return client.post(LIST, fields | {f"_{way}": row.pk}, follow=True)


def test_row_moves_up_and_down_among_those_beside_it(admin_client, features):
    elsewhere = make.make_feature(position=2)
    a, _, c = features
    sets = ChangeSet.objects.count()

    seen = [order(features)]
    for row, way in [(c, "up"), (c, "up"), (c, "up"), (a, "down"), (a, "down")]:
        move(admin_client, row, way)
        seen.append(order(features))

    assert seen == ["abc", "acb", "cab", "cab", "cba", "cba"]
    elsewhere.refresh_from_db()
    assert elsewhere.position == 2
    # What moves nothing leaves no trace.
    assert ChangeSet.objects.count() == sets + 3


@pytest.mark.parametrize("key", ["", "x", "99999999999999999999", "0"])
def test_row_that_is_none_is_not_moved(admin_client, features, key):
    answer = admin_client.post(LIST, {"_up": key}, follow=True)

    assert answer.status_code == 200
    assert order(features) == "abc"


def test_who_may_not_change_a_row_does_not_move_it(client, features):
    client.force_login(make_editor(CONTRIBUTOR))
    Feature.objects.update(status=Status.DRAFT)
    drafts = move(client, features[2], "up")
    moved = order(features)
    Feature.objects.update(status=Status.PUBLISHED)

    response = move(client, features[2], "up")

    assert drafts.status_code == 200
    assert moved == order(features) == "acb"
    assert "Readers see it" in response.text


def test_sections_are_put_in_order_in_the_form_of_their_comparison(
    admin_client, knowledge
):
    row = make.make_comparison()
    for slug in ("a", "b", "c"):
        make.make_section(comparison=row, slug=slug, features=[knowledge.orm])
    page = Page(admin_client, desk_address(Comparison, "change", row.pk))

    page.send(
        **{"sections-0-order": "3", "sections-1-order": "2", "sections-2-order": ""}
    )

    slugs = [section.slug for section in row.sections.all()]
    assert slugs == ["b", "a", "c"]
    page = Page(admin_client, page.address)
    assert [page.shows(f"sections-{n}-order") for n in range(3)] == ["0", "1", "2"]
