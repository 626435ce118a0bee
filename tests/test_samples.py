"""Every code sample does its task, shown by the checks in tests/samples/."""

import ast
import json
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

TESTS = Path(__file__).parent
SAMPLES = TESTS.parent / "fixtures" / "samples"
TASKS = yaml.safe_load((SAMPLES / "tasks.yaml").read_text())["tasks"]
LISTED = [
    pytest.param(task["slug"], sample, id=f"{task['slug']}-{sample['framework']}")
    for task in TASKS
    for sample in task["samples"]
]
# The packages by which tests/samples/adapters.py drives WSGI and ASGI applications.
DRIVERS = {"httpx2", "starlette", "werkzeug"}
# Given whole, so that no setting of this project reaches a sample.
ENVIRONMENT = {
    "PYTHONDONTWRITEBYTECODE": "1",
    # Flask-Migrate's env.py tries the old `get_engine` before the new `engine`;
    # WebOb, under Pyramid and WebTest, imports `cgi`; Advanced Alchemy, which
    # Litestar imports where it is installed, marks its mixins as SQLAlchemy 2.0 did;
    # Pyramid still asks pkg_resources for its assets.
    "PYTHONWARNINGS": "error,"
    "ignore:'get_engine' is deprecated,"
    "ignore:'cgi' is deprecated,"
    "ignore:pkg_resources is deprecated as an API,"
    "ignore:Deprecated call to `pkg_resources,"
    "ignore:The declarative_mixin decorator",
    # Plugins of this project's own tests.
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
}


@pytest.fixture(scope="module")
def ask():
    """Have the check at a path done in a folder; return its exit code and its words."""
    started = {}

    def ask(framework, *question):
        if framework not in started:
            started[framework] = subprocess.Popen(
                [sys.executable, TESTS / "samples" / "forking.py", framework],
                env=ENVIRONMENT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        process = started[framework]
        print(json.dumps([*map(str, question)]), file=process.stdin, flush=True)
        return json.loads(process.stdout.readline())

    yield ask
    for process in started.values():
        process.communicate()


@pytest.mark.parametrize(("task", "sample"), LISTED)
def test_sample_does_its_task(task, sample, tmp_path, ask):
    path = SAMPLES / sample["file"]
    if missing := missing_packages(path):
        pytest.skip(f"not installed: {', '.join(missing)}")
    shutil.copy(path, tmp_path)
    check = TESTS / "samples" / f"check_{task.replace('-', '_')}.py"

    assert ask(sample["framework"], check, tmp_path) == [0, ""]


def test_samples_are_named_for_their_task_and_framework_and_fit_the_page():
    for task in TASKS:
        for sample in task["samples"]:
            folder = task["slug"].replace("-", "_")
            lines = (SAMPLES / sample["file"]).read_text().splitlines()

            assert sample["file"] == f"{folder}/{sample['framework']}_app.py"
            assert max(map(len, lines)) <= 79


def test_tasks_list_exactly_the_sample_files():
    listed = {sample["file"] for task in TASKS for sample in task["samples"]}
    files = SAMPLES.rglob("*.py")
    found = {path.relative_to(SAMPLES).as_posix() for path in files}

    assert found == listed


def missing_packages(path):
    """Return the packages a sample needs that are not installed here."""
    modules = set(DRIVERS)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules.add(node.module)
    packages = {module.partition(".")[0] for module in modules}
    return sorted(package for package in packages if not find_spec(package))
