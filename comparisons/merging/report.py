"""What a merge does, for the editor who has to agree to it."""

from dataclasses import dataclass, field

from django.db import models

from comparisons.knowledge.shapes import digest


@dataclass
class Report:
    """What a merge does, or would do."""

    # Stamps of the rows themselves, as they were found.
    stamps: list = field(default_factory=list)
    # Rows that point at what is kept from now on.
    moved: list = field(default_factory=list)
    # (row that links, what it now links to)
    linked: list = field(default_factory=list)
    # (row that stays, row that goes into it)
    joined: list = field(default_factory=list)
    # (row, name of the field, new text)
    filled: list = field(default_factory=list)
    # (row, name of the field, what stays, what goes)
    given_up: list = field(default_factory=list)
    to_review: list = field(default_factory=list)
    # What related two that are one now, and so says nothing any more.
    dissolved: list = field(default_factory=list)
    retired: list = field(default_factory=list)

    def stamp(self):
        """Return a digest that is another one if anything else would happen."""
        return digest(
            {
                name: [_named(entry) for entry in rows]
                for name, rows in vars(self).items()
            }
        )


def words(row, name):
    """Return the value of a field as people read it; empty if there is none."""
    value = getattr(row, name)
    said = getattr(row, f"get_{name}_display", None)
    return "" if value is None else str(said() if said else value)


def _named(entry):
    """Return an entry of the report as text; rows of one name are told apart."""
    if isinstance(entry, list | tuple):
        return [_named(part) for part in entry]
    if isinstance(entry, models.Model):
        return f"{entry._meta.label} {entry.pk}"
    return str(entry)
