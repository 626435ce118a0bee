"""Rows into files, the same bytes for the same rows."""

from comparisons.knowledge.catalogue import LIBRARY
from comparisons.knowledge.loading import is_empty
from comparisons.knowledge.parts import KnowledgeError


def export(folder):
    """Write the stored knowledge below ``folder`` and return the changed paths.

    Raises:
        KnowledgeError: nothing is stored, which would leave empty files.
    """
    if is_empty():
        raise KnowledgeError("There is no knowledge to write.")
    changed = []
    for document in LIBRARY.documents:
        files = document.files()
        if document.is_folder:
            # A framework that is gone must not come back with the next load.
            for path in sorted((folder / document.path).glob("*.yaml")):
                if f"{document.path}/{path.name}" not in files:
                    path.unlink()
                    changed.append(path)
        for name, text in files.items():
            path = folder / name
            if path.exists() and path.read_text(encoding="utf-8") == text:
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed
