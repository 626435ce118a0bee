"""Whatever editors do in whatever order, undoing it leaves no trace.

``UNDO_SEQUENCES=300`` tries that many; the seeds are 0, 1, 2 and so on.
"""

import os
import random

import pytest
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError

from comparisons.choices import Level, Stance, Status
from comparisons.history.recording import change_set
from comparisons.history.records import recorded_models, recorded_relations
from comparisons.history.undoing import UndoConflict, undo
from comparisons.knowledge.catalogue import LIBRARY
from comparisons.merging import MERGEABLE, MergeRefused, merge
from comparisons.models import (
    Citation,
    Disagreement,
    Extension,
    Feature,
    Finding,
    Framework,
    ProCon,
    Publishable,
    Source,
)
from tests import factories as make

SEQUENCES = int(os.environ.get("UNDO_SEQUENCES", "3"))
STEPS = 4


def stored():
    """All that is recorded of the knowledge, quicker than an export."""
    found = {}
    for model in recorded_models():
        names = [field.name for field in model._meta.concrete_fields if _is_kept(field)]
        # As text, because a JSON field holds what no set can.
        found[model] = set(map(repr, model._base_manager.values_list(*names)))
        for relation in recorded_relations(model):
            ends = relation.m2m_field_name(), relation.m2m_reverse_field_name()
            through = relation.remote_field.through._base_manager
            found[relation] = set(through.values_list(*ends))
    return found


def _is_kept(field):
    return field.editable or field.primary_key


def some(pick, model):
    """A random stored row of ``model``, or None."""
    pks = list(model._base_manager.order_by("pk").values_list("pk", flat=True))
    return model._base_manager.get(pk=pick.choice(pks)) if pks else None


# What an editor may do; each takes the dice.


def reword(pick):
    row = some(pick, pick.choice(recorded_models()))
    texts = [
        field.name
        for field in (row._meta.concrete_fields if row else ())
        if isinstance(field, models.TextField) and field.editable
    ]
    if texts:
        setattr(row, pick.choice(texts), f"Reworded {pick.randrange(9)} times.")
        row.save()


def link(pick):
    model = pick.choice([m for m in recorded_models() if recorded_relations(m)])
    row = some(pick, model)
    if row is None:
        return
    relation = pick.choice(recorded_relations(model))
    target = some(pick, relation.related_model)
    links = getattr(row, relation.name)
    if target and links.filter(pk=target.pk).exists():
        links.remove(target)
    elif target:
        links.add(target)


def withdraw_or_publish(pick):
    publishable = [m for m in recorded_models() if issubclass(m, Publishable)]
    if row := some(pick, pick.choice(publishable)):
        make.change(row, status=pick.choice(Status.values))


def delete(pick):
    if row := some(pick, pick.choice(recorded_models())):
        row.delete()


def delete_a_citation(pick):
    if row := some(pick, Citation):
        row.delete()


def move_a_citation(pick):
    row = some(pick, Citation)
    if row and row.finding_id:
        make.change(
            row, finding=some(pick, Finding), source=some(pick, Source), level=""
        )


def swap_names(pick):
    one, other = some(pick, Extension), some(pick, Extension)
    if one and one != other:
        names = one.name, other.name
        make.change(other, name="For a moment")
        make.change(one, name=names[1])
        make.change(other, name=names[0])


def add_a_framework(pick):
    framework = make.make_framework()
    extension = make.make_extension(frameworks=[framework])
    if feature := some(pick, Feature):
        make.make_finding(framework=framework, feature=feature, level=Level.UNKNOWN)
        make.make_pro_con(framework=framework, feature=feature)
    extension.delete() if pick.random() < 0.3 else None


def add_a_passage(pick):
    if finding := some(pick, Finding):
        stance = pick.choice(Stance.values)
        source = some(pick, Source) if pick.random() < 0.5 else make.make_source()
        make.make_citation(finding=finding, source=source, stance=stance)


def add_a_side(pick):
    disagreement, citation = some(pick, Disagreement), some(pick, Citation)
    if disagreement and citation:
        make.make_position(
            disagreement=disagreement,
            position=f"Side {pick.random()}",
            citations=[citation],
        )


def delete_much(pick):
    Disagreement.objects.all().delete()
    if framework := some(pick, Framework):
        ProCon.objects.filter(framework=framework).delete()
        framework.delete()


def merge_two(pick):
    model = pick.choice(MERGEABLE)
    kept, gone = some(pick, model), some(pick, model)
    if kept and kept != gone:
        merge(kept, gone)


ACTS = [
    reword,
    reword,
    link,
    link,
    withdraw_or_publish,
    delete,
    delete_a_citation,
    move_a_citation,
    swap_names,
    add_a_framework,
    add_a_passage,
    add_a_side,
    delete_much,
    merge_two,
]


def act(pick):
    """Do a few things in one set; return it, or None if nothing came of it."""
    try:
        with change_set() as changes:
            for _ in range(pick.randint(1, 3)):
                pick.choice(ACTS)(pick)
    except (IntegrityError, ProtectedError, MergeRefused):
        return None
    return changes if changes.pk else None


def undo_some(pick, sets):
    """Undo some earlier sets; if that is refused, nothing may have changed."""
    present = stored()
    try:
        return undo(pick.sample(sets, pick.randint(1, min(2, len(sets)))))
    except UndoConflict:
        assert stored() == present
        return None


def play(pick):
    """Change this and that, undo some of it; return [(state before, set)]."""
    played = []
    for _ in range(STEPS):
        before = stored()
        sets = [changes for _, changes in played]
        changes = undo_some(pick, sets) if sets and pick.random() < 0.3 else act(pick)
        if changes:
            played.append((before, changes))
    return played


def check_one_by_one(played, start):
    """The latest can always be undone, and then the one before it."""
    for before, changes in reversed(played):
        undo([changes])
        assert stored() == before
    assert LIBRARY.files() == start


def check_at_once(played, start):
    """All can be undone together, and that undone, and undone again."""
    end = LIBRARY.files()
    first = undo([changes for _, changes in played])
    assert LIBRARY.files() == start
    if first:
        second = undo([first])
        assert LIBRARY.files() == end
        undo([second])
        assert LIBRARY.files() == start


@pytest.mark.django_db
def test_any_sequence_can_be_undone_and_the_undo_as_well(recorded):
    start = LIBRARY.files()

    for seed in range(SEQUENCES):
        with transaction.atomic():
            played = play(random.Random(seed))
            for check in (check_at_once, check_one_by_one) if played else ():
                with transaction.atomic():
                    try:
                        check(played, start)
                    except (AssertionError, UndoConflict) as error:
                        error.add_note(f"seed {seed}, {check.__name__}")
                        raise
                    transaction.set_rollback(True)
            transaction.set_rollback(True)
