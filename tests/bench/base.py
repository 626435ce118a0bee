"""A knowledge base of 12, 1,200 or 12,000 frameworks: copies of the shipped one.

The shipped one has been edited since, so that its list of changes is full as well.
Everything that hangs on a framework is copied with it: findings, passages, sources,
packages, comparisons, disagreements, and what was changed in frameworks and
findings. Features and the questionnaire stay as they are. The files are kept under
``.cache/bench`` until the fixtures or this module change.
"""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from django.apps import apps
from tqdm import tqdm

from comparisons.models import ChangedObject
from comparisons.search.index import STATE

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".cache" / "bench"
# How many frameworks the shipped knowledge has.
SHIPPED = 12
EDITS = """
from comparisons.history.recording import change_set
from comparisons.models import Finding

for finding in Finding.objects.published().order_by("pk")[:50]:
    with change_set(reason="A word was missing"):
        finding.note = f"{finding.note} Edited."
        finding.save()
"""
# The keys of each copy are so much higher than those of the one before.
STEP = 100_000
# What there is once, however many frameworks there are.
ONCE = {
    *("Feature", "FeatureGroup", "Threshold", "Task"),
    *("Alias", "KnowledgeVersion", "LoadedRecord", "Work", "Suggestion"),
    "MailChoice",
}
RECORDED = ("Framework", "Finding")
# Told apart by the number of the copy, besides what has to be unique.
NAMED = {"Source": ["title", "url", "normal_url"], "Adopter": ["name"]}


def path_of(frameworks):
    """Return where the base of so many is kept; makes it if it is not there yet."""
    path = FOLDER / _digest() / f"{frameworks}.sqlite3"
    if path.exists():
        _manage("migrate", path)
        return path
    for old in FOLDER.glob("*"):
        if old != path.parent:
            shutil.rmtree(old)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    if frameworks == SHIPPED:
        _manage("migrate", unfinished)
        _manage("load_knowledge", unfinished)
        _manage("shell", unfinished, f"--command={EDITS}")
    else:
        shutil.copy(path_of(SHIPPED), unfinished)
        with closing(sqlite3.connect(unfinished, isolation_level=None)) as base:
            _multiply(base, frameworks // SHIPPED)
        # The words of the copies are found, too.
        _manage("migrate", unfinished)
    return unfinished.rename(path)


def _digest():
    digest = hashlib.sha256()
    for path in sorted([*(ROOT / "fixtures").rglob("*.yaml"), Path(__file__)]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _manage(command, path, *options):
    subprocess.run(
        [sys.executable, "manage.py", command, "--verbosity=0", *options],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": f"sqlite:///{path}"},
        stdout=subprocess.DEVNULL,
        check=True,
    )


def _multiply(base, copies):
    """Fill tables without the triggers and indexes, which come back at the end."""
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -200000"):
        base.execute(f"PRAGMA {pragma}")
    aside = base.execute(
        "SELECT type, name, sql FROM sqlite_master "
        "WHERE type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY type"
    ).fetchall()
    for kind, name, _ in aside:
        base.execute(f'DROP {kind} "{name}"')
    models = list(_copied())
    with tqdm(total=(copies - 1) * len(models) + len(aside), leave=False) as bar:
        for model in models:
            bar.set_description(f"{copies * SHIPPED:,} frameworks: {model.__name__}")
            copy = _copy(model)
            base.execute("BEGIN")
            for number in range(1, copies):
                base.execute(copy, {"copy": number})
                bar.update()
            base.execute("COMMIT")
        base.execute(f"DELETE FROM {STATE}")
        bar.set_description("Indexes")
        for _, _, sql in aside:
            base.execute(sql)
            bar.update()
        base.execute("ANALYZE")


def _copied():
    config = apps.get_app_config("comparisons")
    for model in config.get_models(include_auto_created=True):
        name = model.__name__
        recorded = name.removeprefix("Historical")
        if name not in ONCE and (recorded == name or recorded in RECORDED):
            yield model


def _copy(model):
    """Return the SQL that inserts the rows of ``model`` once more, as ``:copy``."""
    copied = set(_copied())
    # Columns that hold keys without being declared as such.
    keys = {"id", "object_pk", "record_id"}
    values = {}
    for field in model._meta.concrete_fields:
        column = f'"{field.column}"'
        values[column] = column
        is_key = field.primary_key or field.name in keys
        if is_key or field.is_relation and field.related_model in copied:
            values[column] = f"{column} + :copy * {STEP}"
        elif field.unique or field.name in NAMED.get(model.__name__, ()):
            values[column] = (
                f"CASE {column} WHEN '' THEN '' ELSE {column} || '-copy-' || :copy END"
            )
    labels = ", ".join(f"'comparisons.{name.lower()}'" for name in RECORDED)
    only = f"AND model_label IN ({labels})" if model is ChangedObject else ""
    return (
        f"INSERT INTO {model._meta.db_table} ({', '.join(values)}) "
        f"SELECT {', '.join(values.values())} FROM {model._meta.db_table} "
        f'WHERE "{model._meta.pk.column}" < {STEP} {only}'
    )
