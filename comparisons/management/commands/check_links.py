from collections import Counter

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from comparisons.models import Link
from comparisons.models.links import CHECK_DAYS
from comparisons.work.checks import asked, due


class Command(BaseCommand):
    help = (
        "Asks whether addresses still lead to their pages, those not checked for "
        "longest first. Meant for a scheduler; it may be killed at any time, and "
        "two at once do no harm."
    )

    def add_arguments(self, parser):
        parser.add_argument("--limit", type=int, help="ask no more addresses than this")
        parser.add_argument(
            "--older-than",
            type=int,
            default=CHECK_DAYS,
            metavar="DAYS",
            help=f"ask what was not checked for so many days ({CHECK_DAYS})",
        )

    def handle(self, *, limit, older_than, **options):
        if older_than < 0 or (limit is not None and limit < 1):
            raise CommandError("Days and the limit are positive numbers.")
        Link.gather()
        links = due(older_than)[:limit]
        answers = asked(links)
        counts = Counter(tqdm(answers, total=len(links), disable=None))
        found = ", ".join(f"{number} {word}" for word, number in sorted(counts.items()))
        self.stdout.write(f"Asked {len(links)} addresses: {found or 'none was due'}.")
