from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from comparisons.audit import Audit, GapKind, count_by_kind
from comparisons.models import Framework


class Command(BaseCommand):
    help = (
        "Lists the gaps of the published knowledge and the figures that show how well "
        "it is proved. Fails if anything published is uncited or broken, listed or not."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--kind",
            action="append",
            choices=GapKind.values,
            help="List gaps of this kind only; may be repeated.",
        )
        parser.add_argument(
            "--framework",
            default="",
            metavar="SLUG",
            help="List gaps about this framework only, published or not.",
        )

    def handle(self, *, kind, framework, **options):
        if framework and not Framework.objects.filter(slug=framework).exists():
            raise CommandError(f"No framework is called “{framework}”.")
        audit = Audit.load(timezone.localdate(), draft=framework)
        listed = audit.narrowed(kind or (), framework)
        for gap in listed:
            self.stdout.write(f"{gap.kind}: {gap}")
        for figure in audit.figures:
            verdict = "" if figure.is_met else " MISSED"
            self.stdout.write(
                f"{figure.name}: {figure.text}, {figure.target_text}{verdict}"
            )
        counts = count_by_kind(audit.gaps)
        self.stdout.write(
            ", ".join(f"{count} {kind}" for kind, count in counts.items()) + "."
        )
        if audit.fails:
            raise CommandError("Something published is uncited or broken.")
