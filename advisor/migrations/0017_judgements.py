from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("advisor", "0016_several_projects")]

    operations = [
        migrations.CreateModel(
            name="JudgedAdvice",
            fields=[
                (
                    "id",
                    models.UUIDField(editable=False, primary_key=True, serialize=False),
                ),
            ],
            options={"verbose_name_plural": "judged advice"},
        ),
        migrations.CreateModel(
            name="Judgement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("month", models.DateField(help_text="Its first day.")),
                ("framework", models.SlugField()),
                ("certainty", models.SlugField(blank=True, max_length=12)),
                (
                    "answer",
                    models.CharField(
                        choices=[("yes", "Yes"), ("partly", "Partly"), ("no", "No")],
                        max_length=6,
                    ),
                ),
                ("count", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ["-month", "framework", "certainty", "answer"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("month", "framework", "certainty", "answer"),
                        name="advisor_judgement_counted_in_one_row",
                        violation_error_message="These are counted in another row.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answer__in", ["yes", "partly", "no"])),
                        name="advisor_judgement_answer_is_known",
                        violation_error_message="The answer is yes, partly or no.",
                    ),
                ],
            },
        ),
    ]
