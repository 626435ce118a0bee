"""Who vouches for an answer, and where readers are told."""

import csv
import io

import pytest

from comparisons.choices import Certainty, FeatureKind, Level, SourceKind, Stance
from comparisons.pages.certainty import support_of, supports
from comparisons.pages.matrix import read_matrix
from tests import factories as make
from tests.pages import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def framework():
    """A framework with addresses of its own, made by two with names."""
    return make.make_framework(
        slug="waltz",
        name="Waltz",
        docs_url="https://waltz.example/docs/",
        repository_url="https://code.example/dancers/waltz",
        makers="The Dancers, Ann Step",
    )


@pytest.fixture
def judged(framework):
    """A judgement of it that no passage supports yet but the project's own."""
    return make.make_finding(
        framework=framework,
        feature=make.make_feature(slug="grace", name="Grace", kind=FeatureKind.QUALITY),
        level=Level.HIGH,
        cited={"source": own_page()},
    )


def own_page(name="grace"):
    return make.make_source(url=f"https://waltz.example/docs/{name}/")


def vouch(finding, *, stance=Stance.SUPPORTS, level="", **source):
    make.make_citation(
        finding=finding, stance=stance, level=level, source=make.make_source(**source)
    )


def certainty(finding):
    found = support_of(finding)
    assert supports({finding.pk: (finding.framework, finding.answer)}) == {
        finding.pk: found
    }
    return found.certainty


@pytest.mark.parametrize(
    "source",
    [
        {"url": "https://waltz.example/other/"},
        {"url": "https://code.example/dancers/waltz/issues/1"},
        {"publisher": "the dancers"},
        {"publisher": "Ann Step", "url": "https://ann.example/"},
    ],
)
def test_all_pages_of_those_who_make_it_are_the_projects_own_word(judged, source):
    vouch(judged, **source)

    assert certainty(judged) is Certainty.OWN
    assert support_of(judged).reasons == "Nobody besides the project is cited for it."


def test_publisher_counts_once_however_many_pages_it_has(judged):
    vouch(judged, publisher="The Press")
    vouch(judged, publisher="the press")

    assert certainty(judged) is Certainty.ONE
    assert support_of(judged).reasons == (
        "One publisher besides the project and the project’s own pages."
    )

    vouch(judged, publisher="The Post", interest="It sells shoes.")

    assert certainty(judged) is Certainty.SEVERAL
    assert support_of(judged).reasons == (
        "Two publishers besides the project (one with an interest) and the project’s "
        "own pages."
    )


def test_measurement_by_others_is_the_most_certain(judged):
    vouch(judged, publisher="The Press")
    vouch(judged, publisher="Framewise", kind=SourceKind.MEASUREMENT)

    assert certainty(judged) is Certainty.MEASURED
    assert support_of(judged).reasons == (
        "One publisher besides the project, a measurement and the project’s own pages."
    )


def test_passage_that_disputes_or_asserts_another_level_does_not_vouch(judged):
    vouch(judged, publisher="The Press", stance=Stance.DISPUTES)
    vouch(judged, publisher="The Post", stance=Stance.CONTEXT)
    vouch(judged, publisher="The Mail", level=Level.LOW)

    assert certainty(judged) is Certainty.OWN

    judged.citations.filter(stance=Stance.SUPPORTS).update(level=Level.LOW)

    assert certainty(judged) is Certainty.VIEW


def test_nobody_vouches_for_what_is_unknown(framework):
    unknown = make.make_finding(framework=framework, level=Level.UNKNOWN)

    assert certainty(unknown) is None
    assert support_of(unknown).reasons == ""


def test_own_word_is_no_flaw_of_what_it_can_do(framework, judged):
    able = make.make_finding(framework=framework, cited={"source": own_page("steps")})

    assert certainty(able) is Certainty.OWN
    assert [support_of(finding).is_own_word for finding in (able, judged)] == [
        False,
        True,
    ]


# Where readers are told


def test_page_of_a_finding_says_how_certain_it_is_and_why(client, judged):
    page = read(client.get(judged.get_absolute_url()))

    said = "only the project’s own pages. Nobody besides the project is cited for it."
    assert said in page.text
    assert "/about/#certainty" in page.links


def test_pages_mark_a_judgement_that_only_the_project_supports(client, judged):
    other = make.make_framework(slug="tango", name="Tango")
    make.make_finding(framework=other, feature=judged.feature, level=Level.LOW)

    profile, feature, pair = (
        client.get(address).text
        for address in (
            "/frameworks/waltz/",
            "/features/grace/",
            "/compare/tango-vs-waltz/",
        )
    )

    cell = "Waltz, Grace: high, own word"
    assert [page.count(cell) for page in (profile, feature, pair)] == [1, 0, 1]
    assert feature.count("by the project’s word alone") == 1
    assert "† only the project’s own pages say so" in pair


def test_matrix_can_be_narrowed_to_what_only_the_project_says(client, judged):
    other = make.make_framework(slug="tango")
    make.make_finding(framework=other, feature=judged.feature, level=Level.LOW)
    make.make_finding(framework=other)

    page = read(client.get("/compare/tango-vs-waltz/?own=1"))

    assert "1 by the project’s word alone" in page.text
    matrix = read_matrix([judged.framework, other])
    assert (matrix.own_word_count, len(matrix.rows)) == (1, 2)
    shown = [row.slug for row in matrix.rows if f"row-{row.slug}" in page.ids]
    assert shown == ["grace"]


@pytest.mark.parametrize(
    "address", ["/compare/tango-vs-waltz", "/features/grace", "/frameworks/waltz/grace"]
)
def test_files_have_the_certainty_of_each_answer(client, judged, address):
    make.make_framework(slug="tango")

    content = client.get(f"{address}.csv").content.decode("utf-8-sig")

    [row, *_] = csv.DictReader(io.StringIO(content))
    assert "Only the project’s own pages" in row.values()
