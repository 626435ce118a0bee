"""Who wrote what readers have not seen yet, as the recorded change sets tell."""

from comparisons.choices import Act, Status
from comparisons.history.records import earlier_records, states


def is_author(editor, row):
    """Whether ``editor`` created ``row``, or changed it since it was last published.

    A change of what belongs to it (a citation of a finding) counts as well; a
    change of its state alone does not.
    """
    model = type(row)
    if row.pk is None:
        return True
    records = model.history.filter(**{model._meta.pk.attname: row.pk})
    own = records.filter(change_set__editor=editor)
    if own.filter(history_type=Act.CREATED).exists():
        return True
    belonging = [kept.filter(change_set__editor=editor) for kept in _belonging(row)]
    published = records.filter(status=Status.PUBLISHED).order_by("history_id").last()
    if published:
        own = own.filter(history_id__gt=published.history_id)
        belonging = [
            kept.filter(change_set__gt=published.change_set_id) for kept in belonging
        ]
    return any(kept.exists() for kept in belonging) or _changed_content(model, own)


def _changed_content(model, records):
    """Whether one of ``records`` tells of more than a change of state."""
    earlier = earlier_records(model, records)
    said = states([*records, *filter(None, earlier.values())])
    content = {pk: {**state, "status": None} for pk, state in said.items()}
    return any(
        before is None or content[history_id] != content[before.history_id]
        for history_id, before in earlier.items()
    )


def _belonging(row):
    """Return the records, one queryset for each model, of what belongs to ``row``."""
    found = []
    waiting = [(type(row), [row.pk])]
    while waiting:
        model, owners = waiting.pop()
        for relation in model._meta.related_objects:
            part = relation.related_model
            if relation.field.name in getattr(part, "belongs_to", ()):
                records = part.history.filter(
                    **{f"{relation.field.attname}__in": owners}
                )
                found.append(records)
                waiting.append((part, records.values(part._meta.pk.attname)))
    return found
