"""Take away what the site stands on, again and again: what do people see, what is lost?

    make endurance-faults ARGS="--times 2 --only locked"

Each fault is made while a reader reads and an editor saves, and mended after some
seconds. The reader opens a page that is kept and one that is not. No answer may be a
500 or take longer than a worker may be held, what was answered as saved has to be there
afterwards, a save has to be taken again within five seconds, and after each kind of
fault the database has to be whole: no half save, no half import, nothing published
uncited. With ``--minutes``
each kind of fault has its share of them, once at least.
"""

import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing, contextmanager, suppress
from glob import glob
from pathlib import Path

from tests.endurance.processes import (
    PASSWORD,
    arguments,
    free_port,
    kill,
    load,
    own_site,
    serving,
    start,
)

# Seconds: of a fault, of one that holds its users up, of an answer, until a save is
# taken again.
LASTS, HOLDS, LONGEST, RECOVERS = 4, 30, 30, 5
HOLDING = ("hung", "locked")
# An import brings the files of these, with every finding changed; seconds of one.
IMPORTED, IMPORTING = ["aiohttp", "bottle"], 15
ROW = "{:<22} {:>5}  {:<20} {:<20} {:<28} {:>7} {:>9} {:>5} {:>6}"
HEADINGS = ["fault", "times", "kept page", "other page", "editors", "longest"]
HEADINGS += ["recovered", "lost", "broken"]


def main():
    told = arguments(__doc__, minutes=60.0, times=20, only="")
    with own_site(told.engine) as site:
        os.environ["CLOCK"] = str(site.scratch / "clock")
        return Trial(site).run(told)


class Trial:
    """One site, and the faults that it goes through."""

    def __init__(self, site):
        self.scratch, self.file = site.scratch, site.scratch / "site.sqlite3"
        self.postgres, self.redis = site.postgres, site.redis
        self.clock = Path(os.environ["CLOCK"])

    def faults(self):
        """Return {name: context in which it is so}."""
        found = {
            "nothing": self.nothing,
            "full": self.full,
            "worker killed": self.worker_killed,
            "import killed": self.import_killed,
            "migrate while serving": self.migrating,
            "clock": self.moved_clock,
        }
        if self.postgres:
            found["gone"] = lambda: self.away(self.postgres)
            found["hung"] = lambda: self.hung(self.postgres)
            found["read-only"] = self.read_only
        else:
            found["locked"] = self.locked
            found["read-only"] = self.unwritable
        if self.redis:
            found["Redis gone"] = lambda: self.away(self.redis)
            found["Redis hung"] = lambda: self.hung(self.redis)
        if self.postgres:
            # A disk of its own would be needed.
            del found["full"]
        return found

    def run(self, told):
        """Make each fault so many times; return 1 if anything was wrong."""
        from comparisons.models import Finding

        load("editor")
        flask_orm = Finding.objects.get(framework__slug="flask", feature__slug="orm")
        self.finding = flask_orm.pk
        self.port, failed = free_port(), False
        self.site = f"http://127.0.0.1:{self.port}"
        print(ROW.format(*HEADINGS))
        faults = {name: f for name, f in self.faults().items() if told.only in name}
        for name, fault in faults.items():
            share = told.minutes * 60 / len(faults)
            failed |= self.trial(name, fault, told.times, share)
        print("FAILED." if failed else "Nothing was lost, and all came back.")
        return int(failed)

    def trial(self, name, fault, times, seconds):
        """Make one fault so many times, or for so long; print what people saw."""
        from tests.endurance.browser import Browser

        seen = {"kept": Counter(), "made": Counter(), "editor": Counter()}
        longest = recovered = lost = 0
        lasts = HOLDS if name in HOLDING else LASTS
        ends = time.monotonic() + seconds
        with serving(self.port, "tests.endurance.clocked") as self.server:
            self.reader, self.browser = Browser(self.site), self.signed_in()
            self.read("/frameworks/flask/")
            for number in range(times):
                if number and time.monotonic() > ends:
                    times = number
                    break
                word = None
                with fault():
                    until = time.monotonic() + lasts
                    while time.monotonic() < until:
                        asked = f"/search/?q={seen['made'].total()}"
                        for kind, page in (
                            ("kept", "/frameworks/flask/"),
                            ("made", asked),
                        ):
                            status, took = self.read(page)
                            seen[kind][status] += 1
                            longest = max(longest, took)
                        saved, took = self.save(f"{name} {number}")
                        seen["editor"][saved] += 1
                        longest = max(longest, took)
                        word = f"{name} {number}" if saved == 302 else word
                mended = time.monotonic()
                while self.save(f"after {name} {number}")[0] != 302:
                    if time.monotonic() - mended > 10 * RECOVERS:
                        break
                    time.sleep(0.1)
                    # A session of another time is over.
                    with suppress(OSError, KeyError):
                        self.browser = self.signed_in()
                recovered = max(recovered, time.monotonic() - mended)
                lost += bool(word) and not self.is_recorded(word)
                lost += not self.is_recorded(f"after {name} {number}")
        broken = list(self.broken())
        print(
            ROW.format(
                name,
                times,
                *(" ".join(f"{k}:{v}" for k, v in s.items()) for s in seen.values()),
                f"{longest:.1f}",
                f"{recovered:.1f}",
                lost,
                len(broken),
            ),
            *broken,
            sep="\n",
        )
        is_wrong = lost or broken or any(statuses[500] for statuses in seen.values())
        return bool(is_wrong or longest > LONGEST or recovered > RECOVERS)

    def broken(self):
        """Yield in sentences what is not whole; nothing is published uncited."""
        from django.db import connection

        from comparisons.models import ChangeSet
        from tests.endurance import wholeness

        connection.close()
        yield from wholeness.database()
        yield from wholeness.histories(ChangeSet.objects.all())
        yield from wholeness.imports(IMPORTED)
        yield from wholeness.save(self.finding)
        yield from wholeness.audit()

    def signed_in(self):
        from tests.endurance.browser import Browser

        browser = Browser(self.site)
        browser.sign_in("editor", PASSWORD)
        address = f"/admin/comparisons/finding/{self.finding}/change/"
        self.form = browser.form(address)
        return browser

    def read(self, page):
        began = time.monotonic()
        try:
            with self.reader.opener.open(self.site + page, timeout=60) as answer:
                return answer.status, time.monotonic() - began
        except OSError as error:
            # A worker that was killed answers nobody.
            return type(error).__name__, time.monotonic() - began

    def save(self, word):
        """Save a note of ``word``; a form that somebody else saved meanwhile is 409."""
        began = time.monotonic()
        address = f"/admin/comparisons/finding/{self.finding}/change/"
        status = "no form"
        with suppress(OSError, KeyError):
            form = self.browser.form(address)
            if "note" in form:
                said = dict.fromkeys(
                    ("note", "citations-0-says", "change_reason"), [word]
                )
                form |= said | {"_save": ["Save"]}
                status, _ = self.browser.post(address, form)
        return status, time.monotonic() - began

    def is_recorded(self, word):
        from django.db import connection

        from comparisons.models import Finding

        connection.close()
        return Finding.history.filter(id=self.finding, note=word).exists()

    # The faults

    @contextmanager
    def nothing(self):
        yield

    @contextmanager
    def away(self, service):
        kill(service.process)
        yield
        service.start()

    @contextmanager
    def hung(self, service):
        service.signal(signal.SIGSTOP)
        yield
        service.signal(signal.SIGCONT)

    @contextmanager
    def locked(self):
        with closing(sqlite3.connect(self.file)) as holder:
            holder.execute("BEGIN IMMEDIATE")
            yield
            holder.rollback()

    @contextmanager
    def unwritable(self):
        """Nobody may write to the files of the database, not even who holds them."""
        files = glob(f"{self.file}*")
        subprocess.run(["chattr", "+i", *files], check=True)
        try:
            yield
        finally:
            subprocess.run(["chattr", "-i", *files], check=True)

    @contextmanager
    def full(self):
        """No file of the server's processes grows any more, as on a full disk."""
        workers = self.workers()
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        for pid in workers:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, hard))
        yield
        for pid in workers:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))

    @contextmanager
    def read_only(self):
        self.alter("on")
        yield
        self.alter("off")

    def alter(self, value):
        from django.db import connection

        connection.close()
        with connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = off")
            cursor.execute(
                f"ALTER DATABASE postgres SET default_transaction_read_only = {value}"
            )
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        connection.close()

    @contextmanager
    def worker_killed(self):
        for pid in self.workers():
            os.kill(pid, signal.SIGKILL)
        yield

    @contextmanager
    def import_killed(self):
        """Kill an import and all workers at some moment of it."""
        process = start_import(self.scratch)
        time.sleep(random.uniform(0, IMPORTING))
        yield
        kill(process)
        for pid in self.workers():
            os.kill(pid, signal.SIGKILL)

    @contextmanager
    def migrating(self):
        process = start("manage.py", "migrate", "--verbosity", "0")
        yield
        process.wait()

    @contextmanager
    def moved_clock(self):
        """Serve an hour ago, or in 401 days, as ``clocked`` reads it."""
        self.clock.write_text(str(-3600 if time.time() % 2 < 1 else 401 * 86_400))
        yield
        self.clock.unlink()

    def workers(self):
        """Return the processes that answer, by the one that started them."""
        tasks = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children")
        return [int(pid) for pid in tasks.read_text().split()]


def start_import(folder):
    """Start to bring the knowledge up to date from files that say something new."""
    from django.conf import settings

    from comparisons.knowledge.documents import parse, render

    said = f" [import {random.getrandbits(40):x}]"
    shutil.rmtree(folder / "fixtures", ignore_errors=True)
    (folder / "fixtures" / "frameworks").mkdir(parents=True)
    for slug in IMPORTED:
        content = parse(settings.KNOWLEDGE_DIR / f"frameworks/{slug}.yaml")
        content["summary"] += said
        for finding in content["findings"]:
            finding["note"] = finding.get("note", "") + said
        path = folder / f"fixtures/frameworks/{slug}.yaml"
        path.write_text(render(content), encoding="utf-8")
    load = ["load_knowledge", folder / "fixtures", "--update", "--yes"]
    return start("manage.py", *load)


if __name__ == "__main__":
    sys.exit(main())
