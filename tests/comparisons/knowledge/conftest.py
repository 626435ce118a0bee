"""The small knowledge base as files, and what a test does to them."""

import shutil

import pytest
from django.db import transaction

from comparisons.knowledge import loading
from comparisons.knowledge.documents import parse, render
from comparisons.knowledge.exporting import export
from comparisons.knowledge.loading import Change
from comparisons.models.history import paused
from tests import factories as make
from tests.conftest import small_knowledge


@pytest.fixture(scope="session")
def exported(django_db_setup, django_db_blocker, tmp_path_factory):
    """The small knowledge base and some more rows as files."""
    folder = tmp_path_factory.mktemp("exported")
    with django_db_blocker.unblock(), transaction.atomic(), paused():
        knowledge = small_knowledge()
        flask = knowledge.flask
        make.make_pro_con(slug="flask-pro-free", framework=flask, feature=knowledge.orm)
        make.make_fact(framework=flask, kind="first_release")
        make.make_section(comparison=knowledge.comparison)
        make.make_threshold(feature=knowledge.orm, level="manual")
        make.make_persona(expected=[flask])
        make.make_citation(finding=knowledge.flask_orm, key="aside", stance="context")
        make.change(knowledge.django_orm, status="in_review")
        export(folder)
        transaction.set_rollback(True)
    return folder


@pytest.fixture
def folder(db, exported, tmp_path):
    """A copy of these files, and an empty database."""
    shutil.copytree(exported, tmp_path, dirs_exist_ok=True)
    return tmp_path


def load(folder):
    loading.load(loading.read_records(folder))


def update(folder):
    changes = loading.compare(folder)
    loading.load([record for change, record, _ in changes if change != Change.KEPT])


def differences(folder):
    return {record.label: change for change, record, _ in loading.compare(folder)}


def edit(path, change):
    """Give the content of the YAML file at ``path`` to ``change`` and write it back."""
    content = parse(path)
    change(content)
    path.write_text(render(content))


def row_of(rows, **identity):
    """Return the one of ``rows``, a list in a file, that has what is given."""
    [row] = [row for row in rows if identity.items() <= row.items()]
    return row


def files_in(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
