"""What every program here runs on: a site of its own, as a host would deploy it.

Each program takes ``--minutes`` and stops then, ``--seed``, and ``--engine postgresql``
for a PostgreSQL of its own in place of a new SQLite file. Its Redis and all else that
it starts is ended with it.
"""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import ExitStack, contextmanager
from glob import glob
from pathlib import Path
from types import SimpleNamespace

import django

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "endurance-only"


def arguments(purpose, **options):
    """Read the arguments of a program; ``options`` have the kind of their default."""
    parser = argparse.ArgumentParser(description=purpose.partition("\n")[0])
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], default="sqlite")
    for name, default in ({"seed": 1} | options).items():
        kind = type(default)
        parser.add_argument(f"--{name}", type=kind, default=default, help=f"{default}")
    # Watched while it grows, also in a file.
    sys.stdout.reconfigure(line_buffering=True)
    # So that what was started is ended, and the folder removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Ended."))
    return parser.parse_args()


@contextmanager
def own_site(engine, **variables):
    """Set up Django on an empty database; yield its folder and its services."""
    with ExitStack() as end:
        scratch = Path(end.enter_context(tempfile.TemporaryDirectory(prefix="own-")))
        postgres = redis = None
        database = f"sqlite:///{scratch / 'site.sqlite3'}"
        if engine == "postgresql":
            postgres = _postgresql(scratch)
            end.callback(postgres.stop)
            database = f"postgres://postgres@127.0.0.1:{postgres.port}/postgres"
        if shutil.which("redis-server"):
            redis = Service(["redis-server", "--save", "", "--port"], is_open)
            end.callback(redis.stop)
            variables["CACHE_URL"] = f"redis://127.0.0.1:{redis.port}/0"
        os.environ |= {
            "DEBUG": "off",
            "HTTPS": "off",
            "SECOND_FACTOR": "off",
            "SECRET_KEY": f"{PASSWORD}-" * 5,
            # The browser's, and that of the client within.
            "ALLOWED_HOSTS": "127.0.0.1,testserver",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": database,
        } | variables
        django.setup()
        from django.core.management import call_command

        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("migrate", verbosity=0)
        yield SimpleNamespace(scratch=scratch, postgres=postgres, redis=redis)


def load(*editors):
    """Load the shipped knowledge, and make superusers."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    with open(os.devnull, "w") as nowhere:
        call_command("load_knowledge", stdout=nowhere)
    for name in editors:
        get_user_model().objects.create_superuser(name, password=PASSWORD)


class Service:
    """A server of our own that is stopped, hung and started again.

    ``answers(port)`` tells whether it is ready, which takes it a while of its own.
    """

    def __init__(self, command, answers):
        self.port, self.answers = free_port(), answers
        self.command = [*command, str(self.port)]
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            self.command, stdout=subprocess.DEVNULL, start_new_session=True
        )
        while not self.answers(self.port):
            time.sleep(0.05)

    def signal(self, number):
        os.killpg(self.process.pid, number)

    def stop(self):
        self.signal(signal.SIGCONT)
        kill(self.process)


def _postgresql(scratch):
    """Start a PostgreSQL of our own, as an account that may."""
    [*_, programs] = sorted(glob("/usr/lib/postgresql/*/bin")) or sys.exit("No server.")
    data, run_as = scratch / "data", []
    scratch.chmod(0o755)
    data.mkdir()
    if os.geteuid() == 0:
        shutil.chown(data, "postgres")
        run_as = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    make = [*run_as, f"{programs}/initdb", "-A", "trust", "-U", "postgres", "-D", data]
    subprocess.run(make, check=True, stdout=subprocess.DEVNULL, cwd="/")
    command = [*run_as, f"{programs}/postgres", "-D", str(data)]

    def answers(port):
        asked = [f"{programs}/pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
        return subprocess.run(asked).returncode == 0

    return Service([*command, "-k", "", "-c", "log_min_messages=panic", "-p"], answers)


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


def is_open(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
