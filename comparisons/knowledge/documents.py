"""Which file of ``fixtures/`` holds which rows, read and written as YAML."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import yaml
from django.core.exceptions import ValidationError

from comparisons.knowledge.parts import KnowledgeError, mappings
from comparisons.knowledge.shapes import Shape
from comparisons.models.frameworks import validate_sample_file


@dataclass(frozen=True)
class Document:
    """One file, or one file per row where ``path`` is a folder.

    A file holds a mapping from ``name`` to a list of rows of ``shape``; a file
    of a folder holds one row. ``order`` is that of the rows in the file, if not
    their own; ``fixed`` holds what all of them have in common.
    """

    path: str
    shape: Shape
    name: str = ""
    order: tuple[str, ...] = ()
    fixed: dict = field(default_factory=dict)

    @property
    def is_folder(self):
        return not self.name

    def read(self, folder: Path) -> Iterator[tuple[str, dict]]:
        """Yield the rows as dictionaries, each with the path of its file.

        Raises:
            KnowledgeError: a file is no YAML or not of the expected form.
        """
        if self.is_folder:
            for path in sorted((folder / self.path).glob("*.yaml")):
                yield f"{self.path}/{path.name}", parse(path)
        elif (path := folder / self.path).exists():
            try:
                items = mappings(self.name, parse(path).get(self.name))
            except KnowledgeError as error:
                raise KnowledgeError(f"{path}: {error}") from error
            for item in items:
                yield self.path, item

    def files(self) -> dict[str, str]:
        """Return the text of each file that the stored rows make, by path."""
        dumped = self._dumped()
        if self.is_folder:
            return {f"{self.path}/{item['slug']}.yaml": render(item) for item in dumped}
        return {self.path: render({self.name: dumped})}

    def _dumped(self):
        rows = self.shape.model.objects.filter(**self.fixed)
        rows = rows.order_by(*self.order) if self.order else rows
        rows = rows.prefetch_related(*self.shape.all_lookups)
        return [self.shape.dump(row, with_records=True) for row in rows]


@dataclass(frozen=True)
class SampleDocument(Document):
    """The tasks; each sample's code is a file of its own, which a test runs."""

    def read(self, folder):
        for file, task in super().read(folder):
            for sample in task.get("samples") or []:
                path = folder / self._path(sample.get("file") or "")
                if not path.exists():
                    raise KnowledgeError(f"{path} is missing.")
                # Forms strip the end of a text, so the stored code has none.
                sample["code"] = path.read_text(encoding="utf-8").rstrip()
            yield file, task

    def files(self):
        files = {}
        dumped = self._dumped()
        for task in dumped:
            for sample in task.get("samples", []):
                files[self._path(sample["file"])] = sample.pop("code") + "\n"
        return {self.path: render({self.name: dumped}), **files}

    def _path(self, file):
        try:
            validate_sample_file(file)
        except ValidationError as error:
            raise KnowledgeError(f"“{file}”: {error.message}") from error
        return str(PurePosixPath(self.path).parent / file)


@dataclass
class Library:
    """The documents of all apps, in the order in which they are loaded."""

    documents: list[Document] = field(default_factory=list)

    def add(self, *documents):
        """Add documents; their rows load after those that are there already."""
        self.documents.extend(documents)

    def files(self) -> dict[str, str]:
        """Return the text of every file that the stored rows make, by path."""
        return {
            path: text
            for document in self.documents
            for path, text in document.files().items()
        }

    def shapes(self) -> dict[type, Shape]:
        """Return the shape of every model that the files hold."""
        found = {}
        waiting = [document.shape for document in self.documents]
        while waiting:
            shape = waiting.pop()
            found[shape.model] = shape
            parts = (*shape.fields, *shape.records)
            waiting += [part.shape for part in parts if hasattr(part, "shape")]
        return found


def parse(path: Path) -> dict:
    """Return the YAML of ``path`` as a dictionary."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise KnowledgeError(f"{path} is no readable YAML: {error}") from error
    if not isinstance(content, dict):
        raise KnowledgeError(f"{path} must hold a mapping.")
    return content


def render(content):
    """Return ``content`` as YAML, always the same for the same content."""
    return yaml.dump(
        content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=88
    )


class _Dumper(yaml.SafeDumper):
    """Writes paragraphs as blocks, so that a difference reads line by line."""

    def represent_str(self, text):
        style = "|" if "\n" in text else None
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=style)

    def represent_choice(self, choice):
        return self.represent_str(str(choice))


_Dumper.add_representer(str, _Dumper.represent_str)
_Dumper.add_multi_representer(str, _Dumper.represent_choice)
