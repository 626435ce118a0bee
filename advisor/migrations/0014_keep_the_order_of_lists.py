from django.db import migrations, models

IN_PLACE = [models.F("place").asc(nulls_last=True), "pk"]
OPTIONS = {
    "choice": {"ordering": ["question", *IN_PLACE]},
    "effect": {"ordering": ["choice", *IN_PLACE]},
    "expectation": {"ordering": ["persona", *IN_PLACE]},
    "presetpoints": {"verbose_name_plural": "preset points", "ordering": ["preset", *IN_PLACE]},
    "share": {"ordering": ["theme", *IN_PLACE]},
}


def name_kinships_by_their_keys(apps, schema_editor):
    """Until now the label of a kinship named the helped framework first."""
    records = apps.get_model("comparisons", "LoadedRecord")
    for record in records.objects.filter(label__startswith="kinship "):
        kind, helped, known = record.label.replace("/", " ").split()
        record.label = f"{kind} {known}/{helped}~"
        record.save()
    for record in records.objects.filter(label__endswith="~"):
        record.label = record.label.rstrip("~")
        record.save()


class Migration(migrations.Migration):
    """Keep the order that rows of a list have in the files."""

    dependencies = [
        ("advisor", "0013_groups"),
        ("comparisons", "0016_keep_the_order_of_lists"),
    ]

    operations = [
        *(
            migrations.AddField(
                name, "place", models.PositiveSmallIntegerField(editable=False, null=True)
            )
            for model in OPTIONS
            for name in (model, f"historical{model}")
        ),
        *(
            migrations.AlterModelOptions(model, options)
            for model, options in OPTIONS.items()
        ),
        migrations.RunPython(
            name_kinships_by_their_keys, name_kinships_by_their_keys, elidable=True
        ),
    ]
