"""What stands differently than before some sets of changes, one sentence for each row.

Whatever happened to a row in between: its first change tells how it stood before, and
its last one how it stood after.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Min, Model, QuerySet

from comparisons.history.records import public_addresses
from comparisons.history.summaries import Sentence, answers_of, sentence_of
from comparisons.models import ChangedObject, ChangeSet, Feature, Framework
from comparisons.public import public_models

# More changes than this are not summed up; of the rows that differ so many are told.
MOST_CHANGES, MOST_TOLD = 2_000, 100


@dataclass(frozen=True, kw_only=True)
class Net:
    """The rows that differ, each with its address; ``more`` of them are not told."""

    rows: Sequence[tuple[Sentence, str]]
    more: int


def net_of(change_sets: QuerySet[ChangeSet], **about: Model) -> Net | None:
    """Return what ``change_sets`` came to; None if they changed too much to say.

    Of all rows, or of those that are ``about`` one: ``net_of(sets, framework=flask)``.
    What leaves an answer as it was is no difference, and what came or went with the
    whole of its framework or feature is not told by itself.
    """
    changes = ChangedObject.objects.public().filter(change_set__in=change_sets, **about)
    changes = changes.exclude(model_label__in=_parts()).order_by()
    if changes[MOST_CHANGES : MOST_CHANGES + 1].exists():
        return None
    rows = changes.values("model_label", "object_pk")
    ends = rows.annotate(first=Min("pk"), last=Max("pk")).values_list("first", "last")
    found = ChangedObject.objects.in_bulk({pk for pair in ends for pk in pair})
    answers = answers_of(list(found.values()))
    told = [sentence_of(found[first], found[last], answers) for first, last in ends]
    whole = {_row(sentence.last) for sentence in told if sentence.is_whole}
    differing = [
        sentence
        for sentence in told
        if sentence.differs and not _owners(sentence.last) & whole
    ]
    differing.sort(key=lambda sentence: (not sentence.has_answer, sentence.last.name))
    shown = differing[:MOST_TOLD]
    addresses = _addresses(sentence.last for sentence in shown)
    return Net(
        rows=[(each, addresses.get(_row(each.last), "")) for each in shown],
        more=len(differing) - len(shown),
    )


def _parts():
    """Return the labels of the models whose rows belong to another row."""
    models = public_models()
    return [each._meta.label_lower for each in models if hasattr(each, "belongs_to")]


def _row(changed):
    return changed.model, changed.object_pk


def _owners(changed):
    owners = {(Framework, changed.framework_id), (Feature, changed.feature_id)}
    return owners - {_row(changed)}


def _addresses(listed: Iterable[ChangedObject]) -> dict[Any, str]:
    """Return {(model, primary key): address} of those that readers see."""
    pks = defaultdict(list)
    for changed in listed:
        pks[changed.model].append(changed.object_pk)
    return {
        (model, pk): address
        for model, keys in pks.items()
        for pk, address in public_addresses(model, keys).items()
    }
