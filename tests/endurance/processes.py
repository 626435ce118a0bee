"""The processes of an endurance run: each is ended with all that it started."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def serving(port, application="config.wsgi"):
    """Serve on ``port`` as hosts do until the block ends, in a group of its own."""
    command = ["-m", "gunicorn", "-c", "config/gunicorn.py", "--log-level=error"]
    process = start(*command, f"--bind=127.0.0.1:{port}", application)
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz", process)
        yield process
    finally:
        kill(process)


def start(*arguments, output=subprocess.DEVNULL):
    return subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        cwd=ROOT,
        stdout=output,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def kill(*processes):
    """End processes that were started here, with all that they started."""
    for process in processes:
        # Once it was waited for, its number may be another's.
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
    for process in processes:
        process.wait()


def _wait_for(address, server):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _ in range(600):
        if server.poll() is not None:
            raise RuntimeError(f"The server ended with {server.returncode}.")
        try:
            opener.open(address, timeout=10).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("The server did not answer for a minute.")


def free_port(wanted):
    """Return ``wanted``, or any port if it is 0; another's server is not asked."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError as error:
            sys.exit(f"Port {wanted} is taken: {error}")
        return probe.getsockname()[1]
