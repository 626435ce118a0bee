from django.db import migrations


class Migration(migrations.Migration):
    """Name the rights to the knowledge as a whole."""

    dependencies = [("comparisons", "0009_reader_suggestions")]

    operations = [
        migrations.AlterModelOptions(
            name="knowledgeversion",
            options={
                "permissions": [
                    ("preview_knowledge", "Can see drafts on the public pages"),
                    ("publish_knowledge", "Can publish, and change what is published"),
                    ("publish_own_knowledge", "Can publish what the same account wrote"),
                ]
            },
        )
    ]
