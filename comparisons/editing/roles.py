"""The groups of editors and the permissions that they start with.

``migrate`` makes the groups and gives them these permissions. It takes none away,
so a host may add others; who shall do less belongs in a group of the host's own.
"""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from comparisons.history.records import recorded_models

CONTRIBUTOR = "Contributor"
REVIEWER = "Reviewer"
ADMINISTRATOR = "Administrator"
# What a reviewer may do on top.
REVIEWS = ["publish_knowledge", "decide_suggestion"]


def grant(*, app_config, using="default", **kwargs):
    """Give each group its permissions on ``app_config``.

    Receives ``post_migrate``, after Django's own receiver has made them.
    """
    of_app = Q(content_type__app_label=app_config.label)
    curated = [
        model._meta.model_name
        for model in recorded_models()
        if model._meta.app_label == app_config.label
    ]
    records = Q(content_type__model__startswith="historical")
    contributes = of_app & (
        Q(content_type__model__in=curated)
        | Q(codename__startswith="view_") & ~records
        | Q(codename="preview_knowledge")
    )
    accounts = get_user_model()._meta
    rights = {
        CONTRIBUTOR: contributes,
        REVIEWER: contributes | of_app & Q(codename__in=REVIEWS),
        ADMINISTRATOR: of_app
        | Q(content_type__app_label=accounts.app_label)
        & Q(content_type__model__in=[accounts.model_name, "group"]),
    }
    for name, condition in rights.items():
        group, _ = Group.objects.using(using).get_or_create(name=name)
        group.permissions.add(*Permission.objects.using(using).filter(condition))
