"""Python in a process of its own, on a database of its own."""

import os
import subprocess
import sys

from django.conf import settings


def run_apart(*arguments, database):
    """Run Python with ``arguments``; return how it ended and what it said."""
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {
            "DATABASE_URL": database,
            "DEBUG": "on",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        },
        capture_output=True,
        text=True,
        check=False,
    )
