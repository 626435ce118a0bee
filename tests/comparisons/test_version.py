"""The version rises with every change that readers could see, and with no other."""

from contextlib import contextmanager, suppress
from copy import copy
from functools import cache, partial

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.db.models import ProtectedError

from comparisons.choices import LinkState, Status
from comparisons.history.recording import change_set
from comparisons.models import KnowledgeVersion, Link, LoadedRecord
from comparisons.models.history import paused
from comparisons.public import public, public_models
from tests import factories as make
from tests.unseen import hide

pytestmark = pytest.mark.django_db


@pytest.fixture
def half_hidden(knowledge):
    """The small knowledge base with a draft framework and all that hangs on it."""
    with paused():
        knowledge.bottle = make.make_framework(slug="bottle")
        hide(knowledge)
    return knowledge


@cache
def questions():
    """Return the SQL that asks for public rows and for the links between them."""
    rows = {
        model: model._base_manager.filter(public(model)).order_by("pk")
        for model in public_models()
    }
    links = [
        relation.remote_field.through._base_manager.order_by("pk").filter(
            **{
                f"{relation.m2m_field_name()}__in": rows[relation.model],
                f"{relation.m2m_reverse_field_name()}__in": rows[
                    relation.related_model
                ],
            }
        )
        for model in public_models()
        for relation in model._meta.local_many_to_many
    ]
    return [found.query.sql_with_params() for found in [*rows.values(), *links]]


def visible():
    """Return all that readers could see."""
    found = []
    with connection.cursor() as cursor:
        for question in questions():
            cursor.execute(*question)
            found.append(cursor.fetchall())
    return found


def acts(row):
    """Yield (what is done to ``row``, a function that does it)."""
    model = type(row)
    for field in model._meta.concrete_fields:
        if other := another(field, getattr(row, field.attname)):
            rows = model._base_manager.filter(pk=row.pk)
            yield field.name, partial(rows.update, **{field.attname: other})
    yield "deleting", copy(row).delete
    for relation in model._meta.local_many_to_many:
        links = getattr(row, relation.name)
        targets = relation.related_model._base_manager.order_by("pk")
        for target in {targets.first(), targets.last()}:
            is_there = links.filter(pk=target.pk).exists()
            change = links.remove if is_there else links.add
            yield f"{relation.name} {target}", partial(change, target)


def another(field, value):
    """Return a value of ``field`` that is not ``value``, None if none comes to mind."""
    if field.name == "status":
        return Status.DRAFT if value == Status.PUBLISHED else Status.PUBLISHED
    if field.many_to_one and value:
        pks = field.related_model._base_manager.order_by("-pk").exclude(pk=value)
        return pks.values_list("pk", flat=True).first()
    if isinstance(field, models.TextField):
        return f"{value} Indeed."
    return None


@contextmanager
def rolled_back():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def check(name, act, before):
    """See that ``act`` raises the version if it changes ``before``, and only then.

    What the database refuses changes nothing.
    """
    version = KnowledgeVersion.current()
    with suppress(IntegrityError, ProtectedError), rolled_back():
        act()
        rose = KnowledgeVersion.current() > version
        assert rose == (visible() != before), name


def remove(row):
    """Delete ``row`` with all that hangs on it, or alone if that is not allowed."""
    try:
        copy(row).delete()
    except ProtectedError:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {row._meta.db_table} WHERE id = %s", [row.pk])


@pytest.mark.parametrize("model", public_models(), ids=lambda model: model.__name__)
def test_version_rises_with_what_readers_could_see_and_with_nothing_else(
    half_hidden, model
):
    seen = model._base_manager.filter(public(model)).order_by("pk")
    hidden = model._base_manager.exclude(pk__in=seen.values("pk")).order_by("pk")

    before = visible()

    for row in [seen.first(), hidden.last()]:
        for name, act in acts(row):
            check(f"{name} of {row!r}", act, before)
        with rolled_back():
            remove(row)
            add = partial(model._base_manager.bulk_create, [row])
            check(f"adding {row!r}", add, visible())


# What is no row of the knowledge and shows all the same


def rises(act):
    before = KnowledgeVersion.current()
    act()
    return KnowledgeVersion.current() > before


def test_version_rises_when_a_source_is_gone_that_readers_see(half_hidden):
    shown = make.make_link(source=half_hidden.blog)
    hidden = make.make_link(source=make.make_source())

    def set_state(link, state):
        Link.objects.filter(pk=link.pk).update(state=state)

    assert not rises(lambda: set_state(shown, LinkState.OK))
    assert not rises(lambda: set_state(hidden, LinkState.GONE))
    assert rises(lambda: set_state(shown, LinkState.GONE))


def test_version_rises_with_the_title_of_a_source_that_a_kinship_names(half_hidden):
    source = make.make_source()
    assert not rises(source.save)

    make.make_kinship(known=half_hidden.flask, helped=half_hidden.bottle, source=source)

    assert rises(source.save)


def test_version_rises_with_the_name_of_an_editor_whose_changes_are_listed(half_hidden):
    listed, unlisted = make.make_editor(), make.make_editor()
    for editor, row in ((listed, half_hidden.flask), (unlisted, make.make_theme())):
        with change_set(editor=editor):
            row.save()
            make.change(row, name=f"{row.name}!")

    def rename(editor):
        make.change(editor, first_name="Ada")

    assert not rises(lambda: rename(unlisted))
    assert rises(lambda: rename(listed))
    assert rises(listed.delete)


def test_version_ignores_what_no_page_shows():
    assert not rises(lambda: LoadedRecord.objects.create(label="a", digest="0"))
    assert not rises(make.make_advice)
    assert not rises(make.make_persona)
    finding = make.make_finding()
    assert not rises(lambda: make.make_suggestion(finding=finding))


def test_version_falls_back_with_the_transaction_of_the_change():
    before = KnowledgeVersion.current()

    with transaction.atomic():
        make.make_framework()
        assert KnowledgeVersion.current() > before
        transaction.set_rollback(True)

    assert KnowledgeVersion.current() == before


@pytest.mark.django_db(transaction=True)
def test_version_survives_a_flush():
    make.make_framework()

    call_command("flush", interactive=False, verbosity=0)

    assert KnowledgeVersion.current() == 1
