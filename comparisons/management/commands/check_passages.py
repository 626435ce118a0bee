from collections import Counter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from comparisons.models import Citation
from comparisons.work.passages import Looking, name_of


class Command(BaseCommand):
    help = (
        "Looks for each cited passage in the documentation of the release in which it "
        "was read, or of another RELEASE of the same name. What has changed there, "
        "moved or gone waits in the editors’ queue. It may be killed at any time and "
        "goes on where it was."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "releases",
            nargs="*",
            metavar="RELEASE",
            help="look in this release instead of the one that was read: 'Flask 3.1.4'",
        )
        parser.add_argument(
            "--tree",
            action="append",
            default=[],
            metavar="RELEASE=FOLDER",
            help="a folder that holds a release; others come from the package client",
        )
        parser.add_argument(
            "--framework", help="citations in the file of this one only"
        )
        parser.add_argument(
            "--again",
            action="store_true",
            help="also what was looked for there already",
        )
        parser.add_argument(
            "--record",
            action="store_true",
            help="write into the citations where they were found, to be exported",
        )

    def handle(self, *, releases, tree, framework, again, record, **options):
        citations = Citation.objects.select_related("source", "passage_check")
        if framework:
            citations = citations.filter(source__framework__slug=framework)
        looking = Looking(
            citations.exclude(release="").order_by("release", "pk"),
            releases=releases,
            folders=dict(_folder(each) for each in tree),
            again=again,
            record=record,
        )
        states = tqdm(looking, total=len(looking), disable=None)
        counts = Counter(state.label.lower() for state in states if state)
        unknown = citations.filter(release="").count()
        for label, number in sorted(counts.items()):
            self.stdout.write(f"{number:6} {label}")
        self.stdout.write(f"{unknown:6} name no release")
        for why in looking.refusals:
            self.stderr.write(str(why))


def _folder(option):
    """Return (release, folder) of one ``--tree``."""
    release, _, path = option.partition("=")
    if not name_of(release) or not Path(path).is_dir():
        raise CommandError(f"“{option}” is no release and folder: 'Flask 3.1.4=docs'.")
    return release, Path(path)
