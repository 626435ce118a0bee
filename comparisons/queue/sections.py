"""What a section of the queue is, and the queue that looks through them."""

import datetime
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.utils.timesince import timesince

from comparisons.audit import Audit
from comparisons.web.computed import MOMENT, WAIT, Computed, present_state

# The published knowledge's audit of a day.
current_audit = Computed(Audit.load)
# So many of each section are told at a glance, and what is not counted yet is counted
# as far as this.
FEW, MOST_COUNTED = 5, 100


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing to do: what it is about, why it waits, and where it is done.

    ``remark`` goes on where ``subject`` ends: “… was never checked”. ``by`` is who
    left it so, ``since`` when; both are empty where nobody knows.
    """

    subject: str
    remark: str
    address: str
    by: str = ""
    since: datetime.date | None = None

    @property
    def age(self) -> str:
        """How long it has been so: “3 weeks”."""
        return timesince(self.since, depth=1) if self.since else ""


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
    # Whether the daily mail tells of it.
    is_mailed: bool = False


@dataclass(frozen=True)
class Glance:
    """The first of what a section lists, and how much there is."""

    section: Section
    entries: list[Entry]
    number: int
    # There is more than that number.
    is_more: bool = False

    @property
    def count(self) -> str:
        """The number as it is shown: “7”, “100+”."""
        return f"{self.number}+" if self.is_more else str(self.number)

    @property
    def has_others(self) -> bool:
        """Whether there is more than the entries tell."""
        return self.number > len(self.entries)


@dataclass
class Queue:
    """What waits for ``editor`` on the day ``today``."""

    editor: AbstractBaseUser
    today: datetime.date
    # Rather what was known a moment ago than a page that waits.
    at_once: bool = False

    @cached_property
    def audit(self) -> Audit:
        """The audit, which several sections read and is made once."""
        return self.ask(current_audit, self.today)

    def ask(self, computed: Computed, *args: Any) -> Any:
        """Return what ``computed`` knows, as this queue wants to know it."""
        wait = max(0, self._until - time.monotonic())
        return computed(*args, state=self._state, wait=wait)

    def among(self, sections: Iterable[Section]) -> list[Section]:
        """Return those of ``sections`` that the editor may work on, in their order."""
        return sorted(
            (section for section in sections if section.is_for(self.editor)),
            key=lambda section: section.position,
        )

    def glance(self, section: Section) -> Glance:
        """Return the first of ``section``, in one query for its list."""
        found = section.find(self)
        if isinstance(found, list):
            return Glance(section, section.tell(found[:FEW]), len(found))
        rows = list(found[: MOST_COUNTED + 1])
        number = min(len(rows), MOST_COUNTED)
        entries = section.tell(rows[:FEW])
        return Glance(section, entries, number, len(rows) > MOST_COUNTED)

    @cached_property
    def _until(self):
        """Until when it waits for what is computed, all of it together."""
        return time.monotonic() + (MOMENT if self.at_once else WAIT)

    @cached_property
    def _state(self):
        return present_state()


def holds(*permissions: str) -> Callable[[AbstractBaseUser], bool]:
    """Return the test whether a user has all of ``permissions``."""
    return lambda user: user.has_perms(permissions)
