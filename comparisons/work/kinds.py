"""What is done in each kind of work: functions that yield (done, of) after a step."""

from comparisons.models.works import WorkKind
from comparisons.work.checks import check_links, check_passages
from comparisons.work.imports import import_file
from comparisons.work.rows import delete_rows, move_rows
from comparisons.work.undoing import undo_sets

KINDS = {
    WorkKind.IMPORT: import_file,
    WorkKind.MOVE: move_rows,
    WorkKind.DELETE: delete_rows,
    WorkKind.UNDO: undo_sets,
    WorkKind.LINKS: check_links,
    WorkKind.PASSAGES: check_passages,
}
