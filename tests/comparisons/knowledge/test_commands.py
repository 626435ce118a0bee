from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from comparisons.knowledge.documents import parse, render
from comparisons.models import Finding, Framework, Source
from tests.factories import make_framework

pytestmark = pytest.mark.django_db

FILES = {
    "features.yaml": "groups: []",
    "frameworks/bottle.yaml": """
        slug: bottle
        name: Bottle
        kind: micro
        tagline: One file.
        """,
    "sources.yaml": """
        sources:
        - slug: book
          title: A book
          kind: book
        """,
    "extensions.yaml": "extensions: []",
}


@pytest.fixture
def folder(tmp_path):
    """Files of one framework and one source."""
    (tmp_path / "frameworks").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def run(*args):
    """Return what the command writes."""
    output = StringIO()
    call_command(*args, stdout=output)
    return output.getvalue()


def rename(folder, name):
    path = folder / "frameworks/bottle.yaml"
    path.write_text(render(parse(path) | {"name": name}))


# load_knowledge


def test_load_fills_an_empty_knowledge_base(folder):
    output = run("load_knowledge", folder)

    assert Framework.objects.get().name == "Bottle"
    assert output == f"Loaded 2 records from {folder}.\n"


def test_load_leaves_existing_knowledge_as_it_is(folder):
    make_framework(slug="bottle", name="Mine")

    output = run("load_knowledge", folder)

    assert Framework.objects.get().name == "Mine"
    assert output == "There is knowledge already; it stays as it is.\n"


def test_load_explains_what_is_wrong_in_the_files(folder):
    rename(folder, "")

    with pytest.raises(CommandError) as caught:
        run("load_knowledge", folder)

    assert str(caught.value) == "framework bottle: name: This field cannot be blank."


def test_load_refuses_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(CommandError, match="nowhere is no folder"):
        run("load_knowledge", tmp_path / "nowhere")


def test_update_shows_the_difference_and_changes_nothing(folder):
    run("load_knowledge", folder)
    rename(folder, "Flagon")

    output = run("load_knowledge", folder, "--update")

    assert Framework.objects.get().name == "Bottle"
    assert output.splitlines() == [
        "updated: framework bottle",
        "  name: 'Bottle' → 'Flagon'",
        "1 records would change. Add --yes to change them.",
    ]


def test_update_shows_what_the_files_leave_out(folder):
    run("load_knowledge", folder)
    Source.objects.update(author="Somebody")

    output = run("load_knowledge", folder, "--update")

    assert "kept: source book\n  author: 'Somebody' → None\n" in output


def test_update_shows_what_is_new(folder):
    run("load_knowledge", folder)
    (folder / "sources.yaml").write_text(
        "sources: [{slug: blog, title: A blog, kind: blog}]"
    )

    output = run("load_knowledge", folder, "--update")

    assert "added: source blog\n" in output


def test_update_changes_what_it_showed_once_confirmed(folder):
    run("load_knowledge", folder)
    rename(folder, "Flagon")

    output = run("load_knowledge", folder, "--update", "--yes")

    assert Framework.objects.get().name == "Flagon"
    assert output.endswith("Changed 1 records.\n")


def test_confirmed_update_keeps_what_an_editor_changed(folder):
    run("load_knowledge", folder)
    Framework.objects.update(tagline="Mine.")
    rename(folder, "Flagon")

    output = run("load_knowledge", folder, "--update", "--yes")

    assert Framework.objects.get().name == "Bottle"
    assert "kept: framework bottle\n" in output
    assert output.endswith("Changed 0 records.\n")


def test_update_without_difference_says_so(folder):
    run("load_knowledge", folder)

    output = run("load_knowledge", folder, "--update")

    assert output == "0 records would change. Add --yes to change them.\n"


def test_shipped_files_are_loaded_unless_a_folder_is_named(folder, settings):
    settings.KNOWLEDGE_DIR = folder

    run("load_knowledge")

    assert Framework.objects.get().slug == "bottle"


# export_knowledge


def test_export_writes_the_files_and_names_them(knowledge, tmp_path):
    output = run("export_knowledge", tmp_path)

    assert f"{tmp_path}/frameworks/flask.yaml\n" in output
    assert parse(tmp_path / "frameworks/flask.yaml")["name"] == "Flask"


def test_export_of_what_did_not_change_writes_nothing(knowledge, tmp_path):
    run("export_knowledge", tmp_path)

    assert run("export_knowledge", tmp_path) == "0 files changed.\n"


def test_export_and_load_are_each_others_reverse(knowledge, tmp_path):
    count = Finding.objects.count()
    run("export_knowledge", tmp_path)

    output = run("load_knowledge", tmp_path, "--update")

    assert output == "0 records would change. Add --yes to change them.\n"
    assert Finding.objects.count() == count


def test_export_of_nothing_is_refused(tmp_path):
    with pytest.raises(CommandError, match="There is no knowledge to write"):
        run("export_knowledge", tmp_path)


def test_export_goes_to_the_shipped_files_unless_a_folder_is_named(
    knowledge, settings, tmp_path
):
    settings.KNOWLEDGE_DIR = tmp_path

    run("export_knowledge")

    assert (tmp_path / "frameworks/flask.yaml").exists()
