"""Time against time in one run: ``make bench``.

Absolute times tell more about the machine than about the program, so nearly every
figure is a ratio of medians taken in turn. Each has a limit; the command fails when
one is missed. ``ARGS="--frameworks 12"`` leaves out what needs the large bases.
"""

import argparse
import json
import os
import secrets
import subprocess
import sys
import warnings

import django

from tests.bench.figures import Figure

# Milliseconds in which advice over all of 12,000 frameworks has to be there.
LONGEST_ADVICE = 1000
MEGABYTES = 90


def main():
    """Print each figure beside its limit; return how many limits are missed."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "--frameworks", type=int, nargs="+", default=[12, 1_200, 12_000]
    )
    sizes = parser.parse_args().frameworks
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    # The libraries warn about their own tables.
    warnings.simplefilter("ignore")
    missed = 0
    for figures in (ranking(), pages(sizes)):
        for figure in figures:
            missed += figure.is_missed
            print(figure, flush=True)
    return missed


def ranking():
    from tests.bench.ranking import bench_ranking, bench_scores

    yield from bench_scores()
    yield from bench_ranking()


def pages(sizes):
    """Compare pages with hello-world, and large bases with the smallest."""
    from tests.bench.base import path_of
    from tests.bench.pages import KINDS, SOCKET

    def cost(times, what="first"):
        """Return what a page costs with its socket, in times of hello-world."""
        return times[what] / times["hello"] + SOCKET

    first, *larger = (_ask(path_of(size), "measure") for size in sizes)
    for name, kind in KINDS.items():
        times = first[name]
        share = {what: (1 + SOCKET) / cost(times, what) for what in times}
        yield Figure(f"{name}: first / hello-world", share["first"], least=kind.first)
        if kind.is_kept:
            yield Figure(f"{name}: kept / hello-world", share["kept"], least=0.85)
            yield Figure(f"{name}: 304 / hello-world", share["known"], least=0.9)
        if kind.kilobytes:
            yield Figure(f"{name}: KB", times["bytes"] / 1000, most=kind.kilobytes)
    for size, measured in zip(sizes[1:], larger, strict=True):
        for name, kind in KINDS.items():
            growth = cost(measured[name]) / cost(first[name])
            title = f"{name}: {size:,} / {sizes[0]:,} frameworks"
            yield Figure(title, growth, most=kind.growth)
        milliseconds = measured["advice"]["first"] / 1000
        title = f"advice over {size:,} frameworks, ms"
        yield Figure(title, milliseconds, most=LONGEST_ADVICE)
    base = path_of(sizes[0])
    megabytes = _ask(base, "weigh", given=_ask(base, "list"))
    yield Figure("a worker after all pages, MB", megabytes, most=MEGABYTES)


def _ask(base, what, given=None):
    """Return what ``tests.bench.pages`` says of the site with this ``base``."""
    answer = subprocess.run(
        [sys.executable, "-m", "tests.bench.pages", what],
        env=os.environ
        | {
            "DATABASE_URL": f"sqlite:///{base}",
            "DEBUG": "off",
            "HTTPS": "off",
            "SECRET_KEY": secrets.token_hex(32),
        },
        input=json.dumps(given).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(answer.stdout)


if __name__ == "__main__":
    sys.exit(min(main(), 1))
