from collections import defaultdict

from django.db import migrations, models
from django.db.models import Count, Q


def count(apps, schema_editor):
    """Count the objects of each set by model, and those that readers saw."""
    changed = apps.get_model("comparisons", "ChangedObject").objects.order_by()
    seen = Q(was_public=True) | Q(is_public=True)
    rows = changed.values_list("change_set", "model_label").annotate(
        all=Count("pk"), seen=Count("pk", filter=seen)
    )
    counts = defaultdict(dict)
    for pk, label, *numbers in rows:
        counts[pk][label] = numbers
    sets = apps.get_model("comparisons", "ChangeSet").objects
    for pk, own in counts.items():
        sets.filter(pk=pk).update(counts=own)


class Migration(migrations.Migration):
    dependencies = [("comparisons", "0033_longer_works")]

    operations = [
        migrations.AddField(
            model_name="changeset",
            name="counts",
            field=models.JSONField(
                default=dict,
                editable=False,
                help_text="By model, of how many objects it tells, and of how many to "
                "readers.",
            ),
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
