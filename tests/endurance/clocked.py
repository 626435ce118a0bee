"""The site on a clock that another process moves: CLOCK is a file of seconds."""

import os
import time
from datetime import UTC, datetime
from pathlib import Path

from django.utils import timezone

_right = time.time


def _moved():
    try:
        return _right() + float(Path(os.environ["CLOCK"]).read_text())
    except (OSError, ValueError):
        return _right()


time.time = _moved
timezone.now = lambda: datetime.fromtimestamp(time.time(), UTC)

from config.wsgi import application  # noqa: E402

__all__ = ["application"]
