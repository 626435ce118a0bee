"""Measure one-route applications of all frameworks in one session.

    python -m tests.measure FOLDER

installs each framework that has a hello-world sample alone into a virtual
environment below FOLDER and prints, as JSON, what `fixtures/` cites as “Framewise
measurements”: installed size, start, memory and in-process calls. Rounds take the
frameworks in turn and the best of all rounds counts, in processor time, so that a
busy machine disturbs little and all alike. Compare the figures only with each
other: start and memory as multiples of the bare interpreter, calls as shares of the
fastest.
"""

import json
import os
import statistics
import subprocess
import sys
import venv
from pathlib import Path

from tests.samples.adapters import ADAPTERS, AsgiAdapter, WsgiAdapter

ROUNDS = 20
CALLS = 3000
TESTS = Path(__file__).parent
SAMPLES = TESTS.parent / "fixtures" / "samples" / "hello_world"


def main(folder):
    names = sorted(path.stem.removesuffix("_app") for path in SAMPLES.glob("*_app.py"))
    pythons = {name: install(folder / name, name) for name in names}
    bare = install(folder / "bare", None)
    figures = {name: {"start": [], "memory": [], "calls": []} for name in names}
    base = {"start": [], "memory": []}
    for _ in range(ROUNDS):
        add(base, whole_process(bare, "-c", "pass"))
        for name in names:
            program = TESTS / "measured.py", name
            add(figures[name], whole_process(pythons[name], *program))
            # What is neither WSGI nor ASGI brings a server of its own.
            if issubclass(ADAPTERS.get(name, WsgiAdapter), WsgiAdapter | AsgiAdapter):
                calls = run(pythons[name], *program, str(CALLS))
                figures[name]["calls"].append(float(calls))
    result = {"bare": {"start_ms": best_ms(base), "memory_mib": typical_mib(base)}} | {
        name: {
            "packages": packages(pythons[name]),
            "installed_mb": installed_mb(folder / name),
            "start_ms": best_ms(measured),
            "memory_mib": typical_mib(measured),
            "calls_per_second": round(max(measured["calls"], default=0)) or None,
            "calls_range": [
                round(min(measured["calls"])),
                round(max(measured["calls"])),
            ]
            if measured["calls"]
            else None,
        }
        for name, measured in figures.items()
    }
    print(json.dumps(result, indent=2))


def install(folder, name):
    """Return the Python of an environment that holds ``name`` and nothing else."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        if name:
            subprocess.run([python, "-m", "pip", "install", "-q", name], check=True)
    return python


def run(python, *arguments):
    """Return the last line that a process prints, which finds the samples."""
    done = subprocess.run(
        [python, *arguments],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | {"PYTHONPATH": str(SAMPLES)},
    )
    return done.stdout.strip().splitlines()[-1]


def whole_process(python, *arguments):
    """Return processor time (s) and peak memory (KiB) of a process that ends."""
    timer = (
        "import resource, subprocess, sys; "
        "subprocess.run([sys.executable, *sys.argv[1:]], check=True); "
        "used = resource.getrusage(resource.RUSAGE_CHILDREN); "
        "print(used.ru_utime + used.ru_stime, used.ru_maxrss)"
    )
    processor, peak = run(python, "-c", timer, *arguments).split()
    return float(processor), int(peak)


def add(figures, measured):
    figures["start"].append(measured[0])
    figures["memory"].append(measured[1])


def best_ms(figures):
    return round(1000 * min(figures["start"]))


def typical_mib(figures):
    return round(statistics.median(figures["memory"]) / 1024, 1)


def packages(python):
    listed = subprocess.run(
        [python, "-m", "pip", "list", "--format=freeze"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    return [name for name in listed if not name.startswith("pip=")]


def installed_mb(folder):
    """Return the size of site-packages without pip and without byte code."""
    (site_packages,) = folder.glob("lib/python*/site-packages")
    size = sum(
        path.stat().st_size
        for path in site_packages.rglob("*")
        if path.is_file()
        and path.suffix != ".pyc"
        and path.relative_to(site_packages).parts[0].split("-")[0].split(".")[0]
        != "pip"
    )
    return round(size / 1e6, 1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
