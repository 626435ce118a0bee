"""The admin site itself; what it shows stands in ``comparisons.admin``."""

from django.contrib import admin
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.urls import path, reverse


class EditorsDesk(admin.AdminSite):
    """Django's admin, with pages of our own beside the lists of the models.

    Such a page is a view in a module of ``comparisons.admin``, a path in
    ``get_urls`` and a link in ``templates/admin/index.html``.
    """

    site_header = "Framewise editors’ desk"
    site_title = "Framewise"
    index_title = "Knowledge"

    def get_urls(self):
        # Not at the top: the modules of the package register with this site.
        from .admin.audit import knowledge_audit
        from .admin.matrix import feature_matrix, framework_matrix, source_at
        from .admin.queue import editors_queue, queue_section

        return [
            path("queue/", self.admin_view(editors_queue), name="queue"),
            path(
                "queue/<slug:slug>/",
                self.admin_view(queue_section),
                name="queue-section",
            ),
            path("audit/", self.admin_view(knowledge_audit), name="knowledge-audit"),
            path(
                "comparisons/matrix/framework/<slug:slug>/",
                self.admin_view(framework_matrix),
                name="matrix-framework",
            ),
            path(
                "comparisons/matrix/feature/<slug:slug>/",
                self.admin_view(feature_matrix),
                name="matrix-feature",
            ),
            path(
                "comparisons/matrix/source/",
                self.admin_view(source_at),
                name="matrix-source",
            ),
            *super().get_urls(),
        ]


def cell_address(finding):
    """Return where editors rate ``finding``, or enter it, in the matrix editor."""
    return reverse(
        "admin:matrix-framework",
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
