"""A long change, tried out in short steps.

A few rows at a time, each time in a transaction that is taken back, so that nobody
waits for long. What a step recorded says all that it would store.
"""

import time
from collections.abc import Callable, Iterator, Sequence

from django.db import transaction

from comparisons.choices import Act
from comparisons.history.outcomes import Outcome, published, rename
from comparisons.history.recording import change_set, cited_by, told_of
from comparisons.history.records import recorded_links, recorded_relations
from comparisons.models import ChangeSet, Citation

# Seconds that a step should take.
STEP = 0.2
# Units in the first step, which is worth what each step takes; at most in any.
LEAST, MOST = 10, 50


def in_steps(
    units: Sequence[Sequence], act: Callable[[list], None]
) -> Iterator[tuple[int, int]]:
    """Call ``act`` with the rows of a few units at a time.

    Yields how many rows are done, and of how many. What stands in one unit is never
    torn apart.
    """
    of = sum(map(len, units))
    size, place, done = LEAST, 0, 0
    while place < len(units):
        rows = [row for unit in units[place : place + size] for row in unit]
        began = time.monotonic()
        act(rows)
        took = time.monotonic() - began
        place, done = place + size, done + len(rows)
        size = max(LEAST, min(MOST, round(size * STEP / max(took, 0.001))))
        yield done, of


def rehearse(act: Callable[[], None], to: Outcome | None) -> None:
    """Take back what ``act()`` stores, and add it ``to`` what was rehearsed before."""
    with transaction.atomic():
        if to is None:
            act()
        else:
            with change_set() as changes:
                act()
            _take_up(to, changes)
        transaction.set_rollback(True)


def _take_up(outcome: Outcome, changes: ChangeSet) -> None:
    """Add what is in a set that is closed and not yet taken back.

    The keys of its records, and of what is new, are given to others as soon as it is.
    """
    listed = list(changes.objects_changed.all()) if changes.pk else []
    models = {each.model for each in listed}
    told = {model: told_of(model, changes) for model in models}
    records = {model: list(found) for model, found in told.items()}
    for model, keys in cited_by(told.get(Citation, {})).items():
        outcome.standing[model] |= published(model, keys)
    new = {
        (model, each.pk_of_object): next(outcome.below)
        for model, found in records.items()
        for each in found
        if each.history_type == Act.CREATED
    }
    numbers = {}
    for model, found in records.items():
        linked = {
            relation: recorded_links(relation, found)
            for relation in recorded_relations(model)
        }
        for record in found:
            former, number = record.history_id, next(outcome.below)
            numbers[model, former] = number
            outcome.before[number] = told[model][record]
            for relation, led in linked.items():
                outcome.links[relation][number] = led[former]
            record.history_id = number
            rename(record, model, new)
        outcome.records[model] += found
    for each in listed:
        key = each.model, each.object_pk
        each.record_id = numbers[each.model, each.record_id]
        each.object_pk = new.get(key, each.object_pk)
    outcome.listed += listed
