from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("advisor", "0003_advice_expires")]

    operations = [
        migrations.AddField(
            model_name="advice",
            name="deletion_digest",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.CreateModel(
            name="DeletedAdvice",
            fields=[
                (
                    "id",
                    models.UUIDField(editable=False, primary_key=True, serialize=False),
                ),
            ],
            options={"verbose_name_plural": "deleted advice"},
        ),
    ]
