"""Sets of changes in a line or two, for lists and feeds."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery

from comparisons.choices import Act, ChangeKind, Level
from comparisons.models import ChangedObject, ChangeSet, Fact, Finding
from comparisons.prepared import prepared

# A set of more objects is told by their number.
NAMED = 4
# What of a record is its answer: of a finding its level, with a package by that.
ANSWERS = {Finding: ("level", "extension__name"), Fact: ("value",)}
NO_ANSWER = Level.UNKNOWN.label.lower()


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """What became of one object, and of its answer if it is one.

    From its ``first`` change to its ``last``; of a single set they are the same. Where
    readers saw no answer, it was unknown to them.
    """

    first: ChangedObject
    last: ChangedObject
    has_answer: bool
    before: str
    after: str

    @property
    def is_whole(self) -> bool:
        """Whether readers came to see all of it, or see it no more."""
        return self.first.was_public != self.last.is_public

    @property
    def act(self) -> str:
        """What was done to it, for readers."""
        if not self.is_whole:
            return Act.CHANGED.label
        return (self.last if self.first.was_public else self.first).public_act_label

    @property
    def differs(self) -> bool:
        """Whether it says something else after than before."""
        return self.before != self.after if self.has_answer else self.is_whole

    @property
    def subject(self) -> str:
        """What the answer is about: “Flask, WebSockets”."""
        return self.last.name.replace(": ", ", ", 1)


@dataclass(frozen=True, kw_only=True)
class Summary:
    """One set: who, why, and what, by name if it is little and else by number."""

    change_set: ChangeSet
    named: list[ChangedObject]
    sentences: list[Sentence]
    # (number, what they are), the most frequent first.
    counted: list[tuple[int, str]]

    @property
    def title(self) -> str:
        """The editor's reason; without one, the kind of the change."""
        return self.change_set.reason or self.change_set.get_kind_display()

    @property
    def author(self) -> str:
        """Who made it, as readers are told; nobody did what came with the files."""
        if self.change_set.editor is None and self.change_set.kind == ChangeKind.LOAD:
            return ""
        return self.change_set.author or "an editor"

    @property
    def sentence(self) -> str:
        """What was changed, in words."""
        if self.named:
            return "; ".join(
                f"{changed.public_act_label} {changed.kind}: {changed.name}"
                for changed in self.named
            )
        return ", ".join(f"{number} {kind}" for number, kind in self.counted)


def summaries(
    change_sets: Iterable[ChangeSet], *, public: bool = True
) -> list[Summary]:
    """Return the Summary of each of ``change_sets``, in one query.

    Only what is public has sentences, for one query more for each kind of answer.
    """
    change_sets = list(change_sets)
    if not change_sets:
        return []
    counts, names = {each.pk: _counts(each, public) for each in change_sets}, {}
    few = [pk for pk, counted in counts.items() if sum(counted.values()) <= NAMED]
    for changed in _listed(few, public=public):
        names.setdefault(changed.change_set_id, []).append(changed)
    named = [each for own in names.values() for each in own] if public else []
    answers = answers_of(named)
    return [
        Summary(
            change_set=changes,
            named=names.get(changes.pk, []),
            sentences=[
                sentence_of(changed, changed, answers)
                for changed in names.get(changes.pk, [])
                if public
            ],
            counted=[_counted(*pair) for pair in counts[changes.pk].items()],
        )
        for changes in change_sets
    ]


@prepared
def _listed(change_sets, *, public):
    listed = ChangedObject.objects.filter(change_set__in=change_sets)
    return listed.public() if public else listed


def sentence_of(
    first: ChangedObject, last: ChangedObject, answers: Mapping[Any, tuple[str, str]]
) -> Sentence:
    """Return what became of one object from ``first`` to ``last``.

    ``answers`` are the ``answers_of()`` both.
    """
    before, own = answers.get((first.model, first.record_id), ("", ""))
    if first.act == Act.DELETED:
        # Its record tells how it stood last.
        before = own
    _, after = answers.get((last.model, last.record_id), ("", ""))
    return Sentence(
        first=first,
        last=last,
        has_answer=last.model in ANSWERS,
        before=before if first.was_public else NO_ANSWER,
        after=after if last.is_public else NO_ANSWER,
    )


def answers_of(named: Collection[ChangedObject]) -> dict[Any, tuple[str, str]]:
    """Return {(model, record): (the answer before it, its own)} of ``named``."""
    answers = {}
    for model in {changed.model for changed in named} & ANSWERS.keys():
        records = [changed.record_id for changed in named if changed.model is model]
        own = len(ANSWERS[model])
        for pk, *values in _answers(records, model=model):
            answers[model, pk] = (_told(*values[:own]), _told(*values[own:]))
    return answers


@prepared
def _answers(records, *, model):
    history, fields = model.history.model.objects, ANSWERS[model]
    earlier = history.filter(
        id=OuterRef("id"), history_id__lt=OuterRef("history_id")
    ).order_by("-history_id")
    before = [Subquery(earlier.values(field)[:1]) for field in fields]
    rows = history.filter(history_id__in=records).order_by()
    return rows.values_list("history_id", *before, *fields)


def _told(value, provider=None):
    """Return an answer in words: “third-party package (Peewee)”."""
    words = Level(value).label.lower() if value in Level.values else value or ""
    return f"{words} ({provider})" if provider else words


def _counts(changes, public):
    """Return {label of a model: how many objects of it}, the most frequent first."""
    counts = {label: numbers[public] for label, numbers in changes.counts.items()}
    labels = sorted(counts, key=lambda label: (-counts[label], label))
    return {label: counts[label] for label in labels if counts[label]}


def _counted(label, number):
    meta = ChangedObject(model_label=label).model._meta
    return number, str(meta.verbose_name if number == 1 else meta.verbose_name_plural)
