"""Processes started on a core of their own: how long they take, how big they get."""

import os
import shlex
import signal
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

SERVER_CORE, LOAD_CORE = 0, 1
SECONDS_TO_START = 30


def wall_time(command, **options):
    """Return the seconds from the start of a process to its end."""
    begin = time.perf_counter()
    subprocess.run(_pinned(command), check=True, **options)
    return time.perf_counter() - begin


def peak_memory(command, **options):
    """Return the peak resident memory (KiB) of a process that ends.

    Linux counts the peak of whoever starts a process as the process's own. GNU time is
    smaller than anything that is measured, so it starts the process and reads the peak.
    """
    run = ["/usr/bin/time", "--format=%M", *_pinned(command)]
    done = subprocess.run(run, check=True, stderr=subprocess.PIPE, text=True, **options)
    return int(done.stderr.split()[-1])


class Server:
    """A server at work, with every process that it started."""

    def __init__(self, process, url, first_answer):
        self.process = process
        self.url = url
        self.first_answer = first_answer

    def peak(self):
        """Return the peak (KiB) of the largest process: the one that answers."""
        return max(_peak(pid) for pid in _family(self.process.pid))


@contextmanager
def serving(command, folder, environment, port, log, variables):
    """Start a server and stop it; ``command`` names programs of the environment.

    Raises TimeoutError if it has not answered ``/plaintext`` in time.
    """
    words = shlex.split(command.replace("{port}", str(port)))
    program = [environment / "bin" / words[0], *words[1:]]
    if words[0] != "python":
        # An environment that was moved or copied still starts its own programs.
        program = [environment / "bin" / "python", *program]
    url = f"http://127.0.0.1:{port}"
    begin = time.perf_counter()
    process = subprocess.Popen(
        _pinned(program),
        cwd=folder,
        env=os.environ | {"PORT": str(port), "PYTHONPATH": "."} | variables,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        _wait_for_answer(process, f"{url}/plaintext")
        yield Server(process, url, time.perf_counter() - begin)
    finally:
        _stop(process)


def _pinned(command):
    return ["taskset", "--cpu-list", str(SERVER_CORE), *command]


def _wait_for_answer(process, url):
    limit = time.perf_counter() + SECONDS_TO_START
    while time.perf_counter() < limit and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.002)
    raise TimeoutError(
        f"The server did not answer: {shlex.join(map(str, process.args))}"
    )


def _family(pid):
    """Return a process and all that it started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(member for child in children for member in _family(int(child)))]


def _peak(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1])


def _stop(process):
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
