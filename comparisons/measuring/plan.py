"""What is measured: frameworks, their servers, and the requests."""

import hashlib
from dataclasses import dataclass

import yaml
from django.conf import settings

FOLDER = settings.BASE_DIR / "fixtures" / "measuring"
BASELINE = "baseline"


@dataclass(frozen=True)
class Case:
    """One kind of request, and with how many connections at once it is sent."""

    slug: str
    path: str
    connections: tuple[int, ...] = (1, 16, 64)
    body: str = ""


CASES = (
    Case("plaintext", "/plaintext"),
    Case("json", "/json"),
    Case("template", "/template"),
    Case("one-row", "/products/7"),
    Case("twenty-rows", "/products"),
    Case("post", "/products", body='{"name": "Tea & biscuits", "price": 250}'),
    Case("waiting", "/wait", connections=(256,)),
)


@dataclass(frozen=True)
class Setup:
    """A framework's application under one server.

    ``role`` is ``recommended``, ``common`` (one server for as many as possible) or
    ``waiting`` (what its documentation has for many connections, asked only to wait).
    """

    framework: str
    role: str
    server: str
    command: str
    cases: tuple[Case, ...]

    @property
    def key(self):
        return f"{self.framework}/{self.role}"


@dataclass(frozen=True)
class Contestant:
    """A framework, or the baseline, and what its environments hold."""

    slug: str
    package: str | None
    bare: tuple[str, ...]
    served: tuple[str, ...]
    start: str
    setups: tuple[Setup, ...]


def plan_file():
    """Return the plan as it is written."""
    return yaml.safe_load((FOLDER / "plan.yaml").read_text())


def digest():
    """Return what tells this plan and its applications from others."""
    files = sorted(path for path in FOLDER.rglob("*") if path.is_file())
    content = b"".join(path.read_bytes() for path in files if path.suffix != ".pyc")
    return hashlib.sha256(content).hexdigest()[:16]


def read_plan(only=None):
    """Return the baseline and the frameworks, or only one of them beside it.

    Raises KeyError for a framework that the plan does not have.
    """
    plan = plan_file()
    entries = plan["frameworks"]
    if only:
        entries = {only: entries[only]}
    return [
        _contestant(slug, entry, plan["servers"], plan["driver"])
        for slug, entry in ({BASELINE: plan["baseline"]} | entries).items()
    ]


def _contestant(slug, entry, servers, driver):
    package = entry.get("package")
    bare = tuple(filter(None, [package, *entry.get("requires", [])]))
    used = [servers[name] for name in entry["setups"].values()]
    needs = {need for server in used for need in server.get("needs", [])}
    module = entry.get("module", f"{slug}_app")
    return Contestant(
        slug=slug,
        package=package,
        bare=bare,
        served=(*bare, driver, *entry.get("needs", []), *sorted(needs)),
        start=entry.get("start", f"import {module}" if package else "pass"),
        setups=tuple(
            _setup(
                slug, role, servers[name], entry.get("modules", {}).get(role, module)
            )
            for role, name in entry["setups"].items()
        ),
    )


def _setup(slug, role, server, module):
    cases = CASES if role != "waiting" else CASES[-1:]
    command = server["command"].replace("{module}", module)
    return Setup(slug, role, server["name"], command, cases)


def sample_lines(slug):
    """Return the lines of code of a framework's samples of the tasks that all solve."""
    plan = plan_file()["frameworks"]
    tasks = [
        task
        for task in (FOLDER.parent / "samples").iterdir()
        if all((task / f"{name}_app.py").exists() for name in plan)
    ]
    return sum(
        len(
            [line for line in (task / f"{slug}_app.py").read_text().split("\n") if line]
        )
        for task in tasks
    )
