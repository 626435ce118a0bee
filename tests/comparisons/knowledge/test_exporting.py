"""Rows into files, the same bytes for the same rows."""

import pytest
from django.apps import apps

from comparisons.knowledge.catalogue import LIBRARY
from comparisons.knowledge.documents import parse, render
from comparisons.knowledge.exporting import export
from comparisons.knowledge.parts import KnowledgeError
from comparisons.models import CodeSample, Finding
from tests.comparisons.knowledge.conftest import edit, files_in, load
from tests.conftest import is_history

pytestmark = pytest.mark.django_db

FLASK = "frameworks/flask.yaml"


def test_loading_and_exporting_again_gives_the_same_bytes(folder):
    before = files_in(folder)
    load(folder)

    changed = export(folder)

    assert changed == []
    assert files_in(folder) == before
    # Drafts are drafts again; published is what most rows are, and so left out.
    django = parse(folder / "frameworks/django.yaml")["findings"]
    states = {finding["feature"]: finding.get("status") for finding in django}
    assert (states["orm"], states["routing"]) == ("in_review", None)


def test_order_of_a_relation_leaves_no_trace(folder):
    features = ["routing", "admin-interface", "orm"]
    extensions = folder / "extensions.yaml"
    edit(extensions, lambda c: c["extensions"][0].update(features=features))
    load(folder)

    export(folder)

    assert parse(extensions)["extensions"][0]["features"] == sorted(features)


def test_edit_differs_in_one_place(folder):
    load(folder)
    before = (folder / FLASK).read_text().splitlines()
    own = Finding.objects.filter(feature__slug="orm", framework__slug="flask")
    own.update(note="Flask brings no mapper of its own.")

    assert export(folder) == [folder / FLASK]

    after = (folder / FLASK).read_text().splitlines()
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    assert changed == ["  note: Flask brings no mapper of its own."]


def test_text_as_browsers_send_it_reads_like_any_other(folder):
    load(folder)
    sample = CodeSample.objects.first()
    sample.code = "import flask\r\n\r\nprint()"
    sample.save()
    sample.task.description = "Two words.\r\nNo more."
    sample.task.save()

    export(folder)

    [written] = parse(folder / "samples/tasks.yaml")["tasks"]
    code = (folder / "samples" / sample.file).read_bytes()
    assert written["description"] == "Two words.\nNo more."
    assert code == b"import flask\n\nprint()\n"


def test_framework_that_is_gone_leaves_no_file(knowledge, tmp_path):
    export(tmp_path)
    knowledge.comparison.delete()
    knowledge.flask.delete()

    changed = export(tmp_path)

    assert tmp_path / FLASK in changed
    assert not (tmp_path / FLASK).exists()


def test_empty_knowledge_base_overwrites_no_file(folder):
    before = files_in(folder)

    with pytest.raises(KnowledgeError, match="no knowledge"):
        export(folder)

    assert files_in(folder) == before


def test_sample_is_written_nowhere_else(knowledge, tmp_path):
    CodeSample.objects.filter(framework__slug="flask").update(file="../../x.py")

    with pytest.raises(KnowledgeError, match="Write a folder and a file"):
        export(tmp_path)


def test_written_text_reads_back_as_it_was_and_paragraphs_line_by_line(tmp_path):
    texts = [
        "ends with a line\n",
        "  indented\n  block",
        "# no comment: “quotes”, 'single' and \"double\"",
        "no",
        "2026-11-20",
        "1.10",
        "tab\there",
        "a" * 200,
        "words " * 60,
        "trailing \nspace",
    ]
    path = tmp_path / "texts.yaml"
    path.write_text(render({"texts": texts}))

    assert parse(path) == {"texts": texts}
    assert render({"note": "One.\nTwo."}) == "note: |-\n  One.\n  Two.\n"


def test_library_holds_every_model_that_editors_keep():
    kept = {
        model
        for app in ("comparisons", "advisor")
        for model in apps.get_app_config(app).get_models()
        if not is_history(model)
    }
    left_out = {model.__name__ for model in kept - LIBRARY.shapes().keys()}

    assert left_out == {
        "Advice",
        "AdviceGroup",
        "DeletedAdvice",
        "GroupAdvice",
        "GroupMember",
        "JudgedAdvice",
        "Judgement",
        # Written as slugs inside the row that they lead to.
        "Alias",
        "KnowledgeVersion",
        "Link",
        "LoadedRecord",
        "MailChoice",
        "PassageCheck",
        "PersonaOutcome",
        "Proposal",
        "Suggestion",
        "Work",
    }
