"""The whole field in one look."""

import pytest

from comparisons.choices import FeatureKind, Level
from comparisons.pages.field import read_field
from tests import factories as make
from tests.pages import read

pytestmark = pytest.mark.django_db


def test_field_draws_a_bar_for_each_answer_and_marks_what_is_unknown():
    core = make.make_group(name="Core and more")
    orm, forms = (make.make_feature(group=core) for _ in range(2))
    speed = make.make_feature(kind=FeatureKind.QUALITY, group=make.make_group())
    framework = make.make_framework()
    make.make_finding(framework=framework, feature=orm, level=Level.BUILT_IN)
    make.make_finding(framework=framework, feature=forms, level=Level.MANUAL)
    make.make_finding(feature=speed, level=Level.HIGH)

    field = read_field([framework])

    [(_, [strip])] = field.kinds
    paths = dict(strip.paths)
    assert paths[FeatureKind.CAPABILITY].count("z") == 2
    assert paths["unknown"].count("z") == 1
    assert FeatureKind.QUALITY not in paths
    assert strip.good == [1, 0]
    assert (field.known_count, field.answer_count) == (2, 3)
    assert [section.short_name for section in field.sections][0] == "Core"


def test_home_page_tells_the_picture_in_numbers_too(client, knowledge):
    page = read(client.get("/"))

    [head, *rows] = page.tables[0]
    assert {row[0] for row in rows} == {"Django", "Flask"}
    assert len({len(row) for row in (head, *rows)}) == 1


def test_home_page_has_one_field_to_search(client, knowledge):
    page = read(client.get("/"))

    assert sum(attrs.get("name") == "q" for _, attrs in page.tags) == 1
