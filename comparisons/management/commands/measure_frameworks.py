import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from comparisons.measuring import plan, selfcheck
from comparisons.measuring.load import LoadError
from comparisons.measuring.rounds import Run, Settings


class Command(BaseCommand):
    help = (
        "Measures frameworks under real servers with wrk, in rounds. It may be killed "
        "and goes on where it was. Needs a quiet machine of two cores or more, "
        "PostgreSQL, and Debian's packages wrk and time."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="keeps environments and the log")
        parser.add_argument("--framework", help="measure only one beside the baseline")
        parser.add_argument(
            "--rounds", type=int, default=5, help="how many (5); 0 installs only"
        )
        parser.add_argument(
            "--seconds", type=int, default=1, help="how long each load lasts (1)"
        )
        parser.add_argument(
            "--python", type=Path, default=sys.executable, help="the interpreter"
        )
        parser.add_argument(
            "--database",
            default="postgresql://postgres@127.0.0.1:5432/framewise_measuring",
            help="a PostgreSQL database of its own, made if it does not exist",
        )
        parser.add_argument(
            "--self-check",
            action="store_true",
            help="measure servers of known delay and known memory instead",
        )

    def handle(self, *, folder, framework, rounds, seconds, self_check, **options):
        folder.mkdir(parents=True, exist_ok=True)
        if self_check:
            self.try_fakes(folder)
            return
        try:
            contestants = plan.read_plan(framework)
        except KeyError as error:
            raise CommandError(f"The plan has no framework {error}.") from None
        settings = Settings(
            folder.resolve(), options["python"], options["database"], rounds, seconds
        )
        run = Run(contestants, settings)
        try:
            run.begin()
        except LoadError as error:
            raise CommandError(str(error)) from None
        with tqdm(run.left(), disable=None) as bar:
            for turn in bar:
                bar.set_description(f"round {turn[0]}, {turn[1]}")
                if failed := run.take(turn):
                    tqdm.write(f"{turn[1]}: {failed}")
        if left := run.left():
            names = ", ".join(sorted({turn[1] for turn in left}))
            raise CommandError(f"Run it again for what failed: {names}.")
        self.stdout.write(f"All {rounds} rounds are in {run.log}.")

    def try_fakes(self, folder):
        for check in selfcheck.checks(folder):
            expected = f"between {check.low:.1f} and {check.high:.1f}"
            line = f"{check.name}: {check.measured:.1f}, has to be {expected}."
            if not check.holds:
                raise CommandError(line)
            self.stdout.write(line)
