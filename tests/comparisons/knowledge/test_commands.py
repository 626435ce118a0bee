"""What the commands say, and what they leave alone."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from comparisons.knowledge.catalogue import LIBRARY
from comparisons.knowledge.documents import parse
from comparisons.models import Framework, LoadedRecord, Source
from tests.comparisons.knowledge.conftest import edit, row_of

pytestmark = pytest.mark.django_db

FLASK = "frameworks/flask.yaml"


def run(*args):
    """Return what the command writes."""
    output = StringIO()
    call_command(*args, stdout=output)
    return output.getvalue()


@pytest.fixture
def loaded(folder, settings):
    """The folder of files that were loaded, which the commands take by themselves."""
    settings.KNOWLEDGE_DIR = folder
    run("load_knowledge")
    return folder


def stored():
    return LIBRARY.files(), set(LoadedRecord.objects.values_list("digest", flat=True))


def test_load_fills_an_empty_knowledge_base_and_leaves_another_as_it_is(folder):
    output = run("load_knowledge", folder)

    count = LoadedRecord.objects.count()
    assert output == f"Loaded {count} records from {folder}.\n"

    Framework.objects.filter(slug="flask").update(name="Mine")
    output = run("load_knowledge", folder)

    assert Framework.objects.get(slug="flask").name == "Mine"
    assert output == "There is knowledge already; it stays as it is.\n"


def test_load_refuses_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(CommandError, match="nowhere is no folder"):
        run("load_knowledge", tmp_path / "nowhere")


def change_everything(loaded):
    """Have the files rename, add, reorder, and say something else than an editor."""
    Source.objects.filter(slug="blog").update(author="Somebody")
    added = {"slug": "zine", "title": "A zine", "kind": "article"}
    edit(loaded / "sources.yaml", lambda content: content["sources"].append(added))
    edit(loaded / FLASK, lambda content: content.update(name="Flagon"))
    edit(
        loaded / "questions.yaml",
        lambda c: c["questions"].insert(0, c["questions"].pop(1)),
    )


def test_update_shows_each_difference_and_changes_nothing_until_told_to(loaded):
    change_everything(loaded)
    before = stored()

    shown = run("load_knowledge", "--update")

    assert shown.splitlines() == [
        "updated: framework flask",
        "  name: 'Flask' → 'Flagon'",
        "kept: source blog",
        "  author: 'Somebody' → None",
        "added: source zine",
        "updated: question priority-learning",
        "  position: 2 → 1",
        "updated: question project",
        "  position: 1 → 2",
        "4 records would change. Add --yes to change them.",
    ]
    assert stored() == before

    done = run("load_knowledge", "--update", "--yes")

    assert done == shown.replace(
        "4 records would change. Add --yes to change them.", "Changed 4 records."
    )
    assert Framework.objects.get(slug="flask").name == "Flagon"
    assert Source.objects.get(slug="blog").author == "Somebody"
    again = run("load_knowledge", "--update")
    assert again.endswith("\n0 records would change. Add --yes to change them.\n")


def test_update_that_is_only_shown_is_refused_for_the_same_reason(loaded):
    edit(loaded / FLASK, lambda content: content.update(tagline="Other."))
    edit(
        loaded / FLASK,
        lambda c: row_of(c["findings"], feature="orm").update(level="builtin"),
    )
    before = stored()
    refusals = []
    for arguments in (["--update"], ["--update", "--yes"]):
        with pytest.raises(CommandError) as caught:
            run("load_knowledge", *arguments)
        refusals.append((str(caught.value), caught.value.returncode))
        assert stored() == before

    assert refusals[0] == refusals[1]
    assert "finding flask/orm: level: Value 'builtin'" in refusals[0][0]


def test_export_names_the_files_that_it_changed(loaded):
    assert run("export_knowledge") == "0 files changed.\n"

    Framework.objects.filter(slug="flask").update(name="Flagon")

    assert run("export_knowledge") == f"{loaded / FLASK}\n1 files changed.\n"
    assert parse(loaded / FLASK)["name"] == "Flagon"


@pytest.mark.parametrize("slug", ["flask", "a-vs-b", "A B"])
def test_framework_that_cannot_be_called_so_gets_no_file(loaded, slug):
    before = sorted((loaded / "frameworks").iterdir())

    with pytest.raises(CommandError, match="already|-vs-|Enter a valid"):
        run("new_framework", slug)

    assert sorted((loaded / "frameworks").iterdir()) == before
