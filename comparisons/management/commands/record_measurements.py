from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from comparisons.choices import Status
from comparisons.history.recording import change_set
from comparisons.knowledge import measurements
from comparisons.knowledge.parts import KnowledgeError
from comparisons.measuring.figures import agreement
from comparisons.measuring.rounds import visits


class Command(BaseCommand):
    help = (
        "Stores the run of a log as a draft. --publish shows it to readers and rates "
        "the measured features by it; export_knowledge then writes both to the files."
    )

    def add_arguments(self, parser):
        parser.add_argument("log", type=Path, help="the run.jsonl of a run")
        parser.add_argument("--publish", action="store_true")
        parser.add_argument(
            "--beside", type=Path, help="the log of another run: say how far both agree"
        )

    def handle(self, *, log, publish, beside, **options):
        if not any(visit["round"] for visit in visits(log)):
            raise CommandError(f"{log} has no round of a run.")
        if beside:
            agreeing, shared = agreement(log, beside)
            self.stdout.write(
                f"{agreeing} of {shared} ratios agree within their spread."
            )
        status = Status.PUBLISHED if publish else Status.DRAFT
        with transaction.atomic(), change_set(reason="Measured anew"):
            run, noisy = measurements.record(log, status)
            try:
                changed = measurements.rate(run) if publish else []
            except KnowledgeError as error:
                raise CommandError(str(error)) from None
        for finding, before in changed:
            if finding.level != before or finding.decision:
                asks = ": read its decision again" if finding.decision else ""
                self.stdout.write(f"{finding}: {before} to {finding.level}{asks}")
        stored = run.measurements.count()
        self.stdout.write(f"{run}: {stored} figures, {noisy} too noisy to publish.")
