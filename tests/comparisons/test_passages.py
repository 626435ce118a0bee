"""Passages looked for in documentation of our own: found, changed, moved, gone."""

import tarfile

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from comparisons.choices import NoFragment, PassageState
from comparisons.models import ChangeSet, PassageCheck
from comparisons.passages import NotHad, Tree, downloaded, look
from tests import factories as make

SITE = "https://waltz.example/en/3.1/"
STEPS = """
.. _first-steps:

First steps
===========

Begin with :func:`waltz.turn`.

.. versionadded:: 2.0

   Turn to the left
   ----------------

   ``reverse=True`` turns to the left.

Usage
=====

.. unheard-of:: with an argument
   :option: of its own

   Turns are counted in threes.
"""
MARKDOWN = """---
title: Steps
---
Before any heading.

# First steps { #begin }

## `turn()` & co.

A [turn](https://elsewhere.example/) takes *three* steps.

## Usage

```python
waltz.turn(reverse=True)
```

## Usage
"""


@pytest.fixture
def docs(tmp_path):
    """A function that writes a release's files and returns their folder."""

    def write(release="3.1", **pages):
        folder = tmp_path / release
        for name, text in pages.items():
            path = folder / "docs" / name.replace("__", "/").replace("_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return folder

    return write


def sections(page):
    return [(s.title, s.level, s.fragments) for s in page.sections if s.title]


def test_headings_have_the_fragments_of_sphinx(docs):
    page = Tree(docs(steps_rst=STEPS)).page(f"{SITE}steps.html")
    assert [(title, level, found[0]) for title, level, found in sections(page)] == [
        ("First steps", 1, "first-steps"),
        ("Turn to the left", 2, "turn-to-the-left"),
        ("Usage", 1, "usage"),
    ]
    assert "waltz.turn" in page.passage("first-steps", ["waltz.turn"])
    assert "counted in threes" in page.passage("usage")


def test_headings_have_the_fragments_of_mkdocs_and_of_github(docs):
    page = Tree(docs(steps_md=MARKDOWN)).page(f"{SITE}steps/")
    assert sections(page) == [
        ("First steps", 1, ["begin"]),
        ("turn() & co.", 2, ["turn-co", "turn--co"]),
        ("Usage", 2, ["usage"]),
        ("Usage", 2, ["usage_1", "usage-1"]),
    ]
    assert page.passage("turn-co") == "turn() & co. a turn takes three steps."
    assert page.passage("usage", ["reverse"]) == "usage waltz.turn(reverse=true)"


def test_a_passage_ends_with_its_section_unless_a_mark_stands_further_in(docs):
    page = Tree(docs(steps_rst=STEPS)).page(f"{SITE}steps.html")
    assert "reverse" not in page.passage("first-steps", ["turn"])
    assert "reverse=true" in page.passage("first-steps", ["reverse"])
    assert page.passage("nowhere") is None
    assert "counted" in page.passage("")


@pytest.mark.parametrize(
    ("url", "file"),
    [
        (SITE, "docs/index.rst"),
        (f"{SITE}topics/", "docs/topics/index.rst"),
        (f"{SITE}topics/http/views/", "docs/topics/http/views.txt"),
        (f"{SITE}releases/3.1/", "docs/releases/3.1.txt"),
        (f"{SITE}views.html", "docs/topics/http/views.txt"),
        (f"{SITE}tutorial/", "docs/en/tutorial.md"),
        (f"{SITE}nowhere/", None),
        ("https://github.com/ball/waltz", "README.md"),
        ("https://github.com/ball/waltz/blob/main/docs/index.rst", "docs/index.rst"),
        ("https://github.com/ball/waltz/blob/main/../../../etc/passwd", None),
    ],
)
def test_the_address_of_a_page_leads_to_its_file(docs, url, file):
    folder = docs(
        index_rst="",
        topics__index_rst="",
        topics__http__views_txt="",
        releases__3_1_txt="",
        de__tutorial_md="",
        en__tutorial_md="",
    )
    (folder / "README.md").touch()
    assert Tree(folder).file(url) == (folder / file if file else None)


def test_what_a_page_includes_is_part_of_it_unless_it_lies_outside(docs, tmp_path):
    (tmp_path / "secret.rst").write_text("Secret\n======\n")
    folder = docs(
        changes_rst=".. only:: html\n\n   Drafts\n   ^^^^^^\n\n"
        ".. include:: ../CHANGES.rst\n.. include:: ../../secret.rst\n"
    )
    (folder / "CHANGES.rst").write_text("Version 3.1\n===========\n")
    page = Tree(folder).page(f"{SITE}changes/")
    assert [title for title, _, _ in sections(page)] == ["Drafts", "Version 3.1"]


READ = "Usage\n=====\n\nCall `turn` with ``reverse``.\n"


@pytest.mark.parametrize(
    ("text", "state", "fragment"),
    [
        (READ.replace("Call `turn`", "Call\n*turn*"), PassageState.FOUND, "usage"),
        (READ + "\nOr else twice.\n", PassageState.CHANGED, "usage"),
        (READ.replace("Usage\n=====", "Use\n==="), PassageState.MOVED, "use"),
        (READ.replace("reverse", "backwards"), PassageState.GONE, "usage"),
        (None, PassageState.GONE, ""),
    ],
)
def test_a_passage_is_known_again(docs, text, state, fragment):
    def page(release, **pages):
        return Tree(docs(release, **pages)).page(f"{SITE}usage/")

    marks = ["turn", "reverse"]
    read = look(page("3.1", usage_rst=READ), "usage", marks)
    now = page("3.2", **({} if text is None else {"usage_rst": text}))
    found = look(now, "usage", marks, known=read.fingerprint)
    assert (found.state, found.fragment) == (state, fragment)


def test_a_page_that_never_was_in_the_documentation_is_not_gone_from_it():
    assert look(None, "usage", ["turn"]).state == PassageState.UNCHECKED


BACKEND = """
import os
def prepare_metadata_for_build_wheel(folder, config_settings=None):
    os.mkdir(f"{folder}/waltz-3.1.dist-info")
    with open(f"{folder}/waltz-3.1.dist-info/METADATA", "w") as file:
        file.write("Metadata-Version: 2.1\\nName: waltz\\nVersion: 3.1\\n")
    return "waltz-3.1.dist-info"
"""
PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "waltz"
version = "3.1"
"""


def test_documentation_comes_from_the_source_distribution(docs, tmp_path, monkeypatch):
    folder = docs(usage_rst=READ)
    (folder / "backend.py").write_text(BACKEND)
    (folder / "pyproject.toml").write_text(PROJECT)
    metadata = "Metadata-Version: 2.1\nName: waltz\nVersion: 3.1\n"
    (folder / "PKG-INFO").write_text(metadata)
    with tarfile.open(tmp_path / "waltz-3.1.tar.gz", "w:gz") as archive:
        archive.add(folder, "waltz-3.1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with downloaded("waltz 3.1") as tree:
        assert look(tree.page(f"{SITE}usage/"), "usage", ["turn"]).text
    for unknown in ("waltz 3.2", "ball/waltz 3.1", "-r 3.1"):
        with pytest.raises(NotHad), downloaded(unknown):
            pass


# The command, and what editors and readers see of it


@pytest.fixture
def cited(db):
    return make.make_citation(
        source=make.make_source(url=f"{SITE}usage/"),
        finding=make.make_finding(),
        locator="Usage",
        fragment="usage",
        marks="turn, reverse",
        release="Waltz 3.1",
    )


@pytest.fixture
def check(docs):
    """A function that looks in a release whose page on usage is a given text."""

    def run(text, release, *options):
        # Each release keeps its own folder, as the command may ask for both.
        docs(release, usage_rst=text)
        trees = [
            f"--tree=Waltz {each.name}={each}"
            for each in sorted(docs(release).parent.iterdir())
        ]
        call_command("check_passages", f"Waltz {release}", *trees, *options)

    return run


def test_what_was_found_is_told_to_readers_and_leads_there(cited, check, client):
    check(READ, "3.1", "--record")
    cited.refresh_from_db()
    assert (cited.passage_check.state, cited.release) == ("found", "Waltz 3.1")
    page = client.get(cited.finding.get_absolute_url()).content.decode()
    assert f'href="{SITE}usage/#usage"' in page
    assert "found in Waltz 3.1" in " ".join(page.split())


def test_the_next_release_reopens_only_what_changed(cited, check, admin_client):
    same = make.make_citation(
        source=cited.source, fragment="about", release="Waltz 3.1", locator="About"
    )
    about = "About\n=====\n\nA dance.\n"
    check(READ + about, "3.1")
    check(READ + "\nOr else twice.\n\n" + about, "3.2")
    assert same.passage_check.state == PassageState.FOUND
    assert list(PassageCheck.objects.open()) == [cited.passage_check]
    [section] = [
        each
        for each in admin_client.get("/admin/queue/").context["waiting"]
        if each.section.slug == "passages"
    ]
    [entry] = section.entries
    shown = admin_client.get(entry.address)
    assert [side[0] for side in shown.context["sides"]] == ["Waltz 3.1", "Waltz 3.2"]
    assert "<ins>or else twice." in shown.content.decode()

    late = {"fingerprint": "another"}
    admin_client.post(entry.address, late)
    assert PassageCheck.objects.open().exists()
    seen = {"fingerprint": cited.passage_check.fingerprint}
    assert admin_client.post(entry.address, seen).status_code == 302
    cited.refresh_from_db()
    assert cited.release == "Waltz 3.2"
    assert cited.fingerprint == seen["fingerprint"]
    assert not PassageCheck.objects.open().exists()
    assert ChangeSet.objects.latest("pk").reason == "Read again in Waltz 3.2"
    assert admin_client.get(entry.address).status_code == 404


def test_what_was_found_is_not_looked_for_again(cited, check, capsys):
    check(READ, "3.1")
    capsys.readouterr()
    check(READ, "3.1")
    assert "found" not in capsys.readouterr().out


def test_what_cannot_be_had_is_counted_apart(cited, capsys):
    call_command("check_passages")
    assert "1 not checkable" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no release and folder"):
        call_command("check_passages", "--tree=Waltz 3.1=/nowhere")


def test_a_passage_that_is_looked_for_elsewhere_was_not_found_there(cited, check):
    check(READ, "3.1", "--record")
    cited.refresh_from_db()
    make.change(cited, says="It turns, too.")
    assert cited.fingerprint
    make.change(cited, marks="turn")
    assert (cited.fingerprint, cited.found_date) == ("", None)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"fragment": "#usage"}, "fragment"),
        ({"release": "3.1"}, "release"),
        ({"marks": "It turns to the left"}, "marks"),
        ({"marks": "a, b, c, d, e, f, g"}, "marks"),
        ({"fragment": "usage", "no_fragment": NoFragment.WHOLE_PAGE}, "__all__"),
    ],
)
def test_what_leads_nowhere_is_explained(db, fields, wrong):
    citation = make.make_citation(finding=make.make_finding())
    for name, value in fields.items():
        setattr(citation, name, value)
    with pytest.raises(ValidationError) as refused:
        citation.full_clean()
    assert set(refused.value.message_dict) == {wrong}
