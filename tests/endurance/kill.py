"""Kill the server and an import at random moments, and look at what is left.

    make endurance-kill ARGS="--kills 10 --minutes 20"

Editors save findings over HTTP while a second process brings the knowledge up
to date from changed files; ``kill -9`` ends both at once. After each restart the
database has to be whole: no half save, no half import, nothing lost that was
answered.
"""

import shutil
import sqlite3
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager
from random import Random

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

EDITORS = 2
FINDINGS_EACH = 3
# An import brings the files of so many frameworks, with every finding changed.
IMPORTED = 2
ROW = "{:>4}  {:>7}  {:>5}  {:>8}  {:<7}  {:<7}  {:>5}  {:>5}  {}"
HEADINGS = ["kill", "after s", "saves", "answered", "writing", "import"]
HEADINGS += ["edits", "loads", "database"]


def main():
    told = arguments(__doc__, minutes=45.0, kills=50)
    with own_site(told.engine) as site:
        return Trial(site.scratch, told).run()


class Trial:
    """All rounds on one database."""

    def __init__(self, scratch, told):
        self.scratch, self.told = scratch, told
        self.random = Random(told.seed)
        self.port = free_port()
        self.site = f"http://127.0.0.1:{self.port}"

    def run(self):
        """Kill as often as asked; return 1 if anything was violated."""
        self.prepare()
        print(f"Seed {self.told.seed}; an import takes {self.load_seconds:.1f} s.")
        print(ROW.format(*HEADINGS))
        ends = time.monotonic() + self.told.minutes * 60
        kills, failed = 0, False
        while kills < self.told.kills and time.monotonic() < ends:
            kills += 1
            failed |= self.round(kills)
        saves = self.saves()
        answered = sum(save.is_answered for save in saves)
        print(f"{kills} kills, {len(saves)} saves, {answered} of them answered.")
        print("FAILED." if failed else "Nothing was lost and nothing was left half.")
        return int(failed)

    def prepare(self):
        """Fill the database, and see how long an import takes undisturbed."""
        from django.db.models import Count

        from comparisons.models import ChangeSet, Finding, Framework
        from tests.endurance.editor import Editor

        load("editor")
        slugs = Framework.objects.order_by("slug").values_list("slug", flat=True)
        self.imported = list(slugs[:IMPORTED])
        cited = Finding.objects.annotate(number=Count("citations")).filter(number__gt=0)
        edited = list(
            cited.exclude(framework__slug__in=self.imported)
            .order_by("pk")
            .values_list("pk", flat=True)[: EDITORS * FINDINGS_EACH]
        )
        self.editors = [
            Editor("editor", PASSWORD, edited[n::EDITORS], f"{self.told.seed}-{n}")
            for n in range(EDITORS)
        ]
        began = time.monotonic()
        with self.importing("first") as first:
            if first.wait():
                sys.exit("An import fails without being killed.")
        self.load_seconds = time.monotonic() - began
        self.first_set = ChangeSet.objects.latest("pk").pk

    def round(self, number):
        """Start, save and import, kill, restart, look; return whether it failed."""
        from comparisons.choices import ChangeKind

        moment = self.random.uniform(0.2, 1.5 * self.load_seconds)
        before = len(self.saves())
        refusals = []
        word = f"{self.random.getrandbits(40):x}"
        with (
            serving(self.port) as server,
            self.working_editors(refusals),
            self.importing(word) as importing,
        ):
            time.sleep(moment)
            writing = _is_writing()
            state = self.import_state(importing)
            kill(server, importing)
        saves = self.saves()
        # What a server finds when it starts again is what counts.
        with serving(self.port):
            pass
        violations = [*refusals, *self.check()]
        answered = sum(save.is_answered for save in saves)
        print(
            ROW.format(
                number,
                f"{moment:.1f}",
                len(saves) - before,
                answered,
                "yes" if writing else "no",
                state,
                self.sets[ChangeKind.EDIT],
                self.sets[ChangeKind.LOAD],
                "; ".join(violations) or "whole",
            )
        )
        return bool(violations)

    @contextmanager
    def working_editors(self, refusals):
        """Have all editors save while the block runs; gather what was refused."""
        stop = threading.Event()

        def work(editor):
            try:
                editor.work(self.site, stop)
            except Exception as error:
                refusals.append(f"{type(error).__name__}: {error}")

        threads = [threading.Thread(target=work, args=[each]) for each in self.editors]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            stop.set()
            for thread in threads:
                thread.join()

    def saves(self):
        """Return all that was sent so far."""
        return [
            save
            for editor in self.editors
            for sent in editor.saves.values()
            for save in sent
        ]

    @contextmanager
    def importing(self, word):
        """Bring the knowledge up to date from files that say ``word``."""
        from django.conf import settings

        from comparisons.knowledge.documents import parse, render

        folder = self.scratch / "fixtures"
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "frameworks").mkdir(parents=True)
        for slug in self.imported:
            content = parse(settings.KNOWLEDGE_DIR / f"frameworks/{slug}.yaml")
            content["summary"] += f" [import {word}]"
            for finding in content["findings"]:
                finding["note"] = f"{finding.get('note', '')} [import {word}]"
            path = folder / f"frameworks/{slug}.yaml"
            path.write_text(render(content), encoding="utf-8")
        load = ["manage.py", "load_knowledge", folder, "--update", "--yes"]
        with open(self.scratch / "import.txt", "w") as output:
            process = start(*load, output=output)
        try:
            yield process
        finally:
            kill(process)

    def import_state(self, process):
        """Return in a word what an import is doing; it tells before it stores."""
        if process.poll() is not None:
            return "ended"
        told = (self.scratch / "import.txt").stat().st_size > 0
        return "storing" if told else "reading"

    def check(self):
        """Return what is wrong with the database, each as a sentence."""
        from django.db import connection

        from comparisons.models import ChangeSet
        from tests.endurance import wholeness

        # What was read before the kill is not asked again.
        connection.close()
        new = ChangeSet.objects.filter(pk__gt=self.first_set)
        self.sets = Counter(new.values_list("kind", flat=True))
        return [
            *wholeness.database(),
            *wholeness.histories(new),
            *wholeness.saves(self.editors),
            *wholeness.imports(self.imported),
            *wholeness.audit(),
        ]


def _is_writing():
    """Whether a transaction has the database for writing at this moment."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE backend_xid IS NOT NULL "
                "AND datname = current_database() AND pid <> pg_backend_pid()"
            )
            return cursor.fetchone()[0] > 0
    probe = sqlite3.connect(connection.settings_dict["NAME"], timeout=0)
    try:
        probe.execute("BEGIN IMMEDIATE")
        probe.rollback()
    except sqlite3.OperationalError:
        return True
    finally:
        probe.close()
    return False


if __name__ == "__main__":
    sys.exit(main())
