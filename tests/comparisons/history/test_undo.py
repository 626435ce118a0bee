"""What is taken back although something was changed since, and what is left."""

import pytest

from comparisons.choices import Level, Stance
from comparisons.history.outcomes import store
from comparisons.history.recording import change_set
from comparisons.history.undoing import UndoConflict, Undoing, undo
from comparisons.models import ChangeSet, Citation, Finding, Source
from tests import factories as make

pytestmark = pytest.mark.django_db


def take_back(*change_sets, refusals=None):
    """Undo what nothing stands in the way of; return the set and what does."""
    undoing = Undoing(change_sets, refusals)
    return store(undoing.outcome(), **undoing.said), undoing.obstacles


def change(row, **values):
    row = type(row).objects.get(pk=row.pk)
    return make.edit(row, why=f"Changed {', '.join(values)}", **values)


def test_of_three_hundred_with_one_overlap_all_others_go_back(db):
    sources = [make.make_source(title="As it was") for _ in range(300)]
    with change_set() as changes:
        for source in sources:
            make.change(source, title="Changed")
    change(sources[7], title="Changed again")

    undone, [obstacle] = take_back(changes)

    assert "was changed again by “Changed title”" in str(obstacle)
    titles = list(Source.objects.order_by("pk").values_list("title", flat=True))
    assert titles == ["As it was"] * 7 + ["Changed again"] + ["As it was"] * 292
    assert undone.objects_changed.count() == 299


def test_field_goes_back_past_a_later_change_of_another(recorded):
    was = recorded.flask_orm.note
    first = change(recorded.flask_orm, note="Reworded.")
    change(recorded.flask_orm, since_version="3")

    undo([first])

    recorded.flask_orm.refresh_from_db()
    assert (recorded.flask_orm.note, recorded.flask_orm.since_version) == (was, "3")


def test_links_go_back_past_a_later_change_of_a_field(recorded):
    finding = recorded.flask_orm
    linked = list(finding.alternatives.all())
    with change_set() as first:
        finding.alternatives.clear()
        finding.save()
    change(finding, note="Reworded.")

    undo([first])

    finding.refresh_from_db()
    assert finding.note == "Reworded."
    assert linked
    assert list(finding.alternatives.all()) == linked


def test_later_links_stay_when_a_field_goes_back(recorded):
    finding = recorded.flask_orm
    first = change(finding, note="Reworded.")
    with change_set():
        finding.refresh_from_db()
        finding.alternatives.clear()
        finding.save()

    undo([first])

    finding.refresh_from_db()
    assert finding.note != "Reworded."
    assert not finding.alternatives.exists()


def test_what_is_back_already_is_no_obstacle(recorded):
    first = change(recorded.flask_orm, note="Reworded.")
    undo([first])
    number = ChangeSet.objects.count()

    assert take_back(first) == (None, [])
    assert ChangeSet.objects.count() == number


def test_statement_that_stays_keeps_the_passages_of_the_set(recorded):
    finding, other = recorded.flask_orm, recorded.django_orm
    passages = finding.citations.count()
    with change_set() as first:
        make.change(finding, note="Reworded.")
        added = make.make_citation(
            finding=finding, source=recorded.blog, stance=Stance.CONTEXT
        )
        make.change(other, note="Reworded too.")
    change(finding, note="Another note.")

    _, left = take_back(first)

    assert len(left) == 1
    assert finding.citations.count() == passages + 1
    assert Citation.objects.filter(pk=added.pk).exists()
    other.refresh_from_db()
    assert other.note != "Reworded too."


def test_what_others_need_stays_and_the_rest_goes(recorded):
    with change_set() as first:
        needed, free = (make.make_source(slug=slug) for slug in ("needed", "free"))
    with change_set():
        make.make_citation(finding=recorded.flask_orm, source=needed)

    _, left = take_back(first)

    assert "still needed" in str(left[0])
    assert Source.objects.filter(pk=needed.pk).exists()
    assert not Source.objects.filter(pk=free.pk).exists()


def test_what_hangs_on_something_that_stays_away_stays_away_as_well(recorded):
    passages = list(recorded.pro.citations.values_list("pk", flat=True))
    with change_set() as first:
        recorded.con.delete()
        recorded.pro.delete()
    with change_set():
        slug = recorded.pro.slug
        make.make_pro_con(
            slug=slug, framework=recorded.django, feature=recorded.orm, cited=True
        )

    _, left = take_back(first)

    assert any("taken" in str(obstacle) for obstacle in left)
    assert passages
    assert not Citation.objects.filter(pk__in=passages).exists()
    assert type(recorded.con).objects.filter(slug=recorded.con.slug).exists()


def test_nothing_is_undone_where_all_stands_in_the_way(recorded):
    first = change(recorded.flask_orm, note="Reworded.")
    change(recorded.flask_orm, note="Reworded again.")
    number = ChangeSet.objects.count()

    with pytest.raises(UndoConflict, match="changed again by “Changed note”"):
        undo([first])
    undone, [obstacle] = take_back(first)

    assert undone is None
    assert ChangeSet.objects.count() == number


def test_what_is_not_for_the_asker_stays(recorded):
    with change_set() as first:
        for finding in (recorded.flask_orm, recorded.django_orm):
            make.change(finding, note="Reworded.")

    def only_flask(pairs):
        assert all(former.note != "Reworded." for _, former in pairs)
        return [
            "" if row.framework == recorded.flask else "It is not yours."
            for row, _ in pairs
        ]

    _, left = take_back(first, refusals=only_flask)

    [obstacle] = left
    assert "You may not undo" in str(obstacle)
    assert "It is not yours." in str(obstacle)
    notes = Finding.objects.filter(note="Reworded.")
    assert list(notes) == [recorded.django_orm]


def test_undo_of_a_part_is_undone_like_any_other(recorded):
    first = change(recorded.flask_orm, note="Reworded.", level=Level.MANUAL)
    change(recorded.flask_orm, since_version="3")
    recorded.flask_orm.refresh_from_db()
    then = (recorded.flask_orm.note, recorded.flask_orm.since_version)

    undo([undo([first])])

    recorded.flask_orm.refresh_from_db()
    assert (recorded.flask_orm.note, recorded.flask_orm.since_version) == then
