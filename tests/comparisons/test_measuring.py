"""What a run of our measurements leaves behind, and what is made of it."""

import json
from functools import partial
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from comparisons.choices import Level, Stance
from comparisons.knowledge.documents import parse
from comparisons.measuring.figures import agreement, figures
from comparisons.measuring.levels import ROWS
from comparisons.measuring.load import LoadError
from comparisons.measuring.plan import read_plan
from comparisons.measuring.rounds import Run, Settings, visits
from comparisons.models import Feature, KnowledgeVersion, Measurement, MeasurementRun
from tests import factories as make
from tests.pages import read

KNOWLEDGE = settings.BASE_DIR / "fixtures"


def waiting(setup, ratio):
    return Measurement(metric="waiting", connections=256, setup=setup, ratio=ratio)


def json_and_rows(json_ratio, rows_ratio):
    of = partial(Measurement, setup="recommended", connections=64)
    figures = [of(metric="json", ratio=json_ratio)]
    return [*figures, of(metric="twenty-rows", ratio=rows_ratio)]


def bare_install(packages, megabytes):
    of = partial(Measurement, setup="alone", connections=0)
    sizes = [of(metric="packages", value=packages)]
    return [*sizes, of(metric="installed_mb", value=megabytes)]


@pytest.mark.parametrize(
    ("feature", "figures", "level"),
    [
        # The geometric mean of both: a half.
        ("throughput", json_and_rows(1.0, 0.25), Level.VERY_HIGH),
        ("throughput", json_and_rows(1.0, 0.24), Level.HIGH),
        ("throughput", json_and_rows(0.05, 0.1), Level.VERY_LOW),
        ("throughput", json_and_rows(1.0, 1.0)[:1], Level.UNKNOWN),
        # The better of what the documentation has; a common server is neither.
        (
            "waiting-connections",
            [waiting("recommended", 0.05), waiting("waiting", 0.5)],
            Level.HIGH,
        ),
        (
            "waiting-connections",
            [waiting("recommended", 0.05), waiting("common", 0.9)],
            Level.VERY_LOW,
        ),
        # The worse of both.
        ("lightness", bare_install(3, 24.1), Level.LOW),
        ("lightness", bare_install(6, 1.4), Level.HIGH),
    ],
)
def test_level_follows_from_the_figures(feature, figures, level):
    assert ROWS[feature].level(figures) == level


def test_published_levels_are_those_of_the_latest_run():
    """A level never changes but by a measurement."""
    runs = sorted((KNOWLEDGE / "measurements").glob("*.yaml"))
    runs = [run for run in map(parse, runs) if run.get("status") is None]
    for path in (KNOWLEDGE / "frameworks").glob("*.yaml") if runs else ():
        framework = parse(path)
        figures = [
            Measurement(**{"connections": 0} | figure | {"framework": None})
            for figure in runs[-1]["measurements"]
            if figure["framework"] == framework["slug"]
        ]
        for finding in framework["findings"]:
            if row := ROWS.get(finding["feature"]):
                level = row.level(figures)
                assert (path.stem, finding["feature"], finding["level"]) == (
                    path.stem,
                    finding["feature"],
                    level,
                )


@pytest.fixture
def settings_of_run(tmp_path):
    return Settings(tmp_path, "python", "postgresql://nobody@127.0.0.1/none", 2, 1)


def write(log, *lines):
    log.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return log


def visit(number, key, **values):
    values = {name.replace("_at_", "@"): value for name, value in values.items()}
    return {"round": number, "key": key, "values": values}


def test_ratio_is_taken_round_by_round(tmp_path):
    """What slowed a whole round down does not count."""
    log = write(
        tmp_path / "run.jsonl",
        visit(1, "baseline/recommended", json_at_64=1000),
        visit(1, "flask/recommended", json_at_64=500),
        visit(2, "baseline/recommended", json_at_64=600),
        visit(2, "flask/recommended", json_at_64=300),
    )

    [[figure], noisy] = figures(log)

    assert (figure.framework, figure.metric, figure.connections) == (
        "flask",
        "json",
        64,
    )
    assert (figure.absolute.low, figure.absolute.high) == (300, 500)
    assert (figure.ratio.low, figure.ratio.value, figure.ratio.high) == (0.5, 0.5, 0.5)
    assert noisy == []


def test_two_runs_agree_where_their_ranges_meet(tmp_path):
    first, second, third = (
        write(
            tmp_path / f"{share}.jsonl",
            visit(1, "baseline/recommended", json_at_64=1000),
            visit(1, "flask/recommended", json_at_64=share),
            visit(2, "baseline/recommended", json_at_64=1000),
            visit(2, "flask/recommended", json_at_64=share + 100),
        )
        for share in (500, 580, 650)
    )

    assert agreement(first, second) == (1, 1)
    assert agreement(first, third) == (0, 1)


def test_figure_that_differs_from_round_to_round_is_too_noisy(tmp_path):
    log = write(
        tmp_path / "run.jsonl",
        visit(1, "baseline/recommended", json_at_64=1000),
        visit(1, "flask/recommended", json_at_64=500),
        visit(2, "baseline/recommended", json_at_64=1000),
        visit(2, "flask/recommended", json_at_64=900),
    )

    [found, [noisy]] = figures(log)

    assert (found, noisy.framework) == ([], "flask")


def test_run_goes_on_after_the_last_whole_line(settings_of_run):
    """A visit that failed, or was cut off while it was written, is made again."""
    run = Run(read_plan("flask"), settings_of_run)
    turns = run.left()
    [first, second, third, *rest] = [turn[:2] for turn in turns]
    write(
        run.log,
        visit(*first),
        {"round": second[0], "key": second[1], "failed": "No answer."},
    )
    with run.log.open("a") as log:
        log.write('{"round": ')

    assert [turn[:2] for turn in run.left()] == [second, third, *rest]
    run.write(visit(*second))
    assert [turn[:2] for turn in run.left()] == [third, *rest]


def test_failed_visit_is_written_down_and_stops_nothing(settings_of_run, monkeypatch):
    run = Run(read_plan("flask"), settings_of_run)

    def fail(subject):
        raise LoadError("json: 3 of 9 failed")

    assert run.take((1, "flask/recommended", fail, None)) == "json: 3 of 9 failed"
    assert visits(run.log) == []


def test_each_round_begins_with_another_framework(settings_of_run):
    run = Run(read_plan(), settings_of_run)
    first = {}
    for number, key, *_ in run.turns():
        first.setdefault(number, key)

    assert first[1] != first[2]


@pytest.fixture
def log(tmp_path):
    """A run of one round in which Flask reached a fifth of the baseline."""
    told = {"python": "Python 3.13.0", "database": "PostgreSQL 15", "seconds": 1}
    told |= {"cores": 2, "processor": "a processor", "system": "Linux"}
    told["began"] = "2026-11-30T02:57:22+0000"
    return write(
        tmp_path / "run.jsonl",
        {"conditions": told},
        visit(1, "baseline/recommended", json_at_64=5000, **{"twenty-rows@64": 1000}),
        visit(1, "flask/recommended", json_at_64=1000, **{"twenty-rows@64": 200}),
    )


@pytest.mark.django_db
def test_published_run_rates_and_disputes(knowledge, log):
    for slug in ROWS.keys() - {knowledge.throughput.slug}:
        make.make_feature(slug=slug, kind="quality")
    article = make.make_citation(
        finding=make.make_finding(
            framework=knowledge.flask, feature=knowledge.throughput, draft=True
        ),
        source=knowledge.blog,
        level=Level.VERY_HIGH,
    )

    call_command("record_measurements", log, publish=True, stdout=StringIO())

    finding = knowledge.flask.findings.published().get(feature=knowledge.throughput)
    assert finding.level == Level.MEDIUM
    assert finding.citations.get(source__kind="measurement").level == Level.MEDIUM
    article.refresh_from_db()
    assert article.stance == Stance.DISPUTES
    figure = knowledge.flask.measurements.published().get(
        metric="json", run__slug="measurements-2026-11-30"
    )
    assert (figure.value, figure.ratio) == (1000, 0.2)


@pytest.mark.django_db
def test_run_without_a_round_is_refused(tmp_path):
    log = write(tmp_path / "run.jsonl", visit(0, "flask/installed", packages=["flask"]))

    with pytest.raises(CommandError, match="no round"):
        call_command("record_measurements", log)


@pytest.mark.django_db
def test_no_run_is_published_before_its_features_are_defined(knowledge, log):
    Feature.objects.filter(slug="lightness").delete()

    with pytest.raises(CommandError, match="lightness"):
        call_command("record_measurements", log, publish=True)
    assert not MeasurementRun.objects.filter(slug="measurements-2026-11-30").exists()


@pytest.mark.django_db
def test_run_that_is_not_published_changes_nothing_that_readers_see(knowledge, log):
    before = KnowledgeVersion.current()

    call_command("record_measurements", log, stdout=StringIO())

    assert MeasurementRun.objects.get(slug="measurements-2026-11-30").status == "draft"
    assert KnowledgeVersion.current() == before


@pytest.mark.django_db
def test_what_we_measured_stands_beside_what_the_articles_say(client, knowledge):
    make.make_disagreement(
        slug="which-is-faster",
        feature=knowledge.throughput,
        frameworks=[knowledge.flask],
    )

    text = read(client.get("/disagreements/which-is-faster/")).text

    assert text.count("We measured") == 1
    assert "500 450 to 520 0.50" in " ".join(text.split())
    listed = read(client.get("/disagreements/")).text
    assert listed.count("What we measured on it") == 1


@pytest.mark.django_db
def test_nothing_is_said_to_be_measured_of_what_has_no_figure(client, knowledge):
    make.make_disagreement(
        feature=knowledge.throughput, frameworks=[make.make_framework()]
    )
    make.make_disagreement(feature=knowledge.orm, frameworks=[knowledge.flask])

    assert "measured on it" not in read(client.get("/disagreements/")).text


@pytest.mark.django_db
def test_page_shows_the_best_framework_first(client, knowledge):
    text = read(client.get("/measurements/")).text

    assert text.index("Flask") < text.index("Django")
    run = knowledge.measured.run
    figures = client.get(f"/measurements/{run.slug}.json").json()["figures"]
    told = [(each["framework"], each["value"], each["unit"]) for each in figures]
    assert told == [("Django", 480, "requests/s"), ("Flask", 500, "requests/s")]
    assert "Django,recommended,json,64" in (
        client.get(f"/measurements/{run.slug}.csv").content.decode()
    )
