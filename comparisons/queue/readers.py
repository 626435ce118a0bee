"""What readers say is wrong."""

from django.urls import reverse
from django.utils.text import Truncator

from comparisons.models import Suggestion
from comparisons.queue.sections import Entry, Section, holds
from comparisons.suggestions.deciding import PERMISSION


def _open(queue):
    return Suggestion.objects.open().with_targets().order_by("created_at", "pk")


def _told(suggestions):
    page = "admin:comparisons_suggestion_change"
    return [
        Entry(
            subject=str(suggestion.target),
            remark=f"– {Truncator(suggestion.problem).chars(120)}",
            address=reverse(page, args=[suggestion.pk]),
            by=suggestion.credit or "a reader",
            since=suggestion.created_at,
        )
        for suggestion in suggestions
    ]


SECTIONS = [
    Section(
        slug="suggestions",
        title="Suggestions of readers",
        why="Somebody took the time to tell what is wrong.",
        position=30,
        is_for=holds(PERMISSION),
        find=_open,
        tell=_told,
        is_mailed=True,
    )
]
