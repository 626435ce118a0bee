from collections import Counter

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from comparisons.audit import GapKind, find_gaps, summarise


class Command(BaseCommand):
    """List what is missing, unknown, stale, undecided or broken."""

    help = "Lists the gaps of the published knowledge; fails if something is broken."

    def handle(self, **options):
        gaps = find_gaps(timezone.localdate())
        for gap in gaps:
            self.stdout.write(f"{gap.kind}: {gap.subject} {gap.message}")
        summary = summarise()
        self.stdout.write(
            f"{summary.known} of {summary.cells} cells known, {summary.cited} of them "
            f"cited; {summary.cites_own_documentation} of {summary.capabilities} "
            "capabilities cite the framework's own documentation; "
            f"median {summary.median_citations:g} citations a finding."
        )
        counts = Counter(gap.kind for gap in gaps)
        self.stdout.write(", ".join(f"{counts[kind]} {kind}" for kind in GapKind) + ".")
        if counts[GapKind.BROKEN] or counts[GapKind.UNCITED]:
            raise CommandError("Something published is broken.")
