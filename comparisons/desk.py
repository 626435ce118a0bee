"""The admin site itself; what it shows stands in ``comparisons.admin``."""

from django.contrib import admin
from django.urls import path


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

        return [
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
