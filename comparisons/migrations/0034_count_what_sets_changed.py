from collections import defaultdict

from django.db import migrations, models
from django.db.models import Count, Q


def count(apps, schema_editor):
    changed = apps.get_model("comparisons", "ChangedObject").objects.order_by()
    seen = Count("pk", filter=Q(was_public=True) | Q(is_public=True))
    rows = changed.values_list("change_set", "model_label")
    counts = defaultdict(dict)
    for pk, label, *numbers in rows.annotate(all=Count("pk"), seen=seen):
        counts[pk][label] = numbers
    for pk, own in counts.items():
        apps.get_model("comparisons", "ChangeSet").objects.filter(pk=pk).update(
            counts=own
        )


class Migration(migrations.Migration):
    dependencies = [("comparisons", "0033_longer_works")]

    operations = [
        migrations.AddField(
            "changeset", "counts", models.JSONField(default=dict, editable=False)
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
