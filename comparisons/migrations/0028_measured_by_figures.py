from django.db import migrations


class Migration(migrations.Migration):
    """Features are measured by the figures of a run, and by no fact."""

    dependencies = [("comparisons", "0027_proposals")]

    operations = [
        migrations.RemoveField(model_name="feature", name="measured_by"),
        migrations.RemoveField(model_name="historicalfeature", name="measured_by"),
    ]
