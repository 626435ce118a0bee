from django.db import migrations, models

from advisor.models.packed import PackedJSONField

MODELS = ("advice", "groupadvice")


def pack(apps, schema_editor):
    _copy(apps, schema_editor, "unpacked", "result")


def unpack(apps, schema_editor):
    _copy(apps, schema_editor, "result", "unpacked")


def _copy(apps, schema_editor, old, new):
    """Write the column ``new`` of each row from ``old``.

    Stored advice never changes, so its trigger steps aside. On PostgreSQL the
    tables are locked since their columns were added, until the migration commits;
    on SQLite triggers step aside from every migration.
    """
    for name in MODELS:
        model = apps.get_model("advisor", name)
        alter = f"ALTER TABLE {model._meta.db_table}"
        is_guarded = schema_editor.connection.vendor == "postgresql"
        if is_guarded:
            schema_editor.execute(f"{alter} DISABLE TRIGGER USER")
        for pk in list(model.objects.values_list("pk", flat=True)):
            row = model.objects.only(old).get(pk=pk)
            model.objects.filter(pk=pk).update(**{new: getattr(row, old)})
        if is_guarded:
            schema_editor.execute(f"{alter} ENABLE TRIGGER USER")


class Migration(migrations.Migration):
    """Compress stored results; what they say stays the same."""

    dependencies = [
        ("advisor", "0017_judgements"),
    ]

    operations = [
        *(migrations.RenameField(name, "result", "unpacked") for name in MODELS),
        *(
            operation
            for name in MODELS
            for operation in (
                migrations.AlterField(
                    name, "unpacked", models.JSONField(editable=False, null=True)
                ),
                migrations.AddField(
                    name, "result", PackedJSONField(editable=False, null=True)
                ),
            )
        ),
        migrations.RunPython(pack, unpack),
        *(
            operation
            for name in MODELS
            for operation in (
                migrations.RemoveField(name, "unpacked"),
                migrations.AlterField(name, "result", PackedJSONField(editable=False)),
            )
        ),
    ]
