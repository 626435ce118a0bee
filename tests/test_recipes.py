"""The recipes of CONTRIBUTING.md, followed literally on a copy of the files."""

import re
import shlex
import shutil
from importlib.util import find_spec
from io import StringIO
from textwrap import dedent

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command, get_commands

from advisor.choices import EffectKind, QuestionKind
from comparisons.choices import FeatureKind, Level, Status
from comparisons.knowledge import loading
from comparisons.knowledge.documents import parse, render
from comparisons.models import Citation

TEXT = (settings.BASE_DIR / "CONTRIBUTING.md").read_text(encoding="utf-8")
FLASK = "frameworks/flask.yaml"
# A command, or a block of YAML under the name of the file that it is added to.
STEP = re.compile(
    r"`manage\.py (?P<command>[^`]+)`"
    r"|^ {7}# (?P<file>fixtures/\S+)\n(?P<block>(?: {7}.*\n)+)",
    re.MULTILINE,
)


@pytest.fixture
def fixtures(shipped_knowledge, settings, tmp_path):
    """A copy of the shipped files, which the commands take for the files."""
    shutil.copytree(settings.KNOWLEDGE_DIR, tmp_path / "fixtures")
    settings.KNOWLEDGE_DIR = tmp_path / "fixtures"
    return settings.KNOWLEDGE_DIR


def follow(title, folder):
    """Take each step of a recipe; yield the command or file, and what was said."""
    recipe = TEXT.partition(f"## {title}\n")[2].partition("\n## ")[0]
    for step in STEP.finditer(recipe):
        if command := step["command"]:
            output = StringIO()
            call_command(*shlex.split(command), stdout=output)
            yield command, output.getvalue()
        else:
            path = folder.parent / step["file"]
            content = parse(path)
            add(yaml.safe_load(dedent(step["block"])), content)
            path.write_text(render(content), encoding="utf-8")
            yield step["file"], ""


def add(block, content):
    """Add the rows and entries of ``block`` to those of ``content``.

    Rows are the same if their first entries are.
    """
    for name, value in block.items():
        if not (isinstance(value, list) and content.get(name)):
            content[name] = value
            continue
        for row in value:
            key = next(iter(row))
            same = [other for other in content[name] if other.get(key) == row[key]]
            if same:
                add(row, same[0])
            else:
                content[name].append(row)


def test_framework_is_a_draft_until_it_is_published(fixtures, client):
    said, seen = {}, {}
    for name, output in follow("Add a framework", fixtures):
        said.setdefault(name, output)
        seen[name] = client.get("/frameworks/waltz/").status_code
        assert "kept: " not in output
        if name.startswith("audit"):
            assert seen[name] == 404

    assert "added: finding waltz/routing\n" in said["load_knowledge --update"]
    gaps = said["audit_knowledge --framework waltz"]
    assert "missing: Waltz: HTML templates has no published finding\n" in gaps
    assert "Waltz: Routing" not in gaps
    assert seen["export_knowledge"] == 200
    assert Citation.objects.filter(key="waltz-routing-1").exists()
    assert loading.compare(fixtures) == []


def test_feature_is_rated_in_its_place(fixtures, client):
    for _ in follow("Add a feature", fixtures):
        pass

    assert client.get("/features/request-timeout/").status_code == 200
    rated = [row["feature"] for row in parse(fixtures / FLASK)["findings"]]
    assert rated.index("request-timeout") == rated.index("error-debugger") + 1
    assert loading.compare(fixtures) == []


def test_question_is_asked_and_counts(fixtures, client):
    said = dict(follow("Add an advisor question", fixtures))

    assert "How many of you are there?" in client.get("/advisor/").content.decode()
    assert "of 12 personas hold" in said["audit_questionnaire"]
    assert "How many of you" not in said["audit_questionnaire"]
    result = client.post("/advisor/", {"team-size": "many"}, follow=True)
    assert "Structure" in result.content.decode()
    assert loading.compare(fixtures) == []


def test_persona_is_told_what_its_passages_say(fixtures):
    said = dict(follow("Add a persona", fixtures))

    assert "A site for a hobby: flask, as expected." in said["record_personas"]
    assert loading.compare(fixtures) == []


@pytest.mark.parametrize(
    "choices", [FeatureKind, Level, Status, QuestionKind, EffectKind]
)
def test_recipes_list_what_may_be_written(choices):
    assert [value for value in choices.values if f"`{value}`" not in TEXT] == []


PAGES = [
    path
    for names in ("*.md", "docs/*.md", "docs/deploy/*")
    for path in settings.BASE_DIR.glob(names)
]
FOLDERS = "advisor|comparisons|config|docs|fixtures|static|templates|tests"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_names_what_is_there(page):
    text = page.read_text().replace("waltz.yaml", "flask.yaml")
    paths = re.findall(rf"`((?:{FOLDERS})/[\w./-]*)`", text)
    # The map names what is in a folder below the folder.
    for folder, rest in re.findall(r"\*\*`(\w+/)`\*\*(.*?)(?=\*\*`|\n\n)", text, re.S):
        paths += [folder + name for name in re.findall(r"`…/([\w./]+)`", rest)]
    modules = re.findall(rf"`((?:{FOLDERS})(?:\.\w+){{2,}})`", text)
    commands = re.findall(r"manage\.py (\w+)", text)

    assert [path for path in paths if not (settings.BASE_DIR / path).exists()] == []
    assert [module for module in modules if find_spec(module) is None] == []
    assert set(commands) <= get_commands().keys()


def test_small_model_is_named_in_few_modules():
    """Whatever is asked of every model of its kind is told by the model itself."""
    named = [
        path
        for app in ("advisor", "comparisons")
        for path in (settings.BASE_DIR / app).rglob("*.py")
        if "migrations" not in path.parts
        if re.search(r"\bAdopter\b", path.read_text())
    ]

    assert len(named) <= 8


def test_no_line_of_a_page_is_longer_than_a_hundred_and_twenty():
    assert [
        f"{path.relative_to(settings.BASE_DIR)}:{number}"
        for path in (settings.BASE_DIR / "templates").rglob("*.html")
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if len(line) > 120
    ] == []
