from django.db import migrations, models

import advisor.models.advice


class Migration(migrations.Migration):
    """Advice that was given before expires as if it were given today."""

    dependencies = [("advisor", "0002_record_changes")]

    operations = [
        migrations.AddField(
            model_name="advice",
            name="expires_at",
            field=models.DateTimeField(
                db_index=True, default=advisor.models.advice.expiry, editable=False
            ),
        ),
    ]
