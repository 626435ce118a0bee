from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from advisor.trials.track import add_release
from comparisons.knowledge.parts import KnowledgeError


class Command(BaseCommand):
    """Add what the advisor meets now to the track record, for a release."""

    help = "Asks the advisor all published recommendations and records a release."

    def add_arguments(self, parser):
        parser.add_argument("release", help="Its name; one of that name is replaced.")

    def handle(self, *, release, **options):
        try:
            recorded = add_release(
                release, settings.KNOWLEDGE_DIR, timezone.localdate()
            )
        except KnowledgeError as error:
            raise CommandError(str(error)) from error
        met = recorded.figures.met
        low, high = met.interval
        self.stdout.write(
            f"{met.count} of {met.total} recommendations met: {met.share:.1%}, "
            f"between {low:.1%} and {high:.1%}; the most recommended framework would "
            f"meet {recorded.figures.popular.count}, chance "
            f"{recorded.figures.chance.count:.1f}."
        )
        for label, rate in recorded.held.items():
            self.stdout.write(f"{label}: {rate.share:.1%} of {rate.total} steps held.")
