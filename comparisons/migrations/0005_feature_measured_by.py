from django.db import migrations, models


class Migration(migrations.Migration):
    """Name the measured fact that decides the level of a quality."""

    dependencies = [("comparisons", "0004_fact_event_date")]

    operations = [
        migrations.AddField(
            model_name="feature",
            name="measured_by",
            field=models.CharField(
                blank=True,
                choices=[
                    ("first_release", "First release"),
                    ("latest_version", "Latest version"),
                    ("license", "Licence"),
                    ("python_versions", "Python versions"),
                    ("interface", "Server interface"),
                    ("async_support", "Async support"),
                    ("dependencies", "Direct dependencies"),
                    ("installed_size", "Installed size"),
                    ("startup_time", "Hello-world start"),
                    ("memory", "Hello-world memory"),
                    ("overhead", "In-process calls"),
                    ("governance", "Governance"),
                    ("origin", "Origin"),
                    ("name", "Name"),
                ],
                help_text="The fact whose figure decides the level, where one is "
                "measured.",
                max_length=15,
            ),
        ),
        migrations.AddField(
            model_name="historicalfeature",
            name="measured_by",
            field=models.CharField(
                blank=True,
                choices=[
                    ("first_release", "First release"),
                    ("latest_version", "Latest version"),
                    ("license", "Licence"),
                    ("python_versions", "Python versions"),
                    ("interface", "Server interface"),
                    ("async_support", "Async support"),
                    ("dependencies", "Direct dependencies"),
                    ("installed_size", "Installed size"),
                    ("startup_time", "Hello-world start"),
                    ("memory", "Hello-world memory"),
                    ("overhead", "In-process calls"),
                    ("governance", "Governance"),
                    ("origin", "Origin"),
                    ("name", "Name"),
                ],
                help_text="The fact whose figure decides the level, where one is "
                "measured.",
                max_length=15,
            ),
        ),
    ]
