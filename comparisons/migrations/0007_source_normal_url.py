from django.db import migrations, models

from comparisons.addresses import normalise


def normalise_addresses(apps, schema_editor):
    """Fill the column; what shares its address with another source stays empty.

    Such a source is found among the duplicates, to be merged by an editor.
    """
    taken = set()
    for source in apps.get_model("comparisons", "Source").objects.order_by("pk"):
        address = normalise(source.url)
        if address and address not in taken and len(address) <= 1000:
            taken.add(address)
            source.normal_url = address
            source.save(update_fields=["normal_url"])


class Migration(migrations.Migration):
    """Recognise a source by its address, however that is written."""

    dependencies = [("comparisons", "0006_list_what_each_set_changed")]

    operations = [
        *(
            migrations.AddField(
                model_name=model,
                name="normal_url",
                field=models.CharField(
                    blank=True,
                    default="",
                    editable=False,
                    help_text="What all addresses of the same page have in common.",
                    max_length=1000,
                ),
                preserve_default=False,
            )
            for model in ("source", "historicalsource")
        ),
        migrations.RunPython(normalise_addresses, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.UniqueConstraint(
                condition=models.Q(("normal_url", ""), _negated=True),
                fields=("normal_url",),
                name="comparisons_source_one_per_page",
                violation_error_message="Another source has this address already.",
            ),
        ),
    ]
