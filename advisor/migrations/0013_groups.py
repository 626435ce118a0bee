import uuid

import django.db.models.deletion
from django.db import migrations, models

import advisor.models.advice


class Migration(migrations.Migration):
    dependencies = [
        ("advisor", "0012_record_guidance"),
    ]

    operations = [
        migrations.CreateModel(
            name="AdviceGroup",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "expires_at",
                    models.DateTimeField(
                        db_index=True,
                        default=advisor.models.advice.expiry,
                        editable=False,
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=80)),
                (
                    "owner_digest",
                    models.CharField(editable=False, max_length=64, unique=True),
                ),
                (
                    "closed_at",
                    models.DateTimeField(blank=True, editable=False, null=True),
                ),
            ],
            options={
                "ordering": ["-created_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="GroupAdvice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(editable=False)),
                ("answers", models.JSONField(editable=False)),
                ("result", models.JSONField(editable=False)),
                ("data_version", models.PositiveBigIntegerField(editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="results",
                        to="advisor.advicegroup",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "group advice",
                "ordering": ["group_id", "-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("group", "number"),
                        name="advisor_groupadvice_number_once_per_group",
                        violation_error_message="The group has a result of this number.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GroupMember",
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
                ("number", models.PositiveSmallIntegerField(editable=False)),
                ("name", models.CharField(blank=True, max_length=40)),
                ("answers", models.JSONField(default=dict, editable=False)),
                (
                    "code_digest",
                    models.CharField(editable=False, max_length=64, unique=True),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="advisor.advicegroup",
                    ),
                ),
            ],
            options={
                "ordering": ["group_id", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("group", "number"),
                        name="advisor_groupmember_number_once_per_group",
                        violation_error_message="Somebody else has this number.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__range", (1, 30))),
                        name="advisor_groupmember_number_is_bounded",
                        violation_error_message="A group has at most 30 members.",
                    ),
                ],
            },
        ),
    ]
