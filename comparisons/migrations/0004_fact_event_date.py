from django.db import migrations, models


class Migration(migrations.Migration):
    """Let a fact tell the day of what it is about."""

    dependencies = [("comparisons", "0003_links")]

    operations = [
        migrations.AddField(
            model_name="fact",
            name="event_date",
            field=models.DateField(
                blank=True,
                help_text="The day of what the fact tells, such as the release of the "
                "latest version; empty if no passage names it.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="historicalfact",
            name="event_date",
            field=models.DateField(
                blank=True,
                help_text="The day of what the fact tells, such as the release of the "
                "latest version; empty if no passage names it.",
                null=True,
            ),
        ),
    ]
