"""Servers of known delay and known memory, measured as the frameworks are."""

import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from comparisons.measuring import load, processes
from comparisons.measuring.plan import Case

FAKE = Path(__file__).with_name("fake.py")
DELAY = 0.05
MEBIBYTES = 100
SECONDS = 2
PORT = 20481


@dataclass(frozen=True)
class Check:
    """A measured figure, and between what it has to be."""

    name: str
    measured: float
    low: float
    high: float

    @property
    def holds(self):
        return self.low <= self.measured <= self.high


def within_a_tenth(name, measured, known):
    return Check(name, measured, known * 0.9, known * 1.1)


def checks(folder):
    """Yield what was measured of the fakes, and of the smallest program there is."""
    case = Case("plaintext", "/plaintext")
    with _fake(folder, 0) as small:
        without = small.peak()
    with _fake(folder, MEBIBYTES) as large:
        held = (large.peak() - without) / 1024
        yield within_a_tenth("MiB that the server holds", held, MEBIBYTES)
        for connections in (1, 16):
            found = load.requests_per_second(large.url, case, connections, SECONDS)
            name = f"Answers a second on {connections} connections"
            yield within_a_tenth(name, found, connections / DELAY)
    peak = processes.peak_memory(["/bin/true"]) / 1024
    yield Check("MiB of /bin/true", peak, 0, 4)


@contextmanager
def _fake(folder, mebibytes):
    command = f"python {FAKE} {{port}} {DELAY} {mebibytes}"
    with (
        (folder / "servers.log").open("ab") as log,
        processes.serving(command, folder, Path(sys.prefix), PORT, log, {}) as server,
    ):
        yield server
