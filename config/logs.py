"""What is logged, and how loud.

Errors and logs go to the standard error stream, where a host collects them. Lines of
one request carry its number, which a proxy may have given it.
"""

import logging

LINE = "%(asctime)s %(levelname)s %(name)s %(correlation_id)s %(message)s"


class CallersFault(logging.Filter):
    """Log a request that was refused in a line, as a warning.

    Anybody can send nonsense; whoever is woken by an error wants to find one.
    """

    def filter(self, record):
        if 400 <= getattr(record, "status_code", 500) < 500:
            record.levelno, record.levelname = logging.WARNING, "WARNING"
            record.exc_info = record.exc_text = None
        return True


def logging_as(formatter):
    """Return the configuration of logging in the format ``line`` or ``json``."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "request_number": {"()": "django_guid.log_filters.CorrelationId"},
            "callers_fault": {"()": CallersFault},
        },
        "formatters": {
            "line": {"format": LINE},
            "json": {
                "()": "pythonjsonlogger.json.JsonFormatter",
                "format": LINE,
                "rename_fields": {"levelname": "level", "correlation_id": "request"},
            },
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "filters": ["request_number", "callers_fault"],
                "formatter": formatter,
            }
        },
        "root": {"handlers": ["console"], "level": "WARNING"},
        # Who signed in, by the key of the account.
        "loggers": {"comparisons.accounts": {"level": "INFO"}},
    }
