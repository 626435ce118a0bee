"""Findings, pros and cons, sources and citations as tables, one row each.

A row is found by its natural key, relations are slugs. The passages cited for a
statement are a table of their own: their number differs from statement to
statement, and a spreadsheet can sort, filter and check rows, not cells that hold
several of them.

The ``stamp`` tells what a row looked like when it was exported. A row that nobody
touched in the file changes nothing; one that was changed in the file as well as
here is refused, and nothing is overwritten. An import never deletes.

``files`` reads and writes them (``workbooks`` those of Excel), ``cells`` says what
one holds, ``columns`` what that means, ``rows`` what becomes of it.
"""

from comparisons.spreadsheets.tables import (
    CitationTable,
    FindingTable,
    ProConTable,
    SourceTable,
)

TABLES = {
    table.model: table
    for table in (FindingTable, ProConTable, SourceTable, CitationTable)
}
