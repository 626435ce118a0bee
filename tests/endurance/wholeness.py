"""Whether a database is whole after its processes were killed.

Each function yields what is wrong, in sentences.
"""

import io
import re

from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from comparisons.history.records import recorded_models
from comparisons.models import ChangedObject, Citation, Finding, Framework

IMPORT = re.compile(r"\[import (\w+)\]")


def database():
    """Ask the database itself: its file, and that no foreign key leads nowhere."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            answers = [row[0] for row in cursor.fetchall()]
        if answers != ["ok"]:
            yield f"integrity check: {answers[:3]}"
    try:
        connection.check_constraints()
    except DatabaseError as error:
        yield f"foreign keys: {error}"


def histories(change_sets):
    """Compare what sets list with the records that they have."""
    listed = set(
        ChangedObject.objects.filter(change_set__in=change_sets).values_list(
            "change_set", "model_label", "object_pk", "record_id"
        )
    )
    recorded = {
        (change_set, model._meta.label_lower, pk, record)
        for model in recorded_models()
        for change_set, pk, record in model.history.filter(
            change_set__in=change_sets
        ).values_list("change_set", model._meta.pk.attname, "history_id")
    }
    if wrong := listed ^ recorded:
        yield f"listed or recorded, and not both: {sorted(wrong)[:3]}"
    told = {row[0] for row in listed}
    if silent := set(change_sets.values_list("pk", flat=True)) - told:
        yield f"sets that list nothing: {sorted(silent)[:3]}"


def save(finding):
    """See that the note and the passage, which are always saved alike, are alike."""
    note = Finding.objects.get(pk=finding).note
    says = Citation.objects.filter(finding=finding).order_by("pk").first().says
    if note != says:
        yield f"a note of “{note}” and a passage of “{says}”"


def imports(frameworks):
    """See that everything an import writes comes from one and the same import."""
    findings = Finding.objects.filter(framework__slug__in=frameworks)
    texts = [
        *Framework.objects.filter(slug__in=frameworks).values_list(
            "summary", flat=True
        ),
        *findings.values_list("note", flat=True),
    ]
    words = {match[1] if (match := IMPORT.search(text)) else None for text in texts}
    if len(words) > 1:
        yield f"texts of several imports stand side by side: {words}"


def audit():
    try:
        call_command("audit_knowledge", stdout=io.StringIO())
    except CommandError as error:
        yield f"audit: {error}"
