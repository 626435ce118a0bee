from django.db import migrations, models

IN_PLACE = [models.F("place").asc(nulls_last=True), "pk"]
OPTIONS = {
    "citation": {"ordering": [*IN_PLACE]},
    "fact": {"ordering": ["framework", *IN_PLACE]},
    "position": {"ordering": ["disagreement", *IN_PLACE]},
    "procon": {"verbose_name": "pro or con", "verbose_name_plural": "pros and cons", "ordering": ["framework", "-side", *IN_PLACE]},
    "section": {"ordering": ["comparison", *IN_PLACE]},
    "threshold": {"ordering": ["feature", *IN_PLACE]},
    "verdict": {"ordering": ["comparison", *IN_PLACE]},
}

class Migration(migrations.Migration):
    """Keep the order that rows of a list have in the files."""

    dependencies = [("comparisons", "0015_version_stamp")]

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
    ]
