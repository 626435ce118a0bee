"""The documentation of a release: where it comes from, and which file is which page."""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit

from comparisons.passages import markdown, restructured
from comparisons.passages.sections import Page, Section

PARSERS = {
    ".rst": restructured.parse,
    ".txt": restructured.parse,
    ".md": markdown.parse,
}
# The last step to the front page of a site: an edition, or nothing at all.
_EDITION = re.compile(r"stable|latest|dev|main|master|v?[\d.]+")
_INCLUDE = re.compile(
    r"^\.\. include:: (\S+)$|^```\{include\} (\S+)\n```$", re.MULTILINE
)
# Prose in English, where a tree holds several languages.
_LANGUAGE = "en"
_DOWNLOAD_SECONDS = 600


class NotHad(Exception):
    """The documentation of a release cannot be had; the message says why."""


class Tree:
    """A folder of documentation, whose pages are found by their address."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._pages = {}

    def page(self, url: str) -> Page | None:
        """Return the page that is published at ``url``; None if no file is it."""
        if url not in self._pages:
            file = self.file(url)
            self._pages[url] = self._parse(file) if file else None
        return self._pages[url]

    def file(self, url: str) -> Path | None:
        """Return the file of the page at ``url``.

        Where it stands on the site tells where it stands in the tree: the file is
        the one that shares most of the path, so that ``…/en/6.1/http/views/`` is
        ``docs/http/views.txt`` or ``docs/http/views/index.txt``.
        """
        address = urlsplit(url)
        steps = [unquote(step) for step in address.path.split("/") if step]
        if address.hostname == "github.com":
            return self._file_of_repository(steps[2:])
        is_front = not steps or _EDITION.fullmatch(steps[-1])
        if steps:
            steps[-1] = steps[-1].removesuffix(".html")
        while len(steps) > 1 or steps and not _EDITION.fullmatch(steps[0]):
            wanted = "/".join(steps)
            for name in (wanted, f"{wanted}/index"):
                if found := self._by_ending.get(name):
                    return found
            steps.pop(0)
        return self._by_ending.get("index") if is_front else None

    def _file_of_repository(self, steps):
        """Return the file of ``blob/<ref>/<path>``, or what is shown with a folder."""
        path = self.folder.joinpath(*steps[2:])
        if not path.resolve().is_relative_to(self.folder.resolve()):
            return None
        if steps[:1] == ["blob"]:
            return path if path.is_file() else None
        shown = path.glob("*") if path.is_dir() else ()
        return min(
            (each for each in shown if each.name.lower().startswith("readme.")),
            default=None,
        )

    @cached_property
    def _by_ending(self):
        """Return {what a path ends with, without suffix: the best such file}."""
        found = {}
        for file in sorted(self._texts, key=self._rank):
            parts = file.relative_to(self.folder).with_suffix("").parts
            for start in range(len(parts)):
                found.setdefault("/".join(parts[start:]), file)
        return found

    @property
    def _texts(self):
        return (
            f for f in self.folder.rglob("*") if f.suffix in PARSERS and f.is_file()
        )

    def _rank(self, file):
        parts = file.relative_to(self.folder).parts
        return (_LANGUAGE not in parts, len(parts), parts)

    def _parse(self, file):
        text = self._with_included(file)
        parse = PARSERS.get(file.suffix)
        return parse(text) if parse else Page([Section(text=text)])

    def _with_included(self, file):
        """Return the text of ``file`` with the files that it includes."""
        text = file.read_text(encoding="utf-8", errors="replace")

        def included(match):
            other = (file.parent / (match[1] or match[2])).resolve()
            inside = other.is_relative_to(self.folder.resolve()) and other.is_file()
            return other.read_text(encoding="utf-8") if inside else ""

        return _INCLUDE.sub(included, text) if file.suffix in PARSERS else text


@contextmanager
def downloaded(release: str) -> Iterator[Tree]:
    """Give the source distribution of ``release``, such as ``Flask 3.1.3``.

    The package client takes it from wherever the host has told it to. It asks the
    distribution for its name by the tools that build it.

    Raises:
        NotHad: no package has the name, or no source distribution.
    """
    name, _, version = release.rpartition(" ")
    if not re.fullmatch(r"\w[\w.-]*", name):
        raise NotHad(f"{name} is no package: say which folder holds it.")
    with tempfile.TemporaryDirectory() as place:
        # What the documentation says does not depend on the Python that reads it.
        options = ["--no-deps", "--no-binary", ":all:", "--ignore-requires-python"]
        command = [sys.executable, "-m", "pip", "download", "--quiet", *options]
        try:
            subprocess.run(
                [*command, "--dest", place, f"{name}=={version}"],
                check=True,
                capture_output=True,
                timeout=_DOWNLOAD_SECONDS,
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            raise NotHad(f"The package client has no sources of {release}.") from error
        [archive] = Path(place).iterdir()
        folder = Path(place, "tree")
        shutil.unpack_archive(archive, folder, filter="data")
        yield Tree(next(folder.iterdir()))
