"""Change sets taken back, as far as nothing built on them meanwhile.

Of an object that others changed since, the fields that the sets changed go back and
those of the others stay; if they are the same fields, the object stands in the way. So
does what hangs on it: a statement goes back with its passages, or stays with them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models

from comparisons.choices import Act, ChangeKind
from comparisons.history.outcomes import Outcome, store
from comparisons.history.overlaps import (
    Return,
    Unit,
    changes,
    difference,
    overlapping,
    unit_of,
)
from comparisons.history.records import (
    RecordedModel,
    earlier_records,
    is_recorded,
    names_of,
    parents_first,
    recorded_links,
    recorded_models,
    recorded_relations,
    states,
)
from comparisons.models import ChangeSet

# Says of each pair of a row and what it is to be, either of which may be nothing, why
# an account may not bring that about.
Refusals = Callable[
    [list[tuple[models.Model | None, models.Model | None]]], Iterable[str]
]
TAKEN = "A name or a place is taken by something else."


@dataclass(frozen=True)
class Obstacle:
    """A sentence about what stands in the way, and the set that put it there.

    The rest can be undone without ``unit``.
    """

    text: str
    change_set: ChangeSet | None = None
    unit: Unit | None = None

    def __str__(self):
        return self.text


class UndoConflict(Exception):
    """Sets cannot be undone as things stand, for each of ``obstacles``."""

    def __init__(self, obstacles):
        super().__init__(" ".join(map(str, obstacles)))
        self.obstacles = obstacles


def undo(
    change_sets: Iterable[ChangeSet],
    *,
    editor: User | None = None,
    reason: str = "",
) -> ChangeSet | None:
    """Bring every object of ``change_sets`` back to how it stood before them.

    Returns the new ChangeSet, which can be undone like any other; None if all was so
    already. Without an ``editor`` it is the host who undoes, from the shell.

    Raises:
        PermissionDenied: the editor may not undo whatever there is.
        UndoConflict: what was changed was changed again since, is still needed by
            others, or needs something that is gone. Nothing is changed then.
    """
    if editor and not editor.has_perm("comparisons.undo_changeset"):
        raise PermissionDenied
    undoing = Undoing(change_sets)
    if undoing.obstacles:
        raise UndoConflict(undoing.obstacles)
    try:
        return store(undoing.outcome(), **undoing.said, editor=editor, reason=reason)
    except IntegrityError as error:
        raise UndoConflict([Obstacle(TAKEN)]) from error


class Undoing:
    """The way back from some change sets: what goes back, and what stands in the way.

    ``store()`` takes it. Without what ``obstacles`` name the rest can be undone.
    """

    def __init__(
        self, change_sets: Iterable[ChangeSet], refusals: Refusals | None = None
    ):
        self.change_sets = list(change_sets)
        self.obstacles: list[Obstacle] = []
        # By model, {primary key: how it is to be} of all that is not as it was before.
        self.returns: dict[RecordedModel, dict] = {}
        # The rows that are there now, and the names of all objects once asked for.
        self.stored: dict[RecordedModel, dict] = {}
        self.names: dict[RecordedModel, dict] = {}
        for model in parents_first(recorded_models()):
            sets = model.history.filter(change_set__in=self.change_sets)
            if records := list(sets.order_by("history_id")):
                self._plan(model, records, refusals)
        known = -1
        while known < len(self.obstacles):
            known = len(self.obstacles)
            self._leave_what_is_blocked()
            for model in self.returns:
                self._look_for_what_is_gone(model)
                self._look_for_what_needs_it(model)
                self._look_for_what_is_taken(model)

    @property
    def number(self) -> int:
        """How many statements and other objects go back."""
        backs = chain.from_iterable(each.values() for each in self.returns.values())
        return len({back.unit for back in backs})

    @property
    def said(self) -> dict:
        """What is said of the set that takes them back."""
        return {"kind": ChangeKind.UNDO, "undoes": self.change_sets}

    def outcome(self) -> Outcome:
        """Return what is to be stored."""
        found = Outcome()
        for model, returns in self.returns.items():
            led = self._links(model)
            stored = self.stored[model]
            for pk, back in returns.items():
                if back.goes:
                    found.add(Act.DELETED, stored[pk], back.now)
                    continue
                found.add(
                    Act.CHANGED if pk in stored else Act.CREATED,
                    back.row(),
                    back.now if pk in stored else None,
                    {relation: links[pk] for relation, links in led.items()},
                )
        return found

    def _plan(self, model, records, refusals):
        own, since = defaultdict(list), defaultdict(list)
        for record in records:
            own[record.pk_of_object].append(record)
        self.stored[model] = model._base_manager.in_bulk(own)
        firsts = {pk: mine[0] for pk, mine in own.items()}
        self.names[model] = names_of(model, own)
        later = model.history.filter(**{f"{model._meta.pk.attname}__in": list(own)})
        for record in later.select_related("change_set").order_by("history_id"):
            if record.history_id > firsts[record.pk_of_object].history_id:
                since[record.pk_of_object].append(record)
        earlier = earlier_records(model, firsts.values())
        said = states(
            [*firsts.values(), *filter(None, earlier.values()), *chain(*since.values())]
        )
        returns = self.returns[model] = {}
        for pk, first in firsts.items():
            unit, before = unit_of(model, first, pk), earlier[first.history_id]
            now = since[pk][-1] if since[pk] else first
            if before is None and first.history_type != Act.CREATED:
                text = f"How {self._name(now)} stood before was not recorded."
                self._object(unit, text)
                continue
            ours, others = changes(before, own[pk], since[pk], said)
            theirs = frozenset(chain.from_iterable(names for names, _ in others))
            if not difference(before, now, said):
                continue
            if other := overlapping(ours, others):
                by = other.change_set
                text = f"Since then {self._name(now)} was changed again by “{by}”."
                self._object(unit, text, by)
                continue
            returns[pk] = Return(unit, before, now, theirs)
        if refusals:
            wanted = [
                (self.stored[model].get(pk), None if back.goes else back.row())
                for pk, back in returns.items()
            ]
            for back, text in zip(returns.values(), refusals(wanted), strict=True):
                if text:
                    name = self._name(back.now)
                    self._object(back.unit, f"You may not undo {name}. {text}")

    def _leave_what_is_blocked(self):
        blocked = {each.unit for each in self.obstacles}
        self.returns = {
            model: {pk: back for pk, back in each.items() if back.unit not in blocked}
            for model, each in self.returns.items()
        }

    def _look_for_what_is_gone(self, model):
        """Leave what needs, or was linked to, something that will not be there."""
        backs = self._backs(model)
        for key in model._meta.concrete_fields if backs else ():
            if key.remote_field:
                target = key.remote_field.model
                needed = {back.value(key.attname) for back in backs} - {None}
                gone = self._gone(target, needed)
                for back in backs:
                    if back.value(key.attname) in gone:
                        what = target._meta.verbose_name
                        text = f"What {self._name(back.now)} needs, a {what}, is gone."
                        self._object(back.unit, text)
        for relation, links in self._links(model).items():
            gone = self._gone(relation.related_model, set().union(*links.values()))
            for back in backs:
                if links[back.pk_of_object] & gone:
                    name = self._name(back.now)
                    text = f"Something that {name} was linked to is gone."
                    self._object(back.unit, text)

    def _look_for_what_needs_it(self, model):
        """Leave what others need, or what they would be lost with."""
        going = {pk for pk, back in self.returns[model].items() if back.goes}
        for relation in model._meta.get_fields(include_hidden=True) if going else ():
            if relation.concrete or not (relation.one_to_many or relation.one_to_one):
                continue
            other, key = relation.related_model, relation.field
            is_needed = relation.on_delete in (models.PROTECT, models.RESTRICT)
            is_lost = relation.on_delete is models.CASCADE and is_recorded(other)
            if not (is_needed or is_lost):
                continue
            returns, needing = self.returns.get(other, {}), defaultdict(list)
            for row in other._base_manager.filter(**{f"{key.name}__in": going}):
                target, back = getattr(row, key.attname), returns.get(row.pk)
                if not back or not (back.goes or back.value(key.attname) != target):
                    needing[target].append(f"“{row}”")
            for pk, found in needing.items():
                named, text = ", ".join(sorted(found)[:3]), "{} is still needed by {}."
                if is_lost:
                    text = "With {} something would be lost that was added since: {}."
                back = self.returns[model][pk]
                text = text.format(self._name(back.now), named)
                self._object(back.unit, text[0].upper() + text[1:])

    def _look_for_what_is_taken(self, model):
        """Leave what has a name or a place that is another one's now."""
        meta, backs = model._meta, self._backs(model)
        kept = [[each.attname] for each in meta.concrete_fields if each.unique]
        for constraint in meta.constraints:
            if isinstance(constraint, models.UniqueConstraint):
                fields = map(meta.get_field, constraint.fields)
                kept.append([each.attname for each in fields])
        for names in kept if backs else ():
            wanted = {
                values: back
                for back in backs
                if any(values := tuple(back.value(name) for name in names))
            }
            held = {f"{names[0]}__in": {values[0] for values in wanted}}
            others = model._base_manager.filter(**held)
            others = others.exclude(pk__in=self.returns[model])
            for values in others.values_list(*names):
                if back := wanted.get(values):
                    name = self._name(back.now)
                    text = f"A name or a place of {name} is taken by something else."
                    self._object(back.unit, text)

    def _gone(self, model, keys):
        """Return those of ``keys`` that will not be there."""
        returns = self.returns.get(model, {})
        stored = model._base_manager.filter(pk__in=keys - returns.keys())
        coming = {pk for pk in keys & returns.keys() if not returns[pk].goes}
        return keys - coming - set(stored.values_list("pk", flat=True))

    def _links(self, model):
        """Return {relation: {primary key: where it is to lead}} of what comes back."""
        backs = self._backs(model)
        found = {}
        for relation in recorded_relations(model):
            told = {back.pk_of_object: back.told(relation.name) for back in backs}
            led = recorded_links(relation, told.values())
            found[relation] = {pk: led[each.history_id] for pk, each in told.items()}
        return found

    def _backs(self, model):
        return [back for back in self.returns[model].values() if not back.goes]

    def _name(self, record):
        """Return what the object of ``record`` is called in a sentence."""
        model = record.instance_type
        name = self.names[model].get(record.pk_of_object)
        return f"the {model._meta.verbose_name} “{name}”"

    def _object(self, unit, text, change_set=None):
        self.obstacles.append(Obstacle(text, change_set, unit))
