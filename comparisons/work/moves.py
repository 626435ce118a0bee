"""Many rows moved from state to state: as many as may be, and as one change."""

import json

from django.apps import apps
from django.contrib.admin.utils import model_ngettext
from django.core.exceptions import PermissionDenied, ValidationError

from comparisons.choices import Action, Status
from comparisons.editing.locks import lock_all
from comparisons.editing.seen import stamps, who_changed
from comparisons.editing.workflow import MOVES, move
from comparisons.history.rehearsing import Rehearsed, in_steps, rehearse
from comparisons.models.works import WorkState
from comparisons.work.storing import rehearsed_and_stored

MESSAGE = json.dumps([{"changed": {"fields": ["status"]}}])


def move_rows(work):
    """Move each row that may be moved and nobody changed since, and name the others."""
    yield from rehearsed_and_stored(
        work, lambda: _Moves(work), reason=work.given["reason"], message=MESSAGE
    )


class _Moves:
    state = WorkState.DONE

    def __init__(self, work):
        self.editor = work.editor
        self.model = apps.get_model(work.given["model"])
        self.to = Status(MOVES[Action(work.given["action"])][0])
        # (key, stamp of the row as it was shown)
        self.rows = work.given["rows"]
        self.rehearsed = Rehearsed()
        self.moved = 0
        self.refused = []

    def __iter__(self):
        return in_steps(
            [[row] for row in self.rows],
            lambda part: rehearse(lambda: self._try(dict(part)), self.rehearsed),
        )

    def _try(self, seen):
        rows = lock_all(self.model._base_manager.filter(pk__in=seen))
        now = stamps(rows)
        for row in rows:
            try:
                if now[row.pk] != seen[row.pk]:
                    raise ValidationError(who_changed(self.model, row.pk))
                move(row, self.to, self.editor)
            except (PermissionDenied, ValidationError) as error:
                sentences = getattr(error, "messages", None) or [str(error)]
                self.refused.append([str(row), " ".join(sentences)])
            else:
                self.moved += 1

    @property
    def told(self):
        return {
            "to": self.to.label.lower(),
            "moved": self.moved,
            "noun": model_ngettext(self.model._meta, self.moved),
            "refused": self.refused,
        }
