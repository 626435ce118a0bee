"""What a section of the queue is, and the queue that looks through them."""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from comparisons.audit import Audit
from comparisons.web.computed import Computed

# The published knowledge's audit of a day.
current_audit = Computed(Audit.load)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing to do: what it is about, why it waits, and where it is done.

    ``remark`` goes on where ``subject`` ends: “… was never checked”.
    """

    subject: str
    remark: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Section:
    """One kind of work.

    ``find`` returns all that waits for the editor of a queue, the most urgent
    first, as anything that can be counted and sliced; ``tell`` turns a slice of
    it into entries. ``is_for`` says whether a user may do this work at all.
    """

    slug: str
    title: str
    why: str
    # Sections stand in the order of their positions.
    position: int
    is_for: Callable[[AbstractBaseUser], bool]
    find: Callable[["Queue"], Sequence]
    tell: Callable[[Iterable[Any]], list[Entry]]


@dataclass
class Queue:
    """What waits for ``editor`` on the day ``today``."""

    editor: AbstractBaseUser
    today: datetime.date

    @cached_property
    def audit(self) -> Audit:
        """The audit, which several sections read and is made once."""
        return current_audit(self.today)

    def among(self, sections: Iterable[Section]) -> list[Section]:
        """Return those of ``sections`` that the editor may work on, in their order."""
        return sorted(
            (section for section in sections if section.is_for(self.editor)),
            key=lambda section: section.position,
        )


def holds(*permissions: str) -> Callable[[AbstractBaseUser], bool]:
    """Return the test whether a user has all of ``permissions``."""
    return lambda user: user.has_perms(permissions)
