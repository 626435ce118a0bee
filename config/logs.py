"""What is logged, and how loud."""

import logging


class CallersFault(logging.Filter):
    """Log a request that was refused in a line, as a warning.

    Anybody can send nonsense; whoever is woken by an error wants to find one.
    """

    def filter(self, record):
        if 400 <= getattr(record, "status_code", 500) < 500:
            record.levelno, record.levelname = logging.WARNING, "WARNING"
            record.exc_info = record.exc_text = None
        return True
