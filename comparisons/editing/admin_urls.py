"""Where an editor changes a row."""

from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.urls import reverse


def cell_address(finding):
    """Return where editors rate ``finding``, or enter it, in the matrix editor."""
    return reverse(
        "desk:matrix-framework",
        args=[finding.framework.slug],
        query={"edit": finding.feature.slug},
        fragment=finding.feature.slug,
    )


def edit_address(row):
    """Return where editors change ``row``, or enter it if it is not stored yet.

    A finding that is entered there has its framework and feature already.
    """
    if row.pk is None:
        known = {"framework": row.framework_id, "feature": row.feature_id}
        return reverse(admin_urlname(row._meta, "add"), query=known)
    return reverse(admin_urlname(row._meta, "change"), args=[row.pk])
