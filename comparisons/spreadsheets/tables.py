"""The four tables: their columns, and the rules that only one of them has."""

from comparisons.models import Citation, Finding, ProCon, Source
from comparisons.spreadsheets.columns import Reference
from comparisons.spreadsheets.rows import KnowledgeTable, Problem

# The column of a passage by which a statement, in the field named, is unproved.
_CAUSES = {"status": "stance", "decision": "level"}


class SourceTable(KnowledgeTable):
    model = Source
    columns = (
        "slug title author publisher kind framework published_date date_note "
        "url archive_url interest note"
    )

    def rows(self):
        return Source.objects.select_related("framework")


class FindingTable(KnowledgeTable):
    model = Finding
    columns = (
        "framework feature level status extension alternatives since_version "
        "note decision reason at_least at_most"
    )

    def rows(self):
        rows = Finding.objects.with_parents().with_citations()
        return rows.prefetch_related("alternatives")


class ProConTable(KnowledgeTable):
    model = ProCon
    columns = (
        "slug framework feature side status statement matters_when decision reason"
    )

    def rows(self):
        return ProCon.objects.with_parents().with_citations()


class CitationTable(KnowledgeTable):
    """The passages. A published statement keeps one that supports it."""

    model = Citation
    columns = (
        "key statement source stance locator fragment no_fragment says marks level "
        "release accessed_date"
    )

    def __init__(self, editor=None):
        super().__init__(editor)
        # The first row that touches each statement that is published.
        self._touching = {}

    def column(self, name):
        return Reference(name) if name == "statement" else super().column(name)

    def rows(self):
        return Citation.objects.with_statements().select_related("source")

    def stored(self, rows, *, hold):
        """Hold the statements as well: their forms change citations, too."""
        named = super().stored(rows, hold=False).order_by()
        for kind, model in Reference.models.items() if hold else ():
            held = model._base_manager.select_for_update(of=("self",))
            list(held.filter(pk__in=named.values(kind)).order_by("pk"))
        return super().stored(rows, hold=hold)

    def units(self, rows):
        """A statement may lose its support by one row and have it back by another."""
        units = []
        for row in rows:
            places = (row.stored.get("statement"), row.changes.get("statement"))
            names = set(filter(None, places))
            near = [unit for unit in units if unit[0] & names]
            units = [unit for unit in units if not unit[0] & names]
            joined = [each for _, theirs in near for each in theirs]
            units.append((names.union(*(own for own, _ in near)), [*joined, row]))
        return [theirs for _, theirs in units]

    def store(self, row):
        statement = row.object.statement
        if getattr(statement, "is_published", False):
            self._touching.setdefault(statement, row)
        super().store(row)

    def finish(self):
        """Refuse to leave a published statement unproved.

        The database drafts a statement as soon as its last supporting passage goes,
        though a later row of the file may bring another.
        """
        for statement, row in self._touching.items():
            faults = statement.unproved(statement.citations.all())
            for name, error in faults.items():
                message = f"“{statement}” is published. {error.message}"
                self.problems.append(Problem(row, message, _CAUSES[name]))
        self._touching = {}
