"""The track record: what is counted, what a release adds, and what the page says."""

from collections import Counter
from datetime import date

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from advisor.models import Judgement
from advisor.questionnaire.reading import Questionnaire
from advisor.ranking.robustness import Certainty
from advisor.trials.agreement import Comparison, Kind, Rate, figures
from advisor.trials.answers import random_trial
from advisor.trials.holding import held
from advisor.trials.recommendations import FILE, Recommendation, read_recommendations
from advisor.trials.track import FILE as RELEASES
from advisor.trials.track import read_releases
from comparisons.choices import Level
from comparisons.knowledge.documents import render
from tests import factories as make
from tests.advisor.trials.test_recommendations import GOOD
from tests.pages import ask_advisor, read

pytestmark = pytest.mark.django_db

RECORD = "/advisor/record/"


def said(recommended="a", acceptable="", warned_against="", *, candidates=""):
    return Recommendation(
        slug="x",
        situation="Somebody builds something.",
        says="Take it.",
        source={},
        answers={"candidates": list(candidates)} if candidates else {},
        recommended=frozenset(recommended),
        acceptable=frozenset(acceptable),
        warned_against=frozenset(warned_against),
    )


def compared(recommendation, places, choices="abcde"):
    """Return a comparison in which ``places`` are the letters, best first."""
    return Comparison(
        recommendation=recommendation,
        places={slug: rank for rank, slug in enumerate(places, start=1)},
        choices=frozenset(choices),
        certainty=Certainty.CLEAR,
    )


@pytest.fixture
def asked(settings, tmp_path):
    """A folder of its own, with one recommendation of the small knowledge base."""
    settings.KNOWLEDGE_DIR = tmp_path
    (tmp_path / FILE).write_text(render({"recommendations": [GOOD]}))
    return tmp_path


# Counting


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    # Newcombe 1998, Statistics in Medicine 17, 857, table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611)]
    + [(1, 29, 0.0061, 0.1718)],
)
def test_interval_is_that_of_the_literature(count, total, low, high):
    assert Rate(count, total).interval == pytest.approx((low, high), abs=5e-5)


def test_nothing_counted_says_nothing():
    assert Rate(0, 0).share == 0
    assert Rate(0, 0).interval == (0, 1)


@pytest.mark.parametrize(
    ("recommendation", "places", "kind"),
    [
        (said("a"), "abcde", Kind.MET),
        (said("ab"), "bacde", Kind.MET),
        (said("a", "b"), "bacde", Kind.ACCEPTABLE),
        (said("a", warned_against="b"), "bacde", Kind.WARNED_AGAINST),
        (said("a"), "bcade", Kind.NEAR),
        (said("a"), "bcdae", Kind.FAR),
        (said("a"), "bcde", Kind.LEFT_OUT),
        (said("a"), "", Kind.LEFT_OUT),
    ],
)
def test_kind_says_how_far_the_advisor_is_off(recommendation, places, kind):
    assert compared(recommendation, places).kind == kind


def test_popularity_and_chance_choose_among_the_candidates_alone():
    comparisons = [
        compared(said("a"), "abcde"),
        compared(said("a"), "bacde"),
        compared(said("b", candidates="bc"), "bc", choices="bc"),
        compared(said("c", candidates="bc"), "bc", choices="bc"),
    ]

    told = figures(comparisons)

    assert told.met == Rate(2, 4)
    # “a” twice; of “b” and “c”, named as often, always the same.
    assert told.popular == Rate(3, 4)
    assert told.chance.count == pytest.approx(2 / 5 + 2 / 2)


# Releases


def test_release_adds_a_row_and_replaces_its_own(knowledge, asked, capsys):
    call_command("record_track", "first")
    call_command("record_track", "second")
    call_command("record_track", "first")

    assert "1 of 1 recommendations met: 100.0%" in capsys.readouterr().out
    releases = read_releases(asked)
    assert [each.name for each in releases] == ["second", "first"]
    assert releases[1].figures.met == Rate(1, 1)
    assert releases[1].figures.chance == Rate(0.5, 1)
    assert isinstance(releases[1].recorded_on, date)
    assert releases[0].held.keys() <= set(Certainty)
    assert releases[0].held_out is None


def test_what_is_held_out_is_told_apart(client, knowledge, asked, capsys):
    fresh = {"slug": "fresh", "collection": "held-out", "recommended": ["django"]}
    held_out = GOOD | fresh
    (asked / FILE).write_text(render({"recommendations": [GOOD, held_out]}))

    call_command("record_track", "first")
    page = read(client.get(RECORD))
    known = read(client.get(f"{RECORD}?set=known"))

    assert "0 of 1 held out met: 0.0%" in capsys.readouterr().out
    [release] = read_releases(asked)
    assert release.figures.met == Rate(1, 1)
    assert release.held_out.met == Rate(0, 1)
    shares = [row[1] for row in page.tables[0] if row[0] == "All"]
    assert [share.split()[0] for share in shares] == ["100", "0"]
    assert f"{Kind.NEAR}: 1" in page.text
    assert f"{Kind.MET}: 1" not in page.text
    assert f"{Kind.MET}: 1" in known.text


def test_nothing_is_recorded_where_nothing_can_be_asked(knowledge, asked):
    unknown = GOOD | {"answers": {"project": "gone"}}
    (asked / FILE).write_text(render({"recommendations": [unknown]}))

    with pytest.raises(CommandError, match="can be asked no recommendation"):
        call_command("record_track", "first")

    assert not (asked / RELEASES).exists()


def test_file_of_releases_that_is_incomplete_is_refused(knowledge, asked):
    (asked / RELEASES).write_text(render({"releases": [{"release": "first"}]}))

    with pytest.raises(CommandError, match="incomplete row"):
        call_command("record_track", "second")


# The page


def test_page_follows_the_knowledge(client, knowledge, asked):
    assert "In 1 of them (100 %" in read(client.get(RECORD)).text

    finding = knowledge.flask.findings.get(feature=knowledge.microservice)
    make.change(finding, level=Level.POOR)

    page = read(client.get(RECORD)).text
    assert "In 0 of them (0 %" in page
    assert f"{Kind.NEAR}: 1" in page
    assert "Recommended: Flask" in page
    assert "The advisor: Django first" in page


def test_page_says_what_cannot_be_asked(client, knowledge, asked):
    unknown = GOOD | {"slug": "unknown", "answers": {"project": "gone"}}
    (asked / FILE).write_text(render({"recommendations": [GOOD, unknown]}))

    assert "1 more cannot be asked" in read(client.get(RECORD)).text


def test_page_counts_what_readers_said_of_their_results(client, knowledge, asked):
    assert "Nobody has answered yet" in read(client.get(RECORD)).text
    advice = ask_advisor(client)
    client.post(f"{advice.get_absolute_url()}right/", {"answer": "partly"})

    tables = read(client.get(RECORD)).tables

    label = Judgement.objects.get().certainty.replace("_", " ").capitalize()
    assert [label, "0", "1", "0"] in tables[-2]
    assert ["Flask", "0", "1", "0"] in tables[-1]


def test_page_names_what_was_judged_without_a_label(client, knowledge, asked):
    make.make_judgement(framework="gone", certainty="")

    tables = read(client.get(RECORD)).tables

    assert ["Not said, or nothing else was left", "1", "0", "0"] in tables[-2]
    assert ["gone", "1", "0", "0"] in tables[-1]


def test_page_says_the_figures_that_are_counted_again_here(client, shipped_knowledge):
    shipped = read_recommendations(settings.KNOWLEDGE_DIR)
    counts = Counter()
    newest = [each for each in shipped if each.collection == "own-decisions"]
    for each in newest:
        address = client.post("/advisor/", each.answers).url
        ranking = client.get(f"{address.rstrip('/')}.json").json()["ranking"]
        first = ranking[0]["framework"] if ranking else None
        counts["met"] += first in each.recommended
        counts["warned against"] += first in each.warned_against

    page = read(client.get(RECORD))

    assert f"in {len(shipped)} situations" in page.text
    [*_, row] = [row for row in page.tables[0] if row[0] == "All"]
    assert f" {counts['met']} of {len(newest)}, " in row[1]
    assert f" {counts['warned against']} of {len(newest)}, " in row[3]


def test_shipped_releases_are_whole():
    releases = read_releases(settings.KNOWLEDGE_DIR)

    names = [each.name for each in releases]
    assert releases
    assert len(names) == len(set(names))
    for each in releases:
        told = each.figures
        assert 0 < told.met.count <= told.accepted.count <= told.met.total
        assert told.accepted.count + told.warned_against.count <= told.met.total
        assert Certainty.CLEAR in each.held


def test_labels_hold_in_their_order(shipped_knowledge):
    stays = held(random_trial(Questionnaire.current(), 60))

    assert stays[Certainty.CLEAR].share > 0.9
    assert stays[Certainty.CLEAR].share > stays[Certainty.LIKELY].share
    assert stays[Certainty.LIKELY].share > stays[Certainty.CLOSE_CALL].share


def test_page_is_worked_out_once_for_the_knowledge(
    client, shipped_knowledge, django_assert_max_num_queries
):
    # The questionnaire, the findings, the packages, and what readers said.
    with django_assert_max_num_queries(20):
        client.get(RECORD)
    with django_assert_max_num_queries(3):
        client.get(RECORD)
