import sys
from contextlib import ExitStack
from itertools import chain

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from comparisons.queue.readership import count_views


class Command(BaseCommand):
    """Count from the web server's log which pages are read most."""

    help = (
        "Counts the days that are over, so that the editors' queue can put first what "
        "readers look at. Meant for a scheduler, once a day; running it again changes "
        "nothing. Give it the log of yesterday and that of today if the server starts "
        "a new one during the day."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "logs",
            nargs="*",
            metavar="LOG",
            help="files in the combined log format (standard input)",
        )

    def handle(self, *, logs, **options):
        with ExitStack() as stack:
            try:
                files = [
                    # A robot may send bytes that are no text.
                    stack.enter_context(open(log, errors="replace"))
                    for log in logs
                ]
            except OSError as error:
                raise CommandError(f"{error.filename}: {error.strerror}.") from error
            lines = chain(*files) if files else sys.stdin
            days = count_views(lines, timezone.localdate())
        self.stdout.write(
            f"Counted {', '.join(map(str, days))}." if days else "No new day."
        )
