"""What readers saw of an object, before and after a set of changes.

``published()`` tells what readers see now. A list of changes has to know what
they saw then, deleted rows included, and so asks the records, by the same statements
of the models (see ``comparisons.public``).

Only the knowledge is listed here: what changes in the advisor's questionnaire is
for editors.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model

from comparisons.choices import Status
from comparisons.history.records import Record, recorded_links, recorded_relations
from comparisons.models import ChangeSet
from comparisons.public import has_state, leaders, parents


class Moment:
    """The knowledge at one moment, as far as readers saw it.

    ``otherwise`` holds the objects that stood differently than they do now: model
    to {primary key: its record, or None if it did not exist}.
    """

    def __init__(
        self, otherwise: Mapping[type[Model], dict[Any, Record | None]] | None = None
    ):
        self._otherwise = otherwise or {}
        # What was read already: model to {primary key: row, or None}.
        self._live = {}

    def visible(self, model: type[Model], pks: Iterable[Any]) -> set[Any]:
        """Return those of ``pks`` that readers saw."""
        rows = self.rows(model, pks)
        if not rows or model._meta.app_label != ChangeSet._meta.app_label:
            return set()
        if led := leaders(model):
            return set().union(*(self._led_to(relation, rows) for relation in led))
        if has_state(model):
            rows = {
                pk: row for pk, row in rows.items() if row.status == Status.PUBLISHED
            }
        elif not parents(model):
            return set()
        for path in parents(model):
            parent, targets = self._follow(model, path, rows)
            seen = self.visible(parent, set().union(*targets.values()))
            rows = {pk: row for pk, row in rows.items() if targets[pk] <= seen}
        return set(rows)

    def rows(self, model: type[Model], pks: Iterable[Any]) -> dict[Any, Any]:
        """Return {primary key: row or record} of those that existed."""
        otherwise = self._otherwise.get(model, {})
        live = self._live.setdefault(model, {})
        if new := [pk for pk in pks if pk not in otherwise and pk not in live]:
            live |= dict.fromkeys(new) | model._base_manager.in_bulk(new)
        found = {pk: otherwise.get(pk) or live.get(pk) for pk in pks}
        return {pk: row for pk, row in found.items() if row}

    def _led_to(self, relation, rows):
        """Return those of ``rows`` to which something visible led by ``relation``."""
        if not relation.auto_created:
            led = self._linked(relation, rows)
            seen = self.visible(relation.related_model, set().union(*led.values()))
            return {pk for pk in rows if led[pk] & seen}
        users = self._users(relation.remote_field, rows)
        seen = self.visible(relation.related_model, users)
        return set().union(*(users[pk] for pk in seen))

    def _users(self, field, targets):
        """Return {primary key of a row with ``field``: where it led of ``targets``}."""
        otherwise = self._otherwise.get(field.model, {})
        live = field.model._base_manager.filter(**{f"{field.name}__in": list(targets)})
        pks = {*live.values_list("pk", flat=True), *otherwise}
        led = self._targets(field, self.rows(field.model, pks)).items()
        return {pk: there for pk, own in led if (there := own & targets.keys())}

    def _follow(self, model, path, rows):
        """Return the model that ``path`` leads to, and {pk: where it led}."""
        name, _, rest = path.partition("__")
        field = model._meta.get_field(name)
        targets = self._targets(field, rows)
        if not rest:
            return field.related_model, targets
        between = self.rows(field.related_model, set().union(*targets.values()))
        end, further = self._follow(field.related_model, rest, between)
        return end, {
            pk: set().union(*(further.get(target, set()) for target in own))
            for pk, own in targets.items()
        }

    def _targets(self, field, rows):
        """Return {pk: where ``field`` led}."""
        if field.many_to_many:
            return self._linked(field, rows)
        return {pk: {getattr(row, field.attname)} - {None} for pk, row in rows.items()}

    def _linked(self, relation, rows):
        otherwise = self._otherwise.get(relation.model, {})
        records = {pk: row for pk, row in rows.items() if pk in otherwise}
        linked = {pk: set() for pk in rows}
        if records and relation in recorded_relations(relation.model):
            found = recorded_links(relation, records.values())
            linked |= {pk: found[record.history_id] for pk, record in records.items()}
        own, other = (
            f"{name}_id"
            for name in (relation.m2m_field_name(), relation.m2m_reverse_field_name())
        )
        live = [pk for pk in rows if pk not in otherwise]
        through = relation.remote_field.through._base_manager
        for pk, target in through.filter(**{f"{own}__in": live}).values_list(
            own, other
        ):
            linked[pk].add(target)
        return linked
