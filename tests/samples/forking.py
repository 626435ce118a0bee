"""Checks the samples of one framework, each in a copy of a process that imported it.

Importing takes longer than most checks do. ``python forking.py flask`` reads for each
the path of the check and the folder with the sample, and answers with its exit code
and what it said, all as lines of JSON.
"""

import importlib
import json
import os
import runpy
import signal
import sys
from pathlib import Path

import adapters  # noqa: F401

SECONDS = 60


def main(framework):
    importlib.import_module(framework)
    for line in sys.stdin:
        check, folder = json.loads(line)
        said = Path(folder, "said.txt")
        if not (child := os.fork()):
            return _check(check, folder, said)
        _, status = os.waitpid(child, 0)
        answer = [os.waitstatus_to_exitcode(status), said.read_text()]
        print(json.dumps(answer), flush=True)


def _check(check, folder, said):
    signal.alarm(SECONDS)
    os.chdir(folder)
    with said.open("w") as output:
        os.dup2(output.fileno(), sys.stdout.fileno())
        os.dup2(output.fileno(), sys.stderr.fileno())
    runpy.run_path(check, run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1])
