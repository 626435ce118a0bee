"""What an editor has going on in the background."""

from django.urls import reverse

from comparisons.models.works import OPEN
from comparisons.queue.sections import Entry, Section, holds


def _open(queue):
    return queue.editor.works.filter(state__in=OPEN).defer("content", "told", "given")


def _tell(works):
    return [
        Entry(
            subject=work.title,
            remark=f"– {work.progress}",
            address=reverse("desk:work", args=[work.pk]),
            since=work.created_at,
        )
        for work in works
    ]


SECTIONS = [
    Section(
        slug="work",
        title="Running for you",
        why="It goes on without you, or waits for your word.",
        position=9,
        is_for=holds("comparisons.change_finding"),
        find=_open,
        tell=_tell,
    )
]
