import pytest

from comparisons.choices import Stance
from comparisons.models import (
    Citation,
    Disagreement,
    Source,
)
from tests.factories import (
    STATEMENTS,
    make_citation,
    make_disagreement,
    make_position,
)

pytestmark = pytest.mark.django_db

# Features


# Statements


@pytest.mark.parametrize("make", STATEMENTS)
def test_uncited_statements_have_no_support(make):
    uncited = make(draft=True)
    disputed = make(draft=True, cited={"stance": Stance.DISPUTES})
    make()

    assert set(type(uncited).objects.uncited()) == {uncited, disputed}


@pytest.mark.parametrize("make", STATEMENTS)
def test_contested_statements_have_support_and_dispute(make):
    contested = make()
    model = type(contested)
    make_citation(**{model.citations.field.name: contested}, stance=Stance.DISPUTES)
    make()
    make(draft=True, cited={"stance": Stance.DISPUTES})

    assert model.objects.contested().get() == contested


# Sources and citations


def test_passages_come_with_their_statements(knowledge, django_assert_num_queries):
    with django_assert_num_queries(1):
        for citation in Citation.objects.with_statements():
            str(citation.statement)


def test_source_counts_what_it_supports_and_disputes(knowledge):
    make_citation(source=knowledge.blog)

    blog = Source.objects.with_counts().get(slug="blog")

    # The con and the contested finding; the draft does not count.
    assert (blog.citation_count, blog.disputing_count) == (2, 1)


# Curated pages


def test_most_contested_disagreement_comes_first():
    quiet = make_disagreement(key="G1")
    loud = make_disagreement(key="G2")
    make_position(disagreement=quiet, citations=[make_citation()])
    for _ in range(2):
        make_position(disagreement=loud, citations=[make_citation()])

    assert list(Disagreement.objects.most_contested_first()) == [loud, quiet]
