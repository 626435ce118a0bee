from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from advisor.trials.track import add_release
from comparisons.knowledge.parts import KnowledgeError


class Command(BaseCommand):
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
        told_of = {"recommendations": recorded.figures, "held out": recorded.held_out}
        for name, told in told_of.items():
            if told is None:
                continue
            low, high = told.met.interval
            self.stdout.write(
                f"{told.met.count} of {told.met.total} {name} met: "
                f"{told.met.share:.1%}, between {low:.1%} and {high:.1%}; the most "
                f"recommended framework would meet {told.popular.count}, chance "
                f"{told.chance.count:.1f}."
            )
        for label, rate in recorded.held.items():
            self.stdout.write(f"{label}: {rate.share:.1%} of {rate.total} steps held.")
