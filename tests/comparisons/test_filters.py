import pytest

from comparisons.choices import Level, SourceKind, Stance
from comparisons.filters import DisagreementFilter, FrameworkFilter, SourceFilter
from comparisons.models import Disagreement, Framework, Source
from tests import factories as make
from tests.pages import read


def frameworks(**data):
    found = FrameworkFilter(data, Framework.objects.published())
    assert found.form.is_valid(), found.form.errors
    return [framework.slug for framework in found.qs]


def sources(**data):
    found = SourceFilter(data, Source.objects.published())
    assert found.form.is_valid(), found.form.errors
    return [source.slug for source in found.qs]


def disagreements(**data):
    found = DisagreementFilter(data, Disagreement.objects.published())
    assert found.form.is_valid(), found.form.errors
    return [disagreement.slug for disagreement in found.qs]


def options(filterset, name):
    """Return the values that the filter ``name`` offers."""
    return [str(value) for value, _ in filterset.form.fields[name].choices if value]


# Frameworks


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ({}, ["django", "flask"]),
        ({"q": "FLA"}, ["flask"]),
        ({"q": "small core"}, ["django", "flask"]),
        ({"q": "  flask  "}, ["flask"]),
        ({"q": "nowhere"}, []),
        ({"q": "%"}, []),
        ({"kind": ["micro"]}, ["flask"]),
        ({"kind": ["micro", "full_stack"]}, ["django", "flask"]),
        ({"kind": ["api"]}, []),
        ({"provides": ["orm"]}, ["django", "flask"]),
        ({"provides": ["orm"], "at_least": "official"}, ["django"]),
        ({"provides": ["orm"], "at_least": "built_in"}, ["django"]),
        ({"provides": ["admin-interface"]}, ["django"]),
        ({"provides": ["admin-interface"], "at_least": "manual"}, ["django", "flask"]),
        ({"provides": ["orm", "admin-interface"]}, ["django"]),
        ({"provides": ["orm", "admin-interface"], "match": "any"}, ["django", "flask"]),
        ({"lacks": ["admin-interface"]}, ["flask"]),
        ({"lacks": ["admin-interface"], "provides": ["orm"]}, ["flask"]),
        ({"at_least": "built_in", "match": "any"}, ["django", "flask"]),
        ({"fits": ["microservice"]}, ["flask"]),
        ({"fits": ["microservice"], "provides": ["admin-interface"]}, []),
        ({"q": "flask", "kind": ["full_stack"]}, []),
    ],
    ids=str,
)
def test_facets_of_frameworks_narrow_together(knowledge, data, found):
    assert frameworks(**data) == found


def test_unknown_is_not_provided(knowledge):
    bottle = make.make_framework(slug="bottle")
    make.make_finding(framework=bottle, feature=knowledge.orm, level=Level.UNKNOWN)

    assert "bottle" not in frameworks(provides=["orm"], at_least="manual")


def test_draft_finding_provides_nothing(knowledge):
    bottle = make.make_framework(slug="bottle")
    make.make_finding(framework=bottle, feature=knowledge.orm, draft=True)

    assert "bottle" not in frameworks(provides=["orm"])


def test_features_and_use_cases_are_offered_apart(knowledge):
    filterset = FrameworkFilter({}, Framework.objects.published())

    assert options(filterset, "provides") == ["routing", "orm", "admin-interface"]
    assert options(filterset, "fits") == ["microservice"]


def test_each_condition_can_be_removed_alone(client, knowledge):
    page = client.get(
        "/frameworks/?kind=micro&provides=orm&provides=routing&page=1"
    ).context["filter"]

    assert {(each.label, each.without) for each in page.conditions} == {
        ("Kind: Microframework", "?provides=orm&provides=routing"),
        ("Provides: Orm", "?kind=micro&provides=routing"),
        ("Provides: Routing", "?kind=micro&provides=orm"),
    }


def test_choices_say_how_many_rows_they_would_leave(client, knowledge):
    fields = (
        client.get("/frameworks/?lacks=admin-interface").context["filter"].form.fields
    )

    kinds = dict(fields["kind"].choices)
    assert kinds["micro"].endswith("(1)")
    assert kinds["full_stack"].endswith("(0)")
    menu = {str(slug): label for slug, label in fields["provides"].widget.choices}
    assert menu["orm"] == "Orm (1)"


def test_menus_sum_up_no_more_answers_than_a_page_can(client, knowledge, monkeypatch):
    monkeypatch.setattr("comparisons.filters.MOST_SUMMED", 1)

    page = client.get("/frameworks/")

    assert '<option value="orm">Orm</option>' in page.text


def test_list_shows_the_answers_that_were_asked_for_and_counts_the_unknown(
    client, knowledge
):
    about = {"framework": knowledge.flask, "level": Level.UNKNOWN}
    make.make_finding(feature=knowledge.throughput, **about)
    make.make_finding(draft=True, **about)

    page = read(client.get("/frameworks/?provides=orm&provides=&fits=microservice"))

    assert "1 of its answers unknown" in page.text
    assert "/frameworks/flask/orm/" in page.links
    assert "/frameworks/flask/microservice/" in page.links
    # What is chosen goes along with what is added next.
    assert page.has("input", type="hidden", name="provides", value="orm")


# Sources


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ({}, ["blog", "django-docs", "flask-docs"]),
        ({"q": "docs"}, ["django-docs", "flask-docs"]),
        ({"q": "example press"}, ["blog", "django-docs", "flask-docs"]),
        ({"kind": ["documentation"]}, ["blog", "django-docs", "flask-docs"]),
        ({"kind": ["book"]}, []),
        ({"disputes": "on"}, ["blog"]),
        ({"disputes": ""}, ["blog", "django-docs", "flask-docs"]),
        ({"disputes": "on", "q": "docs"}, []),
    ],
    ids=str,
)
def test_facets_of_sources_narrow_together(knowledge, data, found):
    assert sources(**data) == found


def test_source_is_found_by_its_author(knowledge):
    book = make.make_source(slug="book", author="Ada", kind=SourceKind.BOOK)
    make.make_citation(source=book, finding=knowledge.flask_orm, stance=Stance.CONTEXT)

    assert sources(q="ada") == ["book"]
    assert sources(kind=["book"]) == ["book"]


# Disagreements


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ({}, ["is-flask-easy"]),
        ({"feature": "ease-of-learning"}, ["is-flask-easy"]),
        ({"framework": "flask"}, ["is-flask-easy"]),
        ({"framework": "django"}, []),
        ({"section": "judged"}, ["is-flask-easy"]),
        ({"section": "judged", "framework": "django"}, []),
        ({"framework": "flask", "feature": "ease-of-learning"}, ["is-flask-easy"]),
    ],
    ids=str,
)
def test_facets_of_disagreements_narrow_together(knowledge, data, found):
    assert disagreements(**data) == found


def test_only_disputed_sections_and_features_are_offered_and_each_once(knowledge):
    make.make_disagreement(feature=knowledge.ease_of_learning)
    make.make_disagreement(feature=knowledge.throughput, draft=True)

    filterset = DisagreementFilter({}, Disagreement.objects.published())

    assert options(filterset, "section") == ["judged"]
    assert options(filterset, "feature") == ["ease-of-learning"]
    assert options(filterset, "framework") == ["django", "flask"]
