from collections import Counter, defaultdict
from contextlib import ExitStack
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from comparisons.choices import ChangeKind, PassageState
from comparisons.history.recording import change_set
from comparisons.models import Citation, PassageCheck
from comparisons.models.sources import split_marks
from comparisons.passages import NotHad, Tree, downloaded, look


class Command(BaseCommand):
    """Look for the passages of citations in the documentation of a release."""

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
        wanted = {_name(release): release for release in releases}
        folders = dict(_folder(each) for each in tree)
        citations = Citation.objects.select_related("source", "passage_check")
        if framework:
            citations = citations.filter(source__framework__slug=framework)
        groups = defaultdict(list)
        for citation in citations.exclude(release="").order_by("release", "pk"):
            release = wanted.get(_name(citation.release), citation.release)
            if not releases or release in wanted.values():
                groups[release].append(citation)
        counts = Counter()
        with (
            ExitStack() as opened,
            tqdm(total=sum(map(len, groups.values())), disable=None) as bar,
        ):
            trees = _Trees(folders, opened)
            for release, group in groups.items():
                pending = [
                    each
                    for each in group
                    if again or _is_pending(each, release, record=record)
                ]
                bar.update(len(group) - len(pending))
                found = []
                for citation in pending:
                    check = _check(citation, release, trees)
                    counts[PassageState(check.state).label.lower()] += 1
                    found += [check] if check.state == PassageState.FOUND else []
                    bar.update()
                if record:
                    _record(release, found)
        unknown = citations.filter(release="").count()
        for label, number in sorted(counts.items()):
            self.stdout.write(f"{number:6} {label}")
        self.stdout.write(f"{unknown:6} name no release")
        for why in trees.refusals.values():
            self.stderr.write(str(why))


class _Trees:
    """The documentation of each release that is asked for, had once a run."""

    def __init__(self, folders, opened):
        self.found = {release: Tree(folder) for release, folder in folders.items()}
        self.opened = opened
        self.refusals = {}

    def of(self, release):
        """Return the tree of ``release``, or None if it cannot be had."""
        if release not in self.found and release not in self.refusals:
            try:
                self.found[release] = self.opened.enter_context(downloaded(release))
            except NotHad as error:
                self.refusals[release] = error
        return self.found.get(release)


def _name(release):
    return release.rpartition(" ")[0]


def _folder(option):
    """Return (release, folder) of one ``--tree``."""
    release, _, path = option.partition("=")
    if not _name(release) or not Path(path).is_dir():
        raise CommandError(f"“{option}” is no release and folder: 'Flask 3.1.4=docs'.")
    return release, Path(path)


def _is_pending(citation, release, *, record):
    """Whether it was not found there yet, or that is not recorded and should be."""
    check = getattr(citation, "passage_check", None)
    is_found = check and (
        (check.state, check.release, check.fragment)
        == (PassageState.FOUND, release, citation.fragment)
    )
    is_recorded = citation.found_date and citation.release == release
    return not is_found or (record and not is_recorded)


def _check(citation, release, trees):
    """Look for the passage of ``citation`` in ``release``; return what is stored."""
    marks = split_marks(citation.marks)
    known, before = _known(citation), ""
    if not known and release != citation.release:
        known = _look(trees.of(citation.release), citation, marks).fingerprint
    found = _look(trees.of(release), citation, marks, known)
    if not found.state.is_settled and release != citation.release:
        before = _look(trees.of(citation.release), citation, marks).text
    check, _ = PassageCheck.objects.update_or_create(
        citation=citation,
        defaults={
            "state": found.state,
            "release": release,
            "checked_date": timezone.localdate(),
            "fingerprint": found.fingerprint,
            "fragment": found.fragment,
            "missing": ", ".join(found.missing),
            "before": before,
            "after": "" if found.state.is_settled else found.text,
        },
    )
    return check


def _known(citation):
    """Return the fingerprint of the passage as it was read, or "" before a check."""
    check = getattr(citation, "passage_check", None)
    if (
        check
        and check.state == PassageState.FOUND
        and check.release == citation.release
    ):
        return citation.fingerprint or check.fingerprint
    return citation.fingerprint


def _look(tree, citation, marks, known=""):
    if tree is None:
        return look(None, citation.fragment, marks)
    page = tree.page(citation.source.url)
    return look(page, citation.fragment, marks, known=known)


def _record(release, checks):
    """Write into the citations of ``checks`` that they were found in ``release``."""
    with change_set(kind=ChangeKind.LOAD, reason=f"Found in {release}"):
        for check in checks:
            citation = check.citation
            citation.release, citation.found_date = release, check.checked_date
            citation.fingerprint = check.fingerprint
            citation.save()
