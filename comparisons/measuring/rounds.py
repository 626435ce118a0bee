"""A run: rounds in which every setup has its turn, written down visit by visit.

The log is a file of JSON lines: first the conditions, then one line for each visit.
A run that was interrupted goes on after the last whole line.
"""

import json
import os
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from comparisons.measuring import database, load, machine, processes
from comparisons.measuring.environments import Environment
from comparisons.measuring.plan import BASELINE, FOLDER, digest, sample_lines

HELLO_WORLD = FOLDER.parent / "samples" / "hello_world"
STARTS = 5
PORT = 20480


@dataclass(frozen=True)
class Settings:
    """How a run is made: its folder, interpreter, database, rounds and seconds."""

    folder: Path
    python: Path
    database: str
    rounds: int
    seconds: int


class Run:
    """A run that is under way, or goes on."""

    def __init__(self, contestants, settings):
        self.contestants = contestants
        self.settings = settings
        self.log = settings.folder / "run.jsonl"

    def left(self):
        """Return the visits still to be done; one that failed is tried once more."""
        done = {(line["round"], line["key"]) for line in visits(self.log)}
        return [turn for turn in self.turns() if turn[:2] not in done]

    def turns(self):
        """Return what is left to do, in order: functions that do one visit each."""
        yield from (
            (0, f"{contestant.slug}/installed", self.install, contestant)
            for contestant in self.contestants
        )
        for number in range(1, self.settings.rounds + 1):
            # Each round begins with another one, so that none is always the first.
            shift = number % len(self.contestants)
            for contestant in self.contestants[shift:] + self.contestants[:shift]:
                yield number, f"{contestant.slug}/start", self.start, contestant
                for setup in contestant.setups:
                    yield number, setup.key, self.serve, setup

    def begin(self):
        """Prepare the database, and write the conditions down if the run is new.

        Raises LoadError if the run was begun under others.
        """
        database.prepare(self.settings.database)
        now = machine.conditions(self.settings.python) | {
            "database": database.version(self.settings.database),
            "plan": digest(),
            "seconds": self.settings.seconds,
        }
        before = conditions(self.log)
        if other := [name for name in now if before and before.get(name) != now[name]]:
            names = ", ".join(other)
            raise load.LoadError(
                f"This run began with another {names}: take a new one."
            )
        if self.settings.rounds and not before:
            began = time.strftime("%Y-%m-%dT%H:%M:%S%z")
            noise = {"load_before": round(os.getloadavg()[0], 2)}
            self.write({"conditions": now | {"began": began} | noise})

    def take(self, turn):
        """Do one visit and write down what it saw, or why it failed."""
        number, key, visit, subject = turn
        stolen, began = machine.stolen_seconds(), time.time()
        try:
            seen = {"values": visit(subject)}
        except (load.LoadError, TimeoutError, subprocess.CalledProcessError) as error:
            seen = {"failed": str(error)}
        noise = {
            "stolen": round(machine.stolen_seconds() - stolen, 2),
            "load": round(os.getloadavg()[0], 2),
            "took": round(time.time() - began, 1),
        }
        self.write({"round": number, "key": key} | seen | noise)
        return seen.get("failed")

    def write(self, line):
        # A line that was cut off ends before the next one.
        is_cut = self.log.exists() and not self.log.read_text().endswith("\n")
        with self.log.open("a") as file:
            file.write(("\n" if is_cut else "") + json.dumps(line) + "\n")

    def environment(self, slug, kind):
        return Environment(self.settings.folder / "environments" / slug / kind)

    def install(self, contestant):
        """Make both environments; return what a bare install brings."""
        bare = self.environment(contestant.slug, "bare")
        bare.install(self.settings.python, contestant.bare)
        served = self.environment(contestant.slug, "served")
        served.install(self.settings.python, contestant.served)
        names, size = bare.installed()
        values = {"packages": names, "installed_mb": size / 1e6}
        if contestant.slug != BASELINE:
            values["sample_lines"] = sample_lines(contestant.slug)
        return values

    def start(self, contestant):
        """Return how long a process takes that builds hello world, and its peak."""
        python = self.environment(contestant.slug, "bare").python
        command = [python, "-c", contestant.start]
        variables = os.environ | {"PYTHONPATH": str(HELLO_WORLD)}
        times = [processes.wall_time(command, env=variables) for _ in range(STARTS)]
        peak = processes.peak_memory(command, env=variables)
        return {"start_ms": min(times) * 1000, "start_mib": peak / 1024}

    def serve(self, setup):
        """Return what a server answers in a second, case by case, and how big it is."""
        environment = self.environment(setup.framework, "served").folder
        database_url = self.settings.database
        variables = {
            "DATABASE": database_url,
            "SQLALCHEMY_DATABASE": database_url.replace("://", "+psycopg://", 1),
        }
        values = {}
        with (
            (self.settings.folder / "servers.log").open("ab") as log,
            processes.serving(
                setup.command, FOLDER, environment, PORT, log, variables
            ) as server,
        ):
            values["first_answer_ms"] = server.first_answer * 1000
            values["served_start_mib"] = server.peak() / 1024
            load.check_answers(server.url, setup.cases)
            load.warm_up(server.url, setup.cases)
            database.leave_core_to_server(database_url)
            for case in setup.cases:
                for connections in case.connections:
                    values[f"{case.slug}@{connections}"] = load.requests_per_second(
                        server.url, case, connections, self.settings.seconds
                    )
            values["served_load_mib"] = server.peak() / 1024
        return values


def lines(log):
    """Return the whole lines of a log; one that was cut off is left out."""
    found = []
    for line in log.read_text().splitlines() if log.exists() else ():
        with suppress(json.JSONDecodeError):
            found.append(json.loads(line))
    return found


def conditions(log):
    """Return what a log says of its machine; nothing before the first round."""
    found = [line["conditions"] for line in lines(log) if "conditions" in line]
    return found[0] if found else {}


def visits(log):
    """Return the visits of a log that succeeded."""
    return [line for line in lines(log) if "values" in line]
