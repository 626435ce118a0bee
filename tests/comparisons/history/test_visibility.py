"""What a list of changes holds to be public is what readers see."""

import pytest

from comparisons.choices import Status
from comparisons.history.recording import change_set
from comparisons.history.records import recorded_models
from comparisons.history.visibility import Moment
from comparisons.models import ChangedObject, Citation, Extension
from comparisons.public import public_models
from tests import factories as make
from tests.unseen import hide

pytestmark = pytest.mark.django_db


def recorded_knowledge_models():
    return [m for m in recorded_models() if m._meta.app_label == "comparisons"]


def public(changes):
    return {
        (changed.name, changed.was_public, changed.is_public)
        for changed in changes.objects_changed.public()
    }


def hide_some_more(knowledge):
    knowledge.bottle = make.make_framework(slug="bottle")
    hide(knowledge)


def name_packages_in_findings_alone(knowledge):
    Extension.frameworks.through.objects.all().delete()


def add_what_nothing_leads_to(knowledge):
    make.make_group()
    make.make_task(feature=knowledge.orm)
    make.make_extension()
    make.make_source()


@pytest.mark.parametrize(
    "change",
    [hide_some_more, name_packages_in_findings_alone, add_what_nothing_leads_to],
)
def test_visible_is_what_the_published_door_lets_through(knowledge, change):
    change(knowledge)

    for model in recorded_knowledge_models():
        pks = set(model.objects.values_list("pk", flat=True))
        published = set(model.objects.published().values_list("pk", flat=True))
        assert Moment().visible(model, pks) == published, model


def test_every_recorded_model_of_the_knowledge_says_what_is_public():
    assert set(recorded_knowledge_models()) <= set(public_models())


def edit_a_draft(knowledge, draft):
    make.change(draft, tagline="Not yet.")


def say_something_of_a_draft(knowledge, draft):
    make.make_adopter(framework=draft, cited={"source": knowledge.blog})


def edit_the_questionnaire(knowledge, draft):
    make.change(knowledge.learning, name="Ease")


@pytest.mark.parametrize(
    "change", [edit_a_draft, say_something_of_a_draft, edit_the_questionnaire]
)
def test_what_readers_do_not_see_is_for_editors(recorded, change):
    draft = make.make_framework(draft=True)
    with change_set() as changes:
        change(recorded, draft)

    assert changes.objects_changed.exists()
    assert public(changes) == set()


def test_link_to_a_draft_changes_nothing_for_readers(recorded):
    hidden = make.make_feature(draft=True)
    with change_set() as changes:
        recorded.comparison.features.add(hidden)

    assert changes.objects_changed.count() == 1
    assert public(changes) == set()


def test_publishing_and_withdrawing_are_public(recorded):
    framework = make.make_framework(name="Bottle", draft=True)
    published = make.edit(framework, status=Status.PUBLISHED)
    withdrawn = make.edit(framework, status=Status.RETIRED)

    assert public(published) == {("Bottle", False, True)}
    assert public(withdrawn) == {("Bottle", True, False)}


def test_deleting_a_framework_is_public_with_all_its_parts(recorded):
    with change_set() as changes:
        recorded.disagreement.delete()
        recorded.comparison.delete()
        recorded.flask.delete()

    assert ("Flask: Orm", True, False) in public(changes)
    assert ("Flask docs, Orm", True, False) in public(changes)
    unseen = changes.objects_changed.exclude(was_public=True)
    # The questionnaire is for editors.
    assert not unseen.filter(model_label__startswith="comparisons.").exists()


def test_source_that_is_cited_at_last_does_not_show_what_it_was(recorded):
    source = make.make_source(title="Draft title")
    with change_set() as changes:
        make.change(source, title="Final title")
        make.make_citation(finding=recorded.flask_orm, source=source, locator="1")

    assert public(changes) == {
        ("Final title (Example Press)", False, True),
        ("Final title, 1", False, True),
    }


def test_package_was_seen_while_it_was_an_alternative(recorded):
    package = make.make_extension(name="Pony")
    recorded.flask_orm.alternatives.add(package)
    with change_set() as changes:
        recorded.flask_orm.alternatives.remove(package)
        make.change(package, summary="Its users say that it is no more.")

    assert ("Pony", True, False) in public(changes)


def test_change_belongs_to_the_pages_of_its_statement(recorded):
    with change_set() as changes:
        recorded.contested.citations.first().delete()
    changed = ChangedObject.objects.get(
        change_set=changes, model_label=Citation._meta.label_lower
    )

    assert changed.framework == recorded.flask
    assert changed.feature == recorded.ease_of_learning
    assert changed.source == recorded.flask_docs
