"""What is in a set of changes: the list that is made when it is closed."""

from collections.abc import Mapping

from comparisons.choices import Act
from comparisons.history.records import (
    Record,
    RecordedModel,
    names_of,
    recorded_links,
    recorded_models,
    recorded_relations,
)
from comparisons.history.visibility import Moment
from comparisons.models import (
    ChangedObject,
    ChangeSet,
    Citation,
    Feature,
    Framework,
    Source,
)
from comparisons.models.alternatives import models_of
from comparisons.models.history import LONGEST_NAME
from comparisons.models.sources import STATEMENTS, cited_for


def list_contents(
    change_set: ChangeSet, told: Mapping[RecordedModel, Mapping[Record, Record | None]]
) -> None:
    """List each object of ``change_set``, of which ``told`` are all records by model.

    With each stands how its object was before, None if it was not there. A statement
    is followed by its citations. This closes the set.
    """
    told = {model: told[model] for model in recorded_models() if told.get(model)}
    change_set.close(_Contents(told).listed())


class _Contents:
    def __init__(self, told):
        self.records = told
        self.statements = models_of(Citation, STATEMENTS)
        self.before = Moment(
            {
                model: {record.pk_of_object: was for record, was in found.items()}
                for model, found in told.items()
            }
        )
        self.after = Moment()

    def listed(self):
        rows = [row for model in self.records for row in self._of(model)]
        # Sorting is stable: models and objects otherwise keep their order.
        rows.sort(key=lambda pair: pair[0])
        return [row for _, row in rows]

    def _of(self, model):
        """Return the objects of ``model`` with their places in the list."""
        records = self.records[model]
        pks = [record.pk_of_object for record in records]
        was = self.before.visible(model, pks)
        now = self.after.visible(model, pks)
        unseen = self._changed_unseen(model, was & now)
        names = names_of(model, pks)
        unnamed = model._meta.verbose_name
        statements = self._statements() if model is Citation else {}
        return [
            (
                self._place(model, record),
                ChangedObject(
                    model_label=model._meta.label_lower,
                    object_pk=record.pk_of_object,
                    record_id=record.history_id,
                    act=record.history_type,
                    name=names.get(
                        record.pk_of_object, f"{unnamed} {record.pk_of_object}"
                    )[:LONGEST_NAME],
                    was_public=record.pk_of_object in was - unseen,
                    is_public=record.pk_of_object in now - unseen,
                    **_pages(model, record, statements),
                ),
            )
            for record in records
        ]

    def _place(self, model, record):
        order = list(self.records)
        statement = cited_for(record) if model is Citation else None
        if statement and statement[0] in self.records:
            return (order.index(statement[0]), statement[1], 1, record.pk_of_object)
        return (order.index(model), record.pk_of_object, 0, 0)

    def _changed_unseen(self, model, pks):
        """Return those that only gained or lost links to what readers do not see."""
        changed = {
            record.pk_of_object: (was, record)
            for record, was in self.records[model].items()
            if record.pk_of_object in pks and record.history_type == Act.CHANGED
        }
        changed = {
            pk: pair
            for pk, pair in changed.items()
            if not any(
                getattr(pair[0], field.attname) != getattr(pair[1], field.attname)
                for field in model._meta.concrete_fields
                if field.editable
            )
        }
        seen = set()
        for relation in recorded_relations(model) if changed else ():
            linked = recorded_links(
                relation, [record for pair in changed.values() for record in pair]
            )
            moved = {
                pk: linked[earlier.history_id] ^ linked[record.history_id]
                for pk, (earlier, record) in changed.items()
            }
            targets = set().union(*moved.values())
            target = relation.related_model
            shown = self.before.visible(target, targets)
            shown |= self.after.visible(target, targets)
            seen |= {pk for pk, links in moved.items() if links & shown}
        return set(changed) - seen

    def _statements(self):
        """Return {field name of Citation: {pk: statement}} for all citations."""
        found = {}
        for name, statement in self.statements.items():
            pks = {getattr(record, f"{name}_id") for record in self.records[Citation]}
            pks.discard(None)
            found[name] = self.before.rows(statement, pks)
            found[name] |= self.after.rows(statement, pks)
        return found


def _pages(model, record, statements):
    """Return on which framework's, feature's and source's page a change belongs."""
    pages = {
        name: getattr(record, name, None)
        for name in ("framework_id", "feature_id", "source_id")
    }
    if model in (Framework, Feature, Source):
        pages[f"{model._meta.model_name}_id"] = record.pk_of_object
    for name, rows in statements.items():
        if statement := rows.get(getattr(record, f"{name}_id")):
            pages["framework_id"] = getattr(statement, "framework_id", None)
            pages["feature_id"] = getattr(statement, "feature_id", None)
    return pages
