"""Saves and reads while the database is migrated, as it is when a release is deployed.

``python -m tests.deploying 24`` fills an empty database (``DATABASE_URL``), migrates it
that many times, and prints as JSON what a writer and reader met meanwhile: how often
they saved, how often they were told that a changed page is the same, and how often
something uncited was published. Every other migration changes a table of the
knowledge; the rest find nothing to do.
"""

import json
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal  # noqa: E402
from django.db import IntegrityError, connection, migrations, models  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402
from django.test import Client  # noqa: E402

from comparisons.choices import Status  # noqa: E402
from comparisons.history.recording import change_set  # noqa: E402
from comparisons.models import Finding  # noqa: E402
from tests import factories as make  # noqa: E402


def deploy(times):
    """Return what was met while the database was migrated ``times`` times."""
    call_command("migrate", verbosity=0)
    page = make.make_finding()
    uncited = make.make_finding(draft=True)
    stop, met = threading.Event(), Counter(saved=0, stale=0, uncited=0)
    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(write, page, uncited, met, stop)
        try:
            for number in range(times):
                if number % 2:
                    call_command("migrate", verbosity=0)
                else:
                    change_a_table(number)
                # However fast this is, somebody saves before the next one.
                while met["saved"] <= number + 1 and not writer.done():
                    time.sleep(0.01)
        finally:
            stop.set()
        writer.result()
    return met


def change_a_table(number):
    """Run a migration of the findings, with all that ``migrate`` does around one."""
    field = models.CharField(max_length=31 + number, blank=True)
    change = migrations.AlterField("finding", "since_version", field)
    migration = migrations.Migration(f"later_{number}", "comparisons")
    migration.operations = [change]
    executor = MigrationExecutor(connection)
    told = {"verbosity": 0, "interactive": False, "db": "default"}
    emit_pre_migrate_signal(**told)
    executor.apply_migration(executor.loader.project_state(), migration)
    emit_post_migrate_signal(**told)


def write(finding, uncited, met, stop):
    """Save and read until ``stop``, each time another note; count what is ``met``."""
    client, etag = Client(SERVER_NAME="localhost"), None
    try:
        # Waits a moment each time, or it takes half of the migrations' processor.
        while not stop.wait(0.05):
            finding.note = f"Saved {met['saved']} times."
            with change_set():
                finding.save()
            met["saved"] += 1
            known = {"if-none-match": etag} if etag else {}
            answer = client.get(finding.get_absolute_url(), headers=known, secure=True)
            met["stale"] += finding.note not in answer.content.decode()
            etag = answer["ETag"]
            with suppress(IntegrityError):
                Finding.objects.filter(pk=uncited.pk).update(status=Status.PUBLISHED)
                met["uncited"] += 1
    finally:
        connection.close()


if __name__ == "__main__":
    print(json.dumps(deploy(int(sys.argv[1]))))
