"""Files into an empty database, and what they may not say."""

import shutil

import pytest
from django.apps import apps

from comparisons.choices import Level, Status
from comparisons.knowledge.documents import parse
from comparisons.knowledge.exporting import export
from comparisons.knowledge.loading import read_records
from comparisons.knowledge.parts import KnowledgeError
from comparisons.models import Finding, KnowledgeVersion, LoadedRecord
from tests.comparisons.knowledge.conftest import differences, edit, load, row_of
from tests.conftest import is_history

pytestmark = pytest.mark.django_db

FLASK, DJANGO = "frameworks/flask.yaml", "frameworks/django.yaml"
TASKS, SAMPLE = "samples/tasks.yaml", "tasks: [{slug: a, samples: [{%s}]}]"


def stored_rows():
    return {
        model._meta.label: model._base_manager.count()
        for app in ("comparisons", "advisor")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if model is not KnowledgeVersion and not is_history(model)
    }


def test_loading_fills_an_empty_knowledge_base_and_twice_is_harmless(folder):
    load(folder)

    finding = Finding.objects.get(framework__slug="flask", feature__slug="orm")
    assert (finding.answer, finding.status) == (Level.THIRD_PARTY, Status.PUBLISHED)
    assert finding.extension.slug == "flask-sqlalchemy"
    assert [citation.key for citation in finding.supporting] == ["flask-orm-1"]
    labels = {record.label for record in read_records(folder)}
    assert set(LoadedRecord.objects.values_list("label", flat=True)) == labels
    before = stored_rows()

    load(folder)

    assert stored_rows() == before
    assert differences(folder) == {}


def test_loading_stores_all_or_nothing(folder):
    edit(folder / "questions.yaml", lambda c: c["questions"][-1].update(kind="riddle"))

    with pytest.raises(KnowledgeError, match="question candidates"):
        load(folder)

    assert set(stored_rows().values()) == {0}


CITED = "Nothing is published without a supporting citation"
ABOUT_THE_FINDING = [
    ({"citations": None}, CITED),
    ({"level": "very_high"}, "A level belongs to the kind of its feature"),
    (
        {"level": "builtin"},
        "level: Value 'builtin' is not a valid choice. Choose one of: built_in, "
        "official, third_party, manual, none, unknown.",
    ),
    ({"extension": None}, "A feature that a package provides names the package"),
    ({"extension": "nil"}, "the extension “nil”, which does not exist"),
    ({"ntoe": "Flask brings none."}, "has no field ntoe"),
    ({"at_most": "built_in"}, "a known level needs neither"),
    ({"citations": "the documentation"}, "“citations” must be a list of mappings"),
]
ABOUT_ITS_PASSAGE = [
    ({"stance": "disputes"}, CITED),
    ({"stance": "for"}, "Choose one of: supports, disputes, context."),
    ({"source": "hearsay"}, "the source “hearsay”, which does not exist"),
    ({"source": None}, "source: This field cannot be null"),
    ({"sayz": "It is there."}, "has no field sayz"),
    ({"says": None}, "says: This field cannot be blank"),
]


@pytest.mark.parametrize(
    ("is_passage", "change", "promise"),
    [
        *((False, *broken) for broken in ABOUT_THE_FINDING),
        *((True, *broken) for broken in ABOUT_ITS_PASSAGE),
    ],
)
def test_message_names_the_record_and_the_promise(folder, is_passage, change, promise):
    def spoil(content):
        finding = row_of(content["findings"], feature="orm")
        (finding["citations"][0] if is_passage else finding).update(change)

    edit(folder / FLASK, spoil)

    with pytest.raises(KnowledgeError) as caught:
        load(folder)

    assert str(caught.value).startswith("finding flask/orm: ")
    assert promise in str(caught.value)


@pytest.mark.parametrize("file", [FLASK, DJANGO])
def test_what_stands_twice_is_named_with_its_files(folder, file):
    again = row_of(parse(folder / FLASK)["sources"], slug="flask-docs")
    passage = row_of(parse(folder / FLASK)["findings"], feature="orm")["citations"][0]
    where = " and ".join(sorted({FLASK, file}))
    twice = f"stands in the files twice, in {where}$"
    original = (folder / file).read_text()

    edit(folder / file, lambda content: content["sources"].append(again))
    with pytest.raises(KnowledgeError, match=f"^source flask-docs: {twice}"):
        read_records(folder)

    (folder / file).write_text(original)
    edit(folder / file, lambda c: c["findings"][-1]["citations"].append(passage))
    with pytest.raises(KnowledgeError, match=f"the citation “flask-orm-1” {twice}"):
        read_records(folder)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (FLASK, "slug: [", "flask.yaml is no readable YAML"),
        (FLASK, "- flask", "flask.yaml must hold a mapping"),
        ("sources.yaml", "sources: blog", "“sources” must be a list of mappings"),
        ("sources.yaml", "source: []", "“sources” must be a list of mappings"),
        (
            FLASK,
            "slug: flask\nfindings: none",
            "framework flask: “findings” must be a list of mappings",
        ),
        (TASKS, SAMPLE % "file: ../../x.py", "“../../x.py”: Write a folder and a file"),
        (TASKS, SAMPLE % "framework: flask", "“”: Write a folder and a file"),
        (TASKS, SAMPLE % "file: gone/gone.py", "gone/gone.py is missing"),
    ],
)
def test_unreadable_file_is_named(folder, name, text, message):
    (folder / name).write_text(text)

    with pytest.raises(KnowledgeError, match=message):
        load(folder)


def test_shipped_knowledge_comes_back_with_the_same_bytes(
    shipped_knowledge, settings, tmp_path
):
    shutil.copytree(settings.KNOWLEDGE_DIR, tmp_path, dirs_exist_ok=True)

    assert export(tmp_path) == []
    assert differences(tmp_path) == {}
