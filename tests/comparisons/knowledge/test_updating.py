"""A knowledge base brought up to date with its files, past what editors changed."""

from copy import deepcopy

import pytest

from comparisons.choices import Level, Side, Stance, Status
from comparisons.history.undoing import undo
from comparisons.knowledge.catalogue import LIBRARY
from comparisons.knowledge.exporting import export
from comparisons.knowledge.loading import Change
from comparisons.knowledge.shapes import digest
from comparisons.models import ChangeSet, Feature, FeatureGroup, Finding, ProCon, Source
from tests import factories as make
from tests.comparisons.knowledge.conftest import differences, edit, load, row_of, update

pytestmark = pytest.mark.django_db

FLASK = "frameworks/flask.yaml"
ZINE = {"slug": "zine", "title": "A zine", "kind": "article"}


def changed_finding(content):
    row_of(content["findings"], feature="orm").update(note="Changed.")


def left_out(content):
    finding = row_of(content["findings"], feature="orm")
    del finding["note"], finding["alternatives"], finding["citations"][1]


def answered(content):
    passage = deepcopy(row_of(content["findings"], feature="orm")["citations"][0])
    passage["key"] = "throughput-1"
    answer = {"feature": "throughput", "level": "low", "citations": [passage]}
    content["findings"].insert(-1, answer)


def moved_feature(content):
    core, judged, _ = content["groups"]
    judged["features"].append(core["features"].pop())


def new_feature_first(content):
    features = content["groups"][0]["features"]
    features.insert(0, features[0] | {"slug": "young", "name": "Young"})


def new_feature_last(content):
    features = content["groups"][0]["features"]
    features.append(features[0] | {"slug": "young", "name": "Young"})


def other_way_round(*path):
    """Return a change that turns the list at ``path`` round."""

    def turn(content):
        for step in path:
            content = content[step]
        if isinstance(content, dict):
            for key in reversed(list(content)):
                content[key] = content.pop(key)
        else:
            assert len(content) > 1
            content.reverse()

    return turn


# Of each part of the files one list that is turned round, and then another.
INNER_TURNS = {
    "feature": ("features.yaml", "groups", 0, "features", 1, "thresholds"),
    "procon": (FLASK, "pros"),
    "fact": (FLASK, "facts"),
    "finding": (FLASK, "findings", 1, "citations"),
    "comparison": ("comparisons.yaml", "comparisons", 0, "sections"),
    "disagreement": ("disagreements.yaml", "disagreements", 0, "positions"),
    "theme": ("themes.yaml", "themes", 1, "shares"),
    "question": ("questions.yaml", "questions", 1, "choices"),
}
OUTER_TURNS = {
    "feature": ("features.yaml", "groups", 0, "features"),
    "featuregroup": ("features.yaml", "groups"),
    "comparison": ("comparisons.yaml", "comparisons", 0, "verdicts"),
    "theme": ("themes.yaml", "themes"),
    "question": ("questions.yaml", "questions"),
    "persona": ("personas.yaml", "personas"),
}


def turns(lists):
    return {
        kind: (name, other_way_round(*path)) for kind, (name, *path) in lists.items()
    }


@pytest.mark.parametrize(
    "edits",
    [
        {
            "feature": ("features.yaml", moved_feature),
            "source": ("sources.yaml", lambda content: content["sources"].append(ZINE)),
        },
        {
            "finding": (FLASK, changed_finding),
            "feature": ("features.yaml", new_feature_first),
        },
        {"finding": (FLASK, left_out)},
        {"finding": (FLASK, answered), "feature": ("features.yaml", new_feature_last)},
        turns(INNER_TURNS),
        turns(OUTER_TURNS),
    ],
)
def test_update_brings_what_the_files_say_in_their_order(folder, edits):
    load(folder)
    assert differences(folder) == {}

    for name, change in edits.values():
        edit(folder / name, change)
    found = differences(folder)
    update(folder)

    assert set(found.values()) <= {Change.ADDED, Change.UPDATED}
    assert {label.split()[0] for label in found} == edits.keys()
    assert differences(folder) == {}
    assert not {folder / name for name, _ in edits.values()} & set(export(folder))


def test_new_row_at_the_end_moves_no_other(folder):
    load(folder)
    edit(folder / "features.yaml", new_feature_last)
    edit(folder / FLASK, lambda c: c["pros"].append(c["pros"][0] | {"slug": "new"}))
    citation = {"citations": None, "status": "draft"}
    edit(folder / FLASK, lambda c: c["pros"][-1].update(citation))

    assert differences(folder) == {"feature young": "added", "procon new": "added"}


def test_undo_of_an_update_brings_the_former_order_back(folder):
    load(folder)
    before = LIBRARY.files()
    edit(folder / FLASK, other_way_round("pros"))
    edit(folder / "questions.yaml", other_way_round("questions", 1, "choices"))
    update(folder)
    assert LIBRARY.files() != before

    undo([ChangeSet.objects.first()])

    assert LIBRARY.files() == before


def test_gaps_between_positions_are_no_difference(folder):
    load(folder)
    for feature in Feature.objects.all():
        Feature.objects.filter(pk=feature.pk).update(position=feature.position * 10)
    make.make_feature(group=FeatureGroup.objects.first(), position=15)

    assert differences(folder) == {}


# Edits that an editor can make to something of which the file says otherwise.


def change_the_note(finding):
    make.change(finding, note="Mine.")


def take_it_back(finding):
    make.change(finding, status=Status.IN_REVIEW)


def add_a_passage(finding):
    passage = finding.citations.first()
    make.change(passage, pk=None, key="mine", stance=Stance.CONTEXT)


def change_a_passage(finding):
    finding.citations.update(says="Mine.")


def lose_the_support(finding):
    finding.citations.all().delete()


def drop_an_alternative(finding):
    finding.alternatives.clear()


def move(model, slug, **place):
    def change(_):
        if "group" in place:
            place["group"] = FeatureGroup.objects.get(slug=place["group"])
        model.objects.filter(slug=slug).update(**place)

    return change


# (label, file, its line, a line to add)
ORM = ("finding flask/orm", FLASK, "- feature: orm\n", "  since_version: '9'\n")
FEATURE = ("feature orm", "features.yaml", "  - slug: orm\n", "    aliases: [mapper]\n")
PRO = ("procon flask-pro-small", FLASK, "- slug: flask-pro-small\n", "  reason: No.\n")
DOCS = ("source flask-docs", FLASK, "- slug: flask-docs\n", "  note: Changed.\n")


@pytest.mark.parametrize(
    "edits",
    [
        {
            ORM: change_the_note,
            FEATURE: move(Feature, "orm", position=9),
            PRO: move(ProCon, "flask-pro-small", side=Side.CON),
            DOCS: move(Source, "flask-docs", framework=None),
        },
        {ORM: take_it_back, FEATURE: move(Feature, "orm", group="uses")},
        {ORM: add_a_passage},
        {ORM: change_a_passage},
        {ORM: lose_the_support},
        {ORM: drop_an_alternative},
        {ORM: Finding.delete},
    ],
)
def test_update_never_touches_what_an_editor_changed(folder, edits):
    load(folder)
    finding = Finding.objects.get(framework__slug="flask", feature__slug="orm")
    for (_, name, line, added), change in edits.items():
        change(finding)
        text = (folder / name).read_text()
        (folder / name).write_text(text.replace(line, line + added, 1))
    before = LIBRARY.files()

    changes = differences(folder)
    update(folder)

    # A verdict rests on the finding that one of them deletes.
    assert changes.pop("comparison django-vs-flask", "kept") == Change.KEPT
    assert changes == {label: Change.KEPT for label, *_ in edits}
    assert LIBRARY.files() == before


def test_update_leaves_what_an_editor_entered_under_the_same_name(folder):
    load(folder)
    Source.objects.create(slug="zine", title="Mine", kind="article")
    edit(folder / "sources.yaml", lambda content: content["sources"].append(ZINE))

    update(folder)

    assert Source.objects.get(slug="zine").title == "Mine"


def test_edit_that_says_what_the_file_says_is_no_conflict(folder):
    load(folder)
    Finding.objects.filter(note__startswith="Flask brings").update(note="Changed.")
    edit(folder / FLASK, changed_finding)

    assert differences(folder) == {}


def test_misspelt_field_is_a_difference(folder):
    load(folder)
    edit(folder / FLASK, lambda c: c["findings"][0].update(ntoe="It does."))

    assert differences(folder) == {"finding flask/routing": Change.UPDATED}


@pytest.mark.parametrize("other", [{"a": 2}, {"b": 1}, {}, {"a": [1]}, {"a": "1"}])
def test_digest_tells_content_and_no_order_of_rows(other):
    rows = [{"key": "a", "level": Level.HIGH}, {"key": "b"}]
    again = [{"key": "b"}, {"level": "high", "key": "a"}]

    assert digest({"a": 1}) != digest(other)
    assert digest({"rows": rows}) == digest({"rows": again})
