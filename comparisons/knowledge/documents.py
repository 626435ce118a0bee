"""Which file of ``fixtures/`` holds which rows, read and written as YAML."""

from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import yaml
from django.core.exceptions import ValidationError

from comparisons.knowledge import shapes
from comparisons.knowledge.shapes import KnowledgeError
from comparisons.models.frameworks import validate_sample_file


@dataclass(frozen=True)
class Document:
    """One file, or one file per row where ``path`` is a folder.

    A file holds a mapping from ``name`` to a list of rows of ``shape``; a file
    of a folder holds one row. ``rows`` returns the rows to export.
    """

    path: str
    shape: shapes.Shape
    rows: callable
    name: str = ""

    @property
    def is_folder(self):
        return not self.name

    def read(self, folder):
        """Return the rows of the file or files as dictionaries.

        Raises:
            KnowledgeError: a file is no YAML or not of the expected form.
        """
        if self.is_folder:
            return [parse(path) for path in sorted((folder / self.path).glob("*.yaml"))]
        path = folder / self.path
        if not path.exists():
            return []
        items = parse(path).get(self.name)
        if not isinstance(items, list) or not all(
            isinstance(item, dict) for item in items
        ):
            raise KnowledgeError(f"{path}: “{self.name}” must be a list of mappings.")
        return items

    def files(self):
        """Return the text of each file that the stored rows make, by path."""
        dumped = [self.shape.dump(row, with_records=True) for row in self.rows()]
        if self.is_folder:
            return {f"{self.path}/{item['slug']}.yaml": render(item) for item in dumped}
        return {self.path: render({self.name: dumped})}


@dataclass(frozen=True)
class SampleDocument(Document):
    """The tasks; each sample's code is a file of its own, which a test runs."""

    def read(self, folder):
        tasks = super().read(folder)
        for task in tasks:
            for sample in task.get("samples") or []:
                self._check(sample.get("file") or "")
                path = folder / PurePosixPath(self.path).parent / sample["file"]
                if not path.exists():
                    raise KnowledgeError(f"{path} is missing.")
                # Forms strip the end of a text, so the stored code has none.
                sample["code"] = path.read_text(encoding="utf-8").rstrip()
        return tasks

    def files(self):
        folder = PurePosixPath(self.path).parent
        files = {}
        dumped = [self.shape.dump(row, with_records=True) for row in self.rows()]
        for task in dumped:
            for sample in task.get("samples", []):
                self._check(sample["file"])
                files[str(folder / sample["file"])] = sample.pop("code") + "\n"
        return {self.path: render({self.name: dumped}), **files}

    @staticmethod
    def _check(file):
        try:
            validate_sample_file(file)
        except ValidationError as error:
            raise KnowledgeError(f"“{file}”: {error.message}") from error


@dataclass
class Library:
    """The documents of all apps, in the order in which they are loaded."""

    documents: list[Document] = field(default_factory=list)

    def add(self, *documents):
        """Add documents; their rows load after those that are there already."""
        self.documents.extend(documents)


def parse(path: Path):
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
