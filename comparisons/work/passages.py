"""Looking for the cited passages in the documentation of releases."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from django.utils import timezone

from comparisons.choices import ChangeKind, PassageState
from comparisons.history.recording import change_set
from comparisons.models import Citation, PassageCheck
from comparisons.models.sources import split_marks
from comparisons.passages import NotHad, Tree, downloaded, look


class Looking:
    """One run over ``citations``, iterated: yields the state that each was found in.

    Each is looked for in its release, or in that of ``releases`` of the same name. A
    release is read from its folder in ``folders``, or else had from the package client.
    None stands for one that was looked for there before, unless ``again``. With
    ``record`` it is written into the citations where they were found.
    """

    def __init__(
        self,
        citations: Iterable[Citation],
        *,
        releases: Iterable[str] = (),
        folders: Mapping[str, Path] | None = None,
        again: bool = False,
        record: bool = False,
    ):
        self.again, self.record = again, record
        self.folders = folders or {}
        wanted = {name_of(release): release for release in releases}
        self.groups = defaultdict(list)
        for citation in citations:
            release = wanted.get(name_of(citation.release), citation.release)
            if not wanted or release in wanted.values():
                self.groups[release].append(citation)
        self.refusals: list[NotHad] = []

    def __len__(self) -> int:
        return sum(map(len, self.groups.values()))

    def __iter__(self) -> Iterator[PassageState | None]:
        with ExitStack() as opened:
            trees = _Trees(self.folders, opened)
            for release, group in self.groups.items():
                found = []
                for citation in group:
                    if not self.again and not _is_pending(
                        citation, release, record=self.record
                    ):
                        yield None
                        continue
                    check = _check(citation, release, trees)
                    found += [check] if check.state == PassageState.FOUND else []
                    yield PassageState(check.state)
                if self.record:
                    _record(release, found)
            self.refusals = list(trees.refusals.values())


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


def name_of(release: str) -> str:
    """Return the name of what was released: “Flask” of “Flask 3.1”."""
    return release.rpartition(" ")[0]


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
