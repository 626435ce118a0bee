"""Rows into files, the same bytes for the same rows."""

from .documents import LIBRARY


def export(folder):
    """Write the stored knowledge below ``folder`` and return the changed paths."""
    changed = []
    for document in LIBRARY.documents:
        for name, text in document.files().items():
            path = folder / name
            if path.exists() and path.read_text(encoding="utf-8") == text:
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed
