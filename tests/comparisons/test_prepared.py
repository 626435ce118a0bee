"""A question that is put together once answers for each value that it is asked with."""

import pytest

from comparisons.models import Framework
from comparisons.prepared import prepared
from comparisons.public import drafts_shown
from tests.factories import make_framework

pytestmark = pytest.mark.django_db


@prepared
def _named(slugs, *, column="name"):
    frameworks = Framework.objects.published().filter(slug__in=slugs)
    return frameworks.values_list(column, flat=True)


@prepared
def _like(slug):
    return Framework.objects.filter(slug__startswith=slug)


@pytest.mark.parametrize("number", [0, 1, 2, 3, 5])
def test_lists_of_any_length_are_asked_for(number):
    slugs = [f"waltz-{place}" for place in range(number + 1)]
    for slug in slugs:
        make_framework(slug=slug)

    assert _named(slugs[:number], column="slug") == slugs[:number]


def test_each_call_asks_the_database_anew():
    assert _named(["waltz"]) == []
    make_framework(slug="waltz", name="Waltz")
    assert _named(["waltz"]) == ["Waltz"]
    assert _named(["waltz"], column="slug") == ["waltz"]


def test_drafts_are_shown_in_a_preview_alone():
    make_framework(slug="waltz", name="Waltz", status="draft")

    with drafts_shown():
        assert _named(["waltz"]) == ["Waltz"]
    assert _named(["waltz"]) == []


def test_a_value_that_is_asked_for_in_other_words_is_refused():
    with pytest.raises(ValueError, match="_like does not ask for a value as it is"):
        _like("wal")
