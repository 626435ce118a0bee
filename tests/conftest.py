"""What all tests share: settings, a small knowledge base, the shipped one."""

import gc
import ipaddress
import os
import pickle
import secrets
import socket
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from axes.handlers.proxy import AxesProxyHandler
from django.apps import apps
from django.conf import settings
from django.core.cache import caches
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models.sql import InsertQuery
from django.test import Client

from advisor.choices import QuestionKind, ThemeBasis
from comparisons.choices import (
    FactKind,
    FeatureKind,
    FrameworkKind,
    Level,
    Side,
    Stance,
)
from comparisons.history.recording import record_present_state
from comparisons.knowledge import loading
from comparisons.models import ChangedObject, ChangeSet, Citation, KnowledgeVersion
from comparisons.models.history import paused
from comparisons.search.index import table_of
from comparisons.search.kinds import KINDS
from comparisons.triggers import RAISE_VERSION
from tests import factories as make
from tests.pages import PAGES, ask_advisor


def pytest_configure():
    """Look for garbage less often: a twentieth of the tests' time went there."""
    gc.set_threshold(5_000, 10, 20)


@pytest.fixture(autouse=True)
def plain_static_files(settings):
    """Serve static files unhashed, so that no test needs ``collectstatic``."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {
            "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        }
    }
    # Otherwise WhiteNoise warns that staticfiles/ is missing.
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Hash passwords quickly; no test depends on their strength."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def plain_http(settings):
    """Answer over plain HTTP, which the test client speaks."""
    settings.SECURE_SSL_REDIRECT = False


@pytest.fixture(autouse=True)
def own_counts(monkeypatch):
    """Let each test count in the cache for itself, also in one that others share."""
    # It keeps the cache of the thread that asked first.
    AxesProxyHandler.get_implementation(force=True)
    for name in ("default", "shared"):
        monkeypatch.setattr(caches[name], "key_prefix", secrets.token_hex(8))


@pytest.fixture(autouse=True, scope="session")
def no_internet():
    """Refuse connections that leave this machine; the package client makes none."""
    connect = socket.socket.connect

    def connect_locally(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_local(address):
            raise RuntimeError(f"A test tried to reach {address[0]}.")
        return connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_locally)
        patch.setenv("PIP_NO_INDEX", "1")
        yield


def _is_local(address):
    try:
        return ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        return address[0] == "localhost"


@pytest.fixture(scope="session")
def copies():
    """What takes long to make, by the function that makes it."""
    return {}


@pytest.fixture
def knowledge(db, copies):
    """A small knowledge base of Flask and Django, all of it published.

    What it was before a test is not recorded, which would take time.
    It has features of all three kinds, an answer that nobody knows yet
    (``flask``, ``throughput``), a contested finding (``flask``,
    ``ease_of_learning``) and at least one row of every model.
    """
    return _made_once(small_knowledge, copies)


@pytest.fixture
def recorded(db, copies):
    """The ``knowledge`` with one set of changes, in which all of it is recorded."""
    return _made_once(_recorded_knowledge, copies, with_history=True)


def _recorded_knowledge():
    knowledge = small_knowledge()
    record_present_state()
    return knowledge


def small_knowledge():
    flask = make.make_framework(slug="flask", kind=FrameworkKind.MICRO)
    django = make.make_framework(slug="django", kind=FrameworkKind.FULL_STACK)

    core = make.make_group(slug="core", position=1)
    judged = make.make_group(slug="judged", position=2)
    uses = make.make_group(slug="uses", position=3)
    routing = make.make_feature(slug="routing", group=core, position=1)
    orm = make.make_feature(slug="orm", group=core, position=2)
    admin = make.make_feature(slug="admin-interface", group=core, position=3)
    quality, use_case = FeatureKind.QUALITY, FeatureKind.USE_CASE
    ease_of_learning = make.make_feature(
        slug="ease-of-learning", group=judged, kind=quality, position=1
    )
    throughput = make.make_feature(
        slug="throughput", group=judged, kind=quality, position=2
    )
    microservice = make.make_feature(slug="microservice", group=uses, kind=use_case)
    make.make_threshold(feature=orm, level=Level.BUILT_IN)

    flask_docs = make.make_source(slug="flask-docs", framework=flask)
    django_docs = make.make_source(slug="django-docs", framework=django)
    blog = make.make_source(slug="blog", interest="The author sells a course.")
    sqlalchemy = make.make_extension(
        slug="flask-sqlalchemy", frameworks=[flask], features=[orm]
    )
    peewee = make.make_extension(slug="peewee", frameworks=[flask], features=[orm])

    def find(framework, feature, level, key, **fields):
        source = flask_docs if framework is flask else django_docs
        return make.make_finding(
            framework=framework,
            feature=feature,
            level=level,
            cited={"source": source, "key": key, "locator": feature.name},
            **fields,
        )

    flask_orm = find(
        flask,
        orm,
        Level.THIRD_PARTY,
        "flask-orm-1",
        extension=sqlalchemy,
        alternatives=[peewee],
        note="Flask brings none of its own.",
    )
    django_orm = find(django, orm, Level.BUILT_IN, "django-orm-1")
    find(flask, routing, Level.BUILT_IN, "flask-routing-1")
    find(django, routing, Level.BUILT_IN, "django-routing-1")
    find(flask, admin, Level.MANUAL, "flask-admin-1")
    find(django, admin, Level.BUILT_IN, "django-admin-1")
    find(django, throughput, Level.MEDIUM, "django-throughput-1")
    find(flask, microservice, Level.STRONG, "flask-microservice-1")
    find(django, microservice, Level.POSSIBLE, "django-microservice-1")
    find(django, ease_of_learning, Level.MEDIUM, "django-ease-1")
    contested = find(
        flask,
        ease_of_learning,
        Level.HIGH,
        "flask-ease-1",
        decision="High stands.",
        reason="The blog speaks of large applications.",
    )
    disputing = make.make_citation(
        finding=contested, source=blog, key="flask-ease-2", stance=Stance.DISPUTES
    )

    pro = make.make_pro_con(
        slug="flask-pro-small",
        framework=flask,
        feature=ease_of_learning,
        cited={"source": flask_docs, "key": "flask-pro-small-1"},
    )
    con = make.make_pro_con(
        slug="flask-con-assembly",
        framework=flask,
        feature=admin,
        side=Side.CON,
        statement="Parts have to be chosen and joined.",
        cited={"source": blog, "key": "flask-con-assembly-1"},
    )
    make.make_pro_con(
        slug="django-pro-admin",
        framework=django,
        feature=admin,
        statement="An admin comes with it.",
        cited={"source": django_docs, "key": "django-pro-admin-1"},
    )
    fact = make.make_fact(
        framework=flask,
        kind=FactKind.LICENSE,
        cited={"source": flask_docs, "key": "flask-license-1"},
    )
    adopter = make.make_adopter(
        slug="django-mozilla",
        framework=django,
        name="Mozilla",
        cited={"source": django_docs, "key": "django-mozilla-1"},
    )

    comparison = make.make_comparison(frameworks=[django, flask], features=[orm])
    section = make.make_section(comparison=comparison, slug="data", features=[orm])
    verdict = make.make_verdict(
        comparison=comparison, framework=django, slug="admin", findings=[django_orm]
    )
    make.make_citation(verdict=verdict, source=django_docs, key="verdict-admin-1")
    make.make_verdict(
        comparison=comparison, framework=flask, slug="small", findings=[flask_orm]
    )
    disagreement = make.make_disagreement(
        slug="is-flask-easy", key="G1", feature=ease_of_learning, frameworks=[flask]
    )
    supporting = contested.citations.get(key="flask-ease-1")
    for position, citation in (("It is.", supporting), ("It is not.", disputing)):
        make.make_position(
            disagreement=disagreement, position=position, citations=[citation]
        )
    run = make.make_run(slug="measurements", source=flask_docs)
    measured = make.make_measurement(framework=flask, run=run)
    make.make_measurement(framework=django, run=run, value=480, ratio=0.48)
    task = make.make_task(slug="hello-world", feature=routing)
    samples = [
        make.make_sample(task=task, framework=framework)
        for framework in (flask, django)
    ]

    learning = make.make_theme(
        slug="learning", shares={ease_of_learning: "1.0"}, known_share="0.5"
    )
    batteries = make.make_theme(
        slug="batteries", shares={orm: "0.6", admin: "0.4"}, position=1
    )
    familiarity = make.make_theme(slug="familiarity", basis=ThemeBasis.TEAM, position=2)
    project = make.make_question(slug="project", kind=QuestionKind.PROJECT)
    make.make_answer(project, "microservice", feature=microservice, points=4)
    make.make_priority(learning, position=1)
    make.make_priority(batteries, position=2)
    must_haves = make.make_question(slug="must_haves", position=3)
    make.make_answer(must_haves, "admin-interface", feature=admin)
    make.make_question(slug="team_knows", kind=QuestionKind.TEAM_KNOWS, position=4)
    make.make_question(slug="candidates", kind=QuestionKind.CANDIDATES, position=5)
    persona = make.make_persona(slug="small-service", expected=[flask])
    make.make_expectation(persona=persona, source=flask_docs)
    preset = make.make_preset(
        slug="small-services",
        choice=project.choices.get(),
        points={learning: 4},
        citations=[pro.citations.get()],
    )
    conflict = make.make_conflict(
        first=learning.questions.get().choices.get(slug="4"),
        second=batteries.questions.get().choices.get(slug="4"),
    )
    kinship = make.make_kinship(known=django, helped=flask, source=flask_docs)

    make.make_alias(flask, slug="flask-classic")
    make.make_synonym(word="object mapper", feature=orm)

    return SimpleNamespace(
        flask=flask,
        django=django,
        routing=routing,
        orm=orm,
        admin=admin,
        ease_of_learning=ease_of_learning,
        throughput=throughput,
        microservice=microservice,
        flask_docs=flask_docs,
        django_docs=django_docs,
        blog=blog,
        extension=sqlalchemy,
        flask_orm=flask_orm,
        django_orm=django_orm,
        contested=contested,
        pro=pro,
        con=con,
        fact=fact,
        adopter=adopter,
        comparison=comparison,
        section=section,
        verdict=verdict,
        disagreement=disagreement,
        measured=measured,
        task=task,
        samples=samples,
        learning=learning,
        batteries=batteries,
        familiarity=familiarity,
        persona=persona,
        preset=preset,
        conflict=conflict,
        kinship=kinship,
    )


@pytest.fixture
def advice(knowledge):
    """A stored result for plausible answers, given to somebody else's browser."""
    return ask_advisor(Client())


@pytest.fixture
def addresses(advice):
    """The addresses of public pages, one or more of each kind."""
    return [page.format(advice=advice.pk) for page in PAGES]


@pytest.fixture
def shipped_knowledge(db, insert_shipped):
    """The knowledge of ``fixtures/``; what it was before a test is not recorded."""
    insert_shipped()
    if connection.vendor == "postgresql":
        # As load_knowledge does: without statistics it plans for empty tables.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


@pytest.fixture(scope="session")
def insert_shipped(copies, tmp_path_factory, testrun_uid):
    """Insert the knowledge of ``fixtures/`` into an empty database, or its history too.

    One process loads it, the others of the same run take its copy.
    """
    shared = tmp_path_factory.getbasetemp().parent / f"shipped-{testrun_uid}"

    def insert(*, with_history=False):
        if shared not in copies:
            if not shared.exists():
                whole = shared.with_name(f"{shared.name}-{os.getpid()}")
                whole.write_bytes(pickle.dumps(_load_and_copy()))
                whole.rename(shared)
            copies[shared] = pickle.loads(shared.read_bytes())
        knowledge, history = copies[shared]
        knowledge.insert()
        if with_history:
            history.insert()

    return insert


def _load_and_copy():
    with transaction.atomic():
        loading.load(loading.read_records(settings.KNOWLEDGE_DIR))
        history = filter(is_history, _models(with_history=True))
        copies = Copy(None, _models()), Copy(None, history)
        transaction.set_rollback(True)
        return copies


def _made_once(make_rows, copies, *, with_history=False):
    """Return what ``make_rows`` does; its rows are copied from the second time on."""
    if make_rows not in copies:
        with paused():
            made = make_rows()
        copies[make_rows] = Copy(made, _models(with_history))
        return made
    return copies[make_rows].insert()


class Copy:
    """All rows of ``models``, to be inserted again into an empty database."""

    def __init__(self, made, models):
        self.made = pickle.dumps(made)
        rows = {model: list(model._base_manager.all()) for model in models}
        self.statements = [
            statement
            for model, stored in rows.items()
            for statement in _inserts(model, stored)
        ]
        if connection.vendor == "postgresql":
            self._join(rows)

    def _join(self, models):
        """Make one statement of all, by which no trigger and no key is asked.

        What triggers made of the rows, the words that are searched, is copied, too.
        """
        role = "SET LOCAL session_replication_role"
        with connection.cursor() as cursor:
            for table in [table_of(kind) for kind in KINDS if kind.model in models]:
                words = f"SELECT array_agg(rowid), array_agg(words) FROM {table}"
                cursor.execute(words)
                # Those of rows that a flush took away have no trigger to go with them.
                insert = (
                    f"DELETE FROM {table}; INSERT INTO {table} (rowid, words) "
                    "SELECT * FROM unnest(%s::bigint[], %s::text[])"
                )
                self.statements.append((insert, cursor.fetchone()))
            texts = [cursor.mogrify(*statement) for statement in self.statements]
        filled = [model for model, stored in models.items() if stored]
        texts += connection.ops.sequence_reset_sql(no_style(), filled)
        together = [f"{role} = replica", *texts, f"{role} = DEFAULT", RAISE_VERSION]
        self.statements = [(";".join(together), None)]

    def insert(self):
        """Insert the rows as they were, and return what made them as it was."""
        with transaction.atomic(), connection.cursor() as cursor:
            for sql, params in self.statements:
                cursor.execute(sql, params)
        return pickle.loads(self.made)


def _inserts(model, rows):
    """Yield the statements, with their values, that insert ``rows`` as they are."""
    fields = model._meta.concrete_fields
    size = connection.ops.bulk_batch_size(fields, rows)
    for start in range(0, len(rows), size or 1):
        query = InsertQuery(model)
        query.insert_values(fields, rows[start : start + size], raw=True)
        yield from query.get_compiler(connection=connection).as_sql()


@pytest.fixture
def empty_database(tmp_path, transactional_db):
    """The address of an empty database of the kind that the tests run on."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    name = f"{connection.settings_dict['NAME']}_empty"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name}")
    yield urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def is_history(model):
    """Whether ``model`` keeps what happened to others."""
    kept = (ChangeSet, ChangeSet.undoes.through, ChangedObject)
    return model in kept or model.__name__.startswith("Historical")


def _models(with_history=False):
    models = [
        model
        for app in ("comparisons", "advisor")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if model is not KnowledgeVersion and (with_history or not is_history(model))
    ]
    # Publishing asks for the citation, which may come before what it is about
    # because foreign keys are checked at the end.
    return sorted(models, key=lambda model: model is not Citation)
